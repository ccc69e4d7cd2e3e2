// What others change comes by itself: every few seconds the page names the version that it shows and hears nothing (304), or the
// rows that changed. Cells are filled anew where they stand, so neither the focus, nor what is typed or held in the hand, moves.
// For half a minute such a cell has a frame and the name of whoever changed it.
import { chips, current, find, heads, isDay, label, ready, rowOf, table } from "./table.js";
import { addressOf, around, parsed, putFoot } from "./server.js";
import { say } from "./say.js";
import { hands } from "./words.js";

const EVERY = 5000;
const MARKED = 30000;
const SILENCE = 20000;
const marks = new Map(); // id of a cell → {by, ends}
let known = "";
let asking = false;
let pressed = false;

const draft = (version) => Number(version.split(".")[0]);

// Whoever had seen the version before has missed nothing; else what came in between is asked for once more.
function onWritten(event) {
  const { since, version } = event.detail;
  if (since === known) known = version;
  else if (draft(version) < draft(known)) known = version;
}

async function ask() {
  if (asking || document.hidden || !table().checkVisibility()) return;
  asking = true;
  const asked = known;
  try {
    const headers = { Accept: "application/json", "X-Poll": "1", "If-None-Match": `"${asked}"` };
    const how = { headers, credentials: "same-origin", cache: "no-store", signal: AbortSignal.timeout(SILENCE) };
    const heard = await fetch(addressOf("/edits/since"), how);
    if (heard.status === 200 && heard.headers.get("Content-Type")?.startsWith("application/json")) await take(await heard.json(), asked);
  } catch { /* the line is dead for now: the next turn asks again, and the page says what it could not hear */ }
  asking = false;
}

async function take(answer, asked) {
  while (pressed) await new Promise((done) => { setTimeout(done, 200); });
  if (asked !== known) return; // written meanwhile: what this answer says is older than the page
  if (put(parsed(answer.rows))) known = answer.version; // else what is typed is in the way, and the next turn brings it again
  around(answer, true);
  for (const { person, on, by } of answer.cells) mark(find(person, on), by);
  document.dispatchEvent(new CustomEvent("grid:put"));
  say(answer.said);
}

const print = (cell) => [cell.title, ...chips(cell).map((chip) => `${chip.dataset.seat} ${chip.title}`)].join();

// Answers whether all of it could be put in place.
function put(made) {
  let all = true;
  for (const fresh of made.querySelectorAll("tbody tr")) {
    const row = rowOf(fresh.dataset.person);
    if (!row) continue;
    ready(fresh);
    for (const [x, cell] of [...row.cells].entries()) {
      const other = fresh.cells[x];
      if (isDay(cell) && print(cell) === print(other)) continue;
      if (cell.querySelector(".typing")) { all = false; continue; }
      fill(cell, other);
    }
  }
  putFoot(made.querySelector("tfoot tr"));
  return all;
}

function fill(cell, other) {
  cell.className = other.className;
  if (other.title) cell.title = other.title;
  else cell.removeAttribute("title");
  cell.replaceChildren(...other.childNodes);
}

function mark(cell, by) {
  if (!cell) return;
  marks.set(cell.id, { by, ends: Date.now() + MARKED });
  setTimeout(show, MARKED + 50);
}

function unmark(cell) {
  delete cell.dataset.by;
  delete cell.dataset.tag;
}

// A row may have come anew since; what is in the focus is named anew, too.
function show() {
  for (const cell of table().querySelectorAll("td[data-by]")) if (!marks.has(cell.id)) unmark(cell);
  for (const [id, { by, ends }] of marks) {
    const cell = document.getElementById(id);
    if (ends <= Date.now()) {
      marks.delete(id);
      if (cell) unmark(cell);
    } else if (cell) Object.assign(cell.dataset, { by, tag: by.split(" ").at(-1) });
    if (cell && cell === current()) label(cell);
  }
}

export function start() {
  known = hands().dataset.version;
  if (!heads().length) return;
  document.addEventListener("grid:written", onWritten);
  document.addEventListener("grid:put", show);
  document.addEventListener("visibilitychange", ask);
  for (const [what, is] of [["pointerdown", true], ["pointerup", false], ["pointercancel", false]]) {
    addEventListener(what, () => { pressed = is; }, { capture: true, passive: true });
  }
  addEventListener("blur", () => { pressed = false; });
  setInterval(ask, EVERY);
}
