// The page behind a link in a call, in place of app.js: forms are sent once, times move, the theme can be chosen; nothing else is loaded.
import { start as countdown } from "./countdown.js";
import { start as form } from "./form.js";
import { start as theme } from "./theme.js";

[theme, form, countdown].forEach((start) => start());

// The page says what was true when it was opened. Whoever comes back to it after a while, with a line, sees what is true now.
const WHILE = 30000; // milliseconds
let left = 0;

const isBusy = () => document.querySelector(".unsent,[aria-busy=true]") || [...document.querySelectorAll("input")].some((each) => each.value !== each.defaultValue);

async function look() {
  if (document.hidden) { left = Date.now(); return; }
  if (!left || Date.now() - left < WHILE || isBusy()) return;
  const answer = await fetch(location.pathname, { cache: "no-store" }).catch(() => null);
  if (answer?.ok && !isBusy()) location.replace(location.pathname);
}

document.addEventListener("visibilitychange", look);
