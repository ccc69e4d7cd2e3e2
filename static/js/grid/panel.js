// What is beside the grid: the shift or the day of the cell, what stands in the way of an edit, the keys. Opening it leaves
// the focus where it is; F6 goes there and back, Esc closes it and comes back to the cell.
import { beside, close as shut, hasRoom, open as load } from "../editor.js";
import { chips, code, current, day, focus, isDay, kind, table } from "./table.js";
import { hands } from "./words.js";

let timer = 0;

// "cell", "hand", "keys", "refused", or nothing.
const tells = (what) => { box().dataset.shows = what; };

export { hasRoom };
export const box = () => document.getElementById("editor");
export const isOpen = () => Boolean(box()?.open);

function address(cell) {
  if (cell.dataset.open || kind() !== "people") return cell.dataset.open || "";
  const [only, ...more] = chips(cell);
  if (only && !more.length) return only.getAttribute("href");
  return `${table().dataset.cellUrl}?person=${encodeURIComponent(code(cell))}&on=${day(cell)}`;
}

export function open(cell) {
  if (!isDay(cell)) return;
  const to = address(cell);
  if (!to) return;
  tells("cell");
  load(to, cell);
}

// The panel that is open tells of the cell that one walks to, once one stays there.
export function follow(cell) {
  clearTimeout(timer);
  if (!isOpen() || shows() !== "cell" || !isDay(cell)) return;
  timer = setTimeout(() => { if (isOpen() && current() === cell) open(cell); }, 250);
}

export function show(html, name = "other") {
  clearTimeout(timer);
  tells(name);
  const body = document.getElementById("editor-body");
  body.innerHTML = html;
  window.htmx?.process(body);
  beside();
}

export const shows = () => (isOpen() ? box().dataset.shows : "");

export function keys() {
  show(hands().querySelector("template[data-keys]").innerHTML, "keys");
}

export function close() {
  clearTimeout(timer);
  if (!isOpen()) return false;
  shut();
  return true;
}

const inside = () => (isOpen() ? box() : document.getElementById("side"));

const STOPS = "textarea,button:not([data-close]),a[href],input:not([type=hidden]),summary";

export function into() {
  const target = [...(inside()?.querySelectorAll(STOPS) || [])].find((each) => each.checkVisibility());
  (target || inside()?.querySelector("[data-close]"))?.focus();
}

export function start() {
  document.addEventListener("keydown", (event) => {
    const there = event.target.closest?.("#editor,#side");
    if (!there || !current() || box().matches(":modal")) return;
    if (event.key === "F6") { event.preventDefault(); focus(current()); }
    if (event.key === "Escape" && !event.defaultPrevented) {
      event.preventDefault();
      close();
      focus(current());
    }
  });
}
