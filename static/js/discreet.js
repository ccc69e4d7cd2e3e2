// The quick log asks before anything leaves or is kept: words about items of Party and State that no incident may hold are
// refused here as the desk would refuse them, and a name is asked about (secrecy.js).
import "./secrecy.js";

const form = document.querySelector("form[data-discretion]");
const given = JSON.parse(form.dataset.discretion);
const box = form.querySelector("[data-discreet]");
const button = box.querySelector("button");
const confirmed = form.querySelector("input[name=names_ok]");
self.secrecy.use(given.rules);

// What the form is about: "", "state" or "strict".
function about() {
  const sent = new FormData(form);
  const found = [
    given.strict.includes(sent.get("more") || sent.get("category")) ? "strict" : "",
    sent.get("party_state") ? "state" : "",
    ...Object.entries(given.answers).map(([name, kinds]) => kinds[sent.get(name)] || ""),
  ];
  return found.includes("strict") ? "strict" : found.find(Boolean) || "";
}

function say(fault, field) {
  box.hidden = false;
  button.hidden = fault.why !== "name_asked";
  box.querySelector("[data-discreet-words]").textContent = given.words[fault.why].replaceAll("{words}", fault.words);
  field.closest("details")?.setAttribute("open", "");
  field.focus();
  box.scrollIntoView({ block: "center" });
}

button.addEventListener("click", () => { confirmed.value = "1"; });
for (const name of ["title", "description"]) form.elements[name].addEventListener("input", () => { confirmed.value = ""; });

document.addEventListener("submit", (event) => {
  if (event.target !== form) return;
  form.elements.about.value = about();
  box.hidden = true;
  for (const name of ["title", "description"]) {
    const field = form.elements[name];
    const fault = self.secrecy.fault(field.value, form.elements.about.value, confirmed.value === "1");
    if (fault) {
      event.preventDefault();
      event.stopImmediatePropagation();
      say(fault, field);
      return;
    }
  }
}, true);
