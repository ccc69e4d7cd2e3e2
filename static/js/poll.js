// <div data-poll="/fragment" data-every="10"> asks for the fragment again and replaces its own content when it changed (ETag, 304).
// It rests while the page is hidden, while somebody types or has a menu open inside it, and asks once at once on return.
// data-stale="text" is shown in the element's [data-stale-note] when the server has not answered for three turns.
const state = new WeakMap();

function busy(el) {
  const active = document.activeElement;
  return (active && el.contains(active) && active.matches("input,select,textarea")) || el.querySelector("details[open],dialog[open]");
}

function note(el, failed) {
  const target = document.querySelector("[data-stale-note]");
  if (!target) return;
  target.hidden = failed < 3;
  target.textContent = failed < 3 ? "" : el.dataset.stale || "";
}

async function refresh(el) {
  const mine = state.get(el);
  if (document.hidden || mine.running || busy(el)) return;
  mine.running = true;
  try {
    const headers = { "HX-Request": "true", Accept: "text/html" };
    if (mine.etag) headers["If-None-Match"] = mine.etag;
    const answer = await fetch(el.dataset.poll, { headers, credentials: "same-origin", cache: "no-store" });
    if (answer.status === 286) { clearInterval(mine.timer); }
    if (answer.redirected || answer.status === 401) { location.reload(); return; }
    if (answer.ok) {
      mine.etag = answer.headers.get("ETag");
      replace(el, await answer.text());
    } else if (answer.status !== 304) throw new Error(String(answer.status));
    mine.failed = 0;
  } catch {
    mine.failed += 1;
  } finally {
    mine.running = false;
  }
  note(el, mine.failed);
}

function replace(el, html) {
  const keep = document.activeElement && el.contains(document.activeElement) ? document.activeElement.id : "";
  el.innerHTML = html;
  if (window.htmx) window.htmx.process(el);
  if (keep) document.getElementById(keep)?.focus({ preventScroll: true });
  el.dispatchEvent(new CustomEvent("htmx:load", { bubbles: true, detail: { elt: el } }));
}

function watch() {
  for (const el of document.querySelectorAll("[data-poll]")) {
    if (state.has(el)) continue;
    const mine = { etag: el.dataset.etag || "", failed: 0, running: false, timer: 0 };
    state.set(el, mine);
    mine.timer = setInterval(() => (el.isConnected ? refresh(el) : clearInterval(mine.timer)), 1000 * (Number(el.dataset.every) || 10));
  }
}

export function start() {
  watch();
  document.addEventListener("htmx:load", watch);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) document.querySelectorAll("[data-poll]").forEach((el) => state.has(el) && refresh(el));
  });
}
