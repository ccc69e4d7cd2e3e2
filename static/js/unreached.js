// The red banner (desk/_unreached.html) is kept up to date by poll.js; what follows from it stands elsewhere on the page: the
// number in the menu, the sign that all is well, and the words that a screen reader says once for as long as it stays red.
const SAID = "unreached-said";

function badges(count) {
  for (const badge of document.querySelectorAll("[data-badge]")) {
    badge.hidden = count === "0";
    badge.querySelector(".count").textContent = count;
  }
}

function sign(red, shut) {
  const live = document.querySelector("[data-live]");
  if (!live) return;
  const words = red ? live.dataset.stuck : shut || live.dataset.well;
  live.classList.toggle("dead", red);
  live.classList.toggle("weak", !red && shut !== "");
  live.title = words;
  live.querySelector("span").textContent = words;
}

function say(state) {
  if (!state.dataset.red) { sessionStorage.removeItem(SAID); return; }
  if (sessionStorage.getItem(SAID) === state.dataset.about) return;
  sessionStorage.setItem(SAID, state.dataset.about);
  document.querySelector("[data-unreached-say]").textContent = state.dataset.cause;
}

function show() {
  const state = document.querySelector("[data-unreached-state]");
  if (!state) return;
  badges(state.dataset.listed);
  sign(Boolean(state.dataset.red), state.dataset.shut);
  say(state);
}

export function start() {
  show();
  document.addEventListener("htmx:load", show);
}
