"""PURE the judge of a pattern: what the rules of the roster have against a person on a seat, as it is dealt so far."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from planning.explain.what_if import Rows
from planning.problem import Assignment, Problem
from planning.restriction import around
from roster.patterns.dealing import SeatToDeal, Why

THERE = "there"
"""They sit on another seat of the shift."""
AT_THE_END = ("limits.min_shifts", "runs.min_days", "runs.min_off", "pairs.together")
"""What is broken by a roster that is not finished is judged when all is dealt."""
NEVER = ("eligibility.duty", "eligibility.unit", "eligibility.place", "absence.away")
"""What no reason answers for, besides the law: a pattern seats nobody who is away or not on the list."""


class ByRules:
    """``held``: who sits where and stays. ``answered``: hard rules may be broken for a reason, except ``law``."""

    def __init__(
        self,
        problem: Problem,
        held: Iterable[Assignment],
        people: Collection[int],
        shift_ids: Collection[int],
        *,
        answered: bool = False,
        law: Collection[str] = (),
    ) -> None:
        self._rows = Rows(*around(problem, people, shift_ids, held))
        self._excusable = answered
        self._law = frozenset({*law, *NEVER, THERE})

    def hinders(self, place: SeatToDeal, person: int) -> Why:
        on_it = self._rows.on(place.shift_id)
        if person in on_it:
            return (THERE,)
        shift = self._rows.problem.shift_of[place.shift_id]
        broken = self._rows.seating(shift, on_it, person).codes
        found = tuple(code for code in broken if code not in AT_THE_END)
        return tuple(code for code in found if code in self._law) if self._excusable else found

    def take(self, place: SeatToDeal, person: int) -> None:
        self._rows.put(place.shift_id, person)
