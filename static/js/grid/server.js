// Asks the server and puts what it answers in place: rows that changed, the foot, the head, what stands beside.
// One edit at a time: each is made of the cells as the one before left them.
import { current, enter, focus, label, ready, rowOf, table } from "./table.js";
import { say, undoing, warn } from "./say.js";
import { hands, word } from "./words.js";

let queue = Promise.resolve();
let token = "";
const SILENCE = 30000; // milliseconds without an answer: a line that only looks alive
const NARROW = matchMedia("(max-width:700px)");

export const base = () => hands().dataset.base;

function headers() {
  token ||= JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
  return { "X-CSRFToken": token, Accept: "application/json" };
}

export const addressOf = (path) => `${base()}${path}${path.includes("?") ? location.search.replace("?", "&") : location.search}`;

async function ask(path, options) {
  const address = addressOf(path);
  const heard = await fetch(address, { credentials: "same-origin", signal: AbortSignal.timeout(SILENCE), ...options });
  const isJson = heard.headers.get("Content-Type")?.startsWith("application/json");
  // A page in place of an answer: that of signing in, where the session ended meanwhile, comes with 200.
  const answer = isJson ? await heard.json() : { said: word(heard.redirected ? "signed_out" : "failed") };
  return { ...answer, ok: heard.ok && isJson, status: heard.status };
}

export const get = (path, more = {}) => ask(path, { headers: { ...headers(), ...more } }).catch(() => ({ ok: false, status: 0, said: word("offline") }));

// It may have been written all the same: the answer alone may be lost.
const unanswered = () => ({ ok: false, status: 0, said: word("unanswered") });

// ``make`` is called when its turn comes, and answers what to send: null when there is nothing to do.
export function edit(make) {
  const turn = queue.then(() => send(make));
  queue = turn.catch(() => {});
  return turn;
}

async function send(make) {
  const body = make();
  if (!body) return { ok: false, status: 0, nothing: true };
  table().setAttribute("aria-busy", "true");
  try {
    const how = { method: "POST", headers: { ...headers(), "Content-Type": "application/json" }, body: JSON.stringify(body) };
    return settle(await ask("/edits", how), body);
  } catch {
    return settle(unanswered(), body);
  } finally {
    table().removeAttribute("aria-busy");
  }
}

// ``form``: which step, and what shall be where it was changed once more since; without one the last step.
export function turn(path, form = null) {
  const body = form && new URLSearchParams(new FormData(form));
  const work = queue.then(() => ask(path, { method: "POST", headers: headers(), body })).catch(unanswered);
  queue = work.then((answer) => settle(answer, null));
  return queue;
}

function settle(answer, body) {
  if (answer.rows) {
    replace(answer.rows, answer.order);
    undoing(answer.undo);
    renewAround();
  }
  if (answer.version) document.dispatchEvent(new CustomEvent("grid:written", { detail: answer }));
  if (answer.ok) say(answer.said);
  else warn(answer.said);
  document.dispatchEvent(new CustomEvent("grid:answered", { detail: { answer, body } }));
  return answer;
}

// What stands above and beside the grid is asked for apart, once nothing more is written and some of it is seen: of ten
// edits in a row once, and on a phone, where it stands below, when one comes to it. What is in use there does not move.
const AROUND = ["campaign-title", "campaign-acts", "side"];
const PAUSE = 250; // milliseconds
const AGAIN = 5000;
let old = false; // what stands there tells of the draft before
let ofOthers = true; // by what others changed alone: no hand is at this desk
let pause = 0;
let asks = 0; // an answer to any but the last tells of the draft before

export function renewAround(others = false) {
  old = true;
  ofOthers &&= others;
  clearTimeout(pause);
  pause = setTimeout(() => { if (old && AROUND.some(isSeen)) askAround(true); }, PAUSE);
}

// At once, also what is in use: for whoever goes on there.
export function renewAroundNow() {
  clearTimeout(pause);
  return askAround(false);
}

async function askAround(calm) {
  const [turn, others] = [asks += 1, ofOthers];
  [old, ofOthers] = [false, true];
  const answer = await get("/edits/around", others ? { "X-Poll": "1" } : {});
  if (turn !== asks) return;
  if (answer.ok) around(answer, calm);
  else if (answer.status !== 403 && answer.status !== 404) { // else the poll says it
    [old, ofOthers] = [true, ofOthers && others];
    clearTimeout(pause);
    pause = setTimeout(() => renewAround(ofOthers), AGAIN);
  }
}

function isSeen(id) {
  const place = document.getElementById(id);
  const { top, bottom } = place?.checkVisibility() ? place.getBoundingClientRect() : { top: 0, bottom: 0 };
  return bottom > 0 && top < innerHeight && bottom > top;
}

const watcher = new IntersectionObserver((seen) => {
  if (old && seen.some((each) => each.isIntersecting)) renewAround(ofOthers);
});
for (const id of AROUND) {
  const place = document.getElementById(id);
  if (place) watcher.observe(place);
}

// What an answer says of the head and of what stands beside. ``calm``: nobody asked for it, so nothing that is in use moves.
export function around(answer, calm = false) {
  for (const [id, html] of [["campaign-title", answer.title], ["campaign-acts", answer.acts], ["side", answer.side]]) {
    const place = document.getElementById(id);
    if (!place || html === undefined) continue;
    late.delete(id);
    if (calm && inUse(place)) late.set(id, html);
    else lay(place, html);
  }
  undoing(answer.undo);
}

function lay(place, html) {
  const open = [...place.querySelectorAll("details[id][open]")].map((each) => each.id);
  place.innerHTML = html;
  for (const each of place.querySelectorAll("details[id]")) each.open ||= open.includes(each.id);
  window.htmx?.process(place);
}

// What was in use when it came is put in place once one has left it.
const late = new Map();
const inUse = (place) => place.contains(document.activeElement) || place.querySelector("details.menu[open]");

document.addEventListener("focusout", () => setTimeout(() => {
  for (const [id, html] of late) {
    const place = document.getElementById(id);
    if (place && inUse(place)) continue;
    late.delete(id);
    if (place) lay(place, html);
  }
}));

// The grid, and the days that a phone shows, stand apart: what is put into one is not in the other.
export const reloadWhenTurned = () => { NARROW.onchange = () => location.reload(); };

export function parsed(html) {
  reloadWhenTurned();
  const made = document.createElement("template");
  made.innerHTML = html;
  return made.content;
}

// Of the days that the answer tells of; the others are as they were.
export function putFoot(foot) {
  if (!foot) return;
  ready(foot);
  for (const cell of foot.querySelectorAll("td")) document.getElementById(cell.id)?.replaceWith(cell);
}

export function replace(html, order) {
  const made = parsed(html);
  const here = current();
  const [id, held] = [here?.id, here && here === document.activeElement];
  for (const row of made.querySelectorAll("tbody tr")) {
    ready(row);
    const old = rowOf(row.dataset.person);
    if (old) old.replaceWith(row);
    else enter(row, order);
  }
  putFoot(made.querySelector("tfoot tr"));
  if (here && !here.isConnected) {
    const again = id && document.getElementById(id);
    if (again) {
      again.tabIndex = 0;
      label(again);
      if (held) again.focus({ preventScroll: true });
    } else focus(table().querySelector("tbody td:not(.hid)"));
  }
  document.dispatchEvent(new CustomEvent("grid:put"));
}
