// "Xếp phần chọn": the cells that are selected, assigned alone. What that means is said beside the grid before it begins;
// how many seats it is about stands on the button once the server has counted them.
import { code, day, isDay } from "./table.js";
import * as panel from "./panel.js";
import * as select from "./select.js";
import { get } from "./server.js";
import { say, warn } from "./say.js";
import { word } from "./words.js";

let timer = 0;

const button = () => document.querySelector("#grid-bar [data-act=solve]");

function address() {
  const rows = select.block();
  if (!rows.length) return "";
  const people = rows.map((row) => code(row[0])).join(",");
  const days = rows[0].map(day).sort();
  return `/range?people=${encodeURIComponent(people)}&from=${days[0]}&to=${days.at(-1)}`;
}

function name(n) {
  button().querySelector("span").textContent = n ? word("solve_n", { n }) : word("solve_range");
}

async function count(path) {
  const answer = await get(path);
  if (path === address() && !document.getElementById("grid-bar").hidden) name(answer.n);
}

function onRange() {
  clearTimeout(timer);
  if (!button()) return;
  name(0);
  const path = select.isRange() && !select.isOverHidden() && address();
  if (path) timer = setTimeout(count, 400, path);
}

export async function ask() {
  if (!button()) return;
  if (select.isOverHidden()) { warn(word("solve_hidden")); return; }
  const path = address();
  const answer = path && await get(path);
  if (!answer) return;
  if (answer.ok) {
    panel.show(answer.panel, "range");
    panel.into();
    say(answer.said);
  } else warn(answer.said);
}

export function key(event, cell) {
  if (event.key !== "F9" || !isDay(cell) || !button()) return false;
  ask();
  return true;
}

export function start() {
  document.addEventListener("grid:range", onRange);
}
