// While a phone's keyboard is open the big button stands above it, and the menu makes room. Phones that shrink the page tell
// nothing (its meta says so); those that lay the keyboard over it tell how much is left.
const view = window.visualViewport;
const TYPES = "input:not([type=radio],[type=checkbox],[type=file],[type=hidden]),textarea";
let pressed = false;

// Nothing moves under a finger: what is pressed takes the focus from the field, and a button that jumped before the finger left
// it would not hear of it.
function press(now) {
  pressed = now;
  if (!now) setTimeout(measure);
}

function measure() {
  if (pressed) return;
  const typing = Boolean(document.activeElement?.matches(TYPES)) && matchMedia("(pointer:coarse)").matches;
  const over = view ? Math.max(0, Math.round(window.innerHeight - view.height - view.offsetTop)) : 0;
  document.documentElement.classList.toggle("typing", typing);
  document.documentElement.style.setProperty("--keyboard", `${typing ? over : 0}px`);
}

for (const name of ["focusin", "focusout"]) document.addEventListener(name, () => requestAnimationFrame(measure));
document.addEventListener("pointerdown", () => press(true), true);
for (const name of ["pointerup", "pointercancel"]) document.addEventListener(name, () => press(false), true);
view?.addEventListener("resize", measure);
view?.addEventListener("scroll", measure);
measure();
