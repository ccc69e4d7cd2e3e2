// The icon on the home screen carries the number of open incidents that the menu says ([data-open]), where the platform has such.
let shown = "";

function show() {
  const open = document.querySelector("[data-open]")?.dataset.open;
  if (open === undefined || open === shown) return;
  shown = open;
  const number = Number(open);
  (number ? navigator.setAppBadge(number) : navigator.clearAppBadge()).catch(() => {}); // not on the home screen
}

export function start() {
  if (!navigator.setAppBadge) return;
  show();
  document.addEventListener("htmx:load", show);
}
