// The duty of one's unit and everything below it, from the list that the service worker keeps: searched, chosen by day and
// night, and read without a line. Without scripts the page shows who serves one's own unit now.
import { fold, key, rank } from "./initials.js";

const KEPT = "truc-tet-pages";
const SHOWN = 4; // days and nights
const BESIDE = 120; // minutes: what reaches less far into another half is left to its own
const MOST_HITS = 6;
const OLD = 24 * 60;
const page = document.querySelector("#tonight");
const root = document.documentElement;
const part = (name) => page.querySelector(`[data-${name}]`);
const fill = (text, values) => Object.entries(values).reduce((said, [name, value]) => said.replaceAll(`{${name}}`, value), text);
const shownTime = (minute) => new Date(minute * 60_000).toLocaleTimeString("vi-VN", {
  timeZone: "Asia/Ho_Chi_Minh", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
});
const shownDay = (minute) => new Date(minute * 60_000).toLocaleDateString("en-GB", {
  timeZone: "Asia/Ho_Chi_Minh", day: "2-digit", month: "2-digit",
});
const grouped = (phone) => (/^0\d{9}$/.test(phone) ? `${phone.slice(0, 4)} ${phone.slice(4, 7)} ${phone.slice(7)}` : phone);
const nowMinute = () => Math.floor(Date.now() / 60_000);
let list = null;
let tag = null; // of the list, as the server calls it
let confirmedAt = null; // when the server last said that the list stands
let unit = 0;
let half = 0;
let person = null; // who was searched for
let keys = [];

// --- where the list comes from ---

async function fromCache() {
  const of = (path) => self.caches?.match(path, { cacheName: KEPT, ignoreVary: true });
  const kept = await of(page.dataset.list);
  // What was kept for somebody else is not shown.
  if (kept && (await (await of("/__account"))?.text()) === document.body.dataset.account) take(await kept.json(), kept.headers);
}

// Raises when the desk does not answer, or with something else.
async function fromServer() {
  const answer = await fetch(page.dataset.list, { credentials: "same-origin", headers: tag ? { "If-None-Match": tag } : {} });
  if (answer.status === 304) confirm(answer.headers);
  else if (answer.ok) take(await answer.json(), answer.headers);
  else throw new Error(String(answer.status));
}

function confirm(headers) {
  const at = headers.get("Date");
  confirmedAt = at ? Math.floor(new Date(at).getTime() / 60_000) : null;
}

function take(found, headers) {
  const first = list === null;
  const before = first ? null : chosen();
  list = found;
  tag = headers.get("ETag");
  confirm(headers);
  keys = [...list.units.map(([name]) => key(name)), ...list.people.map(([name]) => key(name))];
  if (first) unit = list.top;
  part("seek").hidden = false;
  const box = part("seek").querySelector("input");
  box.placeholder = fill(box.dataset.words, { n: list.units.length - list.top });
  if (!first) {
    if (box.value) search(box.value);
    chooseAgain(before);
  }
  drawHalves();
  drawUnits();
  if (root.dataset.kept || !first) draw();
  sayAge();
}

// What is shown, by its names: in another list it stands at another place.
const chosen = () => ({ unit: path(unit), person: person === null ? "" : list.people[person].join(" ") });
const path = (place) => above(place).map((each) => list.units[each][0]).join(" / ");

function chooseAgain(before) {
  const [at, who] = [list.units.findIndex((_unit, place) => path(place) === before.unit),
    list.people.findIndex((each) => each.join(" ") === before.person)];
  unit = at < 0 ? list.top : at;
  person = who < 0 ? null : who;
}

// --- how old it is ---

