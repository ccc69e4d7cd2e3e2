// A shift in the hand. The server said at once all that there is to say of it: who may take it, which shifts it may be
// exchanged for, and why not. Everything else is grey; the reason stands in the seat's own column, whole where one is.
import { at, cellIn, chips, code, column, focus, heads, isDay, label, name, people, place, rowOf, table, tellBy } from "./table.js";
import * as panel from "./panel.js";
import * as select from "./select.js";
import { edit, get } from "./server.js";
import { mode, say, warn } from "./say.js";
import { word } from "./words.js";

let up = null; // {seat, person, column, home, rows, swaps, name, pinned}
let only = false;
let asked = 0;

export const isUp = () => Boolean(up);

const signed = (points) => (points > 0 ? `+${points}` : points < 0 ? `−${-points}` : "0");
const change = (points) => (points ? word("change", { change: signed(points) }) : word("as_even"));
const own = (cell) => isDay(cell) && column(cell) === up.column;
const taker = (cell) => (own(cell) ? up.rows[code(cell)] : null);
const swapIn = (cell) => (isDay(cell) ? chips(cell).find((chip) => up.swaps[chip.dataset.seat]) : null);
// By person, not by number: rows are hidden and come back while a shift is in the hand.
const cellOf = ([person, x]) => cellIn(rowOf(person), x);
const mayTake = (cell) => Boolean(taker(cell) && !taker(cell).w);

export async function pick(cell, chip = chips(cell)[0]) {
  if (!chip) { warn(word("nothing_here")); return false; }
  const turn = ++asked;
  const rows = [...table().tBodies[0].rows].map((row) => row.dataset.person).join(",");
  const answer = await get(`/hand?seat=${chip.dataset.seat}&rows=${encodeURIComponent(rows)}`);
  if (turn !== asked) return false;
  if (!answer.ok) { warn(answer.said); return false; }
  select.collapse();
  up = { ...answer, column: column(cell), home: [code(cell), column(cell)], chip: chip.textContent };
  only = false;
  tellBy(says);
  paint();
  if (panel.hasRoom()) panel.show(answer.panel, "hand"); // else it would lie over the cells that it speaks of
  mode("hand", word("holding", { what: answer.name, person: name(cell.parentElement) }));
  say(answer.said);
  focus(cell.isConnected ? cell : cellOf(up.home));
  return true;
}

function says(cell) {
  if (!up || !isDay(cell)) return "";
  const who = name(cell.parentElement);
  const found = taker(cell);
  const swap = swapIn(cell);
  const parts = [];
  if (found?.w) parts.push(word("may_not", { person: who, why: found.s }));
  else if (found) parts.push(word(found.o ? "may_wish" : "may", { person: who, change: change(found.d) }));
  if (swap) parts.push(word("may_swap", { person: who, what: swap.title.split(" · ").join(", "), change: change(up.swaps[swap.dataset.seat].d) }));
  if (!parts.length) parts.push(code(cell) === up.person && own(cell) ? word("holds_it", { person: who }) : word("neither", { person: who, day: heads()[column(cell)].dataset.say }));
  return parts.join(" ");
}

function paint() {
  table().classList.add("in-hand");
  for (const row of table().tBodies[0].rows) {
    row.hidden = only && row.dataset.person !== up.person && !mayTake(cellIn(row, up.column)) && ![...row.cells].some((cell) => isDay(cell) && swapIn(cell));
    for (const cell of row.cells) if (isDay(cell)) mark(cell);
  }
}

// What is read out is also seen, under the cell; in the way of nothing that one came for.
function tip(cell) {
  const place = document.getElementById("grid-tip");
  place.hidden = !cell;
  if (!cell) return;
  place.textContent = says(cell);
  place.classList.toggle("late", Boolean(taker(cell)?.w) && !swapIn(cell));
  const box = cell.getBoundingClientRect();
  const below = box.bottom + place.offsetHeight + 12 < innerHeight;
  place.style.top = `${below ? box.bottom + 6 : box.top - place.offsetHeight - 6}px`;
  place.style.left = `${Math.max(8, Math.min(box.left + 12, innerWidth - place.offsetWidth - 8))}px`;
}

function mark(cell) {
  const found = taker(cell);
  const swap = swapIn(cell);
  const home = own(cell) && code(cell) === up.person;
  cell.classList.toggle("home", home);
  cell.classList.toggle("no", Boolean(found?.w));
  cell.classList.toggle("may", Boolean(found && !found.w));
  cell.classList.toggle("swap", Boolean(swap));
  cell.querySelector(".why")?.remove();
  for (const chip of chips(cell)) chip.classList.toggle("to-swap", chip === swap);
  if (!found) return;
  const why = document.createElement("span");
  why.className = "why";
  why.ariaHidden = "true";
  why.textContent = found.w || `${signed(found.d)}${found.o ? "○" : ""}`;
  cell.append(why);
}

