// Keyboard shortcuts: #keys-help lists them, and its rows say where they lead ([data-key], [data-go]). Never while somebody types,
// never with Ctrl or Alt; one switch turns them off at this device (WCAG 2.1.4).
const ROWS = "main .inc a[href^='/incidents/'], main .ring a.title";
let first = "";
let timer = 0;

const isOn = () => localStorage.getItem("keys") !== "off";
const help = () => document.getElementById("keys-help");

function go(key) {
  const row = help().querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!row) return false;
  if (row.dataset.go) location.assign(row.dataset.go);
  if (row.dataset.press) document.querySelector(row.dataset.press)?.click();
  return true;
}

function move(by) {
  const rows = [...document.querySelectorAll(ROWS)];
  const at = rows.indexOf(document.activeElement);
  const next = at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + by, 0), rows.length - 1);
  rows[next]?.focus();
  return rows.length > 0;
}

function focusOn(selector, otherwise) {
  const target = document.querySelector(selector);
  for (let around = target?.closest("details"); around; around = around.parentElement.closest("details")) around.open = true;
  if (target) target.focus();
  else if (otherwise) go(otherwise);
  return Boolean(target || otherwise);
}

// One letter never does anything to an incident: it leads to the button, and Enter presses it.
const BUTTONS = {
  "a": "main form[action$='/acknowledge'].thumb button, main [data-first]",
  "r": "main form[action$='/resolve'] button, main button[formaction$='/resolve']",
  "e": "main form[action$='/escalate'] button",
};
const rowOf = (element) => (element?.matches(ROWS) || element?.matches("[data-pick]") ? element.closest(".inc, .ring") : null);

function pick() {
  const box = rowOf(document.activeElement)?.querySelector("[data-pick]");
  box?.click();
  return Boolean(box);
}

function take() {
  const picks = document.getElementById("picks");
  if (picks && document.querySelector("[data-pick]:checked")) {
    picks.action = `${picks.action.split("#")[0]}#key-a`;
    picks.requestSubmit();
    return true;
  }
  return leadTo("a");
}

function leadTo(key) {
  const link = rowOf(document.activeElement)?.querySelector("a[href^='/incidents/']");
  if (link) location.assign(`${link.href}#key-${key}`);
  return Boolean(link) || focusOn(BUTTONS[key]);
}

// From a unit's own grid back to the row that it was opened from: as it stood, when that is where the page came from.
function comeBack() {
  const link = document.querySelector("[data-back]");
  if (!link) return false;
  const from = document.referrer ? new URL(document.referrer) : null;
  const asItStood = from?.origin === location.origin && from.pathname === location.pathname && !from.searchParams.has("unit");
  if (asItStood && history.length > 1) history.back();
  else location.assign(link.href);
  return true;
}

const ONE = {
  "Backspace": comeBack,
  "?": () => { help().showModal(); return true; },
  "j": () => move(1),
  "k": () => move(-1),
  "n": () => go("n"),
  "x": pick,
  "a": take,
  "r": () => leadTo("r"),
  "e": () => leadTo("e"),
  "/": () => focusOn("main input[type=search]", "/"),
};

// A dialog that was closed just now keeps the focus on its hidden field until the next frame: that is nobody typing.
const isTyping = (target) => Boolean(target.closest("input:not([data-pick]),select,textarea,[contenteditable]")?.checkVisibility());

function onKey(event) {
  if (!isOn() || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  clearTimeout(timer);
  const pair = first ? `${first} ${key}` : "";
  first = "";
  if (pair) { if (go(pair)) event.preventDefault(); return; }
  if (key === "g") { first = "g"; timer = setTimeout(() => { first = ""; }, 1500); return; }
  if (ONE[key]?.()) event.preventDefault();
}

export function start() {
  if (!help()) return;
  const box = help().querySelector("[data-keys-switch]");
  box.checked = isOn();
  box.addEventListener("change", () => localStorage.setItem("keys", box.checked ? "on" : "off"));
  document.querySelectorAll("[data-keys-help]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => help().showModal());
  });
  document.addEventListener("keydown", onKey);
  const led = /^#key-([are])$/.exec(location.hash);
  if (led) focusOn(BUTTONS[led[1]]);
}
