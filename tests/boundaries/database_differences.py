"""Where the product says what SQLite and PostgreSQL do not do alike: raw SQL, locks, and asking which of them it is."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from typing import NamedTuple

LOCKS = {"with_for_update"}
OWN_WORDS = {"on_conflict_do_nothing", "on_conflict_do_update", "begin_nested", "exec_driver_sql", "raw_connection"}
HINT = re.compile(
    r"with_for_update|on_conflict|begin_nested|driver_sql|raw_conn|is_sqlite|dialect|isolation|DDL"
    r"|text\(|execute\(\s*f?[\"']"
)
"""A file without one of these says nothing of the kind, and need not be parsed."""
LONGEST = 60
"""Characters of a place's words; what is longer ends in a digest of the whole."""


class Place(NamedTuple):
    function: str
    """The outermost function, with its class; a name on the level of the module; or ``""``."""
    words: str
    lines: frozenset[int]
    """Where it is said: if one of these lines has run, it was said."""


def places(tree: ast.Module) -> list[Place]:
    """All of them, in order. What a module keeps under a name is said by the functions that name it."""
    found = [Place(name, words, lines) for name, node in _parts(tree) for words, lines in _said(node)]
    kept: dict[str, list[Place]] = {}
    for name, node in _kept(tree):
        given = [Place(name, words, lines) for words, lines in _said(node)]
        given += [each for other in _names(node) for each in kept.get(other, ())]
        if given:
            kept[name] = given
    used = set()
    for name, node in _parts(tree):
        for other in sorted(_names(node) & set(kept)):
            at = frozenset(each.lineno for each in ast.walk(node) if isinstance(each, ast.Name) and each.id == other)
            found += [Place(name, f"{other}: {each.words}", at) for each in kept[other]]
            used.add(other)
    passed_on = {other for _name, node in _kept(tree) for other in _names(node)}
    found += [each for name in kept if name not in used | passed_on for each in kept[name]]
    return _told_apart(found)


def _told_apart(found: list[Place]) -> list[Place]:
    seen: Counter[tuple[str, str]] = Counter()
    apart = []
    for place in found:
        seen[place[:2]] += 1
        number = seen[place[:2]]
        apart.append(place._replace(words=f"{place.words} #{number}") if number > 1 else place)
    return apart


def _parts(tree: ast.Module) -> Iterator[tuple[str, ast.stmt]]:
    """Functions and methods by name; what stands in a class beside its methods under the class's."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            for inner in node.body:
                yield (f"{node.name}.{inner.name}" if isinstance(inner, ast.FunctionDef) else node.name), inner
        elif not isinstance(node, ast.Assign | ast.AnnAssign | ast.Import | ast.ImportFrom):
            yield "", node


def _kept(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """What a module keeps: each name with its value; values given together are each its own name's."""
    for node in tree.body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
            yield node.target.id, node.value
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    yield target.id, node.value
                elif isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                    pairs = zip(target.elts, node.value.elts, strict=True)
                    yield from ((name.id, value) for name, value in pairs if isinstance(name, ast.Name))


def _names(node: ast.AST) -> set[str]:
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}


def _said(node: ast.AST) -> Iterator[tuple[str, frozenset[int]]]:
    for each in sorted((each for each in ast.walk(node) if isinstance(each, ast.expr)), key=lambda each: each.lineno):
        if words := _difference(each):
            yield _short(words), frozenset(range(each.lineno, (each.end_lineno or each.lineno) + 1))


def _difference(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute) and node.attr == "name" and ast.unparse(node.value).endswith("dialect"):
        return "dialect.name"
    if not isinstance(node, ast.Call):
        return ""
    called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if not (
        called in LOCKS | OWN_WORDS
        or (called == "is_sqlite" and not node.args)
        or any(each.arg in LOCKS or each.arg == "isolation_level" for each in node.keywords)
        or (called in ("text", "execute", "DDL") and node.args and _is_sql(called, node.args[0]))
    ):
        return ""
    return f"{called}({', '.join([*map(ast.unparse, node.args), *map(ast.unparse, node.keywords)])})"


def _is_sql(called: str, first: ast.expr) -> bool:
    """It is written there, or given to ``text`` under a name in capitals: not a page's or an entry's text."""
    written = isinstance(first, ast.JoinedStr) or (isinstance(first, ast.Constant) and isinstance(first.value, str))
    return written or (called == "text" and isinstance(first, ast.Name) and first.id.isupper())


def _short(words: str) -> str:
    words = " ".join(words.split())
    return words if len(words) <= LONGEST else f"{words[:LONGEST]}… {sha256(words.encode()).hexdigest()[:8]}"