export function lay(back = true) {
  if (!up) return;
  const home = cellOf(up.home);
  up = null;
  tellBy(null);
  table().classList.remove("in-hand");
  for (const row of table().tBodies[0].rows) row.hidden = false;
  for (const cell of table().querySelectorAll("td.home,td.no,td.may,td.swap")) {
    cell.classList.remove("home", "no", "may", "swap");
    cell.querySelector(".why")?.remove();
    chips(cell).forEach((chip) => chip.classList.remove("to-swap"));
  }
  document.querySelector(".in-the-air")?.remove();
  tip(null);
  if (panel.shows() === "hand") panel.close();
  mode("walk");
  if (back) {
    say(word("given_back"));
    focus(home);
  }
}

const moved = (person) => ({ seat: up.seat, was: up.person, person, pin: true });

function swapped(seat) {
  const other = up.swaps[seat].person;
  return [moved(other), { seat: Number(seat), was: other, person: up.person, pin: true }];
}

async function put(edits, to) {
  lay(false);
  focus(cellOf(to));
  await edit(() => ({ edits }));
}

const exchange = (seat) => put(swapped(seat), [up.swaps[seat].person, up.column]);

// Where it may not go one hears why and still has it in the hand; what no law forbids is asked for with a reason.
export function drop(cell) {
  if (!up || !isDay(cell)) return;
  const swap = swapIn(cell);
  if (own(cell) && code(cell) === up.person) { lay(); return; }
  if (mayTake(cell)) put([moved(code(cell))], [code(cell), up.column]);
  else if (swap) exchange(swap.dataset.seat);
  else if (taker(cell) && !taker(cell).l) put([moved(code(cell))], [code(cell), up.column]);
  else warn(says(cell));
}

function swapHere(cell) {
  const row = cell.parentElement;
  const chip = swapIn(cell) || swapIn(cellIn(row, up.column));
  if (chip) exchange(chip.dataset.seat);
  else warn(word("no_swap", { person: name(row) }));
}

function next(cell, wanted, by) {
  const all = people().flatMap((row) => [...row.cells]).filter((each) => isDay(each) && (each === cell || wanted(each)));
  const found = all[(all.indexOf(cell) + by + all.length) % all.length];
  focus(found);
}

// Who has two shifts that day: each press of Space takes up the next.
function after(cell) {
  const all = chips(cell);
  return all[(all.findIndex((chip) => Number(chip.dataset.seat) === up.seat) + 1) % all.length];
}

const STEPS = { ArrowUp: -1, ArrowDown: 1 };
const SIDES = { ArrowLeft: -1, ArrowRight: 1 };

export function key(event, cell) {
  if (event.ctrlKey || event.altKey || event.metaKey) return false;
  const [y] = place(cell);
  if (STEPS[event.key]) focus(at(Math.max(0, Math.min(people().length - 1, y + STEPS[event.key])), up.column));
  else if (SIDES[event.key]) next(cell, swapIn, SIDES[event.key]);
  else if (event.key === "Tab") next(cell, mayTake, event.shiftKey ? -1 : 1);
  else if (event.key === " " && own(cell) && code(cell) === up.person && chips(cell).length > 1) pick(cell, after(cell));
  else if (event.key === "Enter" || event.key === " ") drop(cell);
  else if (event.key === "Escape") lay();
  else if (event.key === "F6") panel.into();
  else if (event.key.toLowerCase() === "x") swapHere(cell);
  else if (event.key.toLowerCase() === "f") { only = !only; paint(); focus(cell.parentElement.hidden ? cellOf(up.home) : cell); }
  else return event.key.length === 1; // a letter that is no command does nothing; the browser keeps its own keys
  return true;
}

export function start() {
  document.getElementById("grid-table").addEventListener("focusin", (event) => { if (up && isDay(event.target)) tip(event.target); });
  document.addEventListener("grid:put", () => { if (up) { paint(); label(document.activeElement); } });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("#editor [data-put],#editor [data-exchange],#editor [data-only]");
    if (!button || !up) return;
    if (button.dataset.put) drop(cellOf([button.dataset.put, up.column]));
    else if (button.dataset.exchange) exchange(button.dataset.exchange); // a filter may hide its chip
    else { only = !only; button.ariaPressed = String(only); paint(); }
  });
}
