"""A part of a plan that is assigned alone: elsewhere whoever sits there stays, and what is empty stays empty."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from roster.planning.problem import Assignment, Problem, Shift
from roster.planning.restriction import restricted


@dataclass(frozen=True)
class Part:
    """Shifts of a unit (its code) and all below it, of one kind of duty, whose local dates are from ``first`` to
    ``last`` (both inclusive); ``None`` narrows nothing."""

    unit: str | None = None
    duty: str | None = None
    first: date | None = None
    last: date | None = None

    def has(self, shift: Shift, parents: Mapping[str, str | None]) -> bool:
        """``parents``: code of a unit → code of the one above it."""
        if self.duty not in (None, shift.duty) or not _is_below(shift.unit, self.unit, parents):
            return False
        is_late = self.first is None or self.first <= shift.local_date
        return is_late and (self.last is None or shift.local_date <= self.last)

    def outside(self, problem: Problem) -> frozenset[int]:
        """Ids of the shifts that are none of it."""
        return frozenset(shift.id for shift in problem.shifts if not self.has(shift, problem.parents))


def _is_below(unit: str, above: str | None, parents: Mapping[str, str | None]) -> bool:
    at: str | None = unit
    while above is not None and at is not None and at != above:
        at = parents.get(at)
    return at == above or above is None


def alone(problem: Problem, part: Part, draft: Collection[Assignment]) -> Problem:
    """The question of assigning the part of a draft alone: its shifts, whoever may serve or holds one of them, and what
    those have elsewhere, which stays. Who is not concerned costs and breaks the same whatever is decided.
    """
    outside = part.outside(problem)
    wanted = {(shift.duty, shift.unit) for shift in problem.shifts if shift.id not in outside}
    people = {
        person.id
        for person in problem.staff
        if any(duty in person.duties and unit in person.eligible_units for duty, unit in wanted)
    }
    people |= {each.staff_id for each in draft if each.shift_id not in outside}
    bound = [{pair.first, pair.second} for pair in problem.pairs]  # who serves together or apart is judged together
    people |= {person for pair in bound if pair & people for person in pair}
    return restricted(problem, {shift.id for shift in problem.shifts} - outside, people, draft)
