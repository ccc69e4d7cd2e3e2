"""Pages obey a strict content security policy, and say everything in Vietnamese that can be translated."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.boundaries.tree import ROOT, parsed, product_python, relative, templates

FORBIDDEN = {
    "an inline style": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "an inline script": re.compile(r"<script\b(?![^>]*\bsrc\s*=)(?![^>]*application/json)", re.IGNORECASE),
    "an inline handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "an htmx handler": re.compile(r"\bhx-on[:=-]", re.IGNORECASE),
    "a javascript address": re.compile(r"javascript:", re.IGNORECASE),
    "something of another site": re.compile(r"(?:src|href)\s*=\s*[\"'](?:https?:)?//(?!www\.w3\.org)", re.IGNORECASE),
    "a browser's own field for days": re.compile(
        r"<input\b[^>]*\btype\s*=\s*[\"']?(?:date|datetime-local|month|week)\b"
        r"|\bfield\([^{}]*\btype\s*=\s*[\"'](?:date|datetime-local|month|week)",
        re.IGNORECASE,
    ),
    "unescaped output": re.compile(r"[^'\"\s]\s*\|\s*safe\b"),
}
# A QR code is an SVG that the product itself draws.
ALLOWED = {("templates/components/qr.html", "unescaped output")}
COMMENTS = re.compile(r"\{#.*?#\}|<!--.*?-->", re.DOTALL)
# Mail bodies are not pages: no policy applies to them, and their links leave for the product's own address.
PAGES = [path for path in templates() if path.suffix == ".html" and "messages" not in path.parts]


def faults(text: str) -> list[str]:
    bare = COMMENTS.sub("", text)
    return [name for name, pattern in FORBIDDEN.items() if pattern.search(bare)]


@pytest.mark.parametrize("path", PAGES, ids=relative)
def test_no_page_needs_what_the_policy_forbids(path: Path) -> None:
    found = {(relative(path), fault) for fault in faults(path.read_text("utf-8"))}
    assert found - ALLOWED == set()


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('<p class="a" style="color:red">', "an inline style"),
        ("<style>p{}</style>", "a style element"),
        ("<script>go()</script>", "an inline script"),
        ('<button type="button" onclick="go()">', "an inline handler"),
        ('<p hx-on:click="go()">', "an htmx handler"),
        ('<a href="https://elsewhere.example/">', "something of another site"),
        ("{{ name | safe }}", "unescaped output"),
        ('<input id="since" type="date" name="since">', "a browser's own field for days"),
        ("<input type=datetime-local>", "a browser's own field for days"),
        ("{{ field(form.on, hint=_('x'), type='month') }}", "a browser's own field for days"),
    ],
)
def test_the_search_finds(text: str, fault: str) -> None:
    assert fault in faults(text)
    assert faults('<script src="/static/a.js" defer></script><p class="style=on">{# onclick= #}</p>') == []


NATIVE = re.compile(r"(Date|DateTime|DateTimeLocal|Month|Week)(Input|Field)")
"""WTForms' fields that a browser shows in an order of its own; ``core.forms`` makes fields of text of two of them."""


def native_fields(path: Path) -> list[str]:
    imports = [node for node in ast.walk(parsed(path)) if isinstance(node, ast.ImportFrom)]
    return [
        name.name
        for node in imports
        if (node.module or "").startswith("wtforms")
        for name in node.names
        if NATIVE.fullmatch(name.name)
    ]


def test_no_form_has_a_field_for_days_of_its_own() -> None:
    found = {relative(path): names for path in product_python() if (names := native_fields(path))}
    assert found == {"core/forms.py": ["DateField", "DateTimeField"]}


def test_style_sheets_load_nothing_from_elsewhere() -> None:
    for sheet in (ROOT / "static").rglob("*.css"):
        assert not re.search(r"url\(\s*[\"']?(?:https?:)?//", sheet.read_text("utf-8")), relative(sheet)
