// <div data-share="id of a textarea">: the text as a picture, drawn here with the page's own font, to be shared or kept.
const WIDTH = 720;
const PAD = 32;
const LINE = 30;

function drawn(text) {
  const canvas = document.createElement("canvas");
  const paper = getComputedStyle(document.body);
  const font = (weight) => `${weight} 20px ${paper.fontFamily}`;
  const pen = canvas.getContext("2d");
  pen.font = font(400);
  const lines = text.split("\n").flatMap((line) => wrapped(pen, line));
  const scale = 2;
  canvas.width = WIDTH * scale;
  canvas.height = (2 * PAD + lines.length * LINE) * scale;
  pen.scale(scale, scale);
  pen.fillStyle = "#fffdf8"; // paper, whatever the theme: it is seen in other people's chats
  pen.fillRect(0, 0, WIDTH, canvas.height);
  pen.fillStyle = "#1f1a17";
  pen.textBaseline = "top";
  lines.forEach((line, row) => {
    pen.font = font(row === 0 || !line.startsWith(" ") ? 600 : 400);
    pen.fillText(line, PAD, PAD + row * LINE);
  });
  return canvas;
}

function wrapped(pen, line) {
  const rows = [""];
  const indent = line.match(/^ */)[0];
  for (const word of line.trim().split(" ")) {
    const longer = rows.at(-1) ? `${rows.at(-1)} ${word}` : indent + word;
    if (pen.measureText(longer).width <= WIDTH - 2 * PAD || !rows.at(-1)) rows[rows.length - 1] = longer;
    else rows.push(`${indent}   ${word}`);
  }
  return rows;
}

const named = (box) => box.dataset.file || "lich-truc.png";

async function picture(box) {
  await document.fonts.ready;
  const canvas = drawn(document.getElementById(box.dataset.share).value);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
  return new File([blob], named(box), { type: "image/png" });
}

async function send(box) {
  const text = document.getElementById(box.dataset.share).value;
  try {
    await navigator.share({ title: box.dataset.title, text, files: [await picture(box)] });
  } catch (fault) {
    if (fault.name !== "AbortError") throw fault; // who closes the sheet has chosen not to
  }
}

async function keep(box) {
  const url = URL.createObjectURL(await picture(box));
  const link = Object.assign(document.createElement("a"), { href: url, download: named(box) });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

export function start() {
  for (const box of document.querySelectorAll("[data-share]")) {
    const [sends, keeps] = [box.querySelector("[data-send]"), box.querySelector("[data-picture]")];
    const probe = new File([new Blob(["x"], { type: "image/png" })], "x.png", { type: "image/png" });
    sends.hidden = !navigator.canShare?.({ files: [probe] });
    keeps.hidden = false;
    sends.addEventListener("click", () => send(box));
    keeps.addEventListener("click", () => keep(box));
  }
}
