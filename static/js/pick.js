// What was picked on the board stays picked when its rows come anew, as long as the row is there; the bar says how many.
const picks = new Set();

const boxes = () => [...document.querySelectorAll("[data-pick]")];

function count() {
  const said = document.querySelector("[data-picked]");
  const words = picks.size && said ? said.dataset.picked.replace("{n}", picks.size) : "";
  if (said && said.textContent !== words) said.textContent = words; // read out only when it is another number
}

function read() {
  picks.clear();
  for (const box of boxes()) if (box.checked) picks.add(box.value);
  count();
}

function restore() {
  const shown = boxes();
  for (const code of picks) if (!shown.some((box) => box.value === code)) picks.delete(code);
  for (const box of shown) box.checked = picks.has(box.value);
  count();
}

document.addEventListener("change", (event) => { if (event.target.matches("[data-pick]")) read(); });
document.getElementById("picks")?.addEventListener("reset", () => setTimeout(read));
document.addEventListener("htmx:load", restore);
addEventListener("pageshow", read); // the browser checks them again on the way back
read();
