// A tap on a number of the list "gọi tay" also says that I ring: nobody else rings the same person meanwhile. Whoever was
// faster is named at once, and the list is asked again: two people must not ring the same telephone. Where that could not be
// said, the note tells what to do; it goes with the next tap that works, or when the list was heard of again after it was read:
// while the dialler is in front, nobody reads it.
const READ = 4000;
let read = 0;
let since = 0;

const isInFront = () => !document.hidden && document.hasFocus();

// Counts until now, and from now on only where somebody sees the page.
function count() {
  const now = Date.now();
  if (since) read += now - since;
  since = isInFront() ? now : 0;
}

const noteOf = (list) => list?.querySelector("[data-ring-note]");

function show(list, words) {
  const note = noteOf(list);
  if (!note) return;
  note.textContent = words;
  note.hidden = false;
  count();
  read = 0;
}

function clear(list) {
  const note = noteOf(list);
  if (!note) return;
  note.hidden = true;
  note.textContent = "";
}

async function say(answer, list) {
  const words = noteOf(list)?.dataset;
  if (answer.ok && !answer.redirected) { clear(list); return; }
  if (answer.status === 409) show(list, await answer.text());
  else show(list, answer.status < 500 ? words?.refused : words?.fault); // signed out and locked are redirected
  list?.querySelector("[data-poll]")?.dispatchEvent(new Event("poll:now"));
}

function onClick(event) {
  const tapped = event.target.closest("[data-ring] a[href^='tel:']");
  if (!tapped) return;
  const { "X-CSRFToken": token } = JSON.parse(document.body.getAttribute("hx-headers") || "{}");
  const headers = { "X-CSRFToken": token, "X-Tap": "1" };
  const list = tapped.closest("main");
  fetch(tapped.closest("[data-ring]").dataset.ring, { method: "POST", headers, keepalive: true, credentials: "same-origin" })
    .then((answer) => say(answer, list)).catch(() => show(list, noteOf(list)?.dataset.fault));
}

export function start() {
  document.addEventListener("click", onClick);
  document.addEventListener("poll:fresh", (event) => {
    const list = event.target.closest("main");
    count();
    if (list && read >= READ) clear(list);
  });
  document.addEventListener("visibilitychange", count);
  for (const turn of ["focus", "blur"]) addEventListener(turn, count);
}
