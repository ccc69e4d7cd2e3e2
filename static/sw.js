// The service worker. Kept for times without a line: the look, and the pages that RELEASE's PAGES name; nothing else is ever
// answered from here. A quick log that cannot leave is kept and sent later (pending.js). The server puts RELEASE, SHELL,
// PAGES, LISTS, SCRIPTS, SECRECY and SIGNED_OUT in front of this file.
importScripts(...SCRIPTS);
self.secrecy.use(SECRECY);

// In a scope of its own: what is imported has names, too.
(() => {
const LOOK = `truc-tet-look-${RELEASE}`;
const KEPT = "truc-tet-pages"; // of one account; emptied at sign-out
const LOG = "/incidents/new";
const LIST = "/incidents/offline";
const LIST_DUE = "tonight";
const ACCOUNT = "/__account";
const POINTS = "truc-tet-points"; // pages of points of service, behind the codes of their sheets: nobody's account
const POINT = /^\/diem\/[^/]+$/;
const WISHES = "truc-tet-wishes", LEAVING = "/__leaving"; // whose session is to end as soon as there is a line
const NOT_OURS = /^\/(a|b|i|l|p|bao|diem|v|api|feeds|gateways|intake|static|first|invite)\//; // pages of links and calls: always from the server
const WAIT = 8_000;
const WAIT_TO_SEND = 20_000;
const shell = new Set(SHELL);

const late = (ms) => new Promise((_done, fail) => { setTimeout(() => fail(new Error("late")), ms); });

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(LOOK);
    await cache.addAll(SHELL.map((url) => new Request(url, { cache: "no-cache" })));
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const names = await caches.keys();
    await Promise.all(names.filter((name) => name.startsWith("truc-tet-look-") && name !== LOOK).map((name) => caches.delete(name)));
    await self.clients.claim();
  })());
});

// A page of this account tells us to keep what it may need without a line.
self.addEventListener("message", (event) => {
  if (event.data?.keepPoint) event.waitUntil(keepPoint(event.data.keepPoint).then(() => event.ports[0]?.postMessage("kept")));
  if (event.data?.keep) event.waitUntil(keepPages(event.data.keep).then(() => event.ports[0]?.postMessage("kept")));
});

async function keepPages(account) {
  const before = await (await caches.match(ACCOUNT, { cacheName: KEPT, ignoreVary: true }))?.text();
  if (before !== account) await caches.delete(KEPT);
  const cache = await caches.open(KEPT);
  await cache.put(ACCOUNT, new Response(account));
  for (const path of [...PAGES, ...LISTS]) {
    let answer;
    try { answer = await renewed(path, cache); } catch { return; }
    if (answer.ok) await cache.put(path, answer);
    // Signed out elsewhere: what was kept for the account goes.
    else if (answer.type === "opaqueredirect" || answer.status === 401) { await caches.delete(KEPT); return; }
    // What the account may not read any more does not stay either.
    else if ([403, 404, 410].includes(answer.status)) await cache.delete(path);
  }
}

// Lists are large and seldom change: what is kept is asked about by its tag, and stays, with the hour at which it was found true.
async function renewed(path, cache) {
  const kept = LISTS.includes(path) && (await cache.match(path, { ignoreVary: true }));
  const tag = kept && kept.headers.get("ETag");
  const answer = await fetch(path, {
    credentials: "same-origin", redirect: "manual", cache: "no-store", headers: tag ? { "If-None-Match": tag } : {},
  });
  if (answer.status !== 304) return answer;
  const headers = new Headers(kept.headers);
  headers.set("Date", answer.headers.get("Date"));
  return new Response(await kept.blob(), { headers });
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (request.method === "POST") {
    if (request.mode === "navigate" && url.pathname === LOG) event.respondWith(logOrKeep(request));
    if (request.mode === "navigate" && url.pathname === "/logout") event.respondWith(signOut(request));
    return;
  }
  if (request.method !== "GET") return;
  if (shell.has(url.pathname + url.search)) event.respondWith(look(request, url));
  else if (request.mode === "navigate" && POINT.test(url.pathname)) event.respondWith(pointPage(request, url));
  else if (request.mode === "navigate" && !NOT_OURS.test(url.pathname)) event.respondWith(page(request, url));
});

// What carries its fingerprint never changes; the rest comes from the server while there is one.
async function look(request, url) {
  const kept = await caches.match(request, { cacheName: LOOK, ignoreVary: true });
  if (kept && url.searchParams.has("v")) return kept;
  try { return await fetch(request); } catch (fault) {
    if (kept) return kept;
    throw fault;
  }
}

async function page(request, url) {
  const listed = PAGES.includes(url.pathname);
  await leave().catch(() => {});
  try {
    const asked = fetch(request);
    const answer = await (listed ? Promise.race([asked, late(WAIT)]) : asked);
    if (!listed || ![502, 503, 504].includes(answer.status)) return answer;
    return (await fromKept(url.pathname, 200)) || answer;
  } catch (fault) {
    const kept = (listed && (await fromKept(url.pathname, 200))) || (await fromKept(LIST, 503));
    if (kept) return kept;
    throw fault;
  }
}

