// <div data-poll="/fragment" data-every="10"> asks for the fragment again and replaces its own content when it changed (ETag, 304).
// It rests while the page is hidden (unless data-always), and asks once at once on return. While somebody types or has a menu
// open inside it, what came waits; so it does everywhere while a finger or a mouse button is down on such a part, and a moment
// longer: no button changes its meaning, nor its place, under a finger. data-stale="text" is shown in [data-stale-note] when nothing was heard for three turns.
// <template data-into="id"> in a fragment is for a place elsewhere on the page that must not say something older; data-places="id id"
// names those places. A <details id> that is open in one of them stays open.
// "poll:fresh" tells that what is shown was true a moment ago. Tabs of one browser share one poll: the tab that holds the lock of an address asks, the others hear of it. Without locks or
// channels (plain http outside this machine, old browsers) each asks for itself.
const state = new WeakMap();
const channel = "BroadcastChannel" in window && navigator.locks ? new BroadcastChannel("poll") : null;

const LIFTED = 600;
const LEAVING = 5000; // milliseconds in which a page that began to leave is gone, or stays: a call, a download
const fingers = new Set();
let lifted = 0;
let left = -LEAVING;

const all = () => document.querySelectorAll("[data-poll]");
const rests = (el) => document.hidden && !("always" in el.dataset);

function busy(el) {
  if (fingers.size || lifted) return true;
  const active = document.activeElement;
  return (active && el.contains(active) && active.matches("input:not([data-pick]),select,textarea")) || el.querySelector("details[open],dialog[open]");
}

const placesOf = (el) => [el, ...(el.dataset.places?.split(" ") || []).map((id) => document.getElementById(id))];

function onDown(event) {
  if ([...all()].some((el) => placesOf(el).some((place) => place?.contains(event.target)))) fingers.add(event.pointerId);
}

function onLift(event) {
  if (fingers.delete(event.pointerId)) rest();
}

// Let go of where the page cannot see it (outside the window, in a menu of the system).
function onMove(event) {
  if (fingers.size && !event.buttons) onLift(event);
}

function onLeave() {
  if (!fingers.size) return;
  fingers.clear();
  rest();
}

function rest() {
  if (fingers.size) return;
  clearTimeout(lifted);
  lifted = setTimeout(() => {
    lifted = 0;
    for (const el of all()) if (state.get(el)?.waiting) take(el, state.get(el).waiting);
  }, LIFTED);
}

function note(el, mine) {
  const deaf = [...all()].some((each) => state.get(each)?.failed >= 3);
  document.documentElement.toggleAttribute("data-deaf", deaf); // what the page says of now is not known any more
  const target = document.querySelector("[data-stale-note]");
  if (!mine.failed) el.dispatchEvent(new CustomEvent("poll:fresh", { bubbles: true }));
  if (!target || !("stale" in el.dataset)) return; // of several polls on a page those with words for it
  target.hidden = mine.failed < 3;
  target.textContent = mine.failed < 3 ? "" : el.dataset.stale || "";
}

async function ask(el) {
  const mine = state.get(el);
  if (mine.running) return;
  mine.running = true;
  try {
    const headers = { "HX-Request": "true", "X-Poll": "1", Accept: "text/html" };
    if (mine.etag) headers["If-None-Match"] = mine.etag;
    const answer = await fetch(el.dataset.poll, { headers, credentials: "same-origin", cache: "no-store" });
    if (answer.redirected || answer.status === 401) { refused(); return; }
    if (answer.status === 286) clearInterval(mine.timer);
    if (answer.ok) {
      mine.sent = { etag: answer.headers.get("ETag") || "", html: await answer.text() };
      take(el, mine.sent);
    } else if (answer.status !== 304) throw new Error(String(answer.status));
    mine.failed = 0;
  } catch {
    mine.failed += 1;
  } finally {
    mine.running = false;
  }
  mine.heard = Date.now();
  tell(el);
  note(el, mine);
}

// Signed out, or a shared desk that locked itself: the page asks the server where to go, unless somebody has a better answer,
// or is on the way already: who presses "lock" is not to be called back by the answer to a question of a moment ago.
function refused() {
  if (performance.now() - left < LEAVING) return;
  if (document.dispatchEvent(new CustomEvent("poll:refused", { cancelable: true }))) location.reload();
}

function tell(el) {
  const mine = state.get(el);
  if (channel && mine.lead) channel.postMessage({ url: el.dataset.poll, failed: mine.failed, ...mine.sent });
}

function take(el, sent) {
  const mine = state.get(el);
  if (sent.etag && sent.etag === mine.etag) return;
  if (busy(el)) { mine.waiting = sent; return; }
  mine.waiting = null;
  mine.etag = sent.etag;
  replace(el, sent.html);
}

