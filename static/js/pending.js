// Reports that are still on this machine: kept in IndexedDB, sent once, forgotten when the server has said so.
// Read by pages (import) and by the service worker (importScripts): it only sets self.pending.
self.pending = (() => {
  const NAME = "truc-tet-pending";
  const MOST_PHOTO_BYTES = 12_000_000; // of one report; what is beyond is left out and said
  const channel = self.BroadcastChannel ? new BroadcastChannel(NAME) : null;

  function open() {
    return new Promise((done, fail) => {
      const asked = indexedDB.open(NAME, 1);
      asked.onupgradeneeded = () => {
        asked.result.createObjectStore("reports", { keyPath: "key" });
        asked.result.createObjectStore("sent", { keyPath: "key" });
      };
      asked.onsuccess = () => done(asked.result);
      asked.onerror = () => fail(asked.error);
    });
  }

  async function run(store, mode, work) {
    const db = await open();
    try {
      const change = db.transaction(store, mode);
      const asked = work(change.objectStore(store));
      return await new Promise((done, fail) => {
        change.oncomplete = () => done(asked.result);
        change.onerror = change.onabort = () => fail(change.error);
      });
    } finally {
      db.close();
    }
  }

  const told = (what) => { channel?.postMessage("changed"); return what; };
  // In the order in which they were written down, as they are sent.
  const all = () => run("reports", "readonly", (store) => store.getAll())
    .then((found) => found.sort((one, other) => one.at.localeCompare(other.at)));
  const get = (key) => run("reports", "readonly", (store) => store.get(key));
  const put = (item) => run("reports", "readwrite", (store) => store.put(item)).then(told);
  // `decide` answers what takes its place: a report, null for none, undefined to leave it as it is. What stood there before.
  const change = (key, decide) => run("reports", "readwrite", (store) => {
    const asked = store.get(key);
    asked.onsuccess = () => {
      const next = decide(asked.result);
      if (next === null) store.delete(key);
      else if (next) store.put(next);
    };
    return asked;
  }).then(told);
  // While it is on its way somebody may mend it: then what became of the words before says nothing of these.
  const unlessMended = (item, next) => change(item.key, (stored) => (stored && stored.mended === item.mended ? next : undefined));
  // What may have arrived, or has, is known there by its key: these words are sent as a correction.
  const mend = (item) => change(item.key, (stored) => {
    const arrived = !stored || stored.tried || item.tried;
    return { ...item, tried: arrived, edited: arrived, mended: (stored || item).mended + 1 || 1 };
  });
  const remove = (key) => run("reports", "readwrite", (store) => store.delete(key)).then(told);
  const sent = () => run("sent", "readonly", (store) => store.getAll());
  const forgetSent = () => run("sent", "readwrite", (store) => store.clear()).then(told);
  const noteSent = (item) => run("sent", "readwrite", (store) => store.put(item)).then(told);

  // A quick log as the form sends it. `tried`: it may have reached the server, only the answer is missing.
  function read(form, { tried, before = null }) {
    const item = {
      key: form.get("form_key"), account: form.get("account"), title: form.get("title"), at: new Date().toISOString(),
      tried, edited: false, fields: [], photos: [], leftOut: 0, problems: [], ...(before || {}),
    };
    item.title = form.get("title");
    item.problems = [];
    item.asked = false;
    item.fields = [];
    let bytes = item.photos.reduce((sum, each) => sum + each.blob.size, 0);
    for (const [name, value] of form) {
      if (typeof value === "string") {
        if (name !== "csrf_token") item.fields.push([name, value]);
      } else if (value.size) {
        bytes += value.size;
        if (bytes > MOST_PHOTO_BYTES) item.leftOut += 1;
        else item.photos.push({ name: value.name, blob: new Blob([value], { type: value.type }) });
      }
    }
    return item;
  }

  async function account() {
    const answer = await fetch("/incidents/offline/account", { credentials: "same-origin", cache: "no-store" });
    if (answer.status === 401) return null;
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  }

  async function sendOne(item, csrf) {
    const form = new FormData();
    item.fields.forEach(([name, value]) => form.append(name, value));
    item.photos.forEach((each) => form.append("photos", new File([each.blob], each.name, { type: each.blob.type })));
    form.append("kept_at", item.at);
    if (item.edited) form.append("edited", "1");
    // Written down before it leaves: whatever happens now, it may have arrived.
    const stood = await unlessMended(item, { ...item, tried: true });
    if (!stood || stood.mended !== item.mended) return;
    const answer = await fetch("/incidents/offline/send", {
      method: "POST", body: form, headers: { "X-CSRFToken": csrf, Accept: "application/json" }, credentials: "same-origin",
    });
    if (answer.status === 409) { // somebody else signed in meanwhile: it is still its writer's, who sends it
      await unlessMended(item, item);
      return;
    }
    if (answer.status === 422 || answer.status === 413) {
      const said = await answer.json().catch(() => ({ problems: [String(answer.status)] }));
      await unlessMended(item, { ...item, tried: item.tried, problems: said.problems, asked: Boolean(said.asked) });
      return;
    }
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    const { code } = await answer.json();
    await noteSent({ key: item.key, account: item.account, title: item.title, code, at: new Date().toISOString() });
    await unlessMended(item, null);
  }

  // Sends what the signed-in account kept. Answers why it stopped: "" (all that can go is gone), "signin" or "line".
  // One sender at a time, whatever tabs and workers are there.
  async function flush() {
    const work = async (lock) => {
      if (!lock) return "";
      const waiting = (await all()).filter((item) => !item.problems.length);
      if (!waiting.length) return "";
      let known;
      try { known = await account(); } catch { return "line"; }
      if (!known) return "signin";
      for (const item of waiting.filter((each) => each.account === known.account)) {
        try { await sendOne(item, known.csrf); } catch { return "line"; }
      }
      return "";
    };
    return self.navigator.locks ? self.navigator.locks.request(NAME, { ifAvailable: true }, work) : work(true);
  }

  const onChange = (listener) => { if (channel) channel.onmessage = listener; };
  return { all, get, put, mend, remove, read, sent, forgetSent, flush, onChange };
})();
