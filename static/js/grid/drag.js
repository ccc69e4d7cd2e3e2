// Mouse and touch: dragging from a free cell selects, dragging a shift carries it, a long press takes it in the hand; then a
// click or a tap puts it down, so that nothing has to be dragged (WCAG 2.5.7). A long press on a free cell begins a range,
// and the next tap ends it: a finger that moves scrolls.
import { chips, focus, isDay, kind, table } from "./table.js";
import * as hand from "./hand.js";
import * as panel from "./panel.js";
import * as select from "./select.js";
import { say } from "./say.js";
import { word } from "./words.js";

const FAR = 6;
const LONG = 500;
let down = null; // {cell, chip, x, y, carries, ranges, timer}
let quiet = false;
let from = null; // the cell in which a range was begun by touch

const cellAt = (event) => {
  const under = document.elementFromPoint(event.clientX, event.clientY)?.closest("td");
  return isDay(under) && table().contains(under) ? under : null;
};

function onDown(event) {
  const cell = event.target.closest("td");
  quiet = false;
  if (!isDay(cell) || event.button || event.ctrlKey || event.metaKey || event.target.matches("input")) return;
  if (event.shiftKey) { event.preventDefault(); select.extend(select.begun(), cell); quiet = true; return; }
  down = { cell, chip: event.target.closest("a.chip"), x: event.clientX, y: event.clientY, touch: event.pointerType === "touch" };
  if (down.touch && !hand.isUp() && (kind() === "people" || !down.chip)) down.timer = setTimeout(down.chip ? press : beginRange, LONG);
}

async function press() {
  const { cell, chip } = down;
  down = null;
  quiet = true;
  navigator.vibrate?.(20);
  await hand.pick(cell, chip);
}

function beginRange() {
  from = down.cell;
  down = null;
  quiet = true;
  navigator.vibrate?.(20);
  select.extend(from, from, false);
  say(word("tap_last"));
}

function onMove(event) {
  if (!down) return;
  const far = Math.hypot(event.clientX - down.x, event.clientY - down.y) > FAR;
  if (down.touch) {
    if (far) forget();
    return;
  }
  if (!event.buttons) { forget(); return; }
  if (far && !down.carries && !down.ranges && !hand.isUp()) begin();
  if (down?.carries) carry(event);
  const over = down?.ranges && cellAt(event);
  if (over) select.extend(down.cell, over, false);
}

function begin() {
  quiet = true;
  if (!down.chip || kind() !== "people") { down.ranges = true; return; } // a chip of a shift or a crew is not carried
  down.carries = hand.pick(down.cell, down.chip);
  const air = document.createElement("b");
  air.className = `${down.chip.className} in-the-air`;
  air.ariaHidden = "true";
  air.textContent = chips(down.cell).length ? down.chip.firstElementChild.textContent : "";
  document.getElementById("hands").append(air);
}

function carry(event) {
  const air = document.querySelector(".in-the-air");
  if (!air) return;
  air.style.left = `${event.clientX + 6}px`;
  air.style.top = `${event.clientY + 6}px`;
}

async function onUp(event) {
  const was = down;
  forget();
  if (was?.ranges) { select.extend(select.begun(), cellAt(event) || was.cell); return; }
  if (!was?.carries) return;
  const over = cellAt(event);
  const has = await was.carries;
  document.querySelector(".in-the-air")?.remove();
  if (!has) return;
  if (over && over !== was.cell) { focus(over); hand.drop(over); } else hand.lay();
}

function forget() {
  clearTimeout(down?.timer);
  down = null;
}

// A click opens what is beside, as Enter does; with a shift in the hand it puts it there.
function onClick(event) {
  const cell = event.target.closest("td");
  if (quiet) { quiet = false; event.preventDefault(); event.stopPropagation(); return; }
  if (!isDay(cell) || event.ctrlKey || event.metaKey || event.shiftKey || event.button || event.target.matches("input")) return;
  event.preventDefault();
  event.stopPropagation();
  if (hand.isUp()) { focus(cell); hand.drop(cell); return; }
  if (from) { const begun = from; from = null; if (begun.isConnected) { select.extend(begun, cell); return; } }
  select.collapse();
  focus(cell);
  panel.open(cell);
}

export function start(place) {
  place.addEventListener("pointerdown", onDown);
  place.addEventListener("click", onClick);
  place.addEventListener("dragstart", (event) => event.preventDefault());
  document.addEventListener("pointermove", onMove);
  document.addEventListener("pointerup", onUp);
  document.addEventListener("pointercancel", forget);
  place.addEventListener("contextmenu", (event) => { if (down?.touch || quiet) event.preventDefault(); });
}