function hear(message) {
  for (const el of all()) {
    const mine = state.get(el);
    if (!mine || el.dataset.poll !== message.url) continue;
    if (message.want) { answerTo(el, mine); continue; }
    mine.heard = Date.now();
    mine.failed = message.failed;
    if (message.html !== undefined) { mine.sent = { etag: message.etag, html: message.html }; take(el, mine.sent); }
    note(el, mine);
  }
}

// Somebody looks at another tab: say what is known, and if this tab is hidden (and slow), let that one ask from now on.
function answerTo(el, mine) {
  if (!mine.lead) return;
  tell(el);
  if (document.hidden) { stepDown(mine); queue(el); }
}

function queue(el) {
  const mine = state.get(el);
  if (!channel || mine.stop) return;
  const stop = (mine.stop = new AbortController());
  navigator.locks
    .request(`poll ${el.dataset.poll}`, { signal: stop.signal }, () => new Promise((free) => {
      mine.lead = true;
      mine.free = free;
      if (!rests(el)) ask(el);
    }))
    .catch(() => {});
}

function stepDown(mine) {
  mine.lead = false;
  mine.free?.();
  mine.stop?.abort();
  mine.free = mine.stop = null;
}

function turn(el) {
  const mine = state.get(el);
  if (!el.isConnected) { clearInterval(mine.timer); stepDown(mine); return; }
  if (mine.waiting) take(el, mine.waiting);
  if (rests(el)) return;
  const deaf = Date.now() - mine.heard > 2500 * mine.every;
  if (!channel || mine.lead || deaf) ask(el);
}

function selectorOf(active) {
  if (active.id) return `#${CSS.escape(active.id)}`;
  const href = active.getAttribute("href");
  if (href) return `a[href="${CSS.escape(href)}"]`;
  const action = active.form?.getAttribute("action");
  const value = active.value ? `[value="${CSS.escape(active.value)}"]` : "";
  return action && active.matches("button") ? `form[action="${CSS.escape(action)}"] button${value}` : "";
}

function replace(el, html) {
  const active = document.activeElement;
  const keep = active && el.contains(active) ? selectorOf(active) : "";
  el.innerHTML = html;
  for (const part of el.querySelectorAll("template[data-into]")) put(document.getElementById(part.dataset.into), part);
  if (window.htmx) window.htmx.process(el);
  if (keep) el.querySelector(keep)?.focus({ preventScroll: true });
  el.dispatchEvent(new CustomEvent("htmx:load", { bubbles: true, detail: { elt: el } }));
}

function put(place, part) {
  if (!place) return;
  if (place.innerHTML === part.innerHTML) { part.remove(); return; }
  const keep = place.contains(document.activeElement) ? selectorOf(document.activeElement) : "";
  const open = [...place.querySelectorAll("details[id][open]")].map((each) => each.id);
  place.replaceChildren(part.content.cloneNode(true));
  for (const each of place.querySelectorAll("details[id]")) each.open ||= open.includes(each.id);
  if (keep) place.querySelector(keep)?.focus({ preventScroll: true });
  part.remove();
}

function watch() {
  for (const el of all()) {
    if (state.has(el)) continue;
    const every = Number(el.dataset.every) || 10;
    const mine = { etag: el.dataset.etag || "", failed: 0, every, heard: Date.now(), sent: {}, timer: 0 };
    state.set(el, mine);
    mine.timer = setInterval(() => turn(el), 1000 * every);
    el.addEventListener("poll:now", () => ask(el)); // something happened that another tab need not wait for
    if (!rests(el)) queue(el);
  }
}

function onVisibility() {
  for (const el of all()) {
    const mine = state.get(el);
    if (!mine) continue;
    if (rests(el)) { stepDown(mine); continue; }
    if (document.hidden) continue;
    queue(el);
    if (!channel || mine.lead) ask(el);
    else channel.postMessage({ url: el.dataset.poll, want: true });
  }
}

export function start() {
  if (channel) channel.onmessage = (event) => hear(event.data);
  watch();
  document.addEventListener("htmx:load", watch);
  document.addEventListener("visibilitychange", onVisibility);
  for (const [what, does] of [["pointerdown", onDown], ["pointerup", onLift], ["pointercancel", onLift], ["pointermove", onMove]]) {
    window.addEventListener(what, does, { capture: true, passive: true });
  }
  window.addEventListener("blur", onLeave);
  window.addEventListener("beforeunload", () => { left = performance.now(); });
  window.addEventListener("pagehide", () => all().forEach((el) => state.has(el) && stepDown(state.get(el))));
  window.addEventListener("pageshow", (event) => event.persisted && onVisibility());
}
