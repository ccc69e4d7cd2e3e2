// Shift+F10 or the menu key: what can be done here, each with its own key, so that the list teaches them.
import { chips, current, focus, isDay, kind } from "./table.js";
import { isHiding } from "./hide.js";
import * as select from "./select.js";
import { word } from "./words.js";

const menu = () => document.getElementById("grid-menu");
let run = () => {};

const OF_PEOPLE = ["take", "up", "down", "solve"]; // what moves from person to person
const items = () => [...menu().querySelectorAll("[role=menuitem]")].filter((item) => !item.hidden);

export function open(cell) {
  const shifts = isDay(cell) ? select.chosen() : [];
  for (const item of menu().querySelectorAll("[role=menuitem]")) {
    const needs = item.dataset.needs;
    item.hidden = (kind() !== "people" && OF_PEOPLE.includes(item.dataset.act)) || (needs === "shift" && !shifts.length) || (needs === "one" && chips(cell).length !== 1) || (needs === "cell" && !isDay(cell)) || (needs === "range" && !select.isRange()) || (needs === "hidden" && !isHiding());
    if (item.dataset.n) item.querySelector("span").textContent = word(select.actWord(item.dataset.n, shifts), { n: shifts.length });
  }
  const box = cell.getBoundingClientRect();
  menu().hidden = false;
  const up = box.bottom + menu().offsetHeight > innerHeight;
  menu().style.top = `${up ? Math.max(8, box.top - menu().offsetHeight) : box.bottom}px`;
  menu().style.left = `${Math.min(box.left, innerWidth - menu().offsetWidth - 8)}px`;
  items()[0].focus();
}

export function close(back = true) {
  if (menu().hidden) return;
  menu().hidden = true;
  if (back) focus(current());
}

function onKey(event) {
  event.stopPropagation();
  const all = items();
  const here = all.indexOf(document.activeElement);
  const go = { ArrowDown: (here + 1) % all.length, ArrowUp: (here + all.length - 1) % all.length, Home: 0, End: all.length - 1 }[event.key];
  if (go !== undefined) { event.preventDefault(); all[go].focus(); return; }
  if (event.key === "Escape" || event.key === "Tab") { event.preventDefault(); close(); }
}

export function key(event, cell) {
  if (event.key !== "ContextMenu" && !(event.shiftKey && event.key === "F10")) return false;
  open(cell);
  return true;
}

export function start(act) {
  run = act;
  menu().addEventListener("keydown", onKey);
  menu().addEventListener("click", (event) => {
    const item = event.target.closest("[data-act]");
    if (!item) return;
    close();
    run(item.dataset.act);
  });
  document.addEventListener("pointerdown", (event) => { if (!event.target.closest("#grid-menu")) close(false); });
}
