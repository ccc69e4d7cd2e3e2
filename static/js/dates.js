// A browser writes dates in its own language: in an English one 02/05/2027 is 5 February to a Vietnamese reader. Beside each
// date field the chosen day stands in the words of the page, and beside a time that the browser shows with AM and PM the
// hour of twenty-four.
const lang = document.documentElement.lang || "vi";
const day = new Intl.DateTimeFormat(lang === "en" ? "en-GB" : "vi-VN", {
  weekday: "long", day: "2-digit", month: "2-digit", year: "numeric", timeZone: "UTC",
});
const halves = () => new Intl.DateTimeFormat(undefined, { hour: "numeric" }).resolvedOptions().hour12;

function words(input) {
  const value = input.value;
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
  out.textContent = words(input);
}

function all(root) {
  const wanted = halves() ? "[type=date],[type=datetime-local],[type=time]" : "[type=date],[type=datetime-local]";
  for (const input of root.querySelectorAll(`main :is(${wanted})`)) beside(input);
}

export function start() {
  all(document);
  document.addEventListener("input", (event) => {
    if (event.target.nextElementSibling?.matches("output.day")) beside(event.target);
  });
  document.addEventListener("htmx:load", () => all(document));
}
