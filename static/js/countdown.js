// Keeps <time data-countdown="ISO"> moving. The server wrote the first text and its own clock (data-now),
// so a phone with a wrong clock still counts right.
const skew = new WeakMap();
const two = (n) => String(n).padStart(2, "0");

function text(el, seconds) {
  const s = Math.abs(Math.trunc(seconds));
  const days = Math.floor(s / 86400);
  const hours = Math.floor((s % 86400) / 3600);
  const minutes = Math.floor((s % 3600) / 60);
  let t = `${two(minutes)}:${two(s % 60)}`;
  if (days) t = `${(el.dataset.days || "{n} d").replace("{n}", days)} ${two(hours)}:${two(minutes)}`;
  else if (hours) t = `${hours}:${t}`;
  const pattern = seconds >= 0 ? el.dataset.left : el.dataset.over;
  return (pattern || "{t}").replace("{t}", t);
}

function tick() {
  for (const el of document.querySelectorAll("time[data-countdown]")) {
    if (!skew.has(el)) skew.set(el, el.dataset.now ? Date.parse(el.dataset.now) - Date.now() : 0);
    const seconds = (Date.parse(el.dataset.countdown) - Date.now() - skew.get(el)) / 1000;
    const next = text(el, seconds);
    if (el.textContent !== next) el.textContent = next;
    if (seconds < 0 && !el.classList.contains("over")) {
      el.classList.add("over");
      el.dispatchEvent(new CustomEvent("countdown:over", { bubbles: true }));
    }
  }
}

// <time data-clock data-now="ISO">: a clock for a screen on the wall, by the server's time and in Việt Nam's hours.
const clock = new Intl.DateTimeFormat("en-GB", { timeZone: "Asia/Ho_Chi_Minh", hour: "2-digit", minute: "2-digit" });

function tell() {
  for (const el of document.querySelectorAll("time[data-clock]")) {
    if (!skew.has(el)) skew.set(el, Date.parse(el.dataset.now) - Date.now());
    const next = clock.format(Date.now() + skew.get(el));
    if (el.textContent !== next) el.textContent = next;
  }
}

export function start() {
  tick();
  setInterval(() => document.hidden || (tick(), tell()), 1000);
  document.addEventListener("htmx:load", tick);
  document.addEventListener("visibilitychange", tick);
}
