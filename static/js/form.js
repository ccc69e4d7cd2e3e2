// Forms: a <details class="confirm"> asks in a <dialog>; a form is sent once; the error summary takes the focus;
// <select data-submit> sends its form on change; <input data-device-time> says what this device takes for the time.
function ask(details) {
  const form = details.querySelector("form");
  const dialog = document.createElement("dialog");
  dialog.className = "ask";
  dialog.setAttribute("aria-label", details.querySelector("summary").textContent.trim());
  form.classList.add("body");
  form.querySelectorAll("[data-close]").forEach((b) => { b.hidden = false; });
  dialog.append(form);
  document.body.append(dialog);
  dialog.addEventListener("close", () => {
    form.classList.remove("body");
    details.append(form);
    dialog.remove();
    details.querySelector("summary").focus();
  });
  dialog.showModal();
}

function onClick(event) {
  const summary = event.target.closest("details.confirm>summary");
  if (summary) { event.preventDefault(); ask(summary.parentElement); return; }
  if (event.target.closest("dialog [data-close]")) { event.target.closest("dialog").close(); return; }
  if (event.target.matches("dialog.ask")) event.target.close(); // a click on the backdrop
  document.querySelectorAll("details.menu[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
}

function onSubmit(event) {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "1";
  form.querySelectorAll("[data-device-time]").forEach((field) => { field.value = new Date().toISOString(); });
  event.submitter?.setAttribute("aria-busy", "true");
}

function release(root = document) {
  root.querySelectorAll("form[data-sent]").forEach((form) => { delete form.dataset.sent; });
  root.querySelectorAll("[aria-busy=true]").forEach((b) => b.removeAttribute("aria-busy"));
}

export function start() {
  document.addEventListener("click", onClick);
  document.addEventListener("submit", onSubmit);
  document.addEventListener("change", (event) => { if (event.target.matches("[data-submit]")) event.target.form.requestSubmit(); });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = event.target.closest?.("details.menu[open]");
    if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
  });
  window.addEventListener("pageshow", () => release()); // back from the cache: let the form be sent again
  document.addEventListener("htmx:afterRequest", () => release());
  document.getElementById("errors")?.focus();
}
