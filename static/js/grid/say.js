// What is read out: one sentence an act. What a cell is, is its own name and read by moving there, so never here as well.
// A warning is also seen, until the next act. The line under the grid says which of the three ways of working this is.
import { hands, word } from "./words.js";

let timer = 0;

function put(id, text) {
  const place = document.getElementById(id);
  if (place.textContent === text) {
    place.textContent = "";
    timer = setTimeout(() => { place.textContent = text; }, 30);
  } else {
    clearTimeout(timer);
    place.textContent = text;
  }
}

const calm = () => { document.getElementById("grid-warned").textContent = ""; };

export const say = (text) => { if (text) { calm(); put("grid-said", text); } };
export const warn = (text) => { if (text) put("grid-warned", text); };

export function start() {
  for (const what of ["keydown", "pointerdown"]) addEventListener(what, calm, { capture: true, passive: true });
}

export function mode(name, what = "") {
  const foot = hands().querySelector("[data-mode]");
  foot.dataset.mode = name;
  foot.querySelector("[data-mode-name]").textContent = what || word(`mode_${name}`);
  for (const keys of foot.querySelectorAll("[data-keys-of]")) keys.hidden = keys.dataset.keysOf !== name;
}

export function undoing(text) {
  const line = hands().querySelector("[data-undo-line]");
  line.hidden = !text;
  line.querySelector("[data-undo-text]").textContent = text || "";
}
