// What must not be written about items of Party and State, by the rules of incidents/record/secrecy.py, which gives them: the
// phone asks before it keeps anything. Read by pages (import) and by the service worker (importScripts): it only sets
// self.secrecy. tests/browser/test_secret_words.py holds both sides to the same answers.
self.secrecy = (() => {
  const LETTER = "[\\p{L}\\p{N}_]";
  const LONGEST_NAME = 5;
  let rules = null;

  // \b of any alphabet: old phones have no lookbehind, so what stands before is taken along and left out again.
  function pattern(mark) {
    const begins = mark.startsWith("\\b");
    const bare = (begins ? mark.slice(2) : mark).replaceAll("\\b", `(?!${LETTER})`);
    return begins ? `(?:^|[^\\p{L}\\p{N}_])(?:${bare})` : `(?:${bare})`;
  }

  function use(given) {
    const some = (marks) => marks.map((mark) => new RegExp(pattern(mark), "iu"));
    rules = { ...given, marks: some(given.marks), state: some(given.state) };
  }

  // The first words that do not belong there, as typed.
  function found(text) {
    const typed = text.normalize("NFC");
    let first = null;
    for (const mark of rules.marks) {
      const match = mark.exec(typed);
      if (!match) continue;
      const words = mark.source.startsWith("(?:^|") ? match[0].replace(/^[^\p{L}\p{N}_]/u, "") : match[0];
      const at = match.index + match[0].length - words.length;
      if (first === null || at < first.at) first = { at, words };
    }
    return first && first.words.trim().split(/\s+/).join(" ");
  }

  const capital = (word) => word[0] !== word[0].toLowerCase();

  // The first words that look like somebody's name.
  function personIn(text) {
    const typed = text.normalize("NFC");
    const words = [...typed.matchAll(/(?:\p{L}[\u0300-\u036f]*)+(?:['’](?:\p{L}[\u0300-\u036f]*)+)*/gu)]
      .map((match) => ({ text: match[0], from: match.index, to: match.index + match[0].length }));
    const capitalsAlone = typed === typed.toUpperCase();
    const beside = (place) => place > 0 && !typed.slice(words[place - 1].to, words[place].from).trim();
    const isPlace = (place) => /\p{Nd}$/u.test(typed.slice(0, words[place].from).trimEnd())
      || (beside(place) && rules.places.includes(words[place - 1].text.toLowerCase()));
    for (let place = 0; place < words.length; place += 1) {
      const word = words[place].text;
      if (!rules.surnames.includes(word.toLowerCase()) || !capital(word) || isPlace(place)) continue;
      let ends = place + 1;
      while (ends < words.length && ends - place < LONGEST_NAME && beside(ends) && capital(words[ends].text)) ends += 1;
      const pair = words.slice(place, place + 2).map((each) => each.text.toLowerCase()).join(" ");
      if (ends - place >= (capitalsAlone ? 3 : 2) && !rules.no_names.includes(pair)) {
        return words.slice(place, ends).map((each) => each.text).join(" ");
      }
    }
    return null;
  }

  const speaksOfState = (text) => rules.state.some((mark) => mark.test(text.normalize("NFC")));

  // What is wrong with a text of an incident. about: "" (any), "state" (Party, State) or "strict" (KT1, restricted);
  // confirmed: somebody said that the name is neither the sender's nor the receiver's.
  function fault(text, about, confirmed) {
    if (!about && !speaksOfState(text)) return null;
    const words = found(text);
    if (words) return { why: "secret", words };
    const name = about === "strict" || (about && !confirmed) ? personIn(text) : null;
    return name && { why: about === "strict" ? "name" : "name_asked", words: name };
  }

  return { use, found, personIn, speaksOfState, fault };
})();
