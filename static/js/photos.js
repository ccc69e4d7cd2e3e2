// <input type="file" data-shrink>: photos are made small before they go over a weak line, and a camera that gives one picture
// at a time adds it to those before. Without this module, or when the browser cannot, they go as they are.
const SIDE = 1800;
const LEAVE = 400_000; // bytes: not worth the trouble
const MOST = 6;
const before = new WeakMap();
const working = new WeakMap();

async function small(file) {
  if (!/^image\/(jpeg|png|webp)$/.test(file.type) || file.size < LEAVE || !window.createImageBitmap) return file;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => { canvas.toBlob(done, "image/jpeg", 0.82); });
    return blob && blob.size < file.size ? new File([blob], `${file.name.replace(/\.\w+$/, "")}.jpg`, { type: "image/jpeg" }) : file;
  } catch {
    return file; // the server says what is wrong with it
  }
}

async function take(input) {
  const box = new DataTransfer();
  for (const file of before.get(input) || []) box.items.add(file);
  for (const file of await Promise.all([...input.files].map(small))) if (box.items.length < MOST) box.items.add(file);
  input.files = box.files;
  before.set(input, [...box.files]);
}

function start() {
  document.addEventListener("change", (event) => {
    const input = event.target;
    if (!input.matches?.("input[type=file][data-shrink]") || !input.files.length) return;
    const work = take(input).finally(() => { if (working.get(input) === work) working.delete(input); });
    working.set(input, work);
  });
  // Whoever presses the button meanwhile waits a moment.
  document.addEventListener("submit", async (event) => {
    const input = event.target.querySelector?.("input[data-shrink]");
    const work = input && working.get(input);
    if (!work) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    await work.catch(() => {});
    event.target.requestSubmit(event.submitter);
  }, true);
}

start();