function sayAge() {
  const note = document.querySelector("[data-kept-note]");
  const [age, more] = [note?.querySelector("[data-age]"), note?.querySelector("[data-age-more]")];
  if (!age || !root.dataset.kept) return;
  const at = confirmedAt ?? Math.floor(new Date(root.dataset.kept).getTime() / 60_000);
  const minutes = Math.max(0, nowMinute() - at);
  const [h, m] = [Math.floor(minutes / 60), minutes % 60];
  const stale = minutes > OLD;
  const said = fill(stale ? age.dataset.stale : age.dataset.fresh, { n: h, t: shownTime(at) });
  if (age.textContent !== said) age.textContent = said; // read out only when it is another hour
  const long = fill(h ? more.dataset.hours : more.dataset.minutes, { h, m });
  more.textContent = [
    stale ? fill(age.dataset.fresh, { t: shownTime(at) }) : fill(more.dataset.ago, { t: long }),
    list?.revision && fill(more.dataset.revision, { n: list.revision }),
  ].filter(Boolean).join(" · ");
  note.hidden = false;
}

// --- who serves ---

function above(place) {
  const found = [];
  for (let here = place; here >= 0; here = list.units[here][1]) found.push(here);
  return found;
}

const covers = (turn, minute) => turn[2] <= minute && minute < turn[2] + turn[3];

// Of one kind over [from, to): the nearest unit that has somebody answers, moment by moment.
function serving(place, kind, from, to) {
  const near = above(place);
  const mine = list.turns.filter((turn) => turn[1] === kind && turn[2] < to && turn[2] + turn[3] > from && near.includes(turn[0]));
  const edges = [from, ...mine.flatMap((turn) => [turn[2], turn[2] + turn[3]]).filter((edge) => edge > from && edge < to), to];
  edges.sort((one, other) => one - other);
  const found = [];
  let open = false;
  for (let step = 0; step + 1 < edges.length; step += 1) {
    const [begins, ends] = [edges[step], edges[step + 1]];
    if (begins === ends) continue;
    const here = near.find((each) => mine.some((turn) => turn[0] === each && covers(turn, begins)));
    if (here === undefined) open = true;
    else for (const turn of mine) if (turn[0] === here && covers(turn, begins) && !found.includes(turn)) found.push(turn);
  }
  return { found, open };
}

function span() {
  const [begins] = list.halves[half];
  const now = nowMinute();
  return begins <= now && now < begins + 720 ? { from: now, to: now + 1, now: true } : { from: begins, to: begins + 720, now: false };
}

function rows() {
  const { from, to, now } = span();
  const found = part("halves").hidden ? [row({ what: "", name: page.dataset.over })] : [];
  const desk = above(unit).map((each) => list.desks.find(([at, kind]) => at === each && kind === list.operations)).find(Boolean);
  const office = above(unit).find((each) => list.units[each][2]);
  if (desk) found.push(row({ what: page.dataset.desk, phone: desk[2], office: true }));
  else if (office !== undefined) found.push(row({ what: page.dataset.office, name: list.units[office][0], phone: list.units[office][2], office: true }));
  if (person !== null) found.push(searched(person));
  const elsewhere = new Set();
  list.kinds.forEach((kind, place) => {
    const { found: turns, open } = serving(unit, place, from, to);
    const shown = turns.filter((turn) => (now ? covers(turn, from) : Math.min(turn[2] + turn[3], to) - Math.max(turn[2], from) >= BESIDE));
    for (const turn of shown) {
      const over = turn[2] + turn[3];
      const ends = shownTime(over);
      const day = shownDay(over) === shownDay(from) ? "" : ` ${shownDay(over)}`;
      const when = now && covers(turn, from) ? fill(page.dataset.until, { t: ends + day }) : `${shownTime(turn[2])}\u2060–\u2060${ends}`;
      const [name, phone] = list.people[turn[4]];
      found.push(row({ kind, what: `${kind[2]} · ${when}`, name, phone, note: turn[5] ? page.dataset.unsure : "" }));
      elsewhere.add(turn[0]);
    }
    if (!shown.length && open && place < 4) found.push(row({ kind, what: kind[2], note: page.dataset.gap }));
  });
  return { found, elsewhere };
}

