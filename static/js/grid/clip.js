// Copy, cut and paste as the text that Excel and Google Sheets give and take: rows by line, cells by tab.
import { at, cellIn, isDay, overHidden, people, size, table, text } from "./table.js";
import * as select from "./select.js";
import { cellsAsked, drop, typed } from "./acts.js";
import { say, warn } from "./say.js";
import { word } from "./words.js";

const quoted = (cell) => (/[\t\n"]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

export const written = (rows) => rows.map((row) => row.map(quoted).join("\t")).join("\r\n");

// A cell in quotes may hold tabs, line ends and doubled quotes; Excel ends with a line end that is no row.
export function read(clip) {
  const rows = [[""]];
  let inside = false;
  const whole = clip.replace(/\r\n?/g, "\n").replace(/\n$/, "");
  for (let n = 0; n < whole.length; n += 1) {
    const row = rows.at(-1);
    const letter = whole[n];
    if (inside && letter === '"' && whole[n + 1] === '"') { row[row.length - 1] += '"'; n += 1; }
    else if (letter === '"' && (inside || row.at(-1) === "")) inside = !inside;
    else if (letter === "\t" && !inside) row.push("");
    else if (letter === "\n" && !inside) rows.push([""]);
    else row[row.length - 1] += letter;
  }
  return rows;
}

const isHere = () => {
  const active = document.activeElement;
  return isDay(active) && active.closest("table") === table() && !table().classList.contains("in-hand");
};

const texts = () => select.block().map((row) => row.map(text));

function onCopy(event) {
  if (!isHere() || !event.clipboardData) return;
  event.preventDefault();
  event.clipboardData.setData("text/plain", written(texts()));
  if (event.type === "cut") drop();
  else say(word("copied", { cells: select.cells().length, n: select.chosen().length }));
}

export function paste(clip) {
  const rows = read(clip);
  const box = select.bounds();
  const [y, x] = [box.top, Math.max(1, box.left)];
  const one = rows.length === 1 && rows[0].length === 1;
  if (one) return cellsAsked(() => select.cells().map((cell) => typed(cell, rows[0][0].trim())));
  const [high, wide] = size();
  const over = [rows.length - (high - y), Math.max(...rows.map((row) => row.length)) - (wide - x)];
  if (over.some((each) => each > 0)) {
    warn(word("too_big", { rows: Math.max(0, over[0]), days: Math.max(0, over[1]) }));
    return null;
  }
  const all = people();
  const width = Math.max(...rows.map((row) => row.length));
  if (overHidden(x, x + width - 1)) { warn(word("over_hidden")); return null; }
  select.extend(at(y, x), at(y + rows.length - 1, x + width - 1), false);
  return cellsAsked(() => rows.flatMap((row, down) => row.map((cell, right) => typed(cellIn(all[y + down], x + right), cell.trim()))));
}

function onPaste(event) {
  if (!isHere()) return;
  event.preventDefault();
  paste(event.clipboardData.getData("text/plain"));
}

export function copy() {
  navigator.clipboard?.writeText(written(texts()));
  say(word("copied", { cells: select.cells().length, n: select.chosen().length }));
}

export function start() {
  document.addEventListener("copy", onCopy);
  document.addEventListener("cut", onCopy);
  document.addEventListener("paste", onPaste);
}

