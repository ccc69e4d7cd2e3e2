// Typing into a cell: a combobox in it whose list says what each shift would change, or why it may not be. Best match first,
// marks of letters do not matter. Enter takes, Tab takes and goes right, Esc leaves all as it was.
import { at, chips, code, column, day, focus, heads, isClosed, isDay, kind, name, place, seats, text } from "./table.js";
import * as select from "./select.js";
import { edit, get } from "./server.js";
import { mode, warn } from "./say.js";
import { fold, hands, word } from "./words.js";

let open = null; // {cell, input, offers, shown, active, waits, meant: something was typed or chosen}

const list = () => document.getElementById("grid-offers");
export const isOpen = () => Boolean(open);

// 3: just that; 2: begins with it; 1: a word of it does; 0: no.
function fits(offer, wanted) {
  if (!wanted) return 1;
  const ways = offer.spellings.map(fold);
  if (ways.includes(wanted)) return 3;
  if (ways.some((way) => way.startsWith(wanted))) return 2;
  return ways.some((way) => way.includes(` ${wanted}`)) ? 1 : 0;
}

function matching() {
  const wanted = fold(open.input.value);
  const found = (open.offers || []).map((offer, n) => ({ offer, n, fit: fits(offer, wanted) })).filter((each) => each.fit);
  return found.sort((a, b) => b.offer.ok - a.offer.ok || b.fit - a.fit || a.n - b.n).map((each) => each.offer);
}

function line(offer, n) {
  const item = document.createElement("li");
  item.id = `grid-offer-${n}`;
  item.role = "option";
  item.ariaSelected = String(n === open.active);
  if (!offer.ok) item.ariaDisabled = "true";
  const chip = document.createElement("b");
  chip.className = `chip ${hands().querySelector(`[data-kind="${CSS.escape(offer.duty)}"]`)?.className || "ot"}${offer.night ? " night" : ""}`;
  chip.ariaHidden = "true";
  chip.textContent = offer.letters;
  const what = document.createElement("span");
  what.append(Object.assign(document.createElement("strong"), { textContent: offer.name }), ` ${[offer.time, offer.kind].filter(Boolean).join(" · ")}`);
  const says = document.createElement("small");
  says.className = offer.ok ? "good" : "late";
  says.textContent = `${offer.ok ? "✓" : "⊘"} ${offer.ok ? "" : `${word("not_allowed")}: `}${offer.says}`;
  what.append(says);
  item.append(chip, what);
  item.addEventListener("pointerdown", (event) => { event.preventDefault(); open.active = n; open.meant = true; take(0); });
  return item;
}

function draw() {
  open.shown = matching();
  open.active = Math.min(Math.max(0, open.active), Math.max(0, open.shown.length - 1));
  const note = open.offers ? word("no_match") : word("asking");
  const lines = open.shown.map(line);
  if (!lines.length) lines.push(Object.assign(document.createElement("li"), { role: "option", ariaDisabled: "true", textContent: note }));
  list().replaceChildren(...lines);
  const current = list().children[open.active];
  if (current.id) open.input.setAttribute("aria-activedescendant", current.id);
  else open.input.removeAttribute("aria-activedescendant");
  current.scrollIntoView({ block: "nearest" });
  put();
}

// Under the cell, or over it where there is no room; never over the cell itself.
function put() {
  const box = document.getElementById("grid-typing");
  const cell = open.cell.getBoundingClientRect();
  box.hidden = false;
  const up = cell.bottom + box.offsetHeight + 8 > innerHeight && cell.top > box.offsetHeight + 8;
  box.style.top = `${up ? cell.top - box.offsetHeight - 6 : cell.bottom + 6}px`;
  box.style.left = `${Math.max(8, Math.min(cell.left - 20, innerWidth - box.offsetWidth - 8))}px`;
}

export function begin(cell) {
  if (!isDay(cell)) return;
  if (isClosed(cell)) { warn(word("no_shift")); return; }
  const input = document.createElement("input");
  input.className = "typing";
  input.autocomplete = "off";
  input.role = "combobox";
  input.ariaExpanded = "true";
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", "grid-offers");
  input.ariaLabel = `${name(cell.parentElement)}, ${heads()[column(cell)].dataset.say}: ${word("which_shift")}`;
  open = { cell, input, offers: null, shown: [], active: 0, waits: null, meant: false };
  select.collapse();
  cell.append(input);
  input.focus({ preventScroll: true });
  input.addEventListener("input", () => { open.active = 0; open.meant = true; draw(); });
  input.addEventListener("keydown", onKey);
  input.addEventListener("blur", () => setTimeout(() => { if (open?.input === input && document.activeElement !== input) end(false); }));
  mode("type", word("typing", { person: name(cell.parentElement), day: heads()[column(cell)].dataset.say }));
  draw();
  load();
}

