// "Hôm nay ở điểm": parcels are counted on the phone through the day; what is sent without a line waits here (point_pending.js).
const page = document.querySelector("[data-point]");
// A page that was kept yesterday is opened today: what is counted now is of today.
const isKept = Boolean(document.documentElement.dataset.kept);
const day = isKept && page.dataset.day === page.dataset.today
  ? new Date(Date.now() + 7 * 3_600_000).toISOString().slice(0, 10) : page.dataset.day;
const COUNT = `point:${page.dataset.point}:${day}`, COUNTER = "point:counter";
const WAIT = 15_000;
const kept = (key) => { try { return localStorage.getItem(key); } catch { return null; } };
const keep = (key, value) => { try { localStorage.setItem(key, value); } catch { /* it is sent all the same */ } };
const random = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
const counter = kept(COUNTER) || random();
keep(COUNTER, counter);

// --- the tally ---

const tally = document.querySelector("[data-tally]"), attests = document.querySelector("[data-attests]");

function said() {
  keep(COUNT, tally.value);
  tally.setCustomValidity("");
  tally.removeAttribute("aria-invalid");
  attests.textContent = tally.value ? attests.dataset.words.replace("{n}", tally.value) : attests.dataset.none;
}

function startTally() {
  attests.dataset.none = attests.textContent;
  // What this phone counted; what the server shows is of all counters.
  if (!tally.getAttribute("aria-invalid")) tally.value = kept(COUNT) ?? tally.value;
  const more = document.querySelector("[data-more]");
  more.hidden = false;
  more.addEventListener("click", () => { tally.value = (Number.parseInt(tally.value, 10) || 0) + 1; said(); });
  tally.addEventListener("input", said);
  if (tally.value) said();
}

// --- sending ---

// What this page says was seen, unless it is an old one.
const landed = self.indexedDB && !isKept ? self.pointPending.seen(location.pathname + location.search).catch(() => {}) : null;

function refuse(field, words) {
  field.setAttribute("aria-invalid", "true");
  field.setCustomValidity(words);
  field.reportValidity();
}

async function send(event) {
  const form = event.target;
  if (!form.dataset.send || !self.indexedDB) return;
  event.preventDefault();
  if (event.submitter?.ariaBusy === "true") return; // pressed twice
  const typed = new FormData(form);
  if (event.submitter?.name) typed.set(event.submitter.name, event.submitter.value);
  typed.set("form_key", random());
  typed.set("counter", counter);
  const item = self.pointPending.read(typed, form.getAttribute("action"), form.dataset.send);
  // What is looked at before it leaves: the rest the server says.
  if (item.what === "day" && tally && !typed.get("checked").trim()) { refuse(tally, tally.dataset.none); return; }
  event.submitter?.setAttribute("aria-busy", "true");
  try {
    await self.pointPending.put(item);
  } catch {
    form.submit();
    return;
  }
  await deliver(form);
  event.submitter?.removeAttribute("aria-busy");
}

async function deliver(form) {
  let result;
  await landed;
  try {
    const late = new Promise((_done, fail) => { setTimeout(() => fail(new Error("late")), WAIT); });
    result = await Promise.race([self.pointPending.flush(), late]);
  } catch {
    const worker = await navigator.serviceWorker?.getRegistration().catch(() => null);
    await worker?.sync?.register("point").catch(() => {});
    form?.reset();
    if (tally) tally.value = kept(COUNT) ?? "";
    return show();
  }
  if (result?.to) location.assign(result.to);
  else show();
}

// What became of others that were sent with it, or by the worker while no page was open: one after the other is looked at.
async function showOutcomes() {
  await landed;
  // Of this sheet: the page of one that was replaced says nothing of them.
  const next = (await self.pointPending.outcomes()).find(({ key }) => key.startsWith(`${location.pathname}?`));
  const box = document.querySelector("[data-outcome]");
  box.hidden = !next;
  if (next) box.querySelector("a").href = next.key;
}

async function show() {
  showOutcomes().catch(() => {});
  const items = await self.pointPending.all();
  const box = document.querySelector("[data-unsent]");
  box.hidden = !items.length;
  box.querySelector("[data-unsent-text]").textContent = box.dataset.words.replace("{n}", items.length);
  const list = box.querySelector("[data-unsent-list]");
  list.replaceChildren(...items.flatMap((item) => item.problems.map((problem) => {
    const line = document.createElement("li"), drop = document.createElement("button");
    line.textContent = `${problem} `;
    drop.className = "btn small";
    drop.type = "button";
    drop.textContent = "×";
    drop.addEventListener("click", () => self.pointPending.remove(item.key).then(show));
    line.append(drop);
    return line;
  })));
}

// --- without a line ---

async function startWorker() {
  await navigator.serviceWorker.register(page.dataset.worker, { scope: "/" });
  const { active } = await navigator.serviceWorker.ready;
  const channel = new MessageChannel();
  channel.port1.onmessage = () => { document.documentElement.dataset.pointKept = ""; };
  active.postMessage({ keepPoint: location.pathname }, [channel.port2]);
}

document.querySelectorAll("[data-with-script]").forEach((each) => { each.hidden = false; });
document.querySelectorAll("input[name=day]").forEach((field) => { field.value = day; });
if (isKept) {
  const old = document.querySelector("[data-old]"), words = old.querySelector("[data-old-text]");
  words.textContent = words.dataset.words.replace("{day}", day.split("-").reverse().join("/"));
  old.hidden = false;
}
if (tally) startTally();
document.addEventListener("submit", send, true); // before form.js, which takes a form that goes on for sent
document.querySelectorAll("[data-opens]").forEach((link) => link.addEventListener("click", () => {
  document.getElementById(link.dataset.opens).closest("details").open = true;
}));
if (self.indexedDB) {
  self.pointPending.onChange(show);
  show();
  const again = async () => { if ((await self.pointPending.all()).some((item) => !item.problems.length)) await deliver(null); };
  window.addEventListener("online", again);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) again(); });
  setInterval(() => { if (!document.hidden) again(); }, 30_000);
  again();
}
if (navigator.serviceWorker) startWorker().catch(() => {}); // no worker here: the page needs a line to open
