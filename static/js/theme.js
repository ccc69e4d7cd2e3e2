// Theme: follow the device, or light, or dark. Kept in a cookie, so that the server writes data-theme before the first paint.
const order = ["auto", "light", "dark"];

function current() {
  return document.documentElement.dataset.theme || "auto";
}

function apply(theme) {
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  document.cookie = `theme=${theme}; path=/; max-age=31536000; samesite=lax`;
}

export function start() {
  for (const button of document.querySelectorAll("[data-theme-next]")) {
    const word = () => { button.querySelector("span").textContent = button.dataset[current()]; };
    button.hidden = false;
    word();
    button.addEventListener("click", () => { apply(order[(order.indexOf(current()) + 1) % order.length]); word(); });
  }
}
