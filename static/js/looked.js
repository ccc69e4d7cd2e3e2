// [data-looked="address"][data-after="seconds"]: after the page was in front of somebody for that long, the server hears how far its log was shown
// ([data-newest]), and again when they leave; what came meanwhile is not new the next time.
const place = document.querySelector("[data-looked]");
const WHILE = 1000 * Number(place?.dataset.after);
let seen = 0;
let since = 0;
let told = 0;

const newest = () => Number(place.querySelector("[data-newest]")?.dataset.newest || 0);

function count() {
  const now = Date.now();
  if (since) seen += now - since;
  since = document.hidden ? 0 : now;
}

function tell() {
  count();
  const entry = newest();
  if (seen < WHILE || entry <= told) return;
  told = entry;
  const { "X-CSRFToken": token } = JSON.parse(document.body.getAttribute("hx-headers") || "{}");
  const body = new URLSearchParams({ entry: String(entry) });
  fetch(place.dataset.looked, { method: "POST", headers: { "X-CSRFToken": token }, body, keepalive: true, credentials: "same-origin" })
    .catch(() => { told = 0; });
}

if (place) {
  count();
  setTimeout(tell, WHILE);
  document.addEventListener("visibilitychange", tell);
  window.addEventListener("pagehide", tell);
}