// Somebody by name, with what they serve next, whatever is chosen above.
function searched(who) {
  const [name, phone] = list.people[who];
  const turn = list.turns.find((each) => each[4] === who && each[2] + each[3] > nowMinute());
  const kind = turn ? list.kinds[turn[1]] : null;
  const when = turn ? `${kind[2]} · ${shownTime(turn[2])}\u2060–\u2060${shownTime(turn[2] + turn[3])} ${shownDay(turn[2])}` : "";
  return row({ kind, what: when, name, phone, note: turn?.[5] ? page.dataset.unsure : "" });
}

// One person: kind, name, number in figures, buttons to ring and to write.
function row({ kind = null, what, name = "", phone = "", note = "", office = false }) {
  const box = page.querySelector("template[data-row]").content.firstElementChild.cloneNode(true);
  const tag = box.querySelector(".tag");
  if (kind) { box.className = kind[0]; tag.classList.add(kind[0]); tag.textContent = kind[1]; }
  else tag.append(page.querySelector("template[data-row]").content.querySelector("[data-dial] svg").cloneNode(true));
  box.querySelector("[data-what]").textContent = what;
  box.querySelector(".name").textContent = name;
  box.querySelector(".no").textContent = grouped(phone);
  box.querySelector("[data-note]").textContent = note;
  ring(box, name || what, phone, office || !/^0[35789]\d{8}$/.test(phone));
  return box;
}

function ring(box, name, phone, office) {
  const [call, sms] = [box.querySelector("[data-dial]"), box.querySelector("[data-sms]")];
  if (!phone || phone === page.dataset.own) { box.querySelector(".pair").remove(); return; }
  call.href = `tel:${phone}`;
  call.setAttribute("aria-label", fill(page.dataset.call, { name, phone: grouped(phone) }));
  sms.href = `sms:${phone}`;
  sms.setAttribute("aria-label", fill(page.dataset.text, { name }));
  if (office) { sms.remove(); call.classList.add("wide2"); }
}

function chain() {
  const own = list.chains[unit];
  const found = own || [...new Set(above(unit).flatMap((each) => list.leaders[each] || []))];
  return found.map((who, place) => {
    const [name, phone] = list.people[who];
    const box = row({ what: "", name: `${place + 1}. ${name}`, phone });
    box.querySelector(".tag").remove();
    box.querySelector("[data-what]").remove();
    return box;
  });
}

// --- what is shown ---

function draw() {
  if (!list.halves[half] || list.halves[half][0] + 720 <= nowMinute()) drawHalves();
  const { found, elsewhere } = rows();
  const people = part("people");
  people.hidden = false;
  people.replaceChildren(...found);
  part("chain").replaceChildren(...chain());
  const shown = part("shown");
  shown.hidden = unit === list.top && !part("seek").querySelector("input").value;
  shown.querySelector("b").textContent = list.units[unit][0];
  const others = [...elsewhere].filter((each) => each !== unit);
  shown.querySelector("small").textContent = elsewhere.size && others.length === elsewhere.size
    ? fill(page.dataset.elsewhere, { unit: list.units[others[0]][0] }) : "";
}

function drawHalves() {
  const now = nowMinute();
  const here = list.halves.findIndex(([begins]) => begins <= now && now < begins + 720);
  const box = part("halves");
  box.hidden = here < 0;
  if (here < 0) { half = list.halves.length - 1; return; }
  if (half < here || half >= here + SHOWN) half = here;
  box.replaceChildren(...list.halves.slice(here, here + SHOWN).map(([begins, name, what], step) => {
    const night = (Math.floor(begins / 60) + 7) % 24 === 18;
    const button = Object.assign(document.createElement("button"), { type: "button" });
    const [one, ...two] = step ? [name, what] : (night ? page.dataset.tonight : page.dataset.today).split(" ");
    button.append(one, document.createElement("br"), two.join(" "));
    button.setAttribute("aria-pressed", String(here + step === half));
    button.addEventListener("click", () => { half = here + step; drawHalves(); draw(); });
    return button;
  }));
}

