// What is done to the cells that are selected, by keys, buttons and the menu: empty, pin, fill down, move, undo.
import { at, chips, code, column, current, day, focus, held, isClosed, isDay, kind, people, place, seats, text } from "./table.js";
import * as select from "./select.js";
import * as panel from "./panel.js";
import { edit, renewAroundNow, turn } from "./server.js";
import { warn } from "./say.js";
import { word } from "./words.js";

// ``person``: who shall sit there; undefined: whoever does.
export const ofSeats = (chip, person, more = {}) => held(chip).map(({ seat, was }) => ({ seat, was, person: person === undefined ? was : person, pin: true, ...more }));

// What a cell is to the server, by what the rows are; and under which name cells are sent.
const NAMED = {
  people: (cell) => ({ person: code(cell), on: day(cell) }),
  duties: (cell) => ({ shift: Number(cell.dataset.shift) }),
  crews: (cell) => ({ crew: Number(code(cell)), on: day(cell) }),
};
const LISTS = { people: "cells", duties: "shifts", crews: "crews" };
const SENT = Object.values(LISTS);
const keyOf = (each) => [each.shift || each.crew || each.person, each.on].filter(Boolean).join();

export const typed = (cell, what) => ({ ...NAMED[kind()](cell), text: what, seats: seats(cell) });

const seatsAsked = (make) => edit(() => {
  const edits = make();
  if (!edits) return null;
  if (!edits.length) warn(word("nothing_here"));
  return edits.length ? { edits } : null;
});

export const cellsAsked = (make) => edit(() => {
  const cells = make().filter((each) => each.text || each.seats.length);
  if (cells.some((each) => Number.isNaN(each.shift))) { warn(word("no_shift")); return null; }
  if (!cells.length) warn(word("nothing_here"));
  return cells.length ? { [LISTS[kind()]]: cells } : null;
});

// A crew that is emptied rests: that is said of the crew, not of its people.
export function drop() {
  if (kind() === "crews") return cellsAsked(() => select.cells().map((cell) => typed(cell, "")));
  return seatsAsked(() => select.chosen().flatMap((chip) => ofSeats(chip, null)));
}

export function pin() {
  return seatsAsked(() => {
    const shifts = select.chosen();
    const on = !shifts.every((chip) => chip.classList.contains("pin"));
    const other = shifts.filter((chip) => chip.classList.contains("pin") !== on);
    return other.flatMap((chip) => ofSeats(chip, undefined, { pin: on }));
  });
}

// The first row of the range goes down to the others; a single cell takes what stands above it.
export function fill() {
  return cellsAsked(() => {
    const rows = select.block();
    const from = rows.length > 1 ? rows[0] : above(rows[0]);
    const to = rows.length > 1 ? rows.slice(1) : rows;
    return from ? to.flatMap((row) => row.map((cell, x) => typed(cell, text(from[x])))).filter((each) => !Number.isNaN(each.shift)) : [];
  });
}

function above(row) {
  const [y] = row ? place(row[0]) : [0];
  return y > 0 ? row.map((cell) => at(y - 1, column(cell))) : null;
}

export async function move(by) {
  if (kind() !== "people") return;
  const held = select.cells();
  const [y, x] = place(held.at(-1));
  const answer = await seatsAsked(() => {
    const all = people();
    const shifts = held.flatMap(chips);
    const to = (chip) => all[all.indexOf(chip.closest("tr")) + by];
    if (shifts.some((chip) => !to(chip))) { warn(word("at_edge")); return null; }
    return shifts.flatMap((chip) => ofSeats(chip, to(chip).dataset.person, { pin: chip.classList.contains("pin") }));
  });
  if (!answer.ok) return;
  if (select.isRange()) select.shift(by);
  else focus(at(y + by, x));
}

export const undo = () => turn("/edits/undo");
export const redo = () => turn("/edits/redo");

const MOVES = { ArrowUp: -1, ArrowDown: 1 };

export function key(event, cell) {
  const letter = event.key.toLowerCase();
  if (event.altKey && MOVES[event.key] && isDay(cell)) { move(MOVES[event.key]); return true; }
  if (event.altKey || event.metaKey) return false;
  if (event.ctrlKey) {
    const work = { z: event.shiftKey ? redo : undo, y: redo, d: isDay(cell) && fill, b: isDay(cell) && pin }[letter];
    work?.();
    return Boolean(work);
  }
  if (event.key === "Delete" && isDay(cell)) { drop(); return true; }
  if (event.key === "?") { panel.keys(); return true; }
  return false;
}

// What the server refused stands in the panel: asked again with a reason, or without what does not fit.
let refused = null;

function onAnswer(event) {
  const { answer, body } = event.detail;
  if (!answer.panel) return;
  refused = { body, misfits: answer.misfits || [], seats: answer.seats || [] };
  panel.show(answer.panel, "refused");
}

function again(event) {
  const form = event.target.closest("form[data-again]");
  if (!form || !refused) return;
  event.preventDefault();
  const { body, misfits, seats: barred } = refused;
  const skipped = new Set(misfits.map((each) => each.join()));
  const fitting = Object.fromEntries(SENT.map((list) => [list, (body[list] || []).filter((each) => !skipped.has(keyOf(each)))]));
  const edits = (body.edits || []).filter((each) => !barred.includes(each.seat));
  const reason = form.elements.reason?.value || null;
  const asked = form.dataset.again === "fitting" ? { ...body, ...fitting, edits } : { ...body, reason };
  panel.close();
  focus(at(...place(document.querySelector("#grid-table [tabindex='0']"))));
  edit(() => ([...SENT, "edits"].some((list) => asked[list]?.length) ? asked : null));
}

// The panel of a crew's day: one button gives all its people that shift.
async function setCrew(event) {
  const form = event.target.closest("#editor form[data-crews]");
  if (!form) return;
  event.preventDefault();
  const answer = await edit(() => ({ crews: JSON.parse(form.dataset.crews) }));
  if (answer.panel) return;
  panel.close();
  focus(current());
}

// A step of the list beside, or what to do about one that was changed once more since.
async function turnStep(event) {
  const form = event.target.closest("#side form[data-turn],#editor form[data-turn]");
  if (!form) return;
  event.preventDefault();
  const listed = Boolean(form.closest("#side"));
  const answer = await turn(`/edits/${form.dataset.turn}`, form);
  if (answer.ok && listed) await renewAroundNow();
  if (answer.ok && !listed) panel.close();
  if (answer.ok && !listed) focus(current());
  else if (listed || !answer.ok) panel.into();
}

export function start() {
  document.addEventListener("submit", turnStep);
  document.addEventListener("grid:answered", onAnswer);
  document.addEventListener("submit", again);
  document.addEventListener("submit", setCrew);
}
