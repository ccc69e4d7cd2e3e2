// Walking: arrows, Home, End (with Ctrl in the whole grid), PageUp, PageDown, to the next trouble; Enter opens what is beside.
import { at, focus, isDay, place, screenful, size, table } from "./table.js";
import * as panel from "./panel.js";
import { say } from "./say.js";
import { word } from "./words.js";

const LAST = 1e6;

export function target(cell, event) {
  const [y, x] = place(cell);
  const bottom = size()[0] - 1;
  switch (event.key) {
    case "ArrowRight": return at(y, x + 1);
    case "ArrowLeft": return at(y, x - 1);
    case "ArrowDown": return at(y + 1, x);
    case "ArrowUp": return at(y - 1, x);
    case "PageDown": return at(Math.min(bottom, y + screenful()), x);
    case "PageUp": return at(y - screenful(), x);
    case "Home": return at(event.ctrlKey ? 0 : y, 1);
    case "End": return at(event.ctrlKey ? bottom : y, LAST);
    default: return null;
  }
}

function trouble(cell, by) {
  const all = [...table().querySelectorAll("tbody td:has(.chip.bad,.chip.risk,.chip.waits,.lacks),tfoot td.miss,tfoot td.risk")].filter((each) => !each.matches(".hid"));
  if (!all.length) { say(word(table().querySelector("tfoot .hid:is(.miss,.risk)") ? "hidden_trouble" : "no_trouble")); return; }
  const after = all.findIndex((each) => cell.compareDocumentPosition(each) & Node.DOCUMENT_POSITION_FOLLOWING);
  const before = all.findLastIndex((each) => cell.compareDocumentPosition(each) & Node.DOCUMENT_POSITION_PRECEDING);
  focus(by > 0 ? all[after < 0 ? 0 : after] : all[before < 0 ? all.length - 1 : before]);
}

export function key(event, cell) {
  if (event.altKey || event.metaKey) return false;
  if (event.ctrlKey && (event.key === "." || event.key === ",")) {
    trouble(cell, event.key === "." ? 1 : -1);
    return true;
  }
  if (event.key === "F6") { panel.into(); return true; }
  if (event.key === "Enter") {
    if (isDay(cell)) panel.open(cell);
    else cell.querySelector("a")?.click();
    return true;
  }
  if (event.key === "Escape") return panel.close();
  if (event.shiftKey || (event.ctrlKey && !["Home", "End"].includes(event.key))) return false;
  const next = target(cell, event);
  if (!next) return false;
  focus(next);
  panel.follow(next);
  return true;
}

