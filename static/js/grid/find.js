// Finding somebody: "/" or the field in the head. What is typed leads to the first who is called so, Enter goes to their row. Who is
// on another page of the grid, and units, are found by the server: the field is a form of its own.
import { current, focus, name, people, show, table } from "./table.js";
import { say } from "./say.js";
import { fold, word } from "./words.js";

const field = () => document.getElementById("grid-find");

export function begin() {
  field().focus();
  field().select();
}

function hits() {
  const wanted = fold(field().value);
  if (!wanted) return [];
  const rows = people().map((row) => ({ row, name: fold(name(row)), code: fold(row.dataset.person) }));
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

function onInput() {
  const found = hits();
  mark(found[0]);
  if (found[0]) show(found[0].cells[Math.max(1, current()?.cellIndex || 1)]);
  if (field().value.trim()) say(found.length ? word("found", { n: found.length, what: name(found[0]) }) : word("not_here", { what: field().value }));
}

function onKey(event) {
  const [row] = hits();
  if (event.key === "Enter" && row) go(row);
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
  focus(row.cells[Math.max(1, current()?.cellIndex || 1)]);
}

export function start() {
  field().addEventListener("input", onInput);
  field().addEventListener("keydown", onKey);
  const row = table().querySelector("tr.hit");
  if (row) go(row);
}
