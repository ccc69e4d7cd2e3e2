"""PURE from troubles to items, points and the score, for those units that somebody answers for."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from desk.readiness.weights import (
    ENTERPRISE,
    NOBODY_CALLED,
    NOBODY_CALLED_MOST,
    WEIGHTS,
    WHOLE,
    Code,
    Severity,
)

Units = Collection[int] | None
"""Ids of units; ``None`` = the whole enterprise."""


@dataclass(frozen=True)
class ReadinessTrouble:
    """One thing that is not as it should be. ``units``: ids of where it belongs, none = the whole enterprise;
    ``thing``: what it is about, for telling whether it was there before; ``count``: how many of what is counted."""

    code: Code
    thing: str
    units: frozenset[int] = frozenset()
    count: int = 1
    person_id: int | None = None
    shift_id: int | None = None
    campaign_id: int | None = None
    since: datetime | None = None
    due: datetime | None = None
    note: str = ""
    total: bool = False
    """Nothing is left of what it is about."""


@dataclass(frozen=True)
class UnderstaffedShift:
    """Seats of one shift: on which local day and in which unit, how many are needed, and how they stand."""

    unit_id: int
    day: date
    seats: int
    missing: int = 0
    unsure: int = 0
    waiting: int = 0


Why = Literal["nothing", "elsewhere", "unconnected", "untried", "after"]
"""Why something could not be judged: there is nothing of it; it is of the whole enterprise; no gateway is set up in a
copy for trials; nothing was ever sent by those that are; something else must be mended first."""


@dataclass(frozen=True)
class ReadinessFacts:
    """``looked``: code → units in which there was something to look at; ``unjudged``: codes of the enterprise that
    nothing can be said of. ``wanting``: units with demand."""

    now: datetime
    days: tuple[date, ...]
    wanting: frozenset[int]
    troubles: tuple[ReadinessTrouble, ...]
    places: tuple[UnderstaffedShift, ...]
    looked: Mapping[Code, frozenset[int]]
    unjudged: Mapping[Code, Why]


@dataclass(frozen=True)
class ReadinessItem:
    code: Code
    troubles: tuple[ReadinessTrouble, ...]
    count: int
    points: int

    @property
    def severity(self) -> Severity:
        return WEIGHTS[self.code].severity

    @property
    def since(self) -> datetime | None:
        return min((each.since for each in self.troubles if each.since), default=None)

    @property
    def due(self) -> datetime | None:
        return min((each.due for each in self.troubles if each.due), default=None)


@dataclass(frozen=True)
class ReadinessDay:
    day: date
    seats: int
    missing: int
    unsure: int
    waiting: int


@dataclass(frozen=True)
class Readiness:
    """``items``: what costs most first; ``fine``: codes that were looked at and have nothing; ``unjudged``: those of
    which nothing can be said. ``wanting``: how many units with demand it is counted over."""

    items: tuple[ReadinessItem, ...]
    days: tuple[ReadinessDay, ...]
    fine: tuple[Code, ...]
    unjudged: Mapping[Code, Why]
    wanting: int

    @property
    def lost(self) -> int:
        return sum(each.points for each in self.items)

    @property
    def score(self) -> int:
        return WHOLE - self.lost

    def after(self, first: int) -> int:
        """The score once the ``first`` items are done."""
        return WHOLE - sum(each.points for each in _shared(self.items[first:]))

    @property
    def fingerprint(self) -> str:
        """The same while the same things are wrong; how long they have been is no news."""
        said = [f"{each.code}:{','.join(sorted(_named(each.troubles)))}" for each in self.items]
        return hashlib.sha256("\n".join(sorted(said)).encode()).hexdigest()[:32]


def judge(facts: ReadinessFacts, units: Units, *, whole: bool) -> Readiness:
    """``whole``: the reader answers for all units, and so for what belongs to the enterprise."""
    found: defaultdict[Code, list[ReadinessTrouble]] = defaultdict(list)
    for each in facts.troubles:
        if whole if not each.units else _touches(each.units, units):
            found[each.code].append(each)
    items = sorted(_shared([_item(code, some) for code, some in found.items()]), key=_order)
    unjudged = {code: why for code in WEIGHTS if (why := _unjudged(code, facts, units, whole=whole)) is not None}
    fine = tuple(code for code in WEIGHTS if code not in found and code not in unjudged)
    return Readiness(
        tuple(items),
        _days(facts, units),
        fine,
        {code: why for code, why in unjudged.items() if code not in found},
        len(facts.wanting if units is None else facts.wanting.intersection(units)),
    )


def _item(code: Code, troubles: Iterable[ReadinessTrouble]) -> ReadinessItem:
    ordered = tuple(sorted(troubles, key=lambda each: (_moment(each), each.thing)))
    count = sum(each.count for each in ordered)
    return ReadinessItem(code, ordered, count, _points(code, ordered))


def _points(code: Code, troubles: Sequence[ReadinessTrouble]) -> int:
    count = sum(each.count for each in troubles)
    return WEIGHTS[code].points(count, total=any(each.total for each in troubles))


def _shared(items: Iterable[ReadinessItem]) -> list[ReadinessItem]:
    """What means that nobody is called costs no more together than one of them: the worst bears it, each other a
    point."""
    whole = [replace(each, points=_points(each.code, each.troubles)) for each in items]
    calls = sorted((each for each in whole if each.code in NOBODY_CALLED), key=lambda each: -each.points)
    if len(calls) < 2:
        return whole
    worst = min(calls[0].points, NOBODY_CALLED_MOST - len(calls) + 1)
    points = {each.code: worst if each is calls[0] else 1 for each in calls}
    return [replace(each, points=points.get(each.code, each.points)) for each in whole]


_LATEST = float("inf")


def _moment(each: ReadinessTrouble | ReadinessItem) -> float:
    at = each.due or each.since
    return at.timestamp() if at else _LATEST


def _order(item: ReadinessItem) -> tuple[int, float, int]:
    return -item.points, item.due.timestamp() if item.due else _LATEST, list(WEIGHTS).index(item.code)


def _touches(some: frozenset[int], units: Units) -> bool:
    return units is None or not some.isdisjoint(units)


def _unjudged(code: Code, facts: ReadinessFacts, units: Units, *, whole: bool) -> Why | None:
    if code in ENTERPRISE:
        return facts.unjudged.get(code) if whole else "elsewhere"
    looked = facts.looked.get(code, frozenset())
    return None if looked and _touches(looked, units) else "nothing"


def _days(facts: ReadinessFacts, units: Units) -> tuple[ReadinessDay, ...]:
    mine: defaultdict[date, list[UnderstaffedShift]] = defaultdict(list)
    inside = None if units is None else frozenset(units)
    for each in facts.places:
        if inside is None or each.unit_id in inside:
            mine[each.day].append(each)
    return tuple(_day(day, mine[day]) for day in facts.days)


def _day(day: date, places: Sequence[UnderstaffedShift]) -> ReadinessDay:
    return ReadinessDay(
        day,
        sum(each.seats for each in places),
        sum(each.missing for each in places),
        sum(each.unsure for each in places),
        sum(each.waiting for each in places),
    )


def _named(troubles: Iterable[ReadinessTrouble]) -> Iterable[str]:
    return (f"{each.thing}x{each.count}" for each in troubles)
