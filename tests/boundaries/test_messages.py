"""Every error code that the source raises has a sentence for the reader, and is raised with what the sentence names."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from flask import Flask

from core import errors
from scripts import check_translations
from tests.boundaries.tree import parsed, product_python, relative

ROOT = Path(__file__).parents[2]
PACKAGES = ("compliance", "core", "desk", "documents", "incidents", "notify", "people", "roster")
RAISES = ("Invalid", "NotFound", "Forbidden", "Conflict", "Gone", "Throttled", "Unavailable")
RAISED = re.compile(
    rf"\b(?:{'|'.join(RAISES)})\(\s*\"([a-z0-9_]+(?:\.[a-z0-9_]+)*)\""
    r"|\bFieldError\(\s*[^,()]+,\s*\"([a-z0-9_.]+)\""
)


NAMED = re.compile(r"%\((\w+)\)")


def raised() -> Iterator[tuple[str, str]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            for found in RAISED.finditer(path.read_text("utf-8")):
                yield found[1] or found[2], str(path.relative_to(ROOT))


def unfilled(source: str, sentences: dict[str, str]) -> Iterator[str]:
    """Errors whose sentence names what they are not given."""
    for call in ast.walk(ast.parse(source)):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in (*RAISES, "FieldError"):
            for code in (
                each.value for each in call.args if isinstance(each, ast.Constant) and isinstance(each.value, str)
            ):
                missing = set(NAMED.findall(sentences.get(code, ""))) - _given(call)
                yield from (f"{code}: {name}" for name in missing if None not in _given(call))


def _given(call: ast.Call) -> set[str | None]:
    """Names of keywords and of a dictionary as it stands; with ``None`` when there is what only running it tells."""
    named = {keyword.arg for keyword in call.keywords}
    for each in call.args:
        if isinstance(each, ast.Dict):
            named |= {key.value if isinstance(key, ast.Constant) else None for key in each.keys}
        elif isinstance(each, ast.Name | ast.Call | ast.Attribute) and each is call.args[-1] and len(call.args) > 2:
            named.add(None)
    return named


def test_the_search_finds_codes() -> None:
    assert ("campaign.unknown", "roster/campaigns/queries.py") in set(raised())


def test_every_code_has_a_sentence(app: Flask) -> None:
    known = errors.known_codes()
    assert {(code, path) for code, path in raised() if code not in known} == set()


def test_every_sentence_gets_what_it_names(app: Flask) -> None:
    sentences = {code: str(errors._MESSAGES[code]) for code in errors.known_codes()}
    found = {
        f"{path.relative_to(ROOT)}: {fault}"
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        for fault in unfilled(path.read_text("utf-8"), sentences)
    }
    assert found == set()


def test_the_search_finds_what_is_not_given() -> None:
    sentences = {"a.b": "%(who)s có %(what)s."}
    assert list(unfilled('raise Conflict("a.b", who=1, state={"what": 2})', sentences)) == ["a.b: what"]
    assert list(unfilled('raise Conflict("a.b", who=1, what=2); Conflict("a.b", **both)', sentences)) == []
    assert list(unfilled('FieldError(name, "a.b", {"who": 1})', sentences)) == ["a.b: what"]
    assert list(unfilled('FieldError(name, "a.b", params)', sentences)) == []


def hidden(tree: ast.AST) -> Iterator[int]:
    """Lines with a sentence inside an f-string: Python before 3.12 hides it from whoever collects the sentences."""
    for outer in ast.walk(tree):
        for call in ast.walk(outer) if isinstance(outer, ast.JoinedStr) else ():
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") in check_translations.KEYWORDS:
                yield call.lineno


def test_no_sentence_is_hidden_from_those_who_translate() -> None:
    assert list(hidden(ast.parse("""f"{name}: {_('Lưu ý')}" + _("Đã ghi")"""))) == [1], "the search finds"
    assert [f"{relative(path)}:{line}" for path in product_python() for line in hidden(parsed(path))] == []


def test_nobody_is_spoken_to_as_a_friend() -> None:
    """Colleagues are "đồng chí", strangers are not named; a button says what its reader says (docs/glossary.md)."""
    spoken = [str(each.id) for each in check_translations.extract() if each.id]
    assert len(spoken) > 1000
    assert [each for each in spoken if re.search(r"\bbạn\b", each, re.IGNORECASE)] == []
