// <details data-wide> opens where there is room for it; a link to the content of a <details> opens it and what is around it.
function reveal() {
  const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  for (let around = target.closest("details"); around; around = around.parentElement.closest("details")) around.open = true;
  target.closest("details")?.scrollIntoView();
}

if (matchMedia("(min-width: 801px)").matches) document.querySelectorAll("details[data-wide]").forEach((each) => { each.open = true; });
reveal();
window.addEventListener("hashchange", reveal);
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='#']");
  if (link && link.getAttribute("href") === location.hash) reveal(); // the address does not change the second time
});
