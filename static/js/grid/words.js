// The sentences that the script itself says, written by the page in its language: #hands[data-words].
let known = null;

export const hands = () => document.getElementById("hands");

export function word(name, facts = {}) {
  known ??= JSON.parse(hands().dataset.words);
  return Object.entries(facts).reduce((text, [key, value]) => text.replace(`{${key}}`, () => value), known[name] ?? name);
}

// For search: marks of letters and case do not matter.
const PLAIN = { đ: "d", Đ: "d", ƀ: "b", Ƀ: "b", ŋ: "n", Ŋ: "n", "’": "'", "ʼ": "'", "‘": "'" };
export function fold(words) {
  const plain = words.replace(/[đĐƀɃŋŊ’ʼ‘]/g, (letter) => PLAIN[letter]).normalize("NFD").replace(/\p{M}/gu, "");
  return plain.toLowerCase().replace(/\s+/g, " ").trim();
}
