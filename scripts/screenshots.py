"""Pictures of every screen: ``make screenshots`` (``ARGS='--only desk'`` for one).

Starts a fresh copy on the demo data in a temporary folder, walks every screen on phone and laptop, in Vietnamese and
English, light and dark, and writes ``screenshots/<name>-<device>-<language>-<theme>.png``. Reports what a look would
miss: pages wider than the screen, errors in the console, answers of 400 and above, pages that no screen shows.
"""

from __future__ import annotations

import argparse
import itertools
import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from PIL import Image

from app import create_app
from desk.demo import seed
from scripts import moments, unseen_pages
from scripts.samples import whole as samples
from scripts.screens import SCREENS, Screen
from tests.support.browser import launch
from tests.support.live import free_port

ROOT = Path(__file__).parents[1]
OUT = ROOT / "screenshots"
GUIDES = ROOT / "docs/images/huong-dan"
GUIDED = {
    "phone": ("own", "my-swap", "point-today"),
    "laptop": ("by-unit", "publish-part", "grid-month", "confirmations", "illness", "readiness"),
}
"""What ``docs/huong-dan`` shows, in Vietnamese and light."""
TALLEST = 1100
"""Pixels of a picture of the guides: the rest of a long page says no more."""
PATIENCE = 120.0
DEVICES: dict[str, dict[str, Any]] = {
    "phone": {
        "viewport": {"width": 360, "height": 740},
        "device_scale_factor": 2,
        "has_touch": True,
        "is_mobile": True,
    },
    "laptop": {"viewport": {"width": 1280, "height": 860}},
}
LANGUAGES, THEMES = ("vi", "en"), ("light", "dark")
WIDEST = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return '';
  const over = [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > width + 1);
  const shown = over.slice(0, 2).map(e => e.tagName.toLowerCase() + '.' + e.getAttribute('class')).join(', ');
  return `wider than the screen: ${document.documentElement.scrollWidth} px (${shown})`;
}"""


def until(found: Callable[[], Any], what: str) -> Any:
    ends = time.monotonic() + PATIENCE
    while not (result := found()):
        if time.monotonic() > ends:
            sys.exit(f"gave up waiting for {what}")
        time.sleep(0.2)
    return result


@contextmanager
def running_copy() -> Iterator[str]:
    """A whole copy on the demo data; yields its address. ``os.environ`` describes it from then on."""
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        for name in ("DATABASE_URL", "MAIL_URL", "PUBLIC_URL", "APP_ENV", "SECRET_KEY"):
            os.environ.pop(name, None)
        os.environ.update(DATA_DIR=folder, HOST="127.0.0.1", PORT=str(port), DEMO="1")
        copy = subprocess.Popen([sys.executable, "serve.py"], cwd=ROOT, stdout=subprocess.DEVNULL)
        try:
            base = f"http://127.0.0.1:{port}"
            until(lambda: copy.poll() is not None or is_ready(base), "the application")
            yield base
        finally:
            copy.terminate()
            copy.wait()


def is_ready(base: str) -> bool:
    try:
        with urllib.request.urlopen(f"{base}/readyz", timeout=5):  # noqa: S310  (loopback)
            return True
    except (OSError, urllib.error.URLError):
        return False


class Camera:
    """One browser; a context per person, device, language and theme."""

    def __init__(self, browser: Any, base: str, facts: dict[str, str]) -> None:
        self.browser, self.base, self.facts = browser, base, facts
        self.faults: list[str] = []
        self._signed_in: dict[str, Any] = {}

    def shoot(self, shown: list[Screen], device: str, language: str, theme: str) -> None:
        for who, group in itertools.groupby(sorted(shown, key=lambda each: each.who), key=lambda each: each.who):
            context = self.browser.new_context(
                **DEVICES[device], color_scheme=theme, storage_state=self.session(who, language)
            )
            for screen in group:
                self._picture(context, screen, device, f"{screen.name}-{device}-{language}-{theme}")
            context.close()

    def moments(self, app: Flask, wanted: Collection[str], device: str, language: str, *, theme: str) -> None:
        """What has no address (``scripts.moments``): letters are in Vietnamese, as whoever is called reads."""
        look = {**DEVICES[device], "color_scheme": theme}
        if "call-letter" in wanted and language == "vi":
            page = self.browser.new_context(**look).new_page()
            moments.letter(app, self.facts["message"], page)
            self._keep(page, f"call-letter-{device}-{language}-{theme}")
        if "morning-letter" in wanted and language == "vi":
            page = self.browser.new_context(**look).new_page()
            moments.morning(app, seed.MANAGER.upper(), page)
            self._keep(page, f"morning-letter-{device}-{language}-{theme}")
        on_pages = {
            "home-screen": ("phone", "duty", moments.home_screen),
            "words-refused": ("phone", "duty", moments.words_refused),
            "zalo-recipe": ("laptop", "admin", moments.zalo_recipe),
        }
        for name, (where, who, show) in on_pages.items():
            if name in wanted and device == where:
                page = self.browser.new_context(**look, storage_state=self.session(who, language)).new_page()
                show(self.base, page)
                self._keep(page, f"{name}-{device}-{language}-{theme}")

    @staticmethod
    def _keep(page: Any, name: str) -> None:
        page.screenshot(path=OUT / f"{name}.png", animations="disabled")
        page.context.close()

    def _picture(self, context: Any, screen: Screen, device: str, name: str) -> None:
        page, expected = context.new_page(), 404 if screen.name == "not-found" else 200
        page.on("console", lambda said: self._note(name, said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: self._note(name, str(error)))
        page.on("response", lambda answer: self._answered(name, answer, expected))
        page.goto(self.base + screen.address(self.facts, name.split("-")[-2]))
        page.wait_for_load_state("load")
        page.evaluate("document.fonts.ready")
        wide = page.evaluate(WIDEST)
        if wide:
            self._note(name, wide)
        # As tall as the page, so that what sticks to the lower edge is shown at the lower edge.
        size = DEVICES[device]["viewport"]
        height = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({**size, "height": max(size["height"], height)})
        page.screenshot(path=OUT / f"{name}.png", animations="disabled")
        page.close()

    def _answered(self, name: str, answer: Any, expected: int) -> None:
        if answer.status >= 400 and answer.status != expected:
            self._note(name, f"{answer.status} {answer.url.removeprefix(self.base)}")

    def _note(self, name: str, fault: str) -> None:
        if name.startswith("not-found") and "404" in fault:
            return
        self.faults.append(f"{name}: {fault}")

    def session(self, who: str, language: str) -> Any:
        """Signed in once per person and language; the sign-in itself is throttled."""
        key = f"{who} {language}"
        if key not in self._signed_in:
            context = self.browser.new_context()
            page = context.new_page()
            page.goto(f"{self.base}/login")
            if who != "nobody":
                page.fill("input[name=identifier]", self.facts.get(who, who))
                page.fill("input[name=password]", seed.PASSWORD)
                page.click("main form button")
                page.wait_for_url(lambda url: "/login" not in url)
            # To and fro for Vietnamese: said by this profile it outlasts what the account says elsewhere.
            for chosen in ("en",) if language == "en" else ("en", "vi"):
                if page.get_attribute("html", "lang") != chosen:
                    page.locator("header details.menu summary").last.click()
                    page.click("header button[name=language]")
                    page.wait_for_selector(f"html[lang={chosen}]")
            self._signed_in[key] = context.storage_state()
            context.close()
        return self._signed_in[key]


def main() -> int:
    options = _options()
    if options.guides:
        options.language, options.theme = ["vi"], ["light"]
        options.only = [name for names in GUIDED.values() for name in names]
    shown = [each for each in SCREENS if not options.only or each.name in options.only]
    OUT.mkdir(exist_ok=True)
    from playwright.sync_api import sync_playwright

    with running_copy() as base, sync_playwright() as playwright:
        app = create_app()
        facts = {"manager": seed.MANAGER, "admin": seed.ADMIN} | samples.prepare(app)
        facts |= until(lambda: samples.called(app, facts), "the first call of an incident")
        camera = Camera(launch(playwright), base, facts)
        for device, language, theme in itertools.product(options.device, options.language, options.theme):
            camera.shoot(shown, device, language, theme)
            camera.moments(app, options.only or moments.MOMENTS, device, language, theme=theme)
            print(f"{device} {language} {theme}: {len(shown)} screens", flush=True)
        unseen = [] if options.only else unseen_pages.unseen(app, facts)
    if options.guides:
        _keep_for_guides()
    faults = [*dict.fromkeys(camera.faults), *(f"no screen shows {rule}" for rule in unseen)]
    print("\n".join([*faults, f"{len(faults)} faults; pictures in {OUT.relative_to(ROOT)}/"]))
    return 1 if faults else 0


def _keep_for_guides() -> None:
    """As small as pictures of pages can be: at one pixel a point, in few colours."""
    GUIDES.mkdir(parents=True, exist_ok=True)
    for device, names in GUIDED.items():
        for name in names:
            picture = Image.open(OUT / f"{name}-{device}-vi-light.png").convert("RGB")
            width = DEVICES[device]["viewport"]["width"]
            picture = picture.resize((width, round(picture.height * width / picture.width)))
            cut = picture.crop((0, 0, width, min(picture.height, TALLEST)))
            cut.quantize(96, dither=Image.Dither.NONE).save(GUIDES / f"{name}.png", optimize=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    names = [*(each.name for each in SCREENS), *moments.MOMENTS]
    parser.add_argument("--guides", action="store_true", help="only what docs/huong-dan shows, kept in docs/images")
    parser.add_argument("--only", nargs="+", choices=names, metavar="NAME", help=", ".join(names))
    parser.add_argument("--device", nargs="+", choices=list(DEVICES), default=list(DEVICES))
    parser.add_argument("--language", nargs="+", choices=LANGUAGES, default=LANGUAGES)
    parser.add_argument("--theme", nargs="+", choices=THEMES, default=THEMES)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
