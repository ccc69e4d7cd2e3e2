"""axe-core in the page under test, injected past the content security policy as the browser's own tools are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

LATER = 300
"""Milliseconds: on a busy machine an inherited colour of the old theme can outlive some frames."""
RUN = """([rules, without]) => self.axe && axe.run(
  {exclude: without ? [[without]] : []},
  {resultTypes: ['violations'], reporter: 'no-passes', ...(rules.length ? {runOnly: rules} : {})},
).then(found => found.violations.flatMap(
  fault => fault.nodes.map(node => `${fault.id} (${fault.impact}): ${node.target.join(' ')}`)))"""
"""Read in the page: what else axe tells of every element costs more to hand over than to find."""
DRAWN = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
OF_COLOURS = ("color-contrast", "link-in-text-block")
"""All that a theme can make wrong: it is another palette and nothing else (tests/boundaries/test_look.py)."""
REPEATED = ":is(tr, li):nth-of-type(n+13), :is(tbody, section):nth-of-type(n+9)"
"""What is made by the same lines of a template as the twelve rows or the eight groups before it."""

CHROME = "body > header.top, body > footer"
"""What ``templates/base.html`` puts around each page."""


def faults(page: Any, *, rules: Sequence[str] = (), without: str = "") -> list[str]:
    """What axe finds wrong on ``page``, twice if anything: "rule (impact): selector", one per element."""
    page.evaluate(DRAWN)
    found = _found(page, rules, without)
    if found:
        page.wait_for_timeout(LATER)
        page.evaluate(DRAWN)
        again = _found(page, rules, without)
        found = [fault for fault in found if fault in again]
    return found


def faults_in_both_themes(page: Any) -> list[str]:
    """The same in light, and what the colours of dark add; ``page`` is light afterwards."""
    found = []
    for theme, rules in (("light", ()), ("dark", OF_COLOURS)):
        page.emulate_media(color_scheme=theme)
        found += [f"{theme}: {fault}" for fault in faults(page, rules=rules)]
    page.emulate_media(color_scheme="light")
    return found


def _found(page: Any, rules: Sequence[str], without: str) -> list[str]:
    from axe_playwright_python.base import AXE_SCRIPT

    asked = [list(rules), without]
    found = page.evaluate(RUN, asked)
    if found is None:  # the first time on this page
        page.evaluate(AXE_SCRIPT)
        found = page.evaluate(RUN, asked)
    return list(found)
