"""axe-core in the page under test, injected past the content security policy as the browser's own tools are."""

from __future__ import annotations

from typing import Any

LATER = 300
"""Milliseconds: on a busy machine an inherited colour of the old theme can outlive some frames."""
RUN = """() => axe.run({resultTypes: ['violations']}).then(found => found.violations.flatMap(
  fault => fault.nodes.map(node => `${fault.id} (${fault.impact}): ${node.target.join(' ')}`)))"""
"""Read in the page: what else axe tells of every element costs more to hand over than to find."""
DRAWN = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


def faults(page: Any) -> list[str]:
    """What axe finds wrong on ``page``, twice if anything: "rule (impact): selector", one per element."""
    page.evaluate(DRAWN)
    found = _found(page)
    if found:
        page.wait_for_timeout(LATER)
        page.evaluate(DRAWN)
        again = _found(page)
        found = [fault for fault in found if fault in again]
    return found


def _found(page: Any) -> list[str]:
    from axe_playwright_python.base import AXE_SCRIPT

    page.evaluate(AXE_SCRIPT)
    return list(page.evaluate(RUN))
