// Without a line: starts the service worker for a signed-in account, says what is still on this machine, sends it when there
// is a line again. Needs https (or this machine itself); where browsers allow no worker, everything else works as before.
import "./pending.js";

const KEEP_EVERY = 10 * 60 * 1000;
const WAKE_EVERY = 6 * 60 * 60 * 1000; // so often the hours that the list covers move on
const account = document.body.dataset.account || "";
const note = document.querySelector("[data-kept-note]");
const list = document.querySelector("[data-pending]");
const fill = (text, values) => Object.entries(values).reduce((said, [name, value]) => said.replaceAll(`{${name}}`, value), text);
const clock = (iso) => new Date(iso).toLocaleString(document.documentElement.lang === "en" ? "en-GB" : "vi-VN", {
  timeZone: "Asia/Ho_Chi_Minh", hour: "2-digit", minute: "2-digit", day: "2-digit", month: "2-digit",
});
let why = "";

async function startWorker() {
  const registration = await navigator.serviceWorker.register("/sw.js");
  const ready = await navigator.serviceWorker.ready;
  const last = Number(localStorage.getItem("kept-at") || 0);
  if (localStorage.getItem("kept-for") === account && Date.now() - last < KEEP_EVERY && !registration.installing) return;
  const box = new MessageChannel();
  box.port1.onmessage = () => {
    localStorage.setItem("kept-for", account);
    localStorage.setItem("kept-at", String(Date.now()));
    document.documentElement.dataset.offlineReady = "1";
  };
  ready.active.postMessage({ keep: account }, [box.port2]);
  await wakeNowAndThen(ready);
}

// Chrome on Android wakes the worker of an installed app a few times a day; elsewhere (iPhone) the list is fetched when a page
// is open.
async function wakeNowAndThen(registration) {
  const may = await navigator.permissions.query({ name: "periodic-background-sync" }).catch(() => null);
  if (may?.state === "granted") await registration.periodicSync?.register("tonight", { minInterval: WAKE_EVERY }).catch(() => {});
}

// Signed out elsewhere, or the account is closed: what was kept for it (names, numbers) does not stay on this machine.
function forgetPages() {
  localStorage.removeItem("kept-for");
  return self.caches?.delete("truc-tet-pages");
}

// --- what every page says ---

async function say() {
  const waiting = await self.pending.all();
  const keptAt = document.documentElement.dataset.kept;
  if (!note) return;
  const parts = [];
  if (keptAt) parts.push(fill(note.dataset.old, { t: clock(keptAt) }));
  if (waiting.length) parts.push(fill(note.dataset.unsent, { n: waiting.length }));
  note.hidden = !parts.length;
  note.querySelector("[data-kept-text]").textContent = parts.join(" ");
  note.querySelector("a").hidden = !waiting.length || Boolean(list);
}

async function send() {
  if (!account || !(await self.pending.all()).length) return show();
  why = await self.pending.flush();
  return show();
}

async function show() {
  await say();
  if (list) await draw();
}

// --- the page of what is still here ---

function words(item) {
  if (item.problems.length) return fill(list.dataset.refused, { why: item.problems.join(" ") });
  if (why === "signin") return list.dataset.signin;
  return item.tried ? list.dataset.tried : list.dataset.waiting;
}

function row(item) {
  const box = list.querySelector("template[data-item]").content.firstElementChild.cloneNode(true);
  const part = (name) => box.querySelector(`[data-${name}]`);
  part("title").textContent = item.title;
  part("facts").textContent = [
    clock(item.at), item.photos.length && fill(list.dataset.photos, { n: item.photos.length }),
    item.leftOut && fill(list.dataset.leftOut, { n: item.leftOut }),
  ].filter(Boolean).join(" · ");
  part("state").textContent = words(item);
  part("edit").href = `/incidents/new?kept=${encodeURIComponent(item.key)}`;
  part("drop").addEventListener("click", async () => {
    const question = item.tried ? list.dataset.dropTried : list.dataset.drop;
    if (confirm(question)) { await self.pending.remove(item.key); await show(); }
  });
  return box;
}

