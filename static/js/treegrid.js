// Keyboard and mouse for <table role="treegrid">: one row is in the tab order. Up, Down, Home, End, PageUp, PageDown walk over the rows
// that are seen; Right opens a branch or goes into it, Left folds it or goes to what it belongs to; Enter opens the unit's own grid;
// Ctrl+. and Ctrl+, go to the next and the previous row with trouble. What is open and where one is stands in the address, so that the
// way back leads to the same row. The part beside follows the row.
const grid = document.querySelector("[role=treegrid]");
const beside = document.getElementById("beside");
const PAGE = 12;
const WAIT = 200;
let timer = 0;

const all = () => [...grid.querySelectorAll("tbody tr")];
const seen = () => all().filter((row) => !row.hidden);
const current = () => grid.querySelector("tbody tr[tabindex='0']");
const byKey = (key) => all().find((row) => row.dataset.key === key);
const below = (row) => all().filter((each) => each.dataset.above === row.dataset.key);

function keepAddress() {
  const address = new URL(location);
  address.searchParams.set("view", "units");
  for (const gone of ["find", "open", "at"]) address.searchParams.delete(gone);
  const opened = all().filter((row) => row.getAttribute("aria-expanded") === "true");
  opened.forEach((row) => address.searchParams.append("open", row.dataset.key));
  if (!opened.length) address.searchParams.set("open", "");
  if (current()?.dataset.key) address.searchParams.set("at", current().dataset.key);
  address.hash = "";
  history.replaceState(history.state, "", address);
}

function tell(row) {
  clearTimeout(timer);
  if (!row.dataset.key || row.getAttribute("aria-selected") === "true") return;
  grid.querySelectorAll("[aria-selected=true]").forEach((each) => each.removeAttribute("aria-selected"));
  row.setAttribute("aria-selected", "true");
  const source = new URL(grid.dataset.grid, location).searchParams.get("source");
  const url = `${grid.dataset.beside}${encodeURIComponent(row.dataset.key)}?source=${source}`;
  timer = setTimeout(() => window.htmx?.ajax("GET", url, { target: beside, swap: "innerHTML" }), WAIT);
}

function go(row) {
  if (!row) return;
  row.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

function arrive(event) {
  const row = event.target;
  if (!row.matches("tbody tr")) return;
  all().forEach((each) => { each.tabIndex = -1; });
  row.tabIndex = 0;
  tell(row);
  keepAddress();
}

// Rows of a branch that were not sent along come with the page that its own link leads to.
function fold(row, open) {
  if (open && !below(row).length) { location.assign(row.querySelector(".bu-fold").href); return; }
  row.setAttribute("aria-expanded", String(open));
  show(row, open);
  keepAddress();
}

function show(row, open) {
  for (const each of below(row)) {
    each.hidden = !open;
    show(each, open && each.getAttribute("aria-expanded") === "true");
  }
}

function right(row) {
  if (row.getAttribute("aria-expanded") === "false") fold(row, true);
  else go(below(row)[0]);
}

function left(row) {
  if (row.getAttribute("aria-expanded") === "true") fold(row, false);
  else go(byKey(row.dataset.above));
}

function trouble(row, by) {
  const rows = seen();
  const at = rows.indexOf(row);
  const order = by > 0 ? rows.slice(at + 1) : rows.slice(0, at).reverse();
  go(order.find((each) => each.dataset.key && !("fine" in each.dataset) && each.getAttribute("aria-expanded") !== "true"));
}

function openGrid(row) {
  if (!row.dataset.unit) { if (row.hasAttribute("aria-expanded")) fold(row, row.getAttribute("aria-expanded") !== "true"); return; }
  const address = new URL(grid.dataset.grid, location);
  address.searchParams.set("unit", row.dataset.unit);
  location.assign(address);
}

function step(row, by) {
  const rows = seen();
  return rows[Math.max(0, Math.min(rows.length - 1, rows.indexOf(row) + by))];
}

const WALK = {
  ArrowDown: (row) => go(step(row, 1)),
  ArrowUp: (row) => go(step(row, -1)),
  PageDown: (row) => go(step(row, PAGE)),
  PageUp: (row) => go(step(row, -PAGE)),
  Home: () => go(seen()[0]),
  End: () => go(seen().at(-1)),
  ArrowRight: right,
  ArrowLeft: left,
  Enter: openGrid,
  F6: () => beside.focus(),
};

function onKey(event) {
  const row = event.target.closest("tbody tr");
  if (!row || event.target !== row || event.altKey) return;
  if (event.ctrlKey || event.metaKey) {
    if (event.key !== "." && event.key !== ",") return;
    event.preventDefault();
    trouble(row, event.key === "." ? 1 : -1);
    return;
  }
  if (!WALK[event.key]) return;
  event.preventDefault();
  WALK[event.key](row);
}

function onClick(event) {
  const row = event.target.closest("tbody tr");
  if (!row || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const link = event.target.closest("a");
  if (link?.matches(".bu-fold")) {
    const open = row.getAttribute("aria-expanded") !== "true";
    if (open && !below(row).length) return;
    event.preventDefault();
    go(row);
    fold(row, open);
    return;
  }
  event.preventDefault();
  go(row);
  if (link && matchMedia("(max-width: 1000px)").matches) beside.scrollIntoView();
}

function start() {
  const at = grid.querySelector("[aria-selected=true]") ?? seen()[0];
  grid.addEventListener("focusin", arrive);
  all().forEach((row) => { row.tabIndex = -1; });
  if (!at) return;
  at.tabIndex = 0;
  const asked = new URL(location).searchParams;
  if (asked.has("at") || asked.has("find")) {
    at.focus({ preventScroll: true });
    at.scrollIntoView({ block: "nearest" });
  }
  grid.addEventListener("keydown", onKey);
  grid.addEventListener("click", onClick);
  grid.addEventListener("dblclick", (event) => {
    const row = event.target.closest("tbody tr");
    if (row && !event.target.closest("a")) openGrid(row);
  });
  beside.addEventListener("keydown", (event) => { if (event.key === "Escape" || event.key === "F6") { event.preventDefault(); go(current()); } });
}

if (grid && beside) start();
