// The roster's table as rows (of people, of shifts, of crews) and columns of days: which cell is where, what it holds, and how it
// is read out.
// One cell is in the tab order. Row heads are column 0, the foot (coverage) is the last row.
import { word } from "./words.js";

export const table = () => document.querySelector("#grid-table table[data-hands]");
export const kind = () => table().dataset.hands || "people"; // or "duties", "crews"
export const scroller = () => table().closest(".grid");
export const people = () => [...table().tBodies[0].rows].filter((row) => !row.hidden);
export const heads = () => [...table().tHead.rows[table().tHead.rows.length - 1].cells];
const rows = () => [...people(), ...table().tFoot.rows];

// Days that are hidden have one narrow column of their own, which is nobody's cell: columns are counted without it.
let counted = null;
const columns = () => (counted ??= [...table().tFoot.rows[0].cells].flatMap((cell, n) => (cell.matches(".hid") ? [] : [n])));
export const column = (cell) => columns().indexOf(cell.cellIndex);
export const cellIn = (row, x) => row.cells[columns()[x]];
export const daysIn = (row, from, to) => columns().slice(Math.max(1, from), to + 1).map((n) => row.cells[n]);
// Whether hidden days lie between two columns.
export const overHidden = (from, to) => columns()[to] - columns()[from] > to - from;

export const isDay = (cell) => Boolean(cell?.matches("tbody td:not(.hid)"));
export const code = (cell) => cell.parentElement.dataset.person;
export const day = (cell) => heads()[column(cell)].dataset.on;
export const chips = (cell) => [...cell.querySelectorAll("a.chip[data-seat]")];
// Seats of a chip with whoever sits there: one, of the person of the row or of the chip; of a crew all of its people's.
export function held(chip) {
  const who = chip.dataset.who?.split(" ") || [code(chip.closest("td"))];
  return chip.dataset.seat.split(" ").map((seat, n) => ({ seat: Number(seat), was: who[n] }));
}
export const seats = (cell) => chips(cell).flatMap(held).map((each) => each.seat);
// A day on which there is no such shift.
export const isClosed = (cell) => kind() === "duties" && !cell.dataset.shift;
export const text = (cell) => chips(cell).map((chip) => chip.dataset.text).join(", ");
export const place = (cell) => [rows().indexOf(cell.parentElement), column(cell)];
export const size = () => [people().length, heads().length];
export const rowOf = (person) => table().querySelector(`tbody tr[data-person="${CSS.escape(person)}"]`);
export const name = (row) => row.cells[0].dataset.name || row.cells[0].querySelector("a")?.textContent.trim() || row.cells[0].textContent.trim();

export function at(y, x) {
  const all = rows();
  const row = all[Math.max(0, Math.min(all.length - 1, y))];
  return cellIn(row, Math.max(0, Math.min(heads().length - 1, x)));
}

export function find(person, on) {
  const x = heads().findIndex((head) => head.dataset.on === on);
  const row = x > 0 && rowOf(person);
  return row ? cellIn(row, x) : null;
}

// A row that was not on the page before comes where it belongs: ``order`` has the keys of all that are.
export function enter(row, order = []) {
  const at = order.indexOf(row.dataset.person);
  if (at < 0) return;
  const next = order.slice(at + 1).map(rowOf).find(Boolean);
  table().tBodies[0].insertBefore(row, next || null);
}

export const current = () => table()?.querySelector("[tabindex='0']");

// Who says what a cell is while a shift is in the hand; else it is read out as it stands.
let teller = null;
export function tellBy(tell) { teller = tell; }

export function says(cell) {
  if (!isDay(cell)) return "";
  const told = chips(cell).map((chip) => chip.title.split(" · ").join(", "));
  const what = told.length ? told.join("; ") : cell.title.toLowerCase() || word("empty");
  const by = cell.dataset.by ? `, ${word("by_other", { by: cell.dataset.by })}` : "";
  return `${name(cell.parentElement)}, ${heads()[column(cell)].dataset.say}, ${what}${by}.`;
}

export function label(cell) {
  const words = teller?.(cell) || says(cell);
  if (words) cell.setAttribute("aria-label", words);
}

// The cell that one is in, however one came there, is the one in the tab order.
export function stand(cell) {
  for (const other of table().querySelectorAll("[tabindex='0']")) other.tabIndex = -1;
  cell.tabIndex = 0;
  label(cell);
}

export function focus(cell) {
  if (!cell) return;
  stand(cell);
  cell.focus({ preventScroll: true });
  show(cell);
}

// Row heads, the heads of the days and the foot stay where they are: a cell that they hide is not in sight.
export function show(cell) {
  const box = scroller();
  const around = box.getBoundingClientRect();
  const here = cell.getBoundingClientRect();
  const top = around.top + table().tHead.offsetHeight;
  const bottom = around.bottom - table().tFoot.offsetHeight;
  const left = around.left + heads()[0].offsetWidth;
  if (isDay(cell) && here.top < top) box.scrollTop -= top - here.top;
  else if (isDay(cell) && here.bottom > bottom) box.scrollTop += here.bottom - bottom;
  if (cell.cellIndex && here.left < left) box.scrollLeft -= left - here.left;
  else if (here.right > around.right) box.scrollLeft += here.right - around.right;
}

export function screenful() {
  const height = people()[0]?.offsetHeight || 1;
  const free = scroller().clientHeight - table().tHead.offsetHeight - table().tFoot.offsetHeight;
  return Math.max(1, Math.floor(free / height) - 1);
}

// Nothing inside the grid is a tab stop of its own: the cell is.
export function ready(part) {
  const own = part.matches?.("tr") ? [part] : [...part.querySelectorAll("tbody tr,tfoot tr")];
  for (const row of own) {
    for (const cell of row.cells) cell.tabIndex = -1;
    row.querySelectorAll("a,button").forEach((link) => { link.tabIndex = -1; link.draggable = false; });
  }
}

export function start() {
  ready(table());
  for (const link of table().tHead.querySelectorAll("a")) link.tabIndex = -1; // by keyboard: the menu, the filter
  const first = table().querySelector("tbody td:not(.hid)");
  if (first) first.tabIndex = 0;
}
