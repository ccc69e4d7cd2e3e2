"""A page as a reader meets it: what is wrong with it on that device, in that theme and language.

Every screen is looked at in each language and on both devices, and by axe on the first of them in one theme. Half of
the screens are light on the phone, half dark. In one of the languages, Vietnamese for half of the screens, axe reads
long lists to their end, and the head of each page; in the other it reads the head where it differs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from core.calendar import lunar
from scripts.screens import SCREENS, Screen
from tests.support.axe import CHROME, REPEATED
from tests.support.seeded import SeededSite

PHONE, LAPTOP = {"width": 360, "height": 740}, {"width": 1280, "height": 860}
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
    "đồng",
)
"""The product, a language's own name, words that English keeps, its money, names given as examples or to a calendar."""
YEARS = [lunar.can_chi(year) for year in range(1990, 2050)]

WIDER = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  return [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > width + 1)
    .slice(0, 3).map(e => `${e.tagName} ${e.className}`).concat(`${document.documentElement.scrollWidth} px`);
}"""
SETTLED = """async width => {
  await document.fonts.ready;
  const frame = () => new Promise(done => requestAnimationFrame(() => done(document.documentElement.scrollWidth)));
  for (const ends = Date.now() + 60_000; Date.now() < ends;) {
    const [first, second, third] = [await frame(), await frame(), await frame()];
    if (innerWidth === width && first === second && second === third) return true;
  }
  return false;
}"""
"""Whether it became as wide as it was told to be, and was laid out alike in three frames."""
CRAMPED = """() => [...document.querySelectorAll('input, select, textarea')]
  .filter(e => !e.matches('[type=hidden], [type=checkbox], [type=radio]'))
  .filter(e => e.checkVisibility() && e.getBoundingClientRect().width < 44 && e.getBoundingClientRect().width > 1)
  .map(e => `${e.name || e.className} ${Math.round(e.getBoundingClientRect().width)} px`)"""
"""Fields in which no word can be read; one pixel is how something is shown to screen readers alone."""
MARKUP = re.compile(r"</?[a-z]+[ >]")
"""A tag that is read out as words."""
UNLABELLED = """() => [...document.querySelectorAll('input:not([type=hidden]), select, textarea, button')]
  .filter(e => !(e.hidden || e.labels?.length || e.matches('[aria-label], [aria-labelledby], [title]')
                 || e.tagName === 'BUTTON' && e.textContent.trim()))
  .map(e => e.outerHTML.slice(0, 120))"""
CHROME_THERE = (
    """chrome => [...document.querySelectorAll(chrome)].map(e => e.outerHTML.replace(/ value="[^"]*"/g, '')).join()"""
)
"""Without what differs from page to page: tokens, and the address to come back to."""
WORDS = """() => {
  const found = [document.title], chrome = e => e && !e.closest('[lang=vi], script, style, noscript, code, pre');
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) if (chrome(walker.currentNode.parentElement)) found.push(walker.currentNode.data.trim());
  const said = ['aria-label', 'title', 'placeholder', 'alt'];
  for (const e of document.querySelectorAll(said.map(name => `[${name}]`).join()))
    if (chrome(e)) found.push(...said.map(name => e.getAttribute(name)));
  return [...new Set(found)].filter(Boolean);
}"""


LAYOUT = f"async width => [await ({SETTLED})(width), ({WIDER})(), ({CRAMPED})()]"
SAID = f"""() => [document.documentElement.lang, document.title, document.querySelectorAll('h1').length,
  ({UNLABELLED})(), ({WORDS})()]"""
"""All at once: to ask and to be answered costs more than the answer."""


def looks(screen: Screen, language: str) -> tuple[dict[str, int], dict[str, int], str]:
    """The sizes of both looks at a screen in that language, and the theme in which axe sees the first."""
    on_phone, on_laptop = ("light", "dark") if SCREENS.index(screen) % 2 == 0 else ("dark", "light")
    return (PHONE, LAPTOP, on_phone) if language == "vi" else (LAPTOP, PHONE, on_laptop)


