"""Pages obey a strict content security policy, and say everything in Vietnamese that can be translated."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import Environment, nodes

from tests.boundaries.tree import ROOT, parsed, product_python, relative, templates
from tests.support.page_looks import VIETNAMESE

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


def offered_as_tuples(path: Path) -> list[int]:
    """Lines on which the choices of a field are a list that was not made by ``core.forms.choices``."""
    given = [
        node.value
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Assign)
        and any(isinstance(each, ast.Attribute) and each.attr == "choices" for each in node.targets)
    ]
    sides = [side for each in given for side in ((each.left, each.right) if isinstance(each, ast.BinOp) else (each,))]
    return [side.lineno for side in sides if isinstance(side, ast.List | ast.ListComp)]


def test_no_form_offers_choices_that_the_next_wtforms_refuses() -> None:
    """Those that are given when the field is made are refused by pytest; of later ones WTForms says nothing yet."""
    assert [relative(path) for path in product_python() if offered_as_tuples(path)] == []


def test_no_form_has_a_field_for_days_of_its_own() -> None:
    found = {relative(path): names for path in product_python() if (names := native_fields(path))}
    assert found == {"core/forms.py": ["DateField", "DateTimeLocalField"]}


@pytest.mark.parametrize("path", templates(), ids=relative)
def test_every_template_can_be_read_by_jinja(path: Path, app: Flask) -> None:
    """Reading alone lets a block pass that stands there twice: each page of it would be a fault of ours."""
    app.jinja_env.get_template(path.relative_to(ROOT / "templates").as_posix())


def test_style_sheets_load_nothing_from_elsewhere() -> None:
    for sheet in (ROOT / "static").rglob("*.css"):
        assert not re.search(r"url\(\s*[\"']?(?:https?:)?//", sheet.read_text("utf-8")), relative(sheet)


PAPERS = (
    "templates/components/letterhead.html",
    "templates/incidents/diary/print_diary.html",
    "templates/incidents/handovers/print.html",
    "templates/incidents/legal/print_notice.html",
    "templates/incidents/legal/print_record.html",
    "templates/incidents/reviews/print_review.html",
    "templates/duty/overtime_consent/form.html",
    "templates/duty/duty_checks/print.html",
    "templates/roster/publishing/print.html",
)
"""Documents of a Vietnamese office, which are not in English."""
SAID_AS_IT_IS = {
    ("templates/base.html", "Tiếng Việt"),
    ("templates/compliance/public_pages/_frame.html", "Tiếng Việt"),
    ("templates/components/duty.html", "LĐ"),
    ("templates/components/duty.html", "ĐH"),
    ("templates/components/duty.html", "ƯC"),
    ("templates/documents/agencies.html", "GIÁM ĐỐC"),
    (
        "templates/documents/agencies.html",
        "</p>\n  <p><b>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM<br>Độc lập - Tự do - Hạnh phúc</b><br><i>",
    ),
    ("templates/documents/draft.html", "Tiếng Việt"),
    ("templates/incidents/catalogue/questions.html", "Có"),
    ("templates/incidents/catalogue/questions.html", "Không"),
    ("templates/incidents/legal/_form.html", '<p class="form-mark" lang="vi">DIỄN TẬP</p>'),
    ("templates/people/_words.html", "Cốc Cốc"),
    ("templates/duty/on_duty/_words.html", "Tiếng Việt"),
}
"""Names and letters that are the same in English, what stands on paper, and the Vietnamese answers to a question."""
TRANSLATES = {"_", "gettext", "ngettext", "pgettext"}
JINJA = Environment(extensions=["jinja2.ext.i18n"])


def _said(node: nodes.Node) -> Iterator[str]:
    """Vietnamese that nothing translates: markup, and texts."""
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name in TRANSLATES:
        inside: Iterable[nodes.Node] = node.kwargs
    else:
        inside = node.iter_child_nodes()
    text = node.data if isinstance(node, nodes.TemplateData) else node.value if isinstance(node, nodes.Const) else None
    if isinstance(text, str) and VIETNAMESE.search(text):
        yield text
    for each in inside:
        yield from _said(each)


def vietnamese_alone(source: str) -> list[str]:
    return list(_said(JINJA.parse(source)))


def test_what_templates_say_can_be_translated() -> None:
    read = [path for path in templates() if relative(path) not in PAPERS]
    found = {(relative(path), text) for path in read for text in vietnamese_alone(path.read_text("utf-8"))}
    assert found == SAID_AS_IT_IS


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<p>Đơn vị</p>", ["<p>Đơn vị</p>"]),
        ("{{ 'Đơn vị' }}", ["Đơn vị"]),
        ("{{ _('Gọi %(who)s', who='Đơn vị') }}", ["Đơn vị"]),
        ("{% set said = 'Đơn vị' if unit else _('Người') %}", ["Đơn vị"]),
        ("{{ link('/', 'Đơn vị') }}", ["Đơn vị"]),
        ("{# Đơn vị #}{{ _('Đơn vị') }}{{ ngettext('một đơn vị', '%(num)s đơn vị', 2) }}<p>Unit</p>", []),
    ],
)
def test_the_search_finds_what_is_not_translated(text: str, said: list[str]) -> None:
    assert vietnamese_alone(text) == said
