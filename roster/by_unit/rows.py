"""PURE which rows of the tree are shown: what is open, what a filter leaves, and what is sent along folded."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from roster.by_unit.cells import Mark
from roster.by_unit.tree import Node

SCREEN = 16
"""Rows that a laptop shows at once: so far troubled branches stand open by themselves."""
MOST = 250
"""Rows of the whole tree up to which folded ones are sent along; beyond, a branch is asked for when it is opened."""


@dataclass(frozen=True)
class UnitRow:
    """``is_open``: None for what has nothing below it; ``place`` of ``places`` among its siblings; ``above``: key of
    the branch that it belongs to; ``is_hidden``: in a folded branch."""

    node: Node
    level: int
    place: int
    places: int
    above: str
    is_open: bool | None
    is_hidden: bool


def opened_first(root: Node) -> frozenset[str]:
    """The branches that stand open unless somebody says otherwise: troubled ones, as many as fit; always the first."""
    found: list[str] = []
    left = SCREEN - len(root.children)
    for each in root.children:
        if each.children and each.kind == "branch" and not each.is_fine and (not found or len(each.children) <= left):
            found.append(each.key)
            left -= len(each.children)
    return frozenset(found)


def above(root: Node, key: str) -> frozenset[str]:
    """Keys of the branches that have to be open for that row to be seen."""
    found = _way(root, key)
    return frozenset(each.key for each in found[1:-1])


def find(root: Node, key: str) -> Node | None:
    return next((each for each in root.walk() if each.key == key), None)


def _way(node: Node, key: str) -> list[Node]:
    if node.key == key:
        return [node]
    for each in node.children:
        if rest := _way(each, key):
            return [node, *rest]
    return []


def kept(root: Node, only: Collection[Mark]) -> Node:
    """The tree with the units that have one of these troubles; sums stay those of all their units."""
    children = (_kept(each, only) for each in root.children)
    return replace(root, children=tuple(each for each in children if each is not None))


def _kept(node: Node, only: Collection[Mark]) -> Node | None:
    if not node.children:
        return node if any(node.has(each) for each in only) else None
    found = tuple(each for child in node.children if (each := _kept(child, only)) is not None)
    return replace(node, children=found) if found else None


def shown(root: Node, opened: Collection[str], *, most: int = MOST) -> list[UnitRow]:
    """Rows below the root from the top; beyond ``most`` only those that can be seen."""
    rows = list(_below(root.children, opened, 1, root.key, is_hidden=False))
    return rows if len(rows) <= most else [each for each in rows if not each.is_hidden]


def _below(
    children: Sequence[Node], opened: Collection[str], level: int, over: str, *, is_hidden: bool
) -> Iterator[UnitRow]:
    for place, node in enumerate(children, start=1):
        is_open = node.key in opened if node.children else None
        yield UnitRow(node, level, place, len(children), over, is_open, is_hidden)
        yield from _below(node.children, opened, level + 1, node.key, is_hidden=is_hidden or not is_open)
