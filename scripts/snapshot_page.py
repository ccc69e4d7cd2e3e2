"""HTML → an outline one thing a line: elements as they nest, and with them the words that a person reads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
DRAWN = {"path", "circle", "rect", "line", "g", "polyline", "polygon", "use", "defs", "ellipse"}
"""Left out of the outline: what a picture consists of."""
SILENT = {"script", "style"}
READ = ("alt", "aria-label", "placeholder", "title")
TOLD = (
    "action",
    "disabled",
    "for",
    "form",
    "formaction",
    "formmethod",
    "href",
    "lang",
    "method",
    "name",
    "readonly",
    "required",
    "role",
    "scope",
    "src",
    "type",
)
"""Attributes that are said with their values; those of READ are words for the reader."""
STATES = ("checked", "selected", "open", "hidden")
ADDRESSES = {"action", "formaction", "href", "src"}
WITH_VALUE = {"option", "button", "data", "meter", "progress"}
CHANGING = {"data-etag"}
READABLE = re.compile(r"[^\W\d_].*\s|\s.*[^\W\d_]|[^\x00-\x7f]|^[A-Z][a-z]+$")
PLAIN = re.compile(r"[a-z/_-]{1,24}")
NUMBER = re.compile(r"\d+")
ROW = re.compile(r"(?<=/)\d+(?=$|[/?#.])")
VERSION = re.compile(r"(/static/[^?]*)\?.*")
FRAME = re.compile(
    r"a\.skip|section\.unreached|header\.top|div\.banner\.drill|nav\.tabbar|dialog#keys-help|footer\.foot"
)
EVERYWHERE = ("meta", "/static/fonts/", "/static/icon.", "/static/vendor/", "/static/js/app.js", "/static/css/app.css")
"""What each page loads and says in its head."""
HEAD = {"meta", "link", "script"}


@dataclass
class Line:
    """An element with its attributes and the words right after it, or (``element`` empty) words between elements."""

    depth: int
    element: str = ""
    told: str = ""
    read: str = ""
    words: str = ""

    def __str__(self) -> str:
        inside = " ".join(part for part in (self.read, self.told) if part)
        said = [self.element, f"[{inside}]" if inside else "", f"| {self.words}" if self.words else ""]
        return " " * self.depth + " ".join(part for part in said if part)


class Outline(HTMLParser):
    """``lines``: elements in the order of the page, pictures and scripts without what is in them."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[Line] = []
        self._open: list[str] = []
        self._words: list[str] = []
        self._fresh = False
        """Whether the last line is an element into which nothing has been said yet."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._flush()
        if tag not in DRAWN:
            self.lines.append(_line(self._depth(), tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self._open.append(tag)
        self._fresh = tag not in VOID | DRAWN

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        self._flush()
        if tag in self._open:  # what was left open ends here too
            while self._open.pop() != tag:
                pass
        self._fresh = False

    def handle_data(self, data: str) -> None:
        if not SILENT & set(self._open):
            self._words.append(data)

    def close(self) -> None:
        super().close()
        self._flush()

    def _flush(self) -> None:
        words = " ".join("".join(self._words).split())
        self._words.clear()
        if not words:
            return
        if self._fresh:
            self.lines[-1].words = words
        else:
            self.lines.append(Line(self._depth(), words=words))
        self._fresh = False

    def _depth(self) -> int:
        return sum(tag not in DRAWN for tag in self._open)


def _line(depth: int, tag: str, attributes: dict[str, str]) -> Line:
    identity = f"#{NUMBER.sub('<n>', attributes['id'])}" if attributes.get("id") else ""
    classes = "".join(f".{name}" for name in sorted(attributes.get("class", "").split()))
    return Line(
        depth,
        f"{tag}{identity}{classes}",
        told=" ".join(_told(tag, attributes)),
        read=" ".join(_shown_attributes(attributes)),
    )


def _shown_attributes(attributes: dict[str, str]) -> Iterator[str]:
    """Attributes that somebody reads, or that a script shows."""
    yield from (f"{name}={attributes[name]}" for name in READ if name in attributes)
    data = (name for name in sorted(attributes) if name.startswith("data-") and READABLE.search(attributes[name]))
    yield from (f"{name}={attributes[name]}" for name in data)


def _told(tag: str, attributes: dict[str, str]) -> Iterator[str]:
    yield from (f"{name}={_value(name, attributes[name])}" for name in TOLD if name in attributes)
    if "value" in attributes and (tag in WITH_VALUE or attributes.get("type") in ("submit", "radio", "checkbox")):
        yield f"value={attributes['value']}"
    yield from (name for name in STATES if name in attributes)
    for name in sorted(attributes):
        if name.startswith("data-") and not READABLE.search(attributes[name]):
            plain = name not in CHANGING and PLAIN.fullmatch(attributes[name])
            yield f"{name}={attributes[name]}" if plain else name


def _value(name: str, value: str) -> str:
    if name in ADDRESSES:
        return VERSION.sub(r"\1", ROW.sub("<n>", value))
    return NUMBER.sub("<n>", value) if name in ("for", "form") else value


def outline(html: str) -> list[Line]:
    """Return what a page consists of."""
    reading = Outline()
    reading.feed(html)
    reading.close()
    return reading.lines


def without_frame(lines: list[Line]) -> Iterator[Line]:
    """Yield what stands around every page (header, menus, footer) by its first line alone, its head without what all
    load."""
    within: int | None = None
    for line in lines:
        if line.depth == 2 and line.element in HEAD and any(each in str(line) for each in EVERYWHERE):
            continue
        if within is not None and line.depth > within:
            continue
        within = line.depth if FRAME.match(line.element) else None
        yield Line(line.depth, line.element, words="…") if within is not None else line


def same_structure(one: list[Line], other: list[Line]) -> bool:
    """Whether two pages differ in words alone."""
    return [(line.depth, line.element) for line in one] == [(line.depth, line.element) for line in other]


def only_words(lines: list[Line]) -> Iterator[Line]:
    """Yield what is read of an outline."""
    for line in lines:
        if line.read or line.words:
            tag = re.split(r"[.#]", line.element)[0]
            yield Line(0, tag, read=line.read, words=line.words)
