// #install: how to put the app on the home screen, shown once on a device. Android says itself when it can be done; an iPhone
// never does, so there it is told in words. [data-open] of the menu is the number on the icon.
const SAID = "install-said";
const box = document.getElementById("install");
const there = matchMedia("(display-mode: standalone)").matches || navigator.standalone === true;

const known = () => { try { return localStorage.getItem(SAID); } catch { return "no"; } };
function say() { try { localStorage.setItem(SAID, "yes"); } catch { /* a private window: it is told again */ } }

function reveal(kind) {
  if (there || known()) return;
  say();
  for (const part of box.querySelectorAll(`[data-install=${kind}]`)) part.hidden = false;
  box.hidden = false;
}

function offer(event) {
  event.preventDefault();
  const button = box.querySelector("[data-install-go]");
  button.hidden = false;
  button.addEventListener("click", async () => { event.prompt(); await event.userChoice; box.hidden = true; }, { once: true });
  reveal("android");
}

if (box) {
  box.querySelector("[data-install-no]").addEventListener("click", () => { box.hidden = true; });
  window.addEventListener("beforeinstallprompt", offer);
  window.addEventListener("appinstalled", () => { say(); box.hidden = true; });
  if (navigator.standalone === false) reveal("iphone");
}
