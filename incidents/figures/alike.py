"""PURE which incidents of a night are one line: those of like category, level and course.

What is unfinished stands first and alone, and so does what must not be counted with others.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from itertools import groupby


@dataclass(frozen=True)
class SimilarIncident:
    """``course``: how it went, as far as a line says it; ``alone``: restricted, KT1, Party and State."""

    id: int
    is_finished: bool
    category: str
    level: int
    course: Hashable
    alone: bool = False


def lines(night: Iterable[SimilarIncident]) -> list[list[int]]:
    """The ids of each line; otherwise in the order in which they came."""
    told = list(night)
    open_first = [[each.id] for each in told if not each.is_finished]
    placed = {each.id: place for place, each in enumerate(told)}
    done = sorted((each for each in told if each.is_finished), key=lambda each: repr(_likeness(each)))
    alike = [[each.id for each in some] for _key, some in groupby(done, key=_likeness)]
    return open_first + sorted(alike, key=lambda some: placed[some[0]])


def _likeness(told: SimilarIncident) -> tuple[Hashable, ...]:
    return told.category, told.level, told.course, told.id if told.alone else 0
