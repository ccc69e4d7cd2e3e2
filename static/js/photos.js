// <input type="file" data-shrink>: photos are made small before they go over a weak line, and a camera that gives one picture
// at a time adds it to those before. What the browser cannot read and the desk would not take is left out, and said. Without
// this module they go as they are.
const SIDE = 1800;
const LEAVE = 400_000; // bytes: not worth the trouble
const MOST = 6;
const TAKEN = 10 * 1024 * 1024; // bytes that the desk takes of one photo
const HEIC = /^image\/hei[cf]/;
const before = new WeakMap();
const working = new WeakMap();

async function small(file) {
  const heic = HEIC.test(file.type) || /\.hei[cf]$/i.test(file.name);
  if (!heic && (!/^image\/(jpeg|png|webp)$/.test(file.type) || file.size < LEAVE)) return file;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => { canvas.toBlob(done, "image/jpeg", 0.82); });
    return blob && (heic || blob.size < file.size) ? new File([blob], `${file.name.replace(/\.\w+$/, "")}.jpg`, { type: "image/jpeg" }) : file;
  } catch {
    return file; // said below, or by the server
  }
}

// Why it is no use to send it.
function unread(file) {
  if (HEIC.test(file.type) || /\.hei[cf]$/i.test(file.name)) return "heic";
  return file.size > TAKEN ? "large" : "";
}

function sayUnread(input, left) {
  const said = input.parentElement.querySelector("[data-photo-said]");
  if (!said) return;
  said.hidden = !left.length;
  said.textContent = left.map((file) => said.dataset[unread(file)].replace("{name}", file.name)).join(" ");
}

async function take(input) {
  const box = new DataTransfer();
  // A field for one picture holds the last one taken.
  for (const file of (input.multiple && before.get(input)) || []) box.items.add(file);
  const made = await Promise.all([...input.files].map(small));
  const told = input.parentElement.querySelector("[data-photo-said]");
  for (const file of made) if (box.items.length < MOST && !(told && unread(file))) box.items.add(file);
  sayUnread(input, made.filter(unread));
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