async function draw() {
  const waiting = await self.pending.all();
  const mine = waiting.filter((item) => item.account === account);
  const others = waiting.length - mine.length;
  list.querySelector("[data-items]").replaceChildren(...mine.map(row));
  list.querySelector("[data-none]").hidden = waiting.length > 0;
  list.querySelector("[data-others]").hidden = !others;
  list.querySelector("[data-others]").textContent = fill(list.dataset.others, { n: others });
  list.querySelector("[data-signin-link]").hidden = why !== "signin";
  list.querySelector("[data-send]").hidden = !mine.length;
  const sent = (await self.pending.sent()).filter((item) => item.account === account);
  const box = list.querySelector("[data-sent]");
  box.hidden = !sent.length;
  box.querySelector("ul").replaceChildren(...sent.map((item) => {
    const line = document.createElement("li");
    const link = Object.assign(document.createElement("a"), { href: `/incidents/${item.code}`, textContent: item.code });
    line.append(link, ` · ${item.title} · ${clock(item.at)}`);
    return line;
  }));
}

// --- the quick log: filled with what is kept, and kept again ---

async function editKept(form) {
  const key = new URLSearchParams(location.search).get("kept");
  const item = key && (await self.pending.get(key));
  if (!item || item.account !== account) return;
  for (const input of form.elements) if (input.type === "radio" || input.type === "checkbox") input.checked = false;
  for (const [name, value] of item.fields) {
    for (const input of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (input.type === "radio" || input.type === "checkbox") input.checked = input.value === value;
      else if (input.type !== "file" && input.type !== "submit") input.value = value;
    }
  }
  form.querySelectorAll("details").forEach((more) => { more.open = true; });
  const kept = form.querySelector("[data-kept-photos]");
  if (kept && item.photos.length) {
    kept.hidden = false;
    kept.textContent = fill(kept.dataset.words, { n: item.photos.length });
  }
  if (item.asked) askAgain(form, item.problems.join(" "));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    const typed = new FormData(form);
    // Which button it was is part of the answer, also while discreet.js is still on its way.
    if (event.submitter?.name) typed.append(event.submitter.name, event.submitter.value);
    const again = self.pending.read(typed, { tried: item.tried, before: item });
    await self.pending.mend(again);
    location.assign("/incidents/offline");
  }, true);
}

// The kept form comes again and again with the key that it was kept with: each showing is a report of its own, or the next one
// would take the place of the one before.
function ownKey(form) {
  if (!document.documentElement.dataset.kept) return;
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  form.elements.form_key.value = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// The desk asks whose name it is, where the phone had no reason to.
function askAgain(form, words) {
  const box = form.querySelector("[data-discreet]");
  box.hidden = false;
  box.querySelector("[data-discreet-words]").textContent = words;
  box.querySelector("button").hidden = false;
}

// --- signing out: what is unsent stays, and is said ---

function onSignOut() {
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (form.getAttribute("action") !== "/logout" || form.dataset.asked || !form.dataset.unsent) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const waiting = (await self.pending.all()).filter((item) => item.account === account);
    if (waiting.length && !confirm(fill(form.dataset.unsent, { n: waiting.length }))) return;
    localStorage.removeItem("kept-for");
    form.dataset.asked = "1";
    form.requestSubmit();
  }, true);
}

export function start() {
  if (!self.indexedDB) return;
  onSignOut();
  // A desk that several people share keeps nobody's either.
  if (!account && (location.pathname === "/login" || document.querySelector("#desk-who"))) forgetPages();
  self.pending.onChange(show);
  const leftOut = document.querySelector("[data-left-out]");
  if (leftOut) leftOut.hidden = !new URLSearchParams(location.search).has("left-out");
  const log = document.querySelector("form[data-offline-log]");
  if (log) {
    ownKey(log);
    editKept(log);
    window.addEventListener("pageshow", (event) => { if (event.persisted) ownKey(log); });
  }
  list?.querySelector("[data-send]").addEventListener("click", send);
  // What is unsent stays in sight, and says what it waits for.
  if (list) document.addEventListener("poll:refused", (event) => { event.preventDefault(); why = "signin"; show(); });
  window.addEventListener("online", send);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) send(); });
  setInterval(() => { if (!document.hidden) send(); }, 30_000);
  send();
  if (account && navigator.serviceWorker) startWorker().catch(() => {}); // no worker here: no log without a line
}
