"""Lighthouse on the pages that count at night: ``make audit`` (``ARGS='--only desk'`` for one).

Starts a fresh copy on the demo data and asks Lighthouse (``scripts/lighthouse``, pinned) about each page as a mid-range
telephone on slow 4G sees it, signed in as whoever uses it. The performance score is the median of three looks. The page
behind the button of a mail is loaded again on two real throttled lines with an empty cache. Exits with 1 when a page is
below what the project holds to.

Lighthouse reckons what a slow line would cost from a quick load. Where the line itself is slowed down, the browser is
asked instead (Playwright): under Lighthouse it paints its first frame a second or two after it could.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app import create_app
from desk.demo import seed
from scripts.samples import whole as samples
from scripts.screens import SCREENS, Screen
from scripts.screenshots import Camera, running_copy, until
from tests.support.browser import installed_chromium, launch

TOOL = Path(__file__).parent / "lighthouse"
AUDITED = ("desk", "incident-called", "my-shifts", "incident-new", "one-tap")
"""Names in ``scripts.screens``."""
BEHIND_A_MAIL = "one-tap"
LOOKS = 3
"""Loads of one page whose median is its score: what else the machine does weighs on each alone."""
ACCESSIBILITY, PERFORMANCE = 100, 95
PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}
MOMENTS = """() => {
    const [painted] = performance.getEntriesByName("first-contentful-paint");
    const [loaded] = performance.getEntriesByType("navigation");
    return [painted.startTime, Math.max(painted.startTime, loaded.domContentLoadedEventEnd)];
}"""
"""When something was first painted, and when the scripts behind the buttons had run, too: milliseconds."""


@dataclass(frozen=True)
class Line:
    """A network: milliseconds that each request waits, kbit/s, and the milliseconds in which a page must be usable."""

    latency: int
    speed: int
    usable_in: int

    def conditions(self) -> dict[str, Any]:
        """As Chromium's Network.emulateNetworkConditions takes them: bytes a second."""
        speed = self.speed * 1000 / 8
        return {"offline": False, "latency": self.latency, "downloadThroughput": speed, "uploadThroughput": speed}


LINES = (Line(400, 400, 2500), Line(150, 1600, 1000))


class Lighthouse:
    """Looks at pages of one running copy; ``headers`` by who signs in carry the session."""

    def __init__(self, base: str, headers: Mapping[str, str]) -> None:
        self.base, self.headers = base, headers

    def look(self, path: str, who: str) -> dict[str, Any]:
        """The report of one load with an empty cache, as Lighthouse writes it."""
        with tempfile.TemporaryDirectory() as folder:
            written = Path(folder, "report.json")
            headers = Path(folder, "headers.json")
            headers.write_text(json.dumps({"Cookie": self.headers[who]} if self.headers[who] else {}))
            command = [
                str(TOOL / "node_modules/.bin/lighthouse"),
                self.base + path,
                "--only-categories=performance,accessibility",
                "--output=json",
                f"--output-path={written}",
                f"--extra-headers={headers}",
                "--quiet",
                f"--chrome-flags=--headless {'--no-sandbox' if os.geteuid() == 0 else ''}",
            ]
            subprocess.run(command, check=True, env={**os.environ, "CHROME_PATH": installed_chromium() or ""})
            report: dict[str, Any] = json.loads(written.read_text())
            return report


def scores(lighthouse: Lighthouse, screen: Screen, path: str) -> Iterator[str]:
    """One line of figures, then one for each fault."""
    reports = [lighthouse.look(path, screen.who) for _ in range(LOOKS)]
    quick = statistics.median(_score(report, "performance") for report in reports)
    open_to_all = min(_score(report, "accessibility") for report in reports)
    print(f"{screen.name:16} performance {quick:3.0f}  accessibility {open_to_all:3.0f}", flush=True)
    if quick < PERFORMANCE:
        yield f"{screen.name}: performance {quick:.0f} < {PERFORMANCE} ({_worst(reports[0], 'performance')})"
    if open_to_all < ACCESSIBILITY:
        yield f"{screen.name}: accessibility {open_to_all:.0f} < 100 ({_worst(reports[0], 'accessibility')})"


def on_slow_lines(browser: Any, screen: Screen, address: str) -> Iterator[str]:
    """Painted and usable with an empty cache, on a line that is really slowed down."""
    for line in LINES:
        looks = [_slowly(browser, address, line) for _ in range(LOOKS)]
        painted, usable = (statistics.median(each) for each in zip(*looks, strict=True))
        print(f"{screen.name:16} {line.latency} ms, {line.speed} kbit/s: painted {painted:.0f}, usable {usable:.0f} ms")
        if usable > line.usable_in:
            yield f"{screen.name}: usable after {usable:.0f} ms at {line.speed} kbit/s, not {line.usable_in}"


def _slowly(browser: Any, address: str, line: Line) -> list[float]:
    context = browser.new_context(**PHONE)
    page = context.new_page()
    context.new_cdp_session(page).send("Network.emulateNetworkConditions", line.conditions())
    page.goto(address, wait_until="networkidle")
    moments: list[float] = page.evaluate(MOMENTS)
    context.close()
    return moments


def _score(report: dict[str, Any], category: str) -> float:
    return float(report["categories"][category]["score"] or 0) * 100


def _worst(report: dict[str, Any], category: str) -> str:
    """The audits that cost the category most."""
    audits = report["audits"]
    lost = {
        part["id"]: part["weight"] * (1 - audits[part["id"]]["score"])
        for part in report["categories"][category]["auditRefs"]
        if audits[part["id"]]["score"] is not None
    }
    costly = sorted((name for name in lost if lost[name] > 0), key=lambda name: -lost[name])
    return ", ".join(f"{name} {audits[name].get('displayValue', '')}".strip() for name in costly[:4])


def _cookies(camera: Camera, who: str) -> str:
    state = camera.session(who, "vi")
    return "; ".join(f"{each['name']}={each['value']}" for each in state["cookies"])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", default=AUDITED, choices=AUDITED)
    only = parser.parse_args().only
    audited = [screen for screen in SCREENS if screen.name in only]
    from playwright.sync_api import sync_playwright

    with running_copy() as base:
        app = create_app()
        facts = {"manager": seed.MANAGER, "admin": seed.ADMIN} | samples.prepare(app)
        facts |= until(lambda: samples.called(app, facts), "the first call of an incident")
        faults = list[str]()
        with sync_playwright() as playwright:
            camera = Camera(launch(playwright), base, facts)
            headers = {screen.who: _cookies(camera, screen.who) for screen in audited}
            for screen in audited:
                if screen.name == BEHIND_A_MAIL:
                    faults += on_slow_lines(camera.browser, screen, base + screen.path.format(**facts))
        lighthouse = Lighthouse(base, headers)
        for screen in audited:
            faults += scores(lighthouse, screen, screen.path.format(**facts))
    print("\n".join([*faults, f"{len(faults)} faults"]))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
