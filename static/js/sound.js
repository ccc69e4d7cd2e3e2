// The sound of the desk. Each [data-alarm] says late, new or nothing, [data-keys] what for; [data-sound] holds the buttons, on
// pages without any those of the banner ([data-sound-spare]): they ask once at this device while something is late
// ([data-sound-no]: no), and show again only to hush what sounds.
// Off until somebody switches it on at this device: browsers want a hand first. It repeats until it is heard at this device, and
// again after ten minutes while something is still late. What sounds can always be seen as well.
const AGAIN = 600e3;
const EVERY = { late: 4e3, new: 15e3 };
const players = {};
let box;
let spare;
let blocked = false;
let last = 0;
let mayPlay = !navigator.locks; // of several tabs only one sounds

const isOn = () => localStorage.getItem("sound") === "on";
const isChosen = () => localStorage.getItem("sound") !== null;

// Told to the server, too, so that a page that has to ask comes with the question in its place.
function choose(choice) {
  localStorage.setItem("sound", choice);
  tell(choice);
}

function tell(choice) {
  document.cookie = `sound=${choice}; path=/; max-age=31536000; samesite=lax`;
}

function heard() {
  try { return JSON.parse(localStorage.getItem("heard") || "{}"); } catch { return {}; }
}

const keysOf = (alarm) => alarm.dataset.keys.split(" ");

function waiting() {
  const known = heard();
  const fresh = (kind) => [...document.querySelectorAll(`[data-alarm=${kind}]`)].some((alarm) =>
    keysOf(alarm).some((key) => !known[key] || (kind === "late" && Date.now() - known[key] > AGAIN)));
  return ["late", "new"].find(fresh) || "";
}

async function play(kind) {
  players[kind] ||= new Audio(box.dataset[kind]);
  last = Date.now();
  try {
    players[kind].currentTime = 0;
    await players[kind].play();
    blocked = false;
    box.dataset.played = String(Number(box.dataset.played || 0) + 1);
  } catch (error) {
    blocked = error.name === "NotAllowedError";
  }
}

async function tick() {
  const kind = isOn() ? waiting() : "";
  if (kind && mayPlay && Date.now() - last >= EVERY[kind]) await play(kind);
  show(kind);
}

function show(kind) {
  if (spare) spare.hidden = isChosen() ? !kind : !document.querySelector("[data-alarm=late]");
  if (spare) spare.querySelector("[data-sound-no]").hidden = isChosen();
  const button = box.querySelector("[data-sound-switch]");
  const words = button.querySelector("span");
  const note = box.querySelector("[data-sound-note]");
  button.setAttribute("aria-pressed", String(isOn()));
  words.textContent = isOn() ? words.dataset.on : words.dataset.off;
  box.dataset.state = !isOn() ? "off" : !kind ? "quiet" : blocked ? "blocked" : "ringing";
  box.querySelector("[data-sound-heard]").hidden = !kind;
  const said = box.dataset.state === "blocked" ? note.dataset.blocked : box.dataset.state === "ringing" ? note.dataset.ringing : "";
  if (note.textContent !== said) note.textContent = said;
}

function toggle() {
  choose(isOn() ? "off" : "on");
  if (isOn()) play("new");
  else Object.values(players).forEach((player) => player.pause());
  tick();
}

function refuse() {
  choose("off");
  tick();
}

function hush() {
  const known = Object.fromEntries(Object.entries(heard()).filter(([, at]) => Date.now() - at < 24 * 3600e3));
  for (const alarm of document.querySelectorAll("[data-alarm]")) for (const key of keysOf(alarm)) known[key] = Date.now();
  localStorage.setItem("heard", JSON.stringify(known));
  Object.values(players).forEach((player) => player.pause());
  tick();
}

export function start() {
  const own = document.querySelector("main [data-sound]");
  spare = own ? null : document.querySelector("[data-sound-spare]");
  box = own || spare?.querySelector("[data-sound]");
  const asked = document.querySelector("[data-unasked]");
  if (asked) asked.hidden = true;
  asked?.removeAttribute("data-unasked");
  if (!box || !("Audio" in window)) return;
  if (isChosen()) tell(localStorage.getItem("sound"));
  box.hidden = false;
  box.querySelector("[data-sound-switch]").addEventListener("click", toggle);
  box.querySelector("[data-sound-heard]").addEventListener("click", hush);
  spare?.querySelector("[data-sound-no]").addEventListener("click", refuse);
  navigator.locks?.request("sound", () => { mayPlay = true; return new Promise(() => {}); });
  document.addEventListener("htmx:load", tick);
  document.addEventListener("pointerdown", () => { if (blocked) { blocked = false; last = 0; } });
  window.addEventListener("storage", tick);
  setInterval(tick, 1000);
  tick();
}
