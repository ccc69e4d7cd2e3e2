"""From a key to the screen: an edit of the grid in a real browser, on the province of ``benchmarks.web.world``.

    python -m benchmarks.web.keys

Somebody who manages the province pins and frees one shift (Ctrl B), in the grid of a unit and in the whole province's.
Counted from the key to the second frame after the changed cell stands there, which is when it can be seen; browser and
server share the machine. Milliseconds, one edit each ``REST`` as quick hands would.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from benchmarks.web import edits, server
from benchmarks.web.world import kept, making
from tests.support.at_screen import sign_in
from tests.support.browser import launch
from tests.support.live import free_port

TURNS, REST = 21, 400
"""Edits, the first of which is not counted, and the milliseconds between two."""
LAPTOP = {"viewport": {"width": 1366, "height": 650}}
CELL = "#grid-table td:has(a.chip)"
TIMED = """cell => new Promise(seen => {
    const pinned = () => Boolean(document.getElementById(cell).querySelector(".chip.pin"));
    const before = pinned();
    addEventListener("keydown", () => {
        const pressed = performance.now();
        const look = () => requestAnimationFrame(() => pinned() === before ? look()
            : requestAnimationFrame(() => seen(performance.now() - pressed)));
        look();
    }, { once: true, capture: true });
    window.ready = true;
})"""


def main() -> None:
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name) / "world"
        shutil.copytree(kept.place(), folder)
        running = server.product(f"sqlite:///{folder / kept.FILE}", folder, free_port(), None)
        try:
            running.wait("/login")
            _look(playwright, f"http://127.0.0.1:{running.port}", json.loads((folder / kept.FACTS).read_text()))
        finally:
            running.stop()


def _look(playwright: Any, base: str, facts: dict[str, str]) -> None:
    browser = launch(playwright)
    context = browser.new_context(base_url=base, **LAPTOP)
    sign_in(context, facts["manager"], making.PASSWORD)
    print(f"load before {os.getloadavg()[0]:.2f}, {os.cpu_count()} cores")
    for title, asked in (("a unit's grid", f"?unit={edits.UNIT}"), ("the province's", "?view=people")):
        page = context.new_page()
        page.goto(f"/roster/campaigns/{facts['coming']}{asked}")
        waited = [_edit(page) for _turn in range(TURNS)][1:]
        print(
            f"{title:28} median {statistics.median(waited):4.0f} ms, best {min(waited):4.0f}, worst {max(waited):4.0f}"
        )
        page.close()
    browser.close()


def _edit(page: Any) -> float:
    page.wait_for_timeout(REST)
    cell = page.locator(CELL).first
    cell.focus()
    page.evaluate(f"window.timed = ({TIMED})({json.dumps(cell.get_attribute('id'))}), 0")
    page.keyboard.press("Control+b")
    return float(page.evaluate("window.timed"))


if __name__ == "__main__":
    main()
