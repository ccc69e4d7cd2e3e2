"""What is wrong with the markup of a page, or of a part of one that htmx puts into a page.

What a page refers to outside itself is :mod:`tests.support.page_links`; both are applied by ``IsolatedClient``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from turbohtml import Document, Element, TokenType, parse, parse_fragment, tokenize
from turbohtml.conformance import check

PRODUCT = "Trực Tết"
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
IMPLIED = "tbody"
"""The element that a browser makes where it is left out; the others that may be (``head``, …) stand on every page."""
FIELDS = ":is(input:not([type=hidden]), select, textarea, button):not([hidden])"
PRESSED = ("submit", "button", "reset")
BY_ID = ("for", "form", "list", "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "aria-details")
BY_SELECTOR = ("hx-target", "hx-include", "hx-select-oob")
DATA_BLOCKS = ("application/json", "application/ld+json")
LEFT_OVER = re.compile(r"%\(\w+\)[sd]|\{\{|\{%| object at 0x[0-9a-f]+")
"""Templates and places in sentences that nobody filled."""
SHOWN = "//text()[normalize-space() and not(ancestor::script or ancestor::style or ancestor::code or ancestor::pre)]"
WORDS = ("title", "alt", "placeholder", "aria-label")
ADVICE = "section-no-heading"
"""What the checker only recommends: many a section of ours is named by its place."""


def is_whole(markup: str) -> bool:
    return markup[:200].lstrip().lower().startswith("<!doctype")


def parse_markup(markup: str) -> Document | Element:
    """As a browser reads it; a part as it stands inside ``template``, where a row needs no table."""
    return parse(markup, positions=True) if is_whole(markup) else parse_fragment(markup, context="template")


def faults(markup: str, tree: Document | Element) -> list[str]:
    found = [*_misread(markup, tree), *_invalid(markup, tree), *_forbidden(tree), *_unlabelled(tree), *_left_over(tree)]
    if is_whole(markup):
        found += [*_headed(tree), *_unresolved(tree)]
    return found


def _misread(markup: str, tree: Document | Element) -> Iterator[str]:
    """Where browsers nest elements otherwise than they are written: not closed, closed twice, not allowed there."""
    written, lines = _tags(markup)
    understood, _lines = _tags(tree.serialize() if isinstance(tree, Document) else tree.inner_html)
    if written == understood:
        return
    for what, start, end, first, last in SequenceMatcher(None, written, understood, autojunk=False).get_opcodes():
        if what != "equal":
            line = lines[min(start, len(lines) - 1)] if lines else 1
            yield f"line {line}: written {' '.join(written[start:end])!r}, read {' '.join(understood[first:last])!r}"
            return  # what follows is of the same making


def _tags(markup: str) -> tuple[list[str], list[int]]:
    """Each start and end of an element in order, and its line."""
    tags, lines = list[str](), list[int]()
    for token in tokenize(markup, capture_attributes=False):
        tag = token.tag
        if tag is None or tag == IMPLIED:
            continue
        ends = token.type is TokenType.END_TAG
        tags.append(f"/{tag}" if ends else tag)
        lines.append(token.line)
        if token.self_closing and not ends and tag not in VOID:
            tags.append(f"/{tag}")
            lines.append(token.line)
    return tags, lines


def _invalid(markup: str, tree: Document | Element) -> Iterator[str]:
    errors = tree.errors if isinstance(tree, Document) else parse(markup).errors
    yield from (f"line {error.line}: {error.code}" for error in errors)
    if isinstance(tree, Document):
        yield from (f"line {each.line}: {each.message}" for each in check(tree).messages if each.code != ADVICE)
    else:
        yield from (f"line {each.line}: {each.message}" for each in check(tree).errors)


def _headed(tree: Document | Element) -> Iterator[str]:
    if (count := len(tree.select("h1"))) != 1:
        yield f"{count} h1"
    title = tree.select_one("title")
    own = re.sub(rf"[\s–·-]*{PRODUCT}\s*$", "", title.text) if title else ""
    if not own.strip():
        yield f"title says nothing of the page: {title.text if title else None!r}"


def _forbidden(tree: Document | Element) -> Iterator[str]:
    """What the content security policy would not let run or be seen."""
    for each in tree.select("script:not([src])"):
        if each.attr("type") not in DATA_BLOCKS:
            yield f"{_at(each)}: an inline script"
    yield from (f"{_at(each)}: an inline style" for each in tree.select("style, [style]"))
    for each in tree.iter_elements():
        for name in each.attrs:
            if name.startswith(("on", "hx-on")):
                yield f"{_at(each)}: a handler in {name}"


def _unlabelled(tree: Document | Element) -> Iterator[str]:
    labelled = {label.attr("for") for label in tree.select("label[for]")}
    for field in tree.select(FIELDS):
        if not (_is_named(field) or field.attr("id", "") in labelled or field.closest("label")):
            yield f"{_at(field)}: no label"


def _is_named(field: Element) -> bool:
    """Whether the field says itself what it is for."""
    if field.matches("[aria-label], [aria-labelledby]"):
        return True
    if field.tag == "button":
        return bool(field.text.strip() or field.attr("title"))
    return field.attr("type") in PRESSED and bool(field.attr("value"))


def _unresolved(tree: Document | Element) -> Iterator[str]:
    there = {each.attr("id") for each in tree.select("[id]")} | {"", "top"}
    for element, name, named in _named(tree):
        if named not in there:
            yield f"{_at(element)}: {name} names {named!r}, which is not there"


def _named(tree: Document | Element) -> Iterator[tuple[Element, str, str]]:
    """(element, attribute, id that it names)"""
    for name in BY_ID:
        for each in tree.select(f"[{name}]"):
            yield from ((each, name, named) for named in (each.attr(name) or "").split())
    for name in BY_SELECTOR:
        for each in tree.select(f"[{name}]"):
            yield from ((each, name, named) for named in re.findall(r"#([\w-]+)", each.attr(name) or ""))
    yield from ((link, "href", (link.attr("href") or "")[1:]) for link in tree.select('a[href^="#"]'))


def _left_over(tree: Document | Element) -> Iterator[str]:
    for text in _texts(tree):
        if found := LEFT_OVER.search(text):
            yield f"{found.group()!r} is left in {text[:80]!r}"


def _texts(tree: Document | Element) -> Iterator[str]:
    """What is read on the page, in words and in attributes."""
    yield from (str(node) for node in tree.xpath(SHOWN))
    for name in WORDS:
        yield from (each.attr(name) or "" for each in tree.select(f"[{name}]"))


def _at(element: Element) -> str:
    named = element.attr("id") or element.attr("name") or element.attr("class") or ""
    return f"line {element.source_line}: <{' '.join(filter(None, (element.tag, str(named))))}>"
