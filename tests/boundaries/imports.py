"""Which module of the product imports which, wherever the import stands, and where that leads back."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Set

Imports = Mapping[str, Set[str]]
"""Each module's dotted name → the names of the other modules, of the same set, that it imports."""


def imports(sources: Mapping[str, ast.Module], packages: Set[str] = frozenset()) -> Imports:
    """Who imports whom among ``sources`` (dotted name → parsed file); ``packages``: those that are an ``__init__``.

    Imports inside functions and under TYPE_CHECKING count like any other: whoever reads one end has to know the other.
    To import a module of a package from outside runs its ``__init__``, and counts as importing that too.
    """
    graph: dict[str, Set[str]] = {}
    for name, tree in sources.items():
        named = set(_named(name, tree, sources, is_package=name in packages))
        around = {package for each in named for package in _packages_of(each) if package in packages}
        graph[name] = (named | (around - {name, *_packages_of(name)})) - {name}
    return graph


def circles(graph: Imports) -> list[list[str]]:
    """Groups of modules each of which leads to every other of its group, in alphabetical order."""
    seen: set[str] = set()
    order = [each for name in graph for each in _reached(name, graph, seen)]
    backwards: dict[str, set[str]] = {name: set() for name in graph}
    for name, named in graph.items():
        for each in named:
            backwards[each].add(name)
    seen.clear()
    groups = [sorted(_reached(name, backwards, seen)) for name in reversed(order)]
    return sorted(group for group in groups if len(group) > 1)


def _named(name: str, tree: ast.Module, known: Mapping[str, object], *, is_package: bool) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names if each.name in known)
        elif isinstance(node, ast.ImportFrom):
            origin = _origin(name, node, is_package=is_package)
            for each in node.names:
                inside = f"{origin}.{each.name}"
                found = inside if inside in known else origin
                if found in known:
                    yield found


def _origin(name: str, node: ast.ImportFrom, *, is_package: bool) -> str:
    """The module after ``from``; leading dots are counted from the importing module."""
    if not node.level:
        return node.module or ""
    parts = name.split(".")
    above = parts[: len(parts) - node.level + is_package]
    return ".".join([*above, *([node.module] if node.module else [])])


def _packages_of(name: str) -> Iterable[str]:
    """``a.b`` and ``a`` of ``a.b.c``."""
    parts = name.split(".")
    return [".".join(parts[:length]) for length in range(len(parts) - 1, 0, -1)]


def _reached(start: str, graph: Imports, seen: set[str]) -> list[str]:
    """What can be reached and was not seen yet, the last first: whatever a module leads to stands before it."""
    if start in seen:
        return []
    seen.add(start)
    done, way = [], [(start, iter(sorted(graph[start])))]
    while way:
        name, rest = way[-1]
        following = next((each for each in rest if each not in seen), None)
        if following is None:
            done.append(name)
            way.pop()
        else:
            seen.add(following)
            way.append((following, iter(sorted(graph[following]))))
    return done
