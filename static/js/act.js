// form[data-act]: the one step of an incident. Until the server has answered, nothing says that it is done: when the line is
// gone the foot says so, offers to ring, tries again by itself, and the button becomes "send again". The server counts what
// comes twice once. What the page learns meanwhile does not end it, as long as the same step is still to be done.
const WAIT = 4;
const SILENCE = 20000; // milliseconds without an answer: a line that only looks alive
const place = document.getElementById("incident-primary");
let timer = 0;

function icon(name) {
  const svg = document.querySelector("svg.i").cloneNode(true);
  const use = svg.querySelector("use");
  use.setAttribute("href", `${use.getAttribute("href").split("#")[0]}#${name}`);
  return svg;
}

function made(tag, props, ...content) {
  const element = Object.assign(document.createElement(tag), props);
  element.append(...content);
  return element;
}

function warn(form, button, left) {
  let note = form.querySelector(".unsent");
  if (!note) {
    note = made("p", { className: "unsent" }, icon("wifi-off"), made("span", {}, place.dataset.unsent), made("small", { ariaLive: "off" }));
    note.setAttribute("role", "alert");
    form.prepend(note);
    button.querySelector("svg").replaceWith(icon("refresh"));
    button.lastChild.textContent = place.dataset.resend;
    button.classList.remove("yes");
    offerToRing(form);
  }
  note.querySelector("small").textContent = place.dataset.again.replace("{n}", left);
}

// The first of those whom the page names to ring: the desk, mostly.
function offerToRing(form) {
  const line = document.querySelector(".tels > li:has(a[href^='tel:'])");
  if (!line) return;
  const words = place.dataset.offer.replace("{name}", line.querySelector(".name").textContent);
  form.append(made("a", { className: "btn ring huge wide", href: line.querySelector("a").href }, icon("phone"), words));
  form.classList.add("two-ways");
}

function said(form, button) {
  const body = new URLSearchParams(new FormData(form));
  if (button.name) body.append(button.name, button.value);
  return body;
}

const step = (form, button) => [form.action, ...said(form, button)].filter(([name]) => name !== "csrf_token").join();

// The poll puts the foot there anew; null: by now something else is to be done, or nothing.
function standing(asked, form, button) {
  if (form.isConnected) return [form, button];
  const now = place.querySelector("form[data-act]");
  const press = now?.querySelector("button");
  return press && step(now, press) === asked ? [now, press] : null;
}

function wait(asked, form, button, left) {
  const here = standing(asked, form, button);
  if (!here) return;
  warn(...here, left);
  timer = setTimeout(() => (left > 1 ? wait(asked, ...here, left - 1) : send(...here)), 1000);
}

async function send(form, button) {
  clearTimeout(timer);
  button.setAttribute("aria-busy", "true");
  const asked = step(form, button);
  const late = new AbortController();
  const patience = setTimeout(() => late.abort(), SILENCE);
  try {
    const how = { method: "POST", headers: { "HX-Request": "true" }, credentials: "same-origin", signal: late.signal };
    const answer = await fetch(form.action, { ...how, body: said(form, button) });
    if (answer.status > 501) throw new Error(String(answer.status)); // nobody behind the door: as if the line were gone
    if (answer.status === 400 || answer.status === 401) location.reload(); // signed out, or a form of yesterday: shown anew, nothing done
    else follow(form, button, answer.headers.get("HX-Redirect"));
  } catch {
    button.removeAttribute("aria-busy");
    delete form.dataset.sent;
    wait(asked, form, button, WAIT);
  } finally {
    clearTimeout(patience);
  }
}

function follow(form, button, to) {
  if (!to) plainly(form, button); // refused: the whole page says why
  else if (new URL(to, location.href).href === location.href) location.reload();
  else location.assign(to);
}

function plainly(form, button) {
  if (!form.isConnected) { location.reload(); return; }
  if (button.name) form.append(made("input", { type: "hidden", name: button.name, value: button.value }));
  HTMLFormElement.prototype.submit.call(form);
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-act]") || event.defaultPrevented) return;
  event.preventDefault();
  send(form, event.submitter || form.querySelector("button"));
});
