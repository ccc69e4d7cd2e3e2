// A range of cells, from where it was begun to where one is: by Shift and arrows, by dragging, by Shift and a click.
// What can be done with it floats under it and says how many shifts it is about.
import { at, chips, current, daysIn, focus, isDay, label, overHidden, people, place, size, table } from "./table.js";
import { target } from "./walk.js";
import { say } from "./say.js";
import { hands, word } from "./words.js";

let anchor = null;
let head = null;

const bar = () => document.getElementById("grid-bar");

export function bounds() {
  const here = current();
  const [from, to] = anchor && head ? [anchor, head] : [here && place(here), here && place(here)];
  if (!from) return null;
  return { top: Math.min(from[0], to[0]), bottom: Math.max(from[0], to[0]), left: Math.min(from[1], to[1]), right: Math.max(from[1], to[1]) };
}

// Rows of cells; where nothing is selected, the cell that one is in.
export function block() {
  const box = bounds();
  if (!box) return [];
  const rows = people().slice(box.top, box.bottom + 1);
  return rows.map((row) => daysIn(row, box.left, box.right)).filter((cells) => cells.length);
}

export const cells = () => block().flat();
export const chosen = () => cells().flatMap(chips);
// What lies between two days of the range and is not seen belongs to no cell of it.
export const isOverHidden = () => isRange() && overHidden(bounds().left, bounds().right);
export const isRange = () => cells().length > 1;

function paint() {
  const marked = isRange() ? new Set(cells()) : new Set();
  for (const cell of table().querySelectorAll("td[aria-selected]")) {
    if (!marked.has(cell)) cell.removeAttribute("aria-selected");
  }
  marked.forEach((cell) => cell.setAttribute("aria-selected", "true"));
  float(marked);
  document.dispatchEvent(new CustomEvent("grid:range"));
}

function float(marked) {
  bar().hidden = !marked.size;
  if (!marked.size) return;
  const shifts = chosen();
  const facts = { n: shifts.length, empty: cells().filter((cell) => !chips(cell).length).length };
  bar().querySelector("[data-count]").textContent = word("chosen", facts);
  for (const button of bar().querySelectorAll("button[data-act]:not([data-act=solve])")) {
    button.querySelector("span").textContent = word(actWord(button.dataset.act, shifts), facts);
    button.hidden = button.dataset.act !== "copy" && !shifts.length;
    button.classList.toggle("go", actWord(button.dataset.act, shifts) === "pin_n");
  }
  put();
}

export const actWord = (act, shifts) => (act === "pin" && shifts.every((chip) => chip.classList.contains("pin")) ? "unpin_n" : `${act}_n`);

// Under the range, not over it; above it where there is no room.
function put() {
  const all = cells().map((cell) => cell.getBoundingClientRect());
  const around = table().closest(".grid").getBoundingClientRect();
  const bottom = Math.max(...all.map((box) => box.bottom));
  const top = Math.min(...all.map((box) => box.top));
  const middle = (Math.min(...all.map((box) => box.left)) + Math.max(...all.map((box) => box.right))) / 2;
  const [width, height] = [bar().offsetWidth, bar().offsetHeight];
  const below = bottom + 8 + height < Math.min(around.bottom, innerHeight - 40);
  bar().style.left = `${Math.max(around.left + 8, Math.min(middle - width / 2, around.right - width - 8))}px`;
  bar().style.top = `${below ? bottom + 8 : Math.max(around.top, Math.min(top - height - 8, innerHeight - height - 48))}px`;
}

export function collapse() {
  if (!anchor) return false;
  const was = isRange();
  anchor = head = null;
  paint();
  return was;
}

export function extend(from, to, told = true) {
  if (!isDay(from) || !isDay(to)) return;
  anchor = place(from);
  head = place(to);
  paint();
  focus(to);
  if (told) say(word("range", { rows: block().length, days: block()[0]?.length || 0, n: chosen().length }));
}

export const begun = () => (anchor ? at(...anchor) : current());

// The same people by as many rows up or down as the shifts went.
export function shift(by) {
  const last = size()[0] - 1;
  if (!anchor) return;
  anchor = [Math.max(0, Math.min(last, anchor[0] + by)), anchor[1]];
  head = [Math.max(0, Math.min(last, head[0] + by)), head[1]];
  focus(at(...head));
  paint();
}

export function key(event, cell) {
  if (event.ctrlKey && event.key.toLowerCase() === "a") {
    extend(at(0, 1), at(size()[0] - 1, size()[1] - 1));
    return true;
  }
  if (event.key === "Escape") return collapse();
  if (!event.shiftKey || event.altKey || (event.ctrlKey && !["Home", "End"].includes(event.key))) return false;
  const next = isDay(cell) && target(cell, event);
  if (!next) return false;
  if (isDay(next)) extend(begun(), next);
  return true;
}

export function start(run) {
  bar().addEventListener("click", (event) => {
    const button = event.target.closest("button[data-act]");
    if (button) run(button.dataset.act);
  });
  bar().addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    collapse();
    focus(current());
  });
  document.addEventListener("grid:put", () => { paint(); label(current()); });
  table().closest(".grid").addEventListener("scroll", () => { if (!bar().hidden) put(); }, { passive: true });
  addEventListener("resize", () => { if (!bar().hidden) put(); });
  hands().hidden = false;
}
