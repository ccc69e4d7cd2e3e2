"""Which module of the product imports which, wherever the import stands."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

Imports = Mapping[str, set[str]]
"""Each module's name, dotted, with the names of the modules of the same set that it imports."""


def module_name(path: Path, root: Path) -> str:
    """``core/db.py`` is core.db, ``core/__init__.py`` is core."""
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(sources: Mapping[str, ast.Module], packages: Iterable[str] = ()) -> dict[str, set[str]]:
    """Who imports whom among ``sources``; ``packages`` are those of them that are an ``__init__``.

    Imports inside functions and under TYPE_CHECKING count like any other: whoever reads one end has to know the other.
    """
    inits = set(packages)
    return {
        name: {found for found in _named(name, tree, sources, is_package=name in inits) if found != name}
        for name, tree in sources.items()
    }


def _named(name: str, tree: ast.Module, known: Mapping[str, object], *, is_package: bool) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names if each.name in known)
        elif isinstance(node, ast.ImportFrom):
            origin = _origin(name, node, is_package=is_package)
            for each in node.names:
                inside = f"{origin}.{each.name}"
                yield from (found for found in (inside if inside in known else origin,) if found in known)


def _origin(name: str, node: ast.ImportFrom, *, is_package: bool) -> str:
    """The module that ``from … import`` names; dots are counted from where it stands."""
    if not node.level:
        return node.module or ""
    parts = name.split(".")
    base = parts[: len(parts) - node.level + is_package]
    return ".".join([*base, *([node.module] if node.module else [])])