def is_read_to_the_end(screen: Screen, language: str) -> bool:
    """Whether axe reads the whole screen in that language; in the other one it leaves out what it has read already."""
    return (SCREENS.index(screen) // 2 % 2 == 0) != (language == "vi")


class Visit:
    """One page in one language, opened for its first look, with what the browser complained of meanwhile."""

    def __init__(self, site: SeededSite, page: Any, screen: Screen, language: str) -> None:
        self.page, self.complaints = page, list[str]()
        self._expected = 404 if screen.name == "not-found" else 200
        self._ears = {
            "console": lambda said: self._said(said.type, said.text),
            "pageerror": lambda error: self.complaints.append(str(error)),
        }
        for event, ear in self._ears.items():
            page.on(event, ear)
        first, _second, theme = looks(screen, language)
        page.set_viewport_size(first)  # laid out once instead of twice
        page.emulate_media(color_scheme=theme)
        self._site, self._refused_before = site, len(site.refused)
        self.answer = page.goto(screen.address(site.facts, language))

    def leave(self) -> None:
        refused = self._site.refused[self._refused_before :]
        self.complaints += [f"{status} {url}" for status, url in refused if status != self._expected]
        for event, ear in self._ears.items():
            self.page.remove_listener(event, ear)

    def _said(self, kind: str, text: str) -> None:
        if kind == "error" and f"status of {self._expected}" not in text:
            self.complaints.append(text)

    def wrong_layout(self, size: dict[str, int]) -> list[str]:
        """What does not fit at that size, in whatever theme: that is another palette and nothing else."""
        self.page.set_viewport_size(size)
        settled, wider, cramped = self.page.evaluate(LAYOUT, size["width"])
        assert settled, "it never comes to rest"
        found = [f"wider than the screen: {each}" for each in wider]
        found += [f"too narrow to be read: {each}" for each in cramped]
        return [f"{size['width']} px: {each}" for each in found]


def settle(page: Any, size: dict[str, int]) -> None:
    """Colours and what depends on the width change with the next frames, which a busy machine takes its time for."""
    assert page.evaluate(SETTLED, size["width"]), "it never comes to rest"


@contextmanager
def visiting(site: SeededSite, screen: Screen, language: str) -> Iterator[Visit]:
    """The page, opened by whoever it is for, beside a worker that lives."""
    site.keep_awake()
    with site.tab(screen.who, language) as page:
        visit = Visit(site, page, screen, language)
        yield visit
        visit.leave()


def faults_of(site: SeededSite, screen: Screen, language: str, axe: Any) -> list[str]:
    """Open the page and look; what is wrong, one a line."""
    first, second, theme = looks(screen, language)
    with visiting(site, screen, language) as visit:
        page = visit.page
        assert visit.answer.status == (404 if screen.name == "not-found" else 200)
        wrong = visit.wrong_layout(first)
        without = "" if is_read_to_the_end(screen, language) else _seen(site, page, (first["width"], theme))
        wrong += [f"{first['width']} px, {theme}: {fault}" for fault in axe(page, without=without)]
        wrong += visit.wrong_layout(second)
        lang, title, headings, unlabelled, words = page.evaluate(SAID)
    assert lang == language and title.strip(" –") and headings == 1, (lang, title, headings)
    wrong += [f"no label: {each}" for each in unlabelled]
    wrong += [f"markup as words: {each}" for each in words if MARKUP.search(each)]
    if language == "en":
        wrong += [f"not in English: {each}" for each in untranslated(words, site.names)]
    return wrong + visit.complaints


def _seen(site: SeededSite, page: Any, look: tuple[int, str]) -> str:
    """What axe has read already: repetitions, and the head of the page where it looked just so on another one."""
    around = (*look, page.evaluate(CHROME_THERE, CHROME))
    seen = around in site.chrome_read
    site.chrome_read.add(around)
    return f"{REPEATED}, {CHROME}" if seen else REPEATED


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
