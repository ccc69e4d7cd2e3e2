// What others change comes by itself: every few seconds the page names the version that it shows and hears nothing (304), or the
// rows that changed. Cells are filled anew where they stand, so neither the focus, nor what is typed or held in the hand, moves.
// For half a minute such a cell has a frame and the name of whoever changed it. A phone, which shows days instead of the grid, asks
// for the days that changed.
import { chips, current, enter, find, heads, isDay, kind, label, ready, rowOf, table } from "./table.js";
import { addressOf, around, parsed, putFoot, renewAround } from "./server.js";
import { say, undoing, warn } from "./say.js";
import { hands } from "./words.js";

const EVERY = 5000;
const MARKED = 30000;
const SILENCE = 20000;
const GONE = [403, 404];
const marks = new Map(); // id of a cell → {by, ends}
let known = "";
let timer = 0;
let asking = false;
let pressed = false;
let told = ""; // the version that was told of: what cannot be put in place yet comes again and is not told again

const draft = (version) => Number(version.split(".")[0]);

// Whoever had seen the version before has missed nothing; else what came in between is asked for once more.
function onWritten(event) {
  const { since, version } = event.detail;
  if (since === known) known = version;
  else if (draft(version) < draft(known)) known = version;
}

async function ask() {
  if (asking || document.hidden || !(table().checkVisibility() || onPhone())) return;
  asking = true;
  const asked = known;
  try {
    const headers = { Accept: "application/json", "X-Poll": "1", "If-None-Match": `"${asked}"` };
    const how = { headers, credentials: "same-origin", cache: "no-store", signal: AbortSignal.timeout(SILENCE) };
    const heard = await fetch(addressOf(onPhone() ? "/edits/since?part=days" : "/edits/since"), how);
    const answer = heard.headers.get("Content-Type")?.startsWith("application/json") ? await heard.json() : null;
    const turned = answer && ("days" in answer) !== onPhone(); // meanwhile: the next turn asks for what is seen now
    if (heard.status === 200 && answer && !turned) await ("days" in answer ? renew(answer, asked) : take(answer, asked));
    else if (GONE.includes(heard.status) && answer) leave(answer.said);
  } catch { /* the line is dead for now: the next turn asks again, and the page says what it could not hear */ }
  asking = false;
}

const agenda = () => document.getElementById("agenda");
const onPhone = () => !table().checkVisibility() && Boolean(agenda()?.checkVisibility());

// Where a finger is on it, the next turn tries again.
function renew(answer, asked) {
  if (pressed || asked !== known) return;
  known = answer.version;
  const made = parsed(answer.days);
  const at = document.activeElement?.closest?.("#agenda a")?.getAttribute("href");
  if (answer.whole) agenda().replaceChildren(made);
  else for (const day of [...made.querySelectorAll("section")]) document.getElementById(day.id)?.replaceWith(day);
  window.htmx?.process(agenda());
  if (at) agenda().querySelector(`a[href="${CSS.escape(at)}"]`)?.focus({ preventScroll: true });
  document.querySelector(".undo-last")?.replaceWith(parsed(answer.last));
  around(answer, true);
  say(answer.said);
}

// The draft is no longer there, or no longer theirs: what the grid shows is as old as it is, and nothing more will come.
function leave(said) {
  clearInterval(timer);
  document.removeEventListener("visibilitychange", ask);
  warn(said);
}

async function take(answer, asked) {
  while (pressed) await new Promise((done) => { setTimeout(done, 200); });
  if (asked !== known) return; // written meanwhile: what this answer says is older than the page
  if (put(parsed(answer.rows), answer.order)) known = answer.version; // else what is typed is in the way, and the next turn brings it again
  undoing(answer.undo);
  renewAround(true);
  const again = told === answer.version;
  told = answer.version;
  if (!again) for (const each of answer.cells) mark(cellOf(each), each.by);
  document.dispatchEvent(new CustomEvent("grid:put"));
  if (!again) say(answer.said);
}

const cellOf = ({ person, on, shift }) => (kind() === "duties" ? table().querySelector(`td[data-shift="${CSS.escape(shift)}"]`) : find(person, on));

const print = (cell) => [cell.title, ...chips(cell).map((chip) => `${chip.dataset.seat} ${chip.title}`)].join();

// Answers whether all of it could be put in place.
function put(made, order) {
  let all = true;
  for (const fresh of [...made.querySelectorAll("tbody tr")]) {
    const row = rowOf(fresh.dataset.person);
    ready(fresh);
    if (!row) { enter(fresh, order); continue; }
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

// What the cell was called when one was in it is old now: it is named anew by whoever comes there.
function fill(cell, other) {
  cell.removeAttribute("aria-label");
  cell.className = other.className;
  if (other.title) cell.title = other.title;
  else cell.removeAttribute("title");
  cell.replaceChildren(...other.childNodes);
}

// The given name; of an account that says in brackets what it is for, what stands before them.
const tag = (by) => (by.includes("(") ? by.split("(")[0].trim() : by.split(" ").at(-1));

function mark(cell, by) {
  if (!cell) return;
  marks.set(cell.id, { by, ends: Date.now() + MARKED });
  setTimeout(show, MARKED + 50);
}

function unmark(cell) {
  delete cell.dataset.by;
  delete cell.dataset.tag;
  cell.removeAttribute("aria-label");
}

// A row may have come anew since; what is in the focus is named anew, too.
function show() {
  for (const cell of table().querySelectorAll("td[data-by]")) if (!marks.has(cell.id)) unmark(cell);
  for (const [id, { by, ends }] of marks) {
    const cell = document.getElementById(id);
    if (ends <= Date.now()) {
      marks.delete(id);
      if (cell) unmark(cell);
    } else if (cell) Object.assign(cell.dataset, { by, tag: tag(by) });
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
    // The other button opens a menu of the browser's own, which may swallow that it is let go.
    addEventListener(what, (event) => { pressed = is && event.button === 0; }, { capture: true, passive: true });
  }
  addEventListener("blur", () => { pressed = false; });
  timer = setInterval(ask, EVERY);
}
