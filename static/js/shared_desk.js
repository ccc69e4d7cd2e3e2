// A shared desk computer: each form that changes something asks who acts before it is sent (#desk-who), a hand on the keyboard keeps
// the desk open, and what somebody is typing survives the lock. Without scripts the server asks on a page of its own.
const FREE = ["/logout", "/language", "/desk/lock", "/desk/unlock"];
const AWAKE_EVERY = 45e3;
let dialog;
let last = 0;

const headers = () => ({ ...JSON.parse(document.body.getAttribute("hx-headers") || "{}"), "HX-Request": "true" });
const isFree = (path) => FREE.includes(path) || /^\/calls\/.+\/(ring|leave)$/.test(path);

function onSubmit(event) {
  const form = event.target;
  const path = event.submitter?.getAttribute("formaction") || form.getAttribute("action") || location.pathname;
  if (form.method !== "post" || "asked" in form.dataset || isFree(path)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  ask().then((given) => given && send(form, event.submitter, given));
}

function send(form, submitter, given) {
  const added = [...given].map(([name, value]) => Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  form.append(...added);
  form.dataset.asked = "";
  form.requestSubmit(submitter);
  delete form.dataset.asked; // the form was read: the PIN stays nowhere
  added.forEach((input) => input.remove());
}

// Resolves with the fields, or with null when somebody thought better of it.
async function ask() {
  const answer = await fetch("/desk/who", { headers: headers(), credentials: "same-origin" });
  dialog.querySelector("[data-fields]").innerHTML = await answer.text();
  dialog.returnValue = "";
  dialog.showModal();
  dialog.querySelector("[name=desk_secret]").focus();
  await new Promise((done) => dialog.addEventListener("close", done, { once: true }));
  const given = dialog.returnValue === "ok" ? new FormData(dialog.querySelector("form")) : null;
  dialog.querySelector("[data-fields]").replaceChildren();
  return given;
}

const dirty = () => [...document.querySelectorAll("main textarea, main input:not([type=hidden],[type=search],[type=radio],[type=checkbox])")]
  .some((field) => field.value !== field.defaultValue);

// Locked while a form is half written: cover the page instead of leaving it, until somebody shows a PIN.
async function cover(event) {
  if (document.body.classList.contains("covered")) { event.preventDefault(); return; } // another part of the page asks as well
  if (!dirty()) return;
  event.preventDefault();
  document.body.classList.add("covered");
  for (;;) {
    const given = await ask();
    if (!given) continue;
    const answer = await fetch("/desk/unlock", { method: "POST", headers: headers(), body: given, credentials: "same-origin" });
    if (answer.ok && !answer.url.includes("/desk/locked") && !answer.url.endsWith("/desk/unlock")) break;
  }
  document.body.classList.remove("covered");
}

function touch() {
  if (Date.now() - last < AWAKE_EVERY || document.body.classList.contains("covered")) return;
  last = Date.now();
  fetch("/desk/awake", { method: "POST", headers: headers(), keepalive: true, credentials: "same-origin" });
}

export function start() {
  dialog = document.getElementById("desk-who");
  if (!dialog) return;
  document.addEventListener("submit", onSubmit, true);
  document.addEventListener("poll:refused", cover);
  ["keydown", "pointerdown"].forEach((name) => document.addEventListener(name, touch));
  const wait = 60e3 * Number(dialog.dataset.minutes) + 5e3;
  let idle = setTimeout(() => {}, 0);
  const again = () => { clearTimeout(idle); idle = setTimeout(() => document.dispatchEvent(new CustomEvent("poll:refused", { cancelable: true })) && location.reload(), wait); };
  ["keydown", "pointerdown"].forEach((name) => document.addEventListener(name, again));
  again();
}
