// The service worker's part for web push: shows what arrived, and lets a call be taken from the lock screen.
// Imported by /sw.js; it answers no requests and keeps nothing.
const CALL = /^\/a\/[\w-]+$/;
const WORDS = {
  vi: { take: "Tôi nhận", open: "Mở", lost: "Chưa gửi được lời nhận", again: "Không có mạng. Bấm để mở trang và nhận lại, hoặc gọi bàn trực.", other: "Trực Tết" },
  en: { take: "I take it", open: "Open", lost: "Your answer was not sent", again: "No network. Tap to open the page and answer again, or ring the desk.", other: "Trực Tết" },
};

const wordsOf = (lang) => WORDS[lang] || WORDS.vi;

function read(event) {
  try {
    return event.data.json();
  } catch {
    return { title: WORDS.vi.other, body: event.data?.text() || "" };
  }
}

// Only addresses of this place are opened, whatever the words say.
function own(address) {
  try {
    const url = new URL(address || "/", self.location.origin);
    return url.origin === self.location.origin ? url : new URL("/", self.location.origin);
  } catch {
    return new URL("/", self.location.origin);
  }
}

function look(said) {
  const url = own(said.url);
  const isCall = CALL.test(url.pathname);
  const words = wordsOf(said.lang);
  return [said.title || words.other, {
    body: said.body || "",
    tag: said.tag || undefined,
    renotify: Boolean(said.tag),
    requireInteraction: isCall,
    vibrate: isCall ? [400, 200, 400, 200, 800] : undefined,
    icon: "/static/icon.svg",
    lang: said.lang || "vi",
    data: { url: url.href, lang: said.lang || "vi" },
    actions: isCall ? [{ action: "take", title: words.take }, { action: "open", title: words.open }] : [],
  }];
}

async function open(href) {
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const there = windows.find((each) => each.url === href);
  return there ? there.focus() : self.clients.openWindow(href);
}

// The page that opens afterwards says what the server knows: taken by me, or by somebody before me.
async function take(href, lang) {
  try {
    const answer = await fetch(href, { method: "POST", body: new URLSearchParams({ do: "take" }), credentials: "omit" });
    if (answer.status >= 500) throw new Error(String(answer.status));
  } catch {
    const words = wordsOf(lang);
    await self.registration.showNotification(words.lost, { body: words.again, tag: `lost-${href}`, requireInteraction: true, data: { url: href, lang } });
    return;
  }
  await open(href);
}

// The icon on the home screen counts the calls that are shown; a page that is open says the number of open incidents instead.
async function count() {
  const shown = await self.registration.getNotifications();
  const calls = shown.filter((each) => CALL.test(own(each.data?.url).pathname)).length;
  await (calls ? self.navigator.setAppBadge?.(calls) : self.navigator.clearAppBadge?.());
}

async function tell(said) {
  await self.registration.showNotification(...look(said));
  await count().catch(() => {}); // not on the home screen
}

self.addEventListener("push", (event) => {
  event.waitUntil(tell(read(event)));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const { url, lang } = event.notification.data || {};
  const href = own(url).href;
  event.waitUntil((event.action === "take" ? take(href, lang) : open(href)).then(() => count().catch(() => {})));
});

// The browser changed its address: whoever knows the old one may say the new one, so that nobody goes silent unnoticed.
self.addEventListener("pushsubscriptionchange", (event) => {
  event.waitUntil((async () => {
    const old = event.oldSubscription;
    const fresh = event.newSubscription || (old && (await self.registration.pushManager.subscribe(old.options)));
    if (!old || !fresh) return;
    await fetch("/push/renew", {
      method: "POST", credentials: "omit", headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ old: old.endpoint, subscription: fresh }),
    });
  })());
});
