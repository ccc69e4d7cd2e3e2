// The page of rules: what is typed in the field at its head hides every rule that does not speak of it. Without a script all of
// them stand there, and the browser's own search opens what is folded.
import { fold } from "./grid/words.js";

const box = document.getElementById("rules-find");
const field = box.querySelector("input");
const said = box.querySelector("output");
const rules = [...document.querySelectorAll("li[data-words]")].map((item) => {
  const details = item.querySelector("details");
  return { item, details, words: fold(item.dataset.words), open: details.open };
});

function find() {
  const wanted = fold(field.value).split(/\s+/).filter(Boolean);
  let hits = 0;
  for (const rule of rules) {
    const fits = wanted.every((word) => rule.words.includes(word));
    rule.item.hidden = !fits;
    rule.details.open = wanted.length ? fits : rule.open;
    hits += fits;
  }
  for (const list of document.querySelectorAll("ul.items:has(li[data-words])")) {
    list.closest("section, .panel").hidden = !list.querySelector("li[data-words]:not([hidden])");
  }
  said.textContent = !wanted.length ? "" : hits ? said.dataset.said.replace("{n}", hits) : said.dataset.none;
}

// Enter saves in every other field of the form; here it goes to the first rule that was found.
function onKey(event) {
  if (event.key !== "Enter") return;
  event.preventDefault();
  rules.find((rule) => !rule.item.hidden)?.details.querySelector("summary").focus();
}

box.hidden = false;
field.addEventListener("input", find);
field.addEventListener("keydown", onKey);
