// What a point's page has sent and nobody has confirmed: kept in IndexedDB, sent once, forgotten when the server has said so.
// Read by the page and by the service worker (importScripts): it only sets self.pointPending.
self.pointPending = (() => {
  const NAME = "truc-tet-point", OUTCOMES = "truc-tet-point-outcomes";
  const MOST_BYTES = 12_000_000;
  const channel = self.BroadcastChannel ? new BroadcastChannel(NAME) : null;

  function open(name) {
    return new Promise((done, fail) => {
      const asked = indexedDB.open(name, 1);
      asked.onupgradeneeded = () => { asked.result.createObjectStore("sends", { keyPath: "key" }); };
      asked.onsuccess = () => done(asked.result);
      asked.onerror = () => fail(asked.error);
    });
  }

  async function run(mode, work, name = NAME) {
    const db = await open(name);
    try {
      const change = db.transaction("sends", mode);
      const asked = work(change.objectStore("sends"));
      return await new Promise((done, fail) => {
        change.oncomplete = () => done(asked.result);
        change.onerror = change.onabort = () => fail(change.error);
      });
    } finally {
      db.close();
    }
  }

  const told = (what) => { channel?.postMessage("changed"); return what; };
  const all = () => run("readonly", (store) => store.getAll())
    .then((found) => found.sort((one, other) => one.at.localeCompare(other.at)));
  const put = (item) => run("readwrite", (store) => store.put(item)).then(told);
  const remove = (key) => run("readwrite", (store) => store.delete(key)).then(told);

  // What became of a sending, where it is more than "the day is told": until somebody has seen it (key: where it is said).
  const outcomes = () => run("readonly", (store) => store.getAll(), OUTCOMES)
    .then((found) => found.sort((one, other) => one.at.localeCompare(other.at)));
  const seen = (to) => run("readwrite", (store) => store.delete(to), OUTCOMES);
  const learn = (to, at) => run("readwrite", (store) => store.put({ key: to, at }), OUTCOMES);

  function read(form, url, what) {
    const item = { key: form.get("form_key"), url, what, at: new Date().toISOString(), fields: [], photos: [], problems: [] };
    let bytes = 0;
    for (const [name, value] of form) {
      if (typeof value === "string") item.fields.push([name, value]);
      else if (value.size && (bytes += value.size) <= MOST_BYTES) {
        item.photos.push({ name: value.name, blob: new Blob([value], { type: value.type }) });
      }
    }
    return item;
  }

  // Where it leads, or what is wrong with it; throws while there is no line.
  async function sendOne(item) {
    const form = new FormData();
    item.fields.forEach(([name, value]) => form.append(name, value));
    item.photos.forEach((each) => form.append("photos", new File([each.blob], each.name, { type: each.blob.type })));
    form.append("at", item.at);
    const answer = await fetch(item.url, {
      method: "POST", body: form, headers: { Accept: "application/json" }, credentials: "omit", cache: "no-store",
    });
    if ([400, 404, 409, 410, 413, 422].includes(answer.status)) {
      const said = await answer.json().catch(() => ({ problems: [String(answer.status)] }));
      await put({ ...item, problems: said.problems });
      return { problems: said.problems };
    }
    if (!answer.ok) throw new Error(String(answer.status));
    const { to } = await answer.json();
    if (new URL(to, location.origin).searchParams.get("done") !== "day") await learn(to, item.at);
    await remove(item.key);
    return { to };
  }

  // One at a time, whichever page or worker begins. What became of the last.
  async function flush() {
    const work = async () => {
      let last;
      for (const item of await all()) if (!item.problems.length) last = await sendOne(item);
      return last;
    };
    return self.navigator.locks ? self.navigator.locks.request(NAME, work) : work();
  }

  return { all, put, remove, read, flush, outcomes, seen, onChange: (act) => { if (channel) channel.onmessage = act; } };
})();
