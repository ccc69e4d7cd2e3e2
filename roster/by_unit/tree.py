"""PURE the units of a campaign as a tree, those with the most trouble first, healthy ones together.

A unit with seats of its own and units below it stands twice: as a branch with the sum of all, and in it as itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

from roster.by_unit.cells import NOTHING, Key, Mark, UnitCell, together

Kind = Literal["unit", "branch", "own", "fine"]
"""``own``: the seats of a unit that has others below it; ``fine``: several without trouble, as one line."""


@dataclass(frozen=True)
class TreeUnit:
    id: int
    parent_id: int | None
    code: str
    name: str


@dataclass(frozen=True)
class SeatAnswers:
    """Published seats to come: how many there are, and what their holders have said."""

    asked: int = 0
    confirmed: int = 0
    refused: int = 0

    @property
    def waiting(self) -> int:
        return self.asked - self.confirmed - self.refused


@dataclass(frozen=True)
class UnitFacts:
    """``cells``: of each unit and day; ``listed``: units of which there is a list; ``wanting``: units with demand."""

    days: tuple[date, ...]
    units: Mapping[int, TreeUnit]
    root_id: int
    wanting: frozenset[int]
    listed: frozenset[int]
    cells: Mapping[Key, UnitCell]
    said: Mapping[int, SeatAnswers]


@dataclass(frozen=True, eq=False)
class Node:
    """``key``: what addresses and rows call it; ``unit``: None of several that are well; ``wanting``: how many units
    with demand it counts; ``unlisted``: how many of them have no list."""

    key: str
    kind: Kind
    unit: TreeUnit | None
    cells: tuple[UnitCell, ...]
    said: SeatAnswers
    wanting: int
    unlisted: int
    children: tuple[Node, ...] = ()

    @cached_property
    def total(self) -> UnitCell:
        whole = together(self.cells)
        return UnitCell(whole.seats, whole.missing, whole.unsure, whole.waiting, self.unlisted)

    @property
    def is_fine(self) -> bool:
        return self.total.mark in ("full", "none")

    def has(self, mark: Mark) -> bool:
        """Whether a filter by that trouble keeps it: of those not confirmed all count, not only what begins soon."""
        return bool(self.said.waiting if mark == "waiting" else getattr(self.total, mark))

    def leaves(self) -> Iterator[Node]:
        """Units with demand, each once."""
        if not self.children:
            yield self
        for each in self.children:
            yield from each.leaves()

    def walk(self) -> Iterator[Node]:
        yield self
        for each in self.children:
            yield from each.walk()


def build(facts: UnitFacts) -> Node:
    """The campaign's unit with all below it that has demand."""
    return _Builder(facts).root()


class _Builder:
    def __init__(self, facts: UnitFacts) -> None:
        self._facts = facts
        self._below: dict[int, list[int]] = defaultdict(list)
        seen: set[int] = set()
        for each in facts.wanting:
            self._hang(each, seen)

    def root(self) -> Node:
        root = self._facts.units[self._facts.root_id]
        below = [self._node(each) for each in self._below[root.id]]
        kind: Kind = "own" if below else "unit"
        own = [self._leaf(root, kind, f"{root.code}.")] if root.id in self._facts.wanting else []
        children = _folded([*own, *below], root.code, always=True)
        if not children:
            return Node(root.code, "branch", root, (NOTHING,) * len(self._facts.days), SeatAnswers(), 0, 0)
        return self._sum(root, "branch", children)

    def _hang(self, unit_id: int, seen: set[int]) -> None:
        """The unit and those between it and the root, each below its own; one that has shifts and is below the root no
        more, right below it."""
        while unit_id != self._facts.root_id and unit_id not in seen:
            seen.add(unit_id)
            above = self._facts.units[unit_id].parent_id
            if above is None or above not in self._facts.units:
                above = self._facts.root_id
            self._below[above].append(unit_id)
            unit_id = above

    def _node(self, unit_id: int) -> Node:
        unit = self._facts.units[unit_id]
        below = [self._node(each) for each in self._below.get(unit_id, ())]
        if not below:
            return self._leaf(unit, "unit", unit.code)
        own = [self._leaf(unit, "own", f"{unit.code}.")] if unit_id in self._facts.wanting else []
        return self._sum(unit, "branch", _folded([*own, *below], unit.code))

    def _leaf(self, unit: TreeUnit, kind: Kind, key: str) -> Node:
        days, found = self._facts.days, self._facts.cells
        is_listed = unit.id in self._facts.listed
        cells = tuple(found.get((unit.id, day), NOTHING) for day in days)
        if not is_listed and not any(each.seats for each in cells):
            cells = (UnitCell(unlisted=1),) * len(
                days
            )  # the campaign has no shifts of it: nobody knows how many it needs
        return Node(key, kind, unit, cells, self._facts.said.get(unit.id, SeatAnswers()), 1, int(not is_listed))

    def _sum(self, unit: TreeUnit, kind: Kind, children: Sequence[Node]) -> Node:
        return _sum(unit.code, kind, unit, children)


def _sum(key: str, kind: Kind, unit: TreeUnit | None, children: Sequence[Node]) -> Node:
    said = SeatAnswers(
        sum(each.said.asked for each in children),
        sum(each.said.confirmed for each in children),
        sum(each.said.refused for each in children),
    )
    return Node(
        key,
        kind,
        unit,
        tuple(together(each) for each in zip(*(child.cells for child in children), strict=True)),
        said,
        sum(each.wanting for each in children),
        sum(each.unlisted for each in children),
        tuple(children),
    )


def _folded(nodes: Iterable[Node], key: str, *, always: bool = False) -> list[Node]:
    """Troubled ones in order, then those that are well as one line; alone among healthy siblings none is hidden."""
    ordered = sorted(nodes, key=_worst_first)
    fine = [each for each in ordered if each.is_fine]
    if len(fine) < 2 or (len(fine) == len(ordered) and not always):
        return ordered
    return [*ordered[: len(ordered) - len(fine)], _sum(f"{key}~", "fine", None, fine)]


def _worst_first(node: Node) -> tuple[object, ...]:
    total, unit = node.total, node.unit
    return (-total.missing, -total.unsure, -total.unlisted, -total.waiting, unit.code if unit else "")
