// The sentences that the script itself says, written by the page in its language: #hands[data-words].
let known = null;

export const hands = () => document.getElementById("hands");

export function word(name, facts = {}) {
  known ??= JSON.parse(hands().dataset.words);
  return Object.entries(facts).reduce((text, [key, value]) => text.replace(`{${key}}`, () => value), known[name] ?? name);
}

// For search: marks of letters and case do not matter.
export const fold = (words) => words.normalize("NFD").replace(/\p{M}/gu, "").replace(/[đĐ]/g, "d").toLowerCase().trim();
