// A tap on a number of the list "gọi tay" also says that I ring: nobody else rings the same person meanwhile. Whoever was
// faster is named at once, and the list is asked again: two people must not ring the same telephone.
async function say(answer, list) {
  if (answer.status !== 409) return;
  const note = list?.querySelector("[data-ring-note]");
  if (note) { note.textContent = await answer.text(); note.hidden = false; }
  list?.querySelector("[data-poll]")?.dispatchEvent(new Event("poll:now"));
}

export function start() {
  document.addEventListener("click", (event) => {
    const tapped = event.target.closest("[data-ring] a[href^='tel:']");
    if (!tapped) return;
    const { "X-CSRFToken": token } = JSON.parse(document.body.getAttribute("hx-headers") || "{}");
    const headers = { "X-CSRFToken": token, "X-Tap": "1" };
    const list = tapped.closest("main");
    fetch(tapped.closest("[data-ring]").dataset.ring, { method: "POST", headers, keepalive: true, credentials: "same-origin" })
      .then((answer) => say(answer, list)).catch(() => {});
  });
}
