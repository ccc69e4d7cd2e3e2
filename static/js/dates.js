// The server writes fields for days as plain text, day first. Here they become the browser's own where that writes the day
// first, too: an American one would write 02/05/2027 for 5 February, so there they stay as they are. Either way the day stands
// beside in the words of the page, and beside a time that the browser shows with AM and PM the hour of twenty-four.
const lang = document.documentElement.lang || "vi";
const day = new Intl.DateTimeFormat(lang === "en" ? "en-GB" : "vi-VN", {
  weekday: "long", day: "2-digit", month: "2-digit", year: "numeric", timeZone: "UTC",
});
const order = new Intl.DateTimeFormat(undefined, { day: "2-digit", month: "2-digit", year: "numeric" }).formatToParts();
const dayFirst = order[0].type === "day";
const halves = () => new Intl.DateTimeFormat(undefined, { hour: "numeric" }).resolvedOptions().hour12;

// "05/02/2027 14:30" or ISO, as the browser's own field takes it; null when it is neither: what was typed stays to be mended.
function iso(text) {
  const found = text.match(/^(\d{1,2})\/(\d{1,2})\/(\d{4})(?: (\d{1,2}:\d{2}))?$/);
  const [, d, m, y, time] = found || [];
  const read = found ? `${y}-${m.padStart(2, "0")}-${d.padStart(2, "0")}${time ? `T${time.padStart(5, "0")}` : ""}` : text;
  if (read === "") return "";
  const at = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2})?$/.test(read) ? new Date(`${read.slice(0, 10)}T00:00:00Z`) : NaN;
  return Number.isNaN(at.valueOf()) || at.toISOString().slice(0, 10) !== read.slice(0, 10) ? null : read;
}

function upgrade(input) {
  const value = iso(input.value.trim());
  if (!dayFirst || value === null || input === document.activeElement) return;
  for (const name of ["min", "max"]) if (input.dataset[name]) input[name] = input.dataset[name];
  input.value = value; // first: a native field warns of anything but ISO
  input.type = input.dataset.native;
}

function words(input) {
  const value = input.type === "text" ? iso(input.value.trim()) || "" : input.value;
  if (input.type === "time") return value.slice(0, 5);
  const [date, time] = value.split("T");
  const at = new Date(`${date}T00:00:00Z`);
  if (!value || Number.isNaN(at.valueOf())) return "";
  return time ? `${day.format(at)}, ${time.slice(0, 5)}` : day.format(at);
}

function beside(input) {
  let out = input.nextElementSibling;
  if (!out?.matches("output.day")) {
    out = document.createElement("output");
    out.className = "day hint";
    if (input.id) out.htmlFor = input.id;
    input.after(out);
  }
  out.dataset.order ??= out.textContent;
  out.textContent = words(input) || (input.type === "text" ? out.dataset.order : "");
}

function all(root) {
  root.querySelectorAll("input[type=text][data-native]").forEach(upgrade);
  const wanted = halves() ? "[data-native],[type=time]" : "[data-native]";
  for (const input of root.querySelectorAll(`main :is(${wanted})`)) beside(input);
}

export function start() {
  all(document);
  document.addEventListener("input", (event) => {
    const { target } = event;
    if (target.nextElementSibling?.matches("output.day")) beside(target);
  });
  document.addEventListener("htmx:load", () => all(document));
}
