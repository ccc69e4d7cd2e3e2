// The sentences that the script itself says, written by the page in its language: #hands[data-words].
let known = null;

export const hands = () => document.getElementById("hands");

export function word(name, facts = {}) {
  known ??= JSON.parse(hands().dataset.words);
  return Object.entries(facts).reduce((text, [key, value]) => text.replace(`{${key}}`, () => value), known[name] ?? name);
}
