"""Who carries what, and how even that is: for people who defend a roster or complain about it.

Loads are compared relative to what each person can carry: whoever is there half the time and does half the duty counts
as much as a full-timer who does all of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean, pstdev

from planning.problem import Assignment, Problem, Shift, Staff
from planning.roster import roster_of
from planning.rules.fairness import FULL_CAPACITY, capacity, present_days


@dataclass(frozen=True)
class Line:
    """One person's account; points in hundredths, `capacity` in hundredths of a percent."""

    staff_id: int
    history: int
    plan: int
    shifts: int
    nights: int
    peaks: int
    capacity: int = FULL_CAPACITY

    @property
    def load(self) -> int:
        return self.history + self.plan

    @property
    def relative(self) -> int:
        """The load that would weigh as much on somebody who is there full-time and all the plan long."""
        return self.history + round(self.plan * FULL_CAPACITY / self.capacity)


@dataclass(frozen=True)
class Spread:
    """How even the relative loads of those who share one duty are; hundredths of a point."""

    duty: str
    people: int
    lowest: int
    highest: int
    mean: float
    deviation: float

    @property
    def range(self) -> int:
        return self.highest - self.lowest


def ledger(problem: Problem, assignments: Iterable[Assignment]) -> list[Line]:
    """A line for everybody, in the order of the problem.

    Whoever has the same shifts as when this was asked last has the same line: an edit changes two of a thousand.
    """
    roster = roster_of(problem, assignments)
    known: dict[int, tuple[tuple[int, ...], Line]] = problem.facts.setdefault("ledger.lines", {})
    lines, own_ids = [], roster.ids_of
    for person in problem.staff:
        seen, last = own_ids.get(person.id, ()), known.get(person.id)
        if last is None or last[0] != seen:
            last = known[person.id] = (seen, _line(problem, person, roster.shifts_of.get(person.id, ())))
        lines.append(last[1])
    return lines


def _line(problem: Problem, person: Staff, own: Sequence[Shift]) -> Line:
    plan, nights = sum(s.worth(person) for s in own), sum(s.night for s in own)
    peaks, share = sum(bool(s.peak) for s in own), capacity(problem, person)
    return Line(person.id, person.history_points, plan, len(own), nights, peaks, share)


def sharing(problem: Problem, duty: str) -> Sequence[Staff]:
    """Who shares a duty: may serve some shift of it in this plan, and is present on one day at least."""
    known: dict[str, tuple[Staff, ...]] = problem.facts.setdefault("ledger.sharing", {})
    if duty not in known:
        units = {shift.unit for shift in problem.shifts if shift.duty == duty}
        able = (person for person in problem.staff if duty in person.duties and units & person.eligible_units)
        known[duty] = tuple(person for person in able if present_days(problem, person))
    return known[duty]


def spreads(problem: Problem, lines: Iterable[Line], *, among: Collection[int] | None = None) -> list[Spread]:
    """Range and deviation of the relative load per duty, over the people who share it, by name of the duty.

    ``among``: only these staff ids are looked at.
    """
    load = {line.staff_id: line.relative for line in lines}
    found = []
    for duty in sorted({shift.duty for shift in problem.shifts}):
        loads = [load[p.id] for p in sharing(problem, duty) if among is None or p.id in among]
        if loads:
            found.append(Spread(duty, len(loads), min(loads), max(loads), fmean(loads), pstdev(loads)))
    return found
