"""Long lists of units: narrowed to a unit with those below it, searched, and counted by the parts there are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core import text
from people.models import Unit

Tree = Sequence[tuple[int, Unit]]
"""(depth, unit) from the roots down, as ``queries.unit_tree``."""


@dataclass(frozen=True)
class Narrowed:
    """``rows`` of the tree; ``within``: those of the chosen unit, searched or not; ``tops``: units that have others
    below, to choose from; ``asked``: what an address says to show the same again."""

    rows: Tree
    within: Tree
    tops: Tree
    unit: Unit | None
    q: str
    asked: Mapping[str, Any]


def narrowed(tree: Tree, args: Mapping[str, str]) -> Narrowed:
    """By ``unit`` (a code; an unknown one narrows nothing) and ``q`` (words, without diacritics) of ``args``."""
    code, q = args.get("unit", ""), args.get("q", "").strip()[:200]
    unit = next((each for _depth, each in tree if each.code == code), None)
    within = below(tree, unit.id) if unit else tree
    words = text.fold(q).split()
    rows = [row for row in within if all(word in _key(row[1]) for word in words)] if words else within
    asked = {"unit": unit.code if unit else "", "q": q}
    return Narrowed(rows, within, _tops(tree), unit, q, {name: value for name, value in asked.items() if value})


def same_page(args: Mapping[str, str]) -> dict[str, Any]:
    """Return what an address says to show the same page of a narrowed list again."""
    return {name: args[name] for name in ("unit", "q", "page") if name in args}


def below(tree: Tree, unit_id: int) -> Tree:
    """The unit and all that hangs below it."""
    found: list[tuple[int, Unit]] = []
    known: set[int | None] = {unit_id}
    for depth, unit in tree:
        if unit.id == unit_id or unit.parent_id in known:
            known.add(unit.id)
            found.append((depth, unit))
    return found


def parts(tree: Tree, counts: Callable[[Unit], int]) -> list[tuple[Unit, int]]:
    """The highest units that have others below, without the one above all; each with the sum of ``counts``, if any."""
    ids = {unit.id for _depth, unit in tree}
    roots = {unit.id for _depth, unit in tree if unit.parent_id not in ids}
    tops = [unit for _depth, unit in _tops(tree)]
    found = [unit for unit in tops if (unit.parent_id in roots if len(roots) == 1 else unit.id in roots)]
    summed = [(unit, sum(counts(each) for _depth, each in below(tree, unit.id))) for unit in found]
    return [(unit, count) for unit, count in summed if count]


def _tops(tree: Tree) -> Tree:
    parents = {unit.parent_id for _depth, unit in tree}
    return [(depth, unit) for depth, unit in tree if unit.id in parents]


def _key(unit: Unit) -> str:
    return text.fold(f"{unit.name} {unit.code} {unit.address or ''}")
