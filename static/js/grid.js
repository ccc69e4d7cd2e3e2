// Keyboard for <table role="grid">: one cell is in the tab order; arrows, Home, End, Ctrl+Home/End, PageUp/PageDown move;
// Enter or Space opens the cell's link or button; Esc closes what was opened and comes back to the cell.
const cellsOf = (row) => [...row.querySelectorAll("td:not(.hid),th[scope=row]")];
const rowsOf = (grid) => [...grid.querySelectorAll("tbody tr")].filter((r) => cellsOf(r).length);
let last = null;

function focus(grid, cell) {
  grid.querySelectorAll("[tabindex='0']").forEach((c) => { c.tabIndex = -1; });
  cell.tabIndex = 0;
  cell.focus();
  cell.scrollIntoView({ block: "nearest", inline: "nearest" });
}

function target(grid, cell, event) {
  const rows = rowsOf(grid);
  const y = rows.indexOf(cell.parentElement);
  const x = cellsOf(cell.parentElement).indexOf(cell);
  const at = (row, column) => {
    const cells = cellsOf(rows[Math.max(0, Math.min(rows.length - 1, row))]);
    return cells[Math.max(0, Math.min(cells.length - 1, column))];
  };
  switch (event.key) {
    case "ArrowRight": return at(y, x + 1);
    case "ArrowLeft": return at(y, x - 1);
    case "ArrowDown": return at(y + 1, x);
    case "ArrowUp": return at(y - 1, x);
    case "PageDown": return at(y + 10, x);
    case "PageUp": return at(y - 10, x);
    case "Home": return at(event.ctrlKey ? 0 : y, 0);
    case "End": return at(event.ctrlKey ? rows.length - 1 : y, Infinity);
    default: return null;
  }
}

function onKey(event) {
  if (event.key === "Escape" && last?.isConnected && !last.closest("[data-hands]") && !event.target.closest("dialog")) { focus(last.closest("[role=grid]"), last); return; }
  const grid = event.target.closest?.("[role=grid]:not([data-hands])"); // that one has modules of its own: grid/
  const cell = grid && event.target.closest("td,th[scope=row]");
  if (!cell || event.target.matches("input,select,textarea")) return;
  if ((event.key === "Enter" || event.key === " ") && event.target === cell) {
    const open = cell.querySelector("a,button,summary");
    if (open || cell.hasAttribute("hx-get")) { last = cell; event.preventDefault(); (open || cell).click(); }
    else { event.preventDefault(); cell.dispatchEvent(new CustomEvent("cell:open", { bubbles: true })); }
    return;
  }
  const next = target(grid, cell, event);
  if (next) { event.preventDefault(); focus(grid, next); }
}

// A strip or grid wider than the screen starts at today.
function showToday() {
  for (const box of document.querySelectorAll(".strip:not([data-seen]),.grid:not([data-seen])")) {
    box.dataset.seen = "";
    const now = box.querySelector(".now");
    if (now && box.scrollWidth > box.clientWidth) box.scrollLeft = now.offsetLeft - box.clientWidth / 2;
  }
}

function prepare() {
  showToday();
  for (const grid of document.querySelectorAll("[role=grid]:not([data-ready],[data-hands])")) {
    grid.dataset.ready = "";
    grid.querySelectorAll("tbody td,tbody th[scope=row]").forEach((c) => { c.tabIndex = -1; });
    grid.querySelectorAll("tbody td a,tbody td button").forEach((c) => { c.tabIndex = -1; });
    const first = grid.querySelector("tbody td:not(.hid)");
    if (first) first.tabIndex = 0;
  }
}

export function start() {
  prepare();
  document.addEventListener("htmx:load", (event) => {
    event.detail?.elt?.closest?.("[role=grid]")?.removeAttribute("data-ready");
    prepare();
  });
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", (event) => { const cell = event.target.closest("[role=grid] td"); if (cell) last = cell; });
}