function drawUnits() {
  const own = [...new Set(list.turns.map((turn) => turn[0]))].filter((each) => each >= list.top).sort((one, other) => one - other);
  const box = part("units");
  box.hidden = !own.length;
  box.querySelector("small").textContent = fill(page.dataset.ownShifts, { n: own.length });
  box.querySelector("ul").replaceChildren(...own.map((each) => hit(each)));
}

function hit(place, who = null) {
  const line = document.createElement("li");
  const button = Object.assign(document.createElement("button"), { type: "button", lang: "vi" });
  button.textContent = who === null ? list.units[place][0] : list.people[who][0];
  button.setAttribute("aria-pressed", String(place === unit && who === person));
  button.addEventListener("click", () => { choose(place, who, button); page.scrollIntoView({ block: "start" }); });
  line.append(button);
  return line;
}

function choose(place, who, button) {
  [unit, person] = [place, who];
  for (const each of page.querySelectorAll(".hits button")) each.setAttribute("aria-pressed", String(each === button));
  draw();
}

// --- searching ---

function search(words) {
  const typed = fold(words);
  const hits = part("hits");
  hits.hidden = !typed;
  part("said").textContent = "";
  person = null;
  if (!typed) { unit = list.top; draw(); return; }
  const ranked = keys.map((each, place) => [rank(typed, each), place]).filter(([how, place]) => how >= 0 && place >= list.top);
  ranked.sort(([one], [other]) => one - other);
  const units = ranked.filter(([, place]) => place < list.units.length);
  const people = ranked.filter(([, place]) => place >= list.units.length).map(([how, place]) => [how, place - list.units.length]);
  part("said").textContent = units.length + people.length ? fill(page.dataset.found, { n: units.length, m: people.length }) : page.dataset.none;
  if (units.length && (!people.length || units[0][0] <= people[0][0])) unit = units[0][1];
  else if (people.length) [unit, person] = [whereabouts(people[0][1]), people[0][1]];
  hits.replaceChildren(
    ...units.slice(0, MOST_HITS).map(([, place]) => hit(place)),
    ...people.slice(0, MOST_HITS).map(([, who]) => hit(whereabouts(who), who)),
  );
  if (!hits.children.length) hits.append(Object.assign(document.createElement("li"), { textContent: page.dataset.none }));
  draw();
}

// The unit at which somebody serves next, else whose chain they stand in.
function whereabouts(who) {
  const turn = list.turns.find((each) => each[4] === who);
  if (turn) return turn[0];
  const standing = [...Object.entries(list.chains), ...Object.entries(list.leaders)].find(([, some]) => some.includes(who));
  return standing ? Number(standing[0]) : list.top;
}

// A desk that was down comes back without the phone having been without a line: it is asked again.
async function tick() {
  if (!list || !root.dataset.kept) return;
  sayAge();
  draw();
  if (navigator.onLine && !document.hidden) await back();
}

// There is a line again: the list is the desk's of now, and what was searched stays.
async function back() {
  try { await fromServer(); } catch { return; }
  delete root.dataset.kept;
  draw();
  const note = document.querySelector("[data-kept-note]");
  for (const name of ["[data-age]", "[data-age-more]"]) note.querySelector(name).textContent = "";
  note.hidden = !note.querySelector("[data-kept-text]").textContent.trim();
}

async function start() {
  const box = part("seek").querySelector("input");
  box.addEventListener("input", () => search(box.value));
  part("seek").addEventListener("submit", (event) => { event.preventDefault(); box.blur(); });
  await fromCache().catch(() => {});
  if (!root.dataset.kept) await fromServer().catch(() => {});
  setInterval(tick, 60_000);
  addEventListener("offline", () => { root.dataset.kept = new Date().toISOString(); if (list) { sayAge(); draw(); } });
  addEventListener("online", back);
}

sayAge();
if (page?.dataset.list) start();
