// The hands of the roster's grid. Three ways of working: walking (letters type), typing into a cell, a shift in the hand.
// Every cell is also a page: without this module a click leads there.
import * as acts from "./acts.js";
import * as clip from "./clip.js";
import * as drag from "./drag.js";
import * as find from "./find.js";
import * as hand from "./hand.js";
import * as hiding from "./hide.js";
import * as menu from "./menu.js";
import * as others from "./others.js";
import * as panel from "./panel.js";
import * as range from "./range.js";
import * as select from "./select.js";
import * as type from "./type.js";
import * as walk from "./walk.js";
import { start as speaks } from "./say.js";
import { replace } from "./server.js";
import { current, isDay, kind, stand, start as tabled, table } from "./table.js";

const RUN = {
  open: () => panel.open(current()),
  type: () => type.begin(current()),
  take: () => (kind() === "people" ? hand.pick(current()) : type.begin(current())),
  pin: acts.pin,
  drop: acts.drop,
  copy: clip.copy,
  solve: range.ask,
  fill: acts.fill,
  up: () => acts.move(-1),
  down: () => acts.move(1),
  undo: acts.undo,
  redo: acts.redo,
  hide: hiding.hide,
  unhide: hiding.unhide,
  keys: panel.keys,
};
const run = (act) => RUN[act]?.();

function took(event, cell) {
  if (hand.isUp()) return hand.key(event, cell);
  if (event.key === " " && isDay(cell) && !event.shiftKey && !event.ctrlKey) { run(kind() === "people" ? "take" : "open"); return true; }
  if (event.key === "/" && !event.ctrlKey && !event.altKey && !event.metaKey) { find.begin(); return true; }
  if (range.key(event, cell) || menu.key(event, cell) || select.key(event, cell) || acts.key(event, cell)) return true;
  if (walk.key(event, cell)) {
    if (!event.shiftKey && !["Enter", "F6"].includes(event.key)) select.collapse();
    return true;
  }
  return false;
}

function onKey(event) {
  const cell = event.target.closest("td,th[scope=row]");
  if (!cell || event.target.matches("input") || event.target !== cell) return;
  const typed = !hand.isUp() && type.key(event, cell);
  if (typed) event.stopPropagation();
  if (typed === "took" || (!typed && took(event, cell))) {
    event.preventDefault();
    event.stopPropagation();
  }
}

// What the panel changes comes as rows, too, where the grid is seen: they are put in place when htmx has brought them.
function onParts() {
  document.addEventListener("htmx:configRequest", (event) => {
    if (panel.isOpen() && table().checkVisibility()) event.detail.headers["X-Grid"] = "rows";
  });
  document.addEventListener("htmx:oobAfterSwap", (event) => {
    if (event.detail.target?.id === "grid-table") tabled(); // all of it came anew, while a phone showed the days
    const part = event.detail.target?.id === "grid-changes" && event.detail.target.querySelector("template");
    if (!part) return;
    replace(part.innerHTML);
    event.detail.target.replaceChildren();
  });
}

export function start() {
  if (!table()) return;
  const place = document.getElementById("grid-table");
  tabled();
  select.start(run);
  acts.start();
  speaks();
  clip.start();
  hand.start();
  panel.start();
  menu.start(run);
  range.start();
  type.start();
  drag.start(place);
  find.start();
  others.start();
  onParts();
  place.addEventListener("keydown", onKey);
  place.addEventListener("focusin", (event) => {
    if (!isDay(event.target)) return;
    stand(event.target);
    if (!select.cells().includes(event.target)) select.collapse();
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("#hands [data-run],#editor [data-run]");
    if (button) run(button.dataset.run);
  });
}

start();