// A point's page opens without a line too: at a counter that has none, parcels are counted all the same.
async function keepPoint(path) {
  const answer = await fetch(path, { credentials: "same-origin", cache: "no-store" }).catch(() => null);
  if (answer?.ok) await (await caches.open(POINTS)).put(path, answer);
  else if (answer && [404, 410].includes(answer.status)) await (await caches.open(POINTS)).delete(path);
}

async function pointPage(request, url) {
  try {
    const answer = await Promise.race([fetch(request), late(WAIT)]);
    if (![502, 503, 504].includes(answer.status)) return answer;
    return (await fromKept(url.pathname, 200, POINTS)) || answer;
  } catch (fault) {
    const kept = await fromKept(url.pathname, 200, POINTS);
    if (kept) return kept;
    throw fault;
  }
}

// The kept page, marked as such: the page itself says when it was kept.
async function fromKept(path, status, from = KEPT) {
  const kept = await caches.match(path, { cacheName: from, ignoreVary: true });
  if (!kept) return null;
  const at = new Date(kept.headers.get("Date") || Date.now()).toISOString();
  const text = (await kept.text()).replace("<html ", `<html data-kept="${at}" `);
  const headers = new Headers(kept.headers);
  headers.delete("Content-Encoding");
  headers.delete("Content-Length");
  return new Response(text, { status, headers });
}

// The form goes to the server as ever. Without an answer it is kept: it may have arrived, so it is sent again with the
// same key, by which the server knows it.
async function logOrKeep(request) {
  const copy = request.clone();
  try {
    const answer = await Promise.race([fetch(request), late(WAIT_TO_SEND)]);
    if (![502, 503, 504].includes(answer.status)) return answer;
  } catch { /* kept below */ }
  const form = await copy.formData();
  if (!mayKeep(form)) return Response.redirect(`${LIST}?left-out`, 303);
  await self.pending.put(self.pending.read(form, { tried: self.navigator.onLine }));
  await self.registration.sync?.register("reports").catch(() => {});
  return Response.redirect(LIST, 303);
}

// The page has asked already (discreet.js); what it did not look at, or what was written past it, is not kept.
function mayKeep(form) {
  const about = form.get("about") || (form.get("more") === "kt1" || form.get("category") === "kt1" ? "strict" : form.get("party_state") ? "state" : "");
  const confirmed = form.getAll("names_ok").includes("1");
  return !["title", "description"].some((name) => self.secrecy.fault(form.get(name) || "", about, confirmed));
}

// Names and numbers go at once: whoever hands over a phone without a line has said what they want, whether the desk hears it or
// not. What it could not hear is remembered, and done before anything else is.
async function signOut(request) {
  const account = await keptFor();
  await caches.delete(KEPT);
  await self.pending.forgetSent();
  await self.registration.periodicSync?.unregister(LIST_DUE).catch(() => {});
  try {
    const answer = await fetch(request);
    await caches.delete(WISHES);
    return answer;
  } catch {
    await (await caches.open(WISHES)).put(LEAVING, new Response(account));
    await self.registration.sync?.register("leave").catch(() => {});
    return new Response(SIGNED_OUT.replace("{style}", SHELL[0]), { headers: { "Content-Type": "text/html; charset=utf-8" } });
  }
}

async function keptFor() {
  return (await (await caches.match(ACCOUNT, { cacheName: KEPT, ignoreVary: true }))?.text()) || "";
}

// The session of whoever signed out without a line ends. Throws while there is none.
async function leave() {
  const wish = await caches.match(LEAVING, { cacheName: WISHES });
  if (!wish) return;
  const asked = await fetch("/incidents/offline/account", { credentials: "same-origin", cache: "no-store" });
  if (asked.ok) {
    const { account, csrf } = await asked.json();
    const meant = await wish.text();
    if (!meant || meant === account) {
      const answer = await fetch("/logout", {
        method: "POST", headers: { "X-CSRFToken": csrf }, credentials: "same-origin", redirect: "manual",
      });
      if (answer.type !== "opaqueredirect") throw new Error(String(answer.status));
    }
  } else if (asked.status !== 401) throw new Error(String(asked.status));
  await caches.delete(WISHES);
}

self.addEventListener("sync", (event) => {
  if (event.tag === "leave") event.waitUntil(leave());
  if (event.tag === "point") event.waitUntil(self.pointPending.flush());
  if (event.tag !== "reports") return;
  event.waitUntil(self.pending.flush().then((why) => { if (why === "line") throw new Error(why); }));
});

// Where the browser wakes us by itself now and then (Chrome on Android, of an installed app): the list is fetched for whoever
// is signed in then.
self.addEventListener("periodicsync", (event) => {
  if (event.tag === LIST_DUE) event.waitUntil(keepAgain());
});

async function keepAgain() {
  await leave();
  const account = await keptFor();
  const asked = account && (await fetch("/incidents/offline/account", { credentials: "same-origin", cache: "no-store" }));
  if (!asked) return;
  if (asked.status === 401) await caches.delete(KEPT);
  else if (asked.ok && (await asked.json()).account === account) await keepPages(account);
}
})();
