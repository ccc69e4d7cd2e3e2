// Finding somebody: "/" or the field in the head. What is typed leads to the first who is called so, ↓ to the next, Enter goes there. Who is
// on another page of the grid, and units, are found by the server: the field is a form of its own.
import { cellIn, column, current, focus, kind, name, people, show, table } from "./table.js";
import { say } from "./say.js";
import { fold, word } from "./words.js";

let turn = 0; // which of those who fit

const field = () => document.getElementById("grid-find");

export function begin() {
  field().focus();
  field().select();
}

function hits() {
  const wanted = fold(field().value);
  if (!wanted) return [];
  const rows = people().map((row) => ({ row, name: fold(name(row)), code: kind() === "people" ? fold(row.dataset.person) : "" }));
  const fits = [
    (each) => each.code === wanted,
    (each) => each.name.startsWith(wanted) || each.name.split(" ").some((part) => part.startsWith(wanted)),
    (each) => each.name.includes(wanted),
  ];
  return [...new Set(fits.flatMap((fit) => rows.filter(fit)).map((each) => each.row))];
}

function mark(row) {
  for (const other of table().querySelectorAll("tr.hit")) other.classList.toggle("hit", other === row);
  row?.classList.add("hit");
}

const inColumn = (row) => cellIn(row, Math.max(1, current() ? column(current()) : 1));

// Two who are called the same are told apart by their codes.
function called(row, others) {
  const is = others.some((other) => other !== row && name(other) === name(row)) ? ` (${row.dataset.person})` : "";
  return `${name(row)}${is}`;
}

function lead(by) {
  const found = hits();
  turn = found.length ? (turn + by + found.length) % found.length : 0;
  const row = found[turn];
  mark(row);
  if (row) show(inColumn(row));
  if (field().value.trim()) say(row ? word("found", { n: found.length, what: called(row, found) }) : word("not_here", { what: field().value }));
}

function onInput() {
  turn = 0;
  lead(0);
}

const STEPS = { ArrowDown: 1, ArrowUp: -1 };

function onKey(event) {
  const row = hits()[turn];
  if (STEPS[event.key]) lead(STEPS[event.key]);
  else if (event.key === "Enter" && row) go(row);
  else if (event.key === "Escape") {
    field().value = "";
    mark(null);
    focus(current());
  } else return;
  event.preventDefault();
  event.stopPropagation();
}

function go(row) {
  mark(row);
  focus(inColumn(row));
}

export function start() {
  field().addEventListener("input", onInput);
  field().addEventListener("keydown", onKey);
  const row = table().querySelector("tr.hit");
  if (row) go(row);
}
