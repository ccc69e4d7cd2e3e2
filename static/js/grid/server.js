// Asks the server and puts what it answers in place: rows that changed, the foot, the head, what stands beside.
// One edit at a time: each is made of the cells as the one before left them.
import { current, focus, label, ready, rowOf, table } from "./table.js";
import { say, undoing, warn } from "./say.js";
import { hands, word } from "./words.js";

let queue = Promise.resolve();
let token = "";
const SILENCE = 30000; // milliseconds without an answer: a line that only looks alive
const NARROW = matchMedia("(max-width:800px)");

export const base = () => hands().dataset.base;

function headers() {
  token ||= JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
  return { "X-CSRFToken": token, Accept: "application/json" };
}

async function ask(path, options) {
  const address = `${base()}${path}${path.includes("?") ? location.search.replace("?", "&") : location.search}`;
  const heard = await fetch(address, { credentials: "same-origin", signal: AbortSignal.timeout(SILENCE), ...options });
  const isJson = heard.headers.get("Content-Type")?.startsWith("application/json");
  // A page in place of an answer: that of signing in, where the session ended meanwhile, comes with 200.
  const answer = isJson ? await heard.json() : { said: word(heard.redirected ? "signed_out" : "failed") };
  return { ...answer, ok: heard.ok && isJson, status: heard.status };
}

export const get = (path) => ask(path, { headers: headers() }).catch(() => ({ ok: false, status: 0, said: word("offline") }));

// It may have been written all the same: the answer alone may be lost.
const unanswered = () => ({ ok: false, status: 0, said: word("unanswered") });

// ``make`` is called when its turn comes, and answers what to send: null when there is nothing to do.
export function edit(make) {
  const turn = queue.then(() => send(make));
  queue = turn.catch(() => {});
  return turn;
}

async function send(make) {
  const body = make();
  if (!body) return { ok: false, status: 0, nothing: true };
  table().setAttribute("aria-busy", "true");
  try {
    const how = { method: "POST", headers: { ...headers(), "Content-Type": "application/json" }, body: JSON.stringify(body) };
    return settle(await ask("/edits", how), body);
  } catch {
    return settle(unanswered(), body);
  } finally {
    table().removeAttribute("aria-busy");
  }
}

export function turn(path) {
  const work = queue.then(() => ask(path, { method: "POST", headers: headers() })).catch(unanswered);
  queue = work.then((answer) => settle(answer, null));
  return queue;
}

function settle(answer, body) {
  if (answer.rows) put(answer);
  if (answer.ok) say(answer.said);
  else warn(answer.said);
  document.dispatchEvent(new CustomEvent("grid:answered", { detail: { answer, body } }));
  return answer;
}

function put(answer) {
  replace(answer.rows);
  for (const [id, html] of [["campaign-head", answer.head], ["side", answer.side]]) {
    const place = document.getElementById(id);
    if (!place || html === undefined) continue;
    place.innerHTML = html;
    window.htmx?.process(place);
  }
  undoing(answer.undo);
}

export function replace(html) {
  NARROW.onchange = () => location.reload(); // the days that a phone shows stand elsewhere on the page, and are older now
  const made = document.createElement("template");
  made.innerHTML = html;
  const here = current();
  const [id, held] = [here?.id, here && here === document.activeElement];
  for (const row of made.content.querySelectorAll("tbody tr")) {
    ready(row);
    rowOf(row.dataset.person)?.replaceWith(row);
  }
  const foot = made.content.querySelector("tfoot tr");
  if (foot) {
    ready(foot);
    table().tFoot.replaceChildren(foot);
  }
  if (here && !here.isConnected) {
    const again = id && document.getElementById(id);
    if (again) {
      again.tabIndex = 0;
      label(again);
      if (held) again.focus({ preventScroll: true });
    } else focus(table().querySelector("tbody td"));
  }
  document.dispatchEvent(new CustomEvent("grid:put"));
}
