// [data-count] in a live part: its number stands in the title, so that a tab in the background tells it; the icon of the tab
// turns red while something is late ([data-alarm=late]).
const lang = document.documentElement.lang === "en" ? "en-GB" : "vi-VN";
const bare = () => document.title.replace(/^\([\d.,]+\) /, "");

function show() {
  const count = Number(document.querySelector("[data-count]")?.dataset.count || 0);
  if (document.querySelector("[data-count]")) document.title = (count ? `(${count.toLocaleString(lang)}) ` : "") + bare();
  const icon = document.querySelector("link[rel=icon][data-late]");
  if (!icon) return;
  icon.dataset.calm ||= icon.getAttribute("href");
  const wanted = document.querySelector("[data-alarm=late]") ? icon.dataset.late : icon.dataset.calm;
  if (icon.getAttribute("href") !== wanted) icon.setAttribute("href", wanted);
}

export function start() {
  show();
  document.addEventListener("htmx:load", show);
}
