// <button data-copy="id" data-done="…">: copies the value of #id; the word inside changes for two seconds.
async function copy(button) {
  const source = document.getElementById(button.dataset.copy);
  const text = source.value ?? source.textContent;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    source.select?.(); // plain http on a LAN has no clipboard: at least select, so that one tap copies
    if (!document.execCommand("copy")) return;
  }
  const word = button.querySelector("span") || button;
  const before = word.textContent;
  word.textContent = button.dataset.done || before;
  setTimeout(() => { word.textContent = before; }, 2000);
}

export function start() {
  const show = () => document.querySelectorAll("[data-copy][hidden]").forEach((b) => { b.hidden = false; });
  show();
  document.addEventListener("htmx:load", show);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    if (button) copy(button);
  });
}
