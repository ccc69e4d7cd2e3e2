"""Under which keys the product writes what it did: read from its code, so that none can be forgotten."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from tests.boundaries.tree import parsed, product_python, relative

RECORDER = "core/audit.py"
Functions = dict[str, ast.FunctionDef]


@dataclass(frozen=True)
class Written:
    """``keys`` that stand in ``file``; none where only whoever runs it knows what ``source`` has."""

    file: str
    source: str
    keys: frozenset[str]


def written() -> Iterator[Written]:
    """Of every call of ``audit.record`` and ``audit.entry``: its keywords, and each mapping that it hands over."""
    for path in product_python():
        if relative(path) != RECORDER:
            yield from _written_in(relative(path), parsed(path))


@cache
def actions() -> list[tuple[str, str, str]]:
    """(file, action, thing or "" where it is said elsewhere) of every entry that the product writes with
    an action that stands in the code."""
    return [each for path in product_python() for each in _actions(relative(path), parsed(path))]


def _actions(file: str, tree: ast.Module) -> Iterator[tuple[str, str, str]]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or len(node.args) < 3:
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in ("record", "entry"):
            for each in ast.walk(node.args[1]):
                if isinstance(each, ast.Constant) and "." in str(each.value):
                    thing = node.args[2]
                    yield file, str(each.value), str(thing.value) if isinstance(thing, ast.Constant) else ""


def _written_in(file: str, tree: ast.Module) -> Iterator[Written]:
    bodies = [tree.body, *(each.body for each in tree.body if isinstance(each, ast.ClassDef))]
    functions = {each.name: each for body in bodies for each in body if isinstance(each, ast.FunctionDef)}
    recorders = {"audit.record", "audit.entry"} | _imported(tree)
    for function in functions.values():
        for call in ast.walk(function):
            if isinstance(call, ast.Call) and ast.unparse(call.func) in recorders:
                for keyword in call.keywords:
                    if keyword.arg is None:
                        yield from _handed(file, keyword.value, function, functions)
                    elif keyword.arg != "now":
                        yield Written(file, keyword.arg, frozenset({keyword.arg}))
                        yield from _displays(file, keyword.value)


def _imported(tree: ast.Module) -> set[str]:
    found = (each for each in ast.walk(tree) if isinstance(each, ast.ImportFrom) and each.module == "core.audit")
    return {name.asname or name.name for each in found for name in each.names}


def _handed(file: str, value: ast.expr, function: ast.FunctionDef, functions: Functions) -> Iterator[Written]:
    """A mapping that is written down there, made by a function of the file, or named before in its own."""
    source = ast.unparse(value)
    made = functions.get(ast.unparse(value.func)) if isinstance(value, ast.Call) else None
    where = [made] if made is not None else _named(source, function) if isinstance(value, ast.Name) else [value]
    found = [each for node in where for each in _displays(file, node)]
    yield from found or [Written(file, source, frozenset())]


def _named(name: str, function: ast.FunctionDef) -> list[ast.AST]:
    """What is given that name, whole or an entry of it."""
    found: list[ast.AST] = []
    for each in ast.walk(function):
        if isinstance(each, (ast.Assign, ast.AnnAssign)) and each.value is not None:
            for target in each.targets if isinstance(each, ast.Assign) else [each.target]:
                if ast.unparse(target) == name:
                    found.append(each.value)
                elif isinstance(target, ast.Subscript) and ast.unparse(target.value) == name:
                    found.append(ast.Dict([target.slice], [each.value]))
    return found


def _displays(file: str, node: ast.AST) -> Iterator[Written]:
    """The keys of every mapping that is written down in it, those within others too."""
    for each in ast.walk(node):
        if isinstance(each, ast.Dict):
            for key, value in zip(each.keys, each.values, strict=True):
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    yield Written(file, key.value, frozenset({key.value}))
                elif key is None and not _has_display(value):
                    yield Written(file, ast.unparse(value), frozenset())


def _has_display(node: ast.AST) -> bool:
    return any(isinstance(each, ast.Dict) for each in ast.walk(node))
