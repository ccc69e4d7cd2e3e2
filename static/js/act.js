// form[data-act]: the one step of an incident. Until the server has answered, nothing says that it is done: when the line is
// gone the foot says so, tries again by itself, and the button becomes "send again". The server counts what comes twice once.
const WAIT = 4;
const place = document.getElementById("incident-primary");
let timer = 0;

function warn(form, left) {
  let note = form.querySelector(".unsent");
  if (!note) {
    note = document.createElement("p");
    note.className = "unsent";
    note.setAttribute("role", "alert");
    note.innerHTML = '<svg class="i" aria-hidden="true"><use></use></svg><span></span><small></small>';
    const sheet = document.querySelector("svg.i use").getAttribute("href").split("#")[0];
    note.querySelector("use").setAttribute("href", `${sheet}#wifi-off`);
    note.querySelector("span").textContent = place.dataset.unsent;
    form.prepend(note);
  }
  note.querySelector("small").textContent = place.dataset.again.replace("{n}", left);
}

function wait(form, button, body, left) {
  if (!form.isConnected) return; // meanwhile the page knows better
  warn(form, left);
  timer = setTimeout(() => (left > 1 ? wait(form, button, body, left - 1) : send(form, button, body)), 1000);
}

async function send(form, button, body) {
  clearTimeout(timer);
  button.setAttribute("aria-busy", "true");
  try {
    const headers = { "HX-Request": "true" };
    const answer = await fetch(form.action, { method: "POST", headers, body, credentials: "same-origin" });
    if (answer.status > 501) throw new Error(String(answer.status)); // nobody behind the door: as if the line were gone
    follow(form, button, answer.headers.get("HX-Redirect"));
  } catch {
    button.removeAttribute("aria-busy");
    delete form.dataset.sent;
    button.lastChild.textContent = place.dataset.resend;
    wait(form, button, body, WAIT);
  }
}

function follow(form, button, to) {
  if (!to) plainly(form, button); // refused: the whole page says why
  else if (new URL(to, location.href).href === location.href) location.reload();
  else location.assign(to);
}

function plainly(form, button) {
  if (button.name) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: button.name, value: button.value }));
  HTMLFormElement.prototype.submit.call(form);
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-act]") || event.defaultPrevented) return;
  event.preventDefault();
  const button = event.submitter || form.querySelector("button");
  const body = new URLSearchParams(new FormData(form));
  if (button.name) body.append(button.name, button.value);
  send(form, button, body);
});
