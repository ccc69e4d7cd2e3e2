// Tells the server that somebody looks at this call: the page is shown to a person, in front, for a moment. Programs that
// only fetch the link (mail servers check links) run no scripts, so they open nothing. A list names what it shows.
let told = false;

function tell() {
  if (told || document.hidden) return;
  told = true;
  const shown = [...document.querySelectorAll("[data-shown]")].map((each) => ["shown", each.dataset.shown]);
  const body = new URLSearchParams([["do", "seen"], ...shown]);
  fetch(location.href, { method: "POST", body, keepalive: true }).catch(() => {
    told = false;
  });
}

setTimeout(tell, 1000);
document.addEventListener("visibilitychange", () => setTimeout(tell, 1000));
