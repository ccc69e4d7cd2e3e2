"""PURE what a campaign would be before it is made: shifts, seats and hours, by kind of duty and by person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from core.calendar.holidays import Phase, phase


@dataclass(frozen=True)
class SetUpShift:
    """A shift of a phase that a unit (id) has every day."""

    unit: int
    duty: str
    phase: str
    minutes: int
    people: int
    on_site: bool


@dataclass(frozen=True)
class Able:
    """Somebody who may serve: kinds of duty, and the units whose shifts they may take (their own and those above)."""

    id: int
    duties: frozenset[str]
    units: frozenset[int]


@dataclass(frozen=True)
class OfKind:
    """``able``: how many people may serve its shifts at all; ``most_at_once``: seats of one unit's one shift."""

    duty: str
    shifts: int
    seats: int
    minutes: int
    able: int
    most_at_once: int

    @property
    def short(self) -> bool:
        """Nobody can fill it, whatever is decided."""
        return self.able < self.most_at_once

    @property
    def each(self) -> float:
        """Shifts of one person, if they were dealt evenly."""
        return self.seats / self.able if self.able else 0.0


@dataclass(frozen=True)
class PhaseDays:
    """Of one phase between the first and the last day; ``first`` is None where there are none."""

    phase: Phase
    first: date | None
    last: date | None
    number: int


@dataclass(frozen=True)
class Outlook:
    days: tuple[PhaseDays, ...]
    shifts: int
    seats: int
    kinds: tuple[OfKind, ...]
    people: int
    """Who may serve any of it."""
    on_site: float
    """Hours on site of one person, if all were dealt evenly among those who may serve on site."""
    elsewhere: float
    """Hours on call of one person, likewise."""
    units: int


def phases(first: date, last: date, rest: tuple[date, date]) -> tuple[PhaseDays, ...]:
    """The days before, during and after the break."""
    found: dict[Phase, list[date]] = {"before": [], "during": [], "after": []}
    for n in range((last - first).days + 1):
        day = first + timedelta(days=n)
        found[phase(day, *rest)].append(day)
    return tuple(
        PhaseDays(name, days[0] if days else None, days[-1] if days else None, len(days))
        for name, days in found.items()
    )


def outlook(days: Sequence[PhaseDays], asked: Iterable[SetUpShift], able: Iterable[Able]) -> Outlook:
    """Return what these shifts are on those days."""
    number: dict[str, int] = {each.phase: each.number for each in days}
    return counted(days, [(row, times) for row in asked if (times := number.get(row.phase, 0))], able)


def counted(days: Sequence[PhaseDays], rows: Iterable[tuple[SetUpShift, int]], able: Iterable[Able]) -> Outlook:
    """The same of shifts that are counted already."""
    of_duty: defaultdict[str, list[tuple[SetUpShift, int]]] = defaultdict(list)
    for row, times in rows:
        of_duty[row.duty].append((row, times))
    everybody = list(able)
    there = {duty: _able(duty, own, everybody) for duty, own in of_duty.items()}
    kinds = tuple(_kind_totals(duty, own, there[duty]) for duty, own in of_duty.items())
    every = [each for own in of_duty.values() for each in own]
    return Outlook(
        tuple(days),
        sum(kind.shifts for kind in kinds),
        sum(kind.seats for kind in kinds),
        kinds,
        len(set[int]().union(*there.values())),
        _hours(every, there, on_site=True),
        _hours(every, there, on_site=False),
        len({row.unit for row, _times in every}),
    )


def _kind_totals(duty: str, rows: Sequence[tuple[SetUpShift, int]], there: set[int]) -> OfKind:
    return OfKind(
        duty,
        sum(times for _row, times in rows),
        sum(row.people * times for row, times in rows),
        sum(row.people * row.minutes * times for row, times in rows),
        len(there),
        max((row.people for row, _times in rows), default=0),
    )


def _able(duty: str, rows: Iterable[tuple[SetUpShift, int]], everybody: Iterable[Able]) -> set[int]:
    units = {row.unit for row, _times in rows}
    return {who.id for who in everybody if duty in who.duties and not units.isdisjoint(who.units)}


def _hours(rows: Iterable[tuple[SetUpShift, int]], there: Mapping[str, set[int]], *, on_site: bool) -> float:
    mine = [(row, times) for row, times in rows if row.on_site == on_site]
    people = set[int]().union(*(there[row.duty] for row, _times in mine))
    return sum(row.people * row.minutes * times for row, times in mine) / 60 / len(people) if people else 0.0
