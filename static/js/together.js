// The button of "take all" says how many are ticked, so that nobody takes one that they have just left out.
const form = document.getElementById("together");
const words = form?.querySelector("[data-together]");
const boxes = form ? [...form.querySelectorAll("[name=incident]")] : [];

function count() {
  const ticked = boxes.filter((box) => box.checked).length;
  words.textContent = (ticked === boxes.length ? form.dataset.all : form.dataset.one).replace("{n}", ticked);
  words.closest("button").disabled = ticked === 0;
}

form?.addEventListener("change", count);
