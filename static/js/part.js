// Publishing a part: rows that hang together tick together, and the button and the sum say what is ticked.
// Without scripts the server ticks them, when it is asked for a look.
const form = document.querySelector("[data-part]");
const people = [...form.querySelectorAll("input[name=person]:not(:disabled)")];

function counted(number) {
  return new Intl.NumberFormat(document.documentElement.lang || "vi").format(number);
}

function tick(bundle, on) {
  for (const box of people) if (box.dataset.bundle === bundle) box.checked = on;
}

function units() {
  for (const unit of form.querySelectorAll("[data-unit]")) {
    const mine = people.filter((box) => unit.contains(box));
    if (!mine.length) continue;
    const on = mine.filter((box) => box.checked).length;
    const head = unit.querySelector("input[name=unit]");
    head.checked = on === mine.length;
    head.indeterminate = on > 0 && on < mine.length;
  }
}

function sum() {
  const chosen = people.filter((box) => box.checked);
  const told = {};
  for (const box of chosen) told[box.dataset.channel] = (told[box.dataset.channel] || 0) + 1;
  let dong = 0;
  for (const line of form.querySelectorAll("[data-told]")) {
    const number = told[line.dataset.told] || 0;
    line.hidden = !number;
    line.querySelector("[data-n]").textContent = counted(number);
    dong += number * Number(line.dataset.price || 0);
  }
  form.querySelector("[data-nobody]").hidden = chosen.length > 0;
  const total = form.querySelector("[data-dong]");
  if (total) total.textContent = counted(dong);
  const go = form.querySelector("[data-text]");
  if (!go) return;
  const whole = [...form.querySelectorAll("[data-unit]")].some((unit) =>
    unit.querySelector("input[name=unit]").checked && !unit.querySelector("input[name=person]"));
  const changes = chosen.reduce((all, box) => all + Number(box.dataset.changes), 0);
  if (whole) go.textContent = go.dataset.whole;
  else go.textContent = chosen.length
    ? go.dataset.text.replace("{people}", counted(chosen.length)).replace("{changes}", counted(changes)) : go.dataset.none;
}

form.addEventListener("change", (event) => {
  const box = event.target;
  if (box.name === "person") tick(box.dataset.bundle, box.checked);
  if (box.name === "unit") {
    for (const each of people) if (box.closest("[data-unit]").contains(each)) tick(each.dataset.bundle, box.checked);
  }
  units();
  sum();
});
units();
sum();
