// Finds units and people as they are typed at night: by initials ("cm" is Chư Mang), by beginnings of words, without marks.
const BARE = { "đ": "d", "Đ": "D", "ƀ": "b", "Ƀ": "B", "ŋ": "n", "Ŋ": "N" };

export function fold(text) {
  return text.replace(/[đĐƀɃŋŊ]/g, (letter) => BARE[letter]).normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim()
    .replace(/\s+/g, " ");
}

// What is asked again with every letter, worked out once.
export function key(name) {
  const folded = fold(name);
  const words = folded.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  return { folded, words, initials: words.map((word) => word[0]).join("") };
}

// How well it fits: 0 best; -1: not at all. `typed` is folded.
export function rank(typed, known) {
  if (!typed) return -1;
  if (known.folded === typed) return 0;
  const parts = typed.split(" ");
  if (parts.length > 1) {
    return parts.every((part) => known.words.some((word) => word.startsWith(part))) ? 1 : known.folded.includes(typed) ? 3 : -1;
  }
  if (known.initials.endsWith(typed) && typed.length > 1) return 1;
  if (known.words.some((word) => word.startsWith(typed))) return 2;
  if (typed.length > 1 && known.initials.includes(typed)) return 3;
  return typed.length > 2 && known.words.join("").includes(typed) ? 4 : -1;
}
