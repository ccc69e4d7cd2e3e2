"""A part of a plan that is assigned alone: elsewhere whoever sits there stays, and what is empty stays empty."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from planning.problem import Assignment, Pin, Problem, Shift
from planning.restriction import restricted
from planning.rules.base import may_serve


@dataclass(frozen=True)
class Part:
    """Shifts of a unit (its code) and all below it, of one kind of duty, whose local dates are from ``first`` to
    ``last`` (both inclusive); ``None`` narrows nothing.

    ``people`` (codes): a range of the grid, these people on these dates. Only they get or give up a shift; of the
    shifts those count that one of them holds, or that have an empty seat which one of them may serve.
    """

    unit: str | None = None
    duty: str | None = None
    first: date | None = None
    last: date | None = None
    people: frozenset[str] | None = None

    def has(self, shift: Shift, parents: Mapping[str, str | None]) -> bool:
        """Whether it has the shift, by unit, duty and date. ``parents``: code of a unit → code of the one above it."""
        if self.duty not in (None, shift.duty) or not _is_below(shift.unit, self.unit, parents):
            return False
        is_late = self.first is None or self.first <= shift.local_date
        return is_late and (self.last is None or shift.local_date <= self.last)

    def outside(self, problem: Problem, draft: Iterable[Assignment]) -> frozenset[int]:
        """Ids of the shifts that are none of it, as the draft is."""
        there = _holders(draft) if self.people is not None else {}
        return frozenset(
            shift.id
            for shift in problem.shifts
            if not (self.has(shift, problem.parents) and self._touches(problem, shift, there.get(shift.id, set())))
        )

    def members(self, problem: Problem) -> frozenset[int]:
        """Ids of the people whom it may give a shift, or take one from."""
        return frozenset(each.id for each in problem.staff if self.people is None or each.code in self.people)

    def _touches(self, problem: Problem, shift: Shift, there: Collection[int]) -> bool:
        if self.people is None:
            return True
        mine = [each for each in problem.staff if each.code in self.people]
        seats = max(shift.headcount, shift.wanted.number if shift.wanted else 0)
        is_open = len(there) < seats and any(may_serve(each, shift) for each in mine)
        return is_open or any(each.id in there for each in mine)


def _holders(draft: Iterable[Assignment]) -> Mapping[int, set[int]]:
    found = defaultdict[int, set[int]](set)
    for each in draft:
        found[each.shift_id].add(each.staff_id)
    return found


def _is_below(unit: str, above: str | None, parents: Mapping[str, str | None]) -> bool:
    at: str | None = unit
    while above is not None and at is not None and at != above:
        at = parents.get(at)
    return at == above or above is None


def alone(problem: Problem, part: Part, draft: Collection[Assignment]) -> Problem:
    """The question of assigning the part of a draft alone: its shifts, whoever may serve or holds one of them, and what
    those have elsewhere, which stays. Who is not concerned costs and breaks the same whatever is decided.

    Beside the people of a range those who hold one of its shifts, too, stay where they are and get nothing.
    """
    outside = part.outside(problem, draft)
    members, is_range = part.members(problem), part.people is not None
    wanted = {(shift.duty, shift.unit) for shift in problem.shifts if shift.id not in outside}
    here = [each for each in draft if each.shift_id not in outside]
    people = {
        person.id
        for person in problem.staff
        if person.id in members
        and (is_range or any(duty in person.duties and unit in person.eligible_units for duty, unit in wanted))
    }
    people |= {each.staff_id for each in here}
    bound = [{pair.first, pair.second} for pair in problem.pairs]  # who serves together or apart is judged together
    people |= {person for pair in bound if pair & people for person in pair}
    asked = restricted(problem, {shift.id for shift in problem.shifts} - outside, people, draft)
    if not is_range:
        return asked
    stay = {Pin(each.shift_id, each.staff_id) for each in here if each.staff_id not in members}
    pins = sorted({*asked.pins, *stay}, key=lambda pin: (pin.shift_id, pin.staff_id))
    return replace(asked, pins=tuple(pins), closed=frozenset(people - members))
