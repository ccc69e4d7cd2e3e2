"""axe-core in the page under test, injected past the content security policy as the browser's own tools are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

LATER = 300
"""Milliseconds: on a busy machine an inherited colour of the old theme can outlive some frames."""
MARK = "data-colours-read"
SETTLED_RULE = f"axe.configure({{rules: [{{id: 'color-contrast', selector: ':not([{MARK}])'}}]}})"
COLOURS = """(known, mark) => {
  const above = new Map([[null, '']]), words = new Map(), seen = new Set(known);
  const ground = element => {
    if (above.has(element)) return above.get(element);
    const {backgroundColor, backgroundImage, opacity, position, filter, mixBlendMode} = getComputedStyle(element);
    const own = [backgroundColor, backgroundImage, opacity, position, filter, mixBlendMode].join();
    const plain = own === 'rgba(0, 0, 0, 0),none,1,static,none,normal';
    const found = ground(element.parentElement) + (plain ? '' : `|${own}`);
    above.set(element, found);
    return found;
  };
  const number = text => {  // cyrb53, of fifty-three bits
    let a = 0xdeadbeef, b = 0x41c6ce57;
    for (const sign of text) {
      a = Math.imul(a ^ sign.codePointAt(0), 2654435761);
      b = Math.imul(b ^ sign.codePointAt(0), 1597334677);
    }
    a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
    b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
    return 4294967296 * (2097151 & b) + (a >>> 0);
  };
  for (const element of document.body.querySelectorAll('*')) {
    if (![...element.childNodes].some(each => each.nodeType === 3 && each.data.trim())) continue;
    if (element.closest('label, :disabled, [aria-disabled]') || !element.checkVisibility({visibilityProperty: true}))
      continue;
    const {left, top, width, height} = element.getBoundingClientRect();
    if (width < 4 || height < 4 || left + width < 4 || top + scrollY + height < 4) continue;
    const {color, fontSize, fontWeight, textShadow} = getComputedStyle(element);
    const look = number([color, fontSize, fontWeight, textShadow, ground(element)].join());
    words.set(element, look);
    if (seen.has(look)) element.setAttribute(mark, '');
  }
  return words;
}"""
"""Each element that bears words, and a number for all that its contrast follows from: its colour, size and weight, and
the grounds below it. Those whose number is known are marked."""
RUN = f"""async ([rules, without, known]) => {{
  if (!self.axe) return null;
  const words = ({COLOURS})(known, '{MARK}');
  const found = await axe.run(
    {{exclude: without ? [[without]] : []}},
    {{resultTypes: ['violations', 'incomplete'], ...(rules.length ? {{runOnly: rules}} : {{}})}},
  );
  const unread = found.incomplete.filter(each => each.id === 'color-contrast').flatMap(each => each.nodes);
  const unclear = new Set(unread.map(node => words.get(document.querySelector(node.target[0]))));
  const read = [...words].filter(([each]) => !without || !each.closest(without)).map(([, look]) => look);
  for (const each of words.keys()) each.removeAttribute('{MARK}');
  return [
    found.violations.flatMap(
      fault => fault.nodes.map(node => `${{fault.id}} (${{fault.impact}}): ${{node.target.join(' ')}}`)),
    [...new Set(read)].filter(look => !unclear.has(look)),
  ];
}}"""
"""Read in the page: what else axe tells of every element costs more to hand over than to find."""
DRAWN = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
OF_COLOURS = ("color-contrast", "link-in-text-block")
"""All that a theme can make wrong: it is another palette and nothing else (tests/boundaries/test_look.py)."""
REPEATED = ":is(tr, li):nth-of-type(n+13), :is(tbody, section):nth-of-type(n+9)"
"""What is made by the same lines of a template as the twelve rows or the eight groups before it."""

READ = set[int]()
"""Numbers of ``COLOURS`` that axe has found right in this process: two thirds of its time went into reading the same
colour on the same ground again."""
CHROME = "body > header.top, body > footer"
"""What ``templates/base.html`` puts around each page."""


def faults(page: Any, *, rules: Sequence[str] = (), without: str = "", anew: bool = False) -> list[str]:
    """What axe finds wrong on ``page``, twice if anything: "rule (impact): selector", one per element. ``anew``: also
    in words that look as others did which were read before."""
    page.evaluate(DRAWN)
    known = [] if anew else sorted(READ)
    found, looks = _found(page, rules, without, known)
    if found:
        page.wait_for_timeout(LATER)
        page.evaluate(DRAWN)
        again, looks = _found(page, rules, without, known)
        found = [fault for fault in found if fault in again]
    if (not rules or OF_COLOURS[0] in rules) and not any(fault.startswith(OF_COLOURS[0]) for fault in found):
        READ.update(looks)
    return found


def faults_in_both_themes(page: Any) -> list[str]:
    """The same in light, and what the colours of dark add; ``page`` is light afterwards."""
    found = []
    for theme, rules in (("light", ()), ("dark", OF_COLOURS)):
        page.emulate_media(color_scheme=theme)
        found += [f"{theme}: {fault}" for fault in faults(page, rules=rules)]
    page.emulate_media(color_scheme="light")
    return found


def _found(page: Any, rules: Sequence[str], without: str, known: Sequence[int]) -> tuple[list[str], list[int]]:
    """What is wrong, and what of ``COLOURS`` was read or known."""
    from axe_playwright_python.base import AXE_SCRIPT

    asked = [list(rules), without, list(known)]
    found = page.evaluate(RUN, asked)
    if found is None:  # the first time on this page
        page.evaluate(f"{AXE_SCRIPT};{SETTLED_RULE}")
        found = page.evaluate(RUN, asked)
    return found[0], found[1]
