// Web push on the page of one's own ways to be called: asks the browser for a subscription and puts it into the form.
// Every step that can fail says what to do instead.
const form = document.querySelector("form[data-push]");
const supported = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

function say(text) {
  const note = form?.querySelector("[data-push-note]");
  if (note) note.textContent = text;
}

function bytes(key) {
  const padded = key.replace(/-/g, "+").replace(/_/g, "/") + "=".repeat((4 - (key.length % 4)) % 4);
  return Uint8Array.from(atob(padded), (c) => c.charCodeAt(0));
}

async function digest(text) {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function present() {
  const registration = await navigator.serviceWorker.getRegistration("/");
  return (await registration?.pushManager.getSubscription()) || null;
}

// An installation that was set up anew has another key: a subscription made with the old one is dead.
function sameKey(subscription, wanted) {
  const own = subscription.options?.applicationServerKey;
  return !own || (own.byteLength === wanted.length && new Uint8Array(own).every((byte, at) => byte === wanted[at]));
}

async function serverKey() {
  const headers = { "X-CSRFToken": form.elements.csrf_token?.value || "" };
  const answer = await fetch(form.dataset.push, { method: "POST", headers, credentials: "same-origin" });
  if (!answer.ok) throw new Error(String(answer.status));
  return bytes((await answer.json()).key);
}

async function subscribe() {
  const button = form.querySelector("[data-push-on]");
  button.setAttribute("aria-busy", "true");
  try {
    if ((await Notification.requestPermission()) !== "granted") return say(form.dataset.denied);
    const registration = await navigator.serviceWorker.register("/sw.js");
    await navigator.serviceWorker.ready;
    const key = await serverKey();
    let found = await registration.pushManager.getSubscription();
    if (found && !sameKey(found, key)) { await found.unsubscribe(); found = null; }
    found ||= await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
    form.elements.subscription.value = JSON.stringify(found);
    form.submit();
  } catch {
    say(form.dataset.failed);
  } finally {
    button.removeAttribute("aria-busy");
  }
}

// The browser at hand is marked in the list; taking it away there also ends it here.
async function markHere() {
  const found = await present();
  if (!found) return false;
  const item = document.querySelector(`[data-device="${await digest(found.endpoint)}"]`);
  if (!item) return false;
  item.querySelector("[data-here]").hidden = false;
  const removal = [...document.forms].find((each) => item.contains(each) && each.querySelector("[name=do][value=remove]"));
  removal?.addEventListener("submit", () => { found.unsubscribe(); });
  return true;
}

export async function start() {
  if (!form) return;
  if (!supported) return say(form.dataset.unsupported);
  if (Notification.permission === "denied") return say(form.dataset.denied);
  const here = await markHere().catch(() => false);
  form.querySelector("[data-push-ready]").hidden = here;
  form.querySelector("[data-push-on]").addEventListener("click", subscribe);
}

start();
