"""Who carries what, and how even that is: for people who defend a roster or complain about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import fmean, pstdev

from roster.planning.problem import Assignment, Problem
from roster.planning.rules.base import Roster


@dataclass(frozen=True)
class Line:
    """One person's account; points in hundredths."""

    staff_id: int
    history: int
    plan: int
    shifts: int
    nights: int
    peaks: int

    @property
    def load(self) -> int:
        return self.history + self.plan


@dataclass(frozen=True)
class Spread:
    """How even the loads of those who may take one duty are; hundredths of a point."""

    duty: str
    people: int
    lowest: int
    highest: int
    mean: float
    deviation: float


def ledger(problem: Problem, assignments: Iterable[Assignment]) -> list[Line]:
    """A line for everybody, in the order of the problem."""
    roster = Roster(problem, assignments)
    lines = []
    for person in problem.staff:
        own = roster.shifts_of.get(person.id, [])
        plan, nights, peaks = sum(s.points for s in own), sum(s.night for s in own), sum(bool(s.peak) for s in own)
        lines.append(Line(person.id, person.history_points, plan, len(own), nights, peaks))
    return lines


def spreads(problem: Problem, assignments: Iterable[Assignment]) -> list[Spread]:
    """Range and standard deviation of the load per duty, over the people who may take it, by name of the duty."""
    load = {line.staff_id: line.load for line in ledger(problem, assignments)}
    found = []
    for duty in sorted({shift.duty for shift in problem.shifts}):
        loads = [load[person.id] for person in problem.staff if duty in person.duties]
        if loads:
            found.append(Spread(duty, len(loads), min(loads), max(loads), fmean(loads), pstdev(loads)))
    return found
