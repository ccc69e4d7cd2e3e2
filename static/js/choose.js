// A long <select> gets a box to search it: accents do not matter, initials count ("cm" finds Chư Mang).
// The select stays what is sent, and all there is without scripts. data-plain: in a row of many there is nothing to search.
const LONG = 12;

export function fold(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").replace(/[đĐ]/g, "d").toLowerCase().trim();
}

export function rank(text, asked) {
  // 0: not meant; else the higher the better.
  const words = text.split(/[^\p{L}\p{N}]+/u);
  if (text.startsWith(asked)) return 4;
  if (words.some((word) => word.startsWith(asked))) return 3;
  if (words.map((word) => word[0] || "").join("").includes(asked)) return 2;
  return asked.split(/\s+/).every((part) => text.includes(part)) ? 1 : 0;
}

function search(select, box, said) {
  const all = [...select.options].map((option) => ({ option, text: fold(`${option.textContent} ${option.value}`) }));
  let chosen = select.value;
  select.addEventListener("change", () => { chosen = select.value; });
  box.addEventListener("input", () => {
    const asked = fold(box.value);
    const found = asked ? all.map((each) => ({ ...each, rank: rank(each.text, asked) })).filter((each) => each.rank)
      .sort((a, b) => b.rank - a.rank) : all;
    select.replaceChildren(...(found.length ? found : all).map((each) => each.option));
    if (asked && found.length) select.selectedIndex = 0; else select.value = chosen;
    const words = document.body.dataset;
    said.textContent = !asked ? "" : found.length
      ? words.found.replace("{n}", found.length).replace("{what}", select.options[select.selectedIndex].textContent.trim()) : words.none;
  });
  box.addEventListener("change", () => {
    if (select.value === chosen) return;
    chosen = select.value;
    if (!select.matches("[data-submit]")) select.dispatchEvent(new Event("change", { bubbles: true }));
  });
  box.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") { event.preventDefault(); select.focus(); }
    if (event.key !== "Enter") return;
    event.preventDefault(); // a form is not sent because somebody searched in it
    if (select.matches("[data-submit]") && select.value !== "") select.form.requestSubmit(); else select.focus();
  });
}

function dress(root) {
  for (const select of root.querySelectorAll("select:not([multiple],[data-searched],[data-plain])")) {
    if (select.options.length <= LONG) continue;
    select.dataset.searched = "";
    const label = select.getAttribute("aria-label") || select.labels?.[0]?.textContent.trim() || "";
    const box = Object.assign(document.createElement("input"), { type: "search", className: "input find", autocomplete: "off" });
    box.placeholder = document.body.dataset.find;
    box.setAttribute("aria-label", `${document.body.dataset.find} ${label}`);
    const said = Object.assign(document.createElement("span"), { className: "hint" });
    said.setAttribute("role", "status");
    select.before(box);
    select.after(said);
    search(select, box, said);
  }
}

export function start() {
  dress(document);
  document.addEventListener("htmx:load", (event) => dress(event.detail.elt.parentElement || document));
}
