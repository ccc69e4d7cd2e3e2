"""How many is written as the reader writes it, on every page: 1.040 in Vietnamese, 1,040 in English.

A sentence does so by itself (``core.i18n``), whoever says it. What a page prints without a sentence it must count, and
no sentence is filled in past the place that counts.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, render_template_string
from flask_babel import force_locale, gettext, lazy_gettext, ngettext, pgettext

from core import errors
from core.forms import Form
from core.i18n import NAMES
from tests.boundaries.tree import parsed, product_python, relative, templates

PRINTED = re.compile(r"\{\{-?\s*(?P<what>[^{}]*?)\s*-?\}\}")
COUNTS = {
    "calls",
    "count",
    "granted",
    "incidents",
    "length",
    "messages",
    "missing",
    "nights",
    "open",
    "open_count",
    "peaks",
    "shifts",
    "steps",
    "sum",
    "total",
    "unsure",
}
"""Last words of what a page prints that say how many."""
FILLED_IN = {
    "core/i18n.py",
    "core/errors.py",
    "core/forms.py",
    "desk/audit/words.py",
    "incidents/response/words.py",
    "roster/words/sentences.py",
}
"""Where a sentence is filled in by hand: each counts its numbers, or has none."""


def uncounted(text: str) -> Iterator[str]:
    """What is printed outside of tags, says how many, and is not written as the reader writes it."""
    bare = re.sub(r"\{#.*?#\}", "", text, flags=re.DOTALL)
    for found in PRINTED.finditer(bare):
        before = re.sub(r"\{[{%].*?[%}]\}", "", bare[: found.start()], flags=re.DOTALL)
        is_attribute = before.rfind("<") > before.rfind(">")
        words = re.split(r"[\s.|()]+", found["what"])
        if not is_attribute and words[-1] in COUNTS and "faults" not in words:
            yield found["what"]


@pytest.mark.parametrize("path", [each for each in templates() if each.suffix == ".html"], ids=relative)
def test_what_a_page_prints_is_counted(path: Path) -> None:
    assert list(uncounted(path.read_text("utf-8"))) == []


@pytest.mark.parametrize("printed", ["<b>{{ rows | length }}</b>", "<p>{% if a > 1 %}{{ shown.total }}{% endif %}</p>"])
def test_the_search_finds(printed: str) -> None:
    assert len(list(uncounted(printed))) == 1
    assert list(uncounted('<td rowspan="{{ rows | length }}">{{ rows | length | counted }}</td>')) == []


def filled_in(tree: ast.AST) -> Iterator[int]:
    """Lines that fill in a sentence with ``%`` or ``format`` themselves, or reach for the bare catalogue."""
    for node in ast.walk(tree):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod) and not _is_plain(node.left):
            if isinstance(node.right, (ast.Dict, ast.Name, ast.Call)):
                yield node.lineno
        elif getattr(node, "id", getattr(node, "attr", "")) in ("get_translations", "ungettext", "ugettext"):
            yield getattr(node, "lineno", 0)


def _is_plain(left: ast.expr) -> bool:
    """A number's remainder, or a text that nobody translates."""
    if isinstance(left, ast.Call):
        name = left.func.id if isinstance(left.func, ast.Name) else getattr(left.func, "attr", "")
        return name not in ("_", "gettext", "ngettext", "pgettext", "str")
    return not (isinstance(left, ast.Name) and left.id in ("text", "template", "sentence", "words", "said"))


def test_no_sentence_is_filled_in_elsewhere() -> None:
    found = {(relative(path), line) for path in product_python() for line in filled_in(parsed(path))}
    assert {each for each in found if each[0] not in FILLED_IN} == set()
    assert {"core/errors.py", "desk/audit/words.py"} <= {path for path, _line in found}, "the search finds"


SAID: dict[str, Callable[[], Any]] = {
    "a sentence": lambda: gettext("%(n)s người", n=1040),
    "a lazy one": lambda: lazy_gettext("%(n)s người", n=1040),
    "one of many": lambda: ngettext("%(num)s người", "%(num)s người", 1040),
    "one in a context": lambda: pgettext("số", "%(n)s người", n=1040),
    "a page": lambda: render_template_string("{{ _('%(n)s người', n=1040) }}"),
    "a page's one of many": lambda: render_template_string("{{ ngettext('%(num)s người', '%(num)s người', 1040) }}"),
    "a page's block": lambda: render_template_string("{% trans n=1040 %}{{ n }} người{% endtrans %}"),
    "a fault": lambda: errors.render("shift.too_many", {"required": 1040, "given": 2}),
    "a form's": lambda: (
        Form.Meta()
        .get_translations(None)
        .ngettext(
            "Field cannot be longer than %(max)d character.", "Field cannot be longer than %(max)d characters.", 2
        )
        % {"max": 1040}
    ),
}


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("who", SAID)
def test_whoever_says_a_number_says_it_as_its_reader_writes_it(app: Flask, who: str, language: str) -> None:
    with app.test_request_context(), force_locale(language):
        assert {"vi": "1.040", "en": "1,040"}[language] in str(SAID[who]())


@pytest.mark.parametrize("name", sorted(NAMES))
def test_what_names_something_is_no_count(app: Flask, name: str) -> None:
    with app.test_request_context():
        assert gettext(f"số %({name})s", **{name: 2027}) == "số 2027"
        assert render_template_string("{{ _('số %(" + name + ")s', " + name + "=2027) }}") == "số 2027"