const same = (offer) => offer && [offer.duty, offer.name, offer.time].join();

// The row came anew while one typed in it, with the answer to the edit before: what was typed goes on there.
function stay() {
  if (!open || open.cell.isConnected) return;
  const cell = document.getElementById(open.cell.id);
  if (!cell) { end(false); return; }
  const { input } = open;
  const [from, to] = [input.selectionStart, input.selectionEnd];
  open.cell = cell;
  cell.append(input);
  input.focus({ preventScroll: true });
  input.setSelectionRange(from, to);
  draw();
  load();
}

export function start() {
  document.addEventListener("grid:put", stay);
}

const OFFERS = {
  people: (cell) => `/offers?person=${encodeURIComponent(code(cell))}&on=${day(cell)}`,
  duties: (cell) => `/offers/shift?shift=${cell.dataset.shift}`,
  crews: (cell) => `/offers/crew?crew=${code(cell)}&on=${day(cell)}`,
};

async function load() {
  const { cell, input } = open;
  const seen = seats(cell).map((seat) => `&seat=${seat}`).join("");
  const answer = await get(`${OFFERS[kind()](cell)}${seen}`);
  if (open?.input !== input) return;
  if (!answer.ok) warn(answer.said);
  const chosen = same(open.shown[open.active]);
  open.offers = answer.offers || [];
  open.active = Math.max(0, matching().findIndex((each) => same(each) === chosen));
  draw();
  if (open.waits !== null) take(open.waits);
}

export function end(back = true) {
  const { cell, input } = open;
  open = null;
  input.remove();
  document.getElementById("grid-typing").hidden = true;
  mode("walk");
  if (back && cell.isConnected) focus(cell);
}

// ``right``: how many cells to go on. Taken before the offers are there: as soon as they are. Where nothing was typed or chosen
// nothing is taken: whoever only looked leaves the cell as it was.
async function take(right) {
  if (!open.meant) {
    const [y, x] = place(open.cell);
    end();
    if (right) focus(at(y, x + right));
    return;
  }
  if (!open.offers) { open.waits = right; return; }
  open.waits = null;
  const offer = open.shown[open.active];
  if (!open.input.value.trim() && !offer) { end(); return; }
  if (!offer) { warn(word("no_match")); return; }
  if (!offer.ok) { warn(`${name(open.cell.parentElement)}: ${word("not_allowed")}, ${offer.why.join(" ") || offer.says}`); return; }
  const { cell } = open;
  const [y, x] = place(cell);
  const typed = open.input.value;
  end();
  if (right) focus(at(y, x + right));
  const answer = await edit(() => (offer.crews ? { crews: offer.crews } : { edits: offer.edits }));
  if (answer.ok || answer.panel || isOpen()) return;
  focus(at(y, x)); // somebody else changed it meanwhile: what was typed is there again
  begin(at(y, x));
  open.input.value = typed;
  open.meant = true;
  draw();
}

function onKey(event) {
  event.stopPropagation();
  if (event.isComposing) return;
  const last = open.shown.length - 1;
  const go = { ArrowDown: Math.min(last, open.active + 1), ArrowUp: Math.max(0, open.active - 1), PageDown: last, PageUp: 0 }[event.key];
  if (go !== undefined) {
    event.preventDefault();
    open.active = go;
    open.meant = true;
    draw();
  } else if (event.key === "Enter" || event.key === "Tab") {
    event.preventDefault();
    take(event.key === "Enter" ? 0 : event.shiftKey ? -1 : 1);
  } else if (event.key === "Escape") {
    event.preventDefault();
    end();
  }
}

// The letter itself is left to the browser: it lands in the field that has the focus now, whatever keyboard makes it.
export function key(event, cell) {
  if (!isDay(cell) || event.ctrlKey || event.altKey || event.metaKey) return "";
  if (event.key === "F2") {
    begin(cell);
    if (!open) return "took";
    open.input.value = chips(cell).length === 1 ? text(cell) : "";
    open.input.select();
    return "took";
  }
  if (event.key === "Process" || (event.key.length === 1 && /[\p{L}\p{N}]/u.test(event.key))) {
    begin(cell);
    return open ? "let" : "took";
  }
  return "";
}
