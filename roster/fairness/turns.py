"""PURE Whose turn Giao thừa is: who stood it longest ago, and of those who carries least."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class EveTurn:
    """``last``: the Tết at which the person last stood Giao thừa, None: at none that is known; ``load``: hundredths
    of a point of the latest Tết."""

    person_id: int
    last: int | None
    load: int


def order(group: Iterable[EveTurn]) -> list[EveTurn]:
    """Who is next, first. Never counts as longest ago; ties go to the lighter load, then to the older record."""
    return sorted(group, key=lambda each: (each.last is not None, each.last or 0, each.load, each.person_id))
