// The roster grid's editor: a chip, a free cell or a finding opens in a dialog beside the grid instead of on its own page.
// Without this module every chip is a link to the shift's page.
const dialog = () => document.querySelector("[data-editor-dialog]");
let cellId = "";

function open(url, from) {
  const box = dialog();
  if (!box || !window.htmx) { location.href = url; return; }
  const cell = from.closest("td");
  cellId = cell?.id || "";
  const filters = location.search.slice(1);
  const address = filters ? `${url}${url.includes("?") ? "&" : "?"}${filters}` : url;
  window.htmx.ajax("GET", address, { target: "#editor-body", swap: "innerHTML" }).then(() => {
    if (!box.open) box.showModal();
    box.querySelector("#editor-body")?.scrollTo(0, 0);
  });
}

function cellUrl(cell) {
  const table = cell.closest("table[data-cell-url]");
  const person = cell.parentElement.dataset.person;
  const on = table?.querySelector("thead tr:last-child").children[cell.cellIndex]?.dataset.on;
  return table && person && on ? `${table.dataset.cellUrl}?person=${encodeURIComponent(person)}&on=${on}` : "";
}

function onClick(event) {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  const box = dialog();
  if (!box) return;
  if (event.target === box) { box.close(); return; }
  const link = event.target.closest("#grid-table a.chip,a[data-editor]");
  if (link) { event.preventDefault(); open(link.href, link); return; }
  const cell = event.target.closest("#grid-table tbody td");
  if (cell && !event.target.closest("a")) openCell(cell);
}

function openCell(cell) {
  const url = cellUrl(cell);
  if (url) open(url, cell);
}

function back() {
  const cell = cellId && document.getElementById(cellId);
  if (!cell) return;
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
    if (event.detail.target?.id === "editor-body") event.detail.target.querySelector("#errors,#reason")?.focus();
  });
}
