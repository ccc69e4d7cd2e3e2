"""Every page as a reader meets it: phone and laptop, light and dark, Vietnamese and English, on the demo.

The pages are those of ``scripts.screens``; one that nobody listed there fails ``test_every_page_is_walked``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from core import lunar
from desk import demo
from scripts import screens
from scripts.screens import SCREENS, Screen
from tests.support.seeded import SeededSite, seeded_site

PHONE, LAPTOP = {"width": 360, "height": 740}, {"width": 1280, "height": 860}
# Each language on both devices; axe looks at both themes and both layouts, and once more at English.
LOOKS = {"vi": ((PHONE, "light"), (LAPTOP, "dark")), "en": ((PHONE, "dark"), (LAPTOP, "light"))}
VIETNAMESE = re.compile(r"[À-ÃÈ-ÊÌÍÒ-ÕÙÚÝà-ãè-êìíò-õùúýĂăĐđĨĩŨũƠơƯưẠ-ỹ]")
STAYS = (
    "Trực Tết",
    "Tiếng Việt",
    "Tết",
    "Mùng",
    "Giao thừa",
    "Bưu điện tỉnh Cao Nguyên",
    "Bưu điện Pleiku",
    "Ca trực của",
)
"""The product, a language's own name, words that English keeps, names given as examples or to a calendar."""
YEARS = [lunar.can_chi(year) for year in range(1990, 2050)]

WIDER = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  return [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > width + 1)
    .slice(0, 3).map(e => `${e.tagName} ${e.className}`).concat(`${document.documentElement.scrollWidth} px`);
}"""
UNLABELLED = """() => [...document.querySelectorAll('input:not([type=hidden]), select, textarea, button')]
  .filter(e => !(e.hidden || e.labels?.length || e.matches('[aria-label], [aria-labelledby], [title]')
                 || e.tagName === 'BUTTON' && e.textContent.trim()))
  .map(e => e.outerHTML.slice(0, 120))"""
WORDS = """() => {
  const found = [document.title], chrome = e => e && !e.closest('[lang=vi], script, style, noscript, code, pre');
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) if (chrome(walker.currentNode.parentElement)) found.push(walker.currentNode.data.trim());
  const said = ['aria-label', 'title', 'placeholder', 'alt'];
  for (const e of document.querySelectorAll(said.map(name => `[${name}]`).join()))
    if (chrome(e)) found.push(...said.map(name => e.getAttribute(name)));
  return [...new Set(found)].filter(Boolean);
}"""


@pytest.fixture(scope="module")
def site(_sqlite: Any, browser: Any) -> Iterator[SeededSite]:
    from core.db import db

    store, app = _sqlite
    store.reset()
    settings = dict(app.config)
    with pytest.MonkeyPatch.context() as patch, app.app_context():
        patch.setattr(demo, "SOLVE_SECONDS", 1)  # a roster good enough to look at
        with seeded_site(app, browser) as made:
            yield made
        db.session.remove()
        db.engine.dispose()
    app.config.clear()
    app.config.update(settings)


class Visit:
    """One page in one language, with what the browser complained of meanwhile."""

    def __init__(self, site: SeededSite, screen: Screen, language: str) -> None:
        self.page, self.complaints = site.context(screen.who, language).new_page(), list[str]()
        self._expected = 404 if screen.name == "not-found" else 200
        self.page.on("console", lambda said: self._said(said.type, said.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("response", lambda answer: self._answered(answer.status, answer.url))
        self.answer = self.page.goto(screen.path.format(**site.facts))

    def _said(self, kind: str, text: str) -> None:
        if kind == "error" and f"status of {self._expected}" not in text:
            self.complaints.append(text)

    def _answered(self, status: int, url: str) -> None:
        if status >= 400 and status != self._expected:
            self.complaints.append(f"{status} {url}")

    def look(self, size: dict[str, int], theme: str, axe: Any) -> list[str]:
        """What is wrong at that size in that theme."""
        self.page.set_viewport_size(size)
        self.page.emulate_media(color_scheme=theme)
        self._settle()
        wide = [f"{size['width']} px: wider than the screen: {each}" for each in self.page.evaluate(WIDER)]
        return wide + [f"{size['width']} px, {theme}: {fault}" for fault in (self._faults(axe) if axe else [])]

    def _faults(self, axe: Any) -> list[str]:
        """What axe finds twice: on a busy machine an inherited colour of the old theme can outlive some frames."""
        found = axe(self.page)
        if found:
            self.page.wait_for_timeout(300)
            self._settle()
            found = [fault for fault in axe(self.page) if fault in found]
        return found

    def _settle(self) -> None:
        # The new colours are there after the next frame, which a busy machine takes its time for.
        self.page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        self.page.evaluate("document.fonts.ready.then(() => 0)")


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_page(site: SeededSite, axe: Any, screen: Screen, language: str) -> None:
    site.keep_awake()
    visit = Visit(site, screen, language)
    page = visit.page
    assert visit.answer.status == (404 if screen.name == "not-found" else 200)
    first, second = LOOKS[language]
    wrong = visit.look(*first, axe) + visit.look(*second, axe if language == "vi" else None)
    assert page.get_attribute("html", "lang") == language
    assert page.title().strip(" –") and page.locator("h1").count() == 1, page.title()
    wrong += [f"no label: {each}" for each in page.evaluate(UNLABELLED)]
    if language == "en":
        wrong += [f"not in English: {each}" for each in untranslated(page.evaluate(WORDS), site.names)]
    wrong += visit.complaints
    page.close()
    assert not wrong, "\n".join(wrong)


def untranslated(texts: list[str], names: list[str]) -> list[str]:
    """Texts in which Vietnamese is left once everything is taken out that is somebody's name for something."""
    data = sorted([*names, *YEARS, *STAYS], key=len, reverse=True)
    return [text for text in texts if VIETNAMESE.search(without(text, data))]


def without(text: str, names: list[str]) -> str:
    if not VIETNAMESE.search(text):
        return text
    text = text.casefold()  # some headings are set in capitals
    for name in names:
        text = text.replace(name.casefold(), "")
    return text


def test_untranslated_finds_what_is_left() -> None:
    texts = ["Sign in", "Đăng nhập", "Called Trần Thị Bình at 02:10", "Gọi Trần Thị Bình"]
    assert untranslated(texts, ["Trần Thị Bình"]) == ["Đăng nhập", "Gọi Trần Thị Bình"]


def test_every_page_is_walked(site: SeededSite) -> None:
    app: Flask = site.app
    assert screens.unseen(app, site.facts) == []


def test_the_first_load_is_light(site: SeededSite) -> None:
    """Everything but fonts that the desk takes over the wire the first time."""
    fresh = site.browser.new_context(
        base_url=site.url, storage_state=site.context("manager", "vi").storage_state(), locale="vi-VN"
    )
    page = fresh.new_page()
    kinds, weights = dict[str, str](), dict[str, float]()
    network = fresh.new_cdp_session(page)
    network.on("Network.responseReceived", lambda event: kinds.update({event["requestId"]: event["type"]}))
    network.on(
        "Network.loadingFinished", lambda event: weights.update({event["requestId"]: event["encodedDataLength"]})
    )
    network.send("Network.enable")
    page.goto("/", wait_until="networkidle")
    taken = [weight for request, weight in weights.items() if kinds.get(request) != "Font"]
    assert len(taken) > 5 and sum(taken) <= 150 * 1024, f"{sum(taken):.0f} bytes in {len(taken)} answers"
    fresh.close()
