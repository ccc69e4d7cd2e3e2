// The roster grid's editor: a chip, a free cell or a finding opens beside the grid, or over the page where there is no room,
// instead of on its own page. Without this module every chip is a link to the shift's page.
const dialog = () => document.querySelector("[data-editor-dialog]");
const WIDE = matchMedia("(min-width:1081px)");
let cellId = "";

export const hasRoom = () => WIDE.matches && Boolean(document.querySelector("#grid-table table[data-hands]"));

export function open(url, from) {
  const box = dialog();
  if (!box || !window.htmx) { location.href = url; return; }
  cellId = from.closest("td")?.id || "";
  const filters = location.search.slice(1);
  const address = filters ? `${url}${url.includes("?") ? "&" : "?"}${filters}` : url;
  window.htmx.ajax("GET", address, { target: "#editor-body", swap: "innerHTML" }).then(() => {
    beside();
    box.querySelector("#editor-body")?.scrollTo(0, 0);
  });
}

// Beside the grid it takes the place of what stood there and leaves the focus alone; else it is a dialog.
export function beside() {
  const box = dialog();
  if (!box || box.open) return;
  if (hasRoom()) box.setAttribute("open", "");
  else box.showModal();
}

export const close = () => dialog().close();

function cellUrl(cell) {
  if (cell.dataset.open) return cell.dataset.open;
  const table = cell.closest("table[data-cell-url]");
  const person = cell.parentElement.dataset.person;
  const cells = [...cell.parentElement.children].filter((each) => !each.matches(".hid")); // a head for each of them
  const on = table?.querySelector("thead tr:last-child").children[cells.indexOf(cell)]?.dataset.on;
  return table && person && on ? `${table.dataset.cellUrl}?person=${encodeURIComponent(person)}&on=${on}` : "";
}

function onClick(event) {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  const box = dialog();
  if (!box) return;
  if (event.target === box && box.matches(":modal")) { box.close(); return; }
  const link = event.target.closest("#grid-table a.chip,#grid-table a.lacks,a[data-editor]");
  if (link) { event.preventDefault(); open(link.href, link); return; }
  const cell = event.target.closest("#grid-table tbody td");
  if (cell && !event.target.closest("a")) openCell(cell);
}

function openCell(cell) {
  const url = cellUrl(cell);
  if (url) open(url, cell);
}

function back() {
  if (document.activeElement?.closest("#grid-table tbody,#month td")) return;
  const cell = cellId && document.getElementById(cellId);
  if (!cell) return;
  if (!cell.closest("#grid-table")) { cell.querySelector("a[data-editor],a")?.focus({ preventScroll: true }); return; }
  document.querySelectorAll("#grid-table [tabindex='0']").forEach((c) => { c.tabIndex = -1; });
  cell.tabIndex = 0;
  cell.focus({ preventScroll: true });
}

export function start() {
  const box = dialog();
  if (!box) return;
  document.addEventListener("click", onClick);
  document.addEventListener("cell:open", (event) => openCell(event.target));
  box.addEventListener("close", back);
  // The grid keeps its place while its rows are replaced.
  let place = null;
  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    const scroller = event.detail.target?.closest?.(".grid");
    if (scroller) place = [scroller, scroller.scrollLeft, scroller.scrollTop];
  });
  document.addEventListener("htmx:oobAfterSwap", () => {
    if (place) [place[0].scrollLeft, place[0].scrollTop] = [place[1], place[2]];
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    const body = event.detail.target;
    if (body?.id !== "editor-body") return;
    body.querySelector("#errors,#reason")?.focus();
    // The button that was pressed there is gone: whoever pressed it is still beside the grid.
    if (box.open && document.activeElement === document.body) body.focus({ preventScroll: true });
  });
}
