"""Who is on which shifts, by person and by shift: the view of a roster that rules, loads and checks read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, MutableMapping
from functools import cached_property
from typing import Any, TypeVar

from planning.problem import Assignment, Problem, Shift

KEPT = 2
"""Rosters that a plan keeps: of a draft, and of the draft without those who have not agreed."""
EDITED = 50
"""So many assignments may differ for a roster to be made from another one: an edit changes a few of thousands."""
_Pair = tuple[int, int]
_Rows = TypeVar("_Rows", bound=MutableMapping[int, Any])


class Roster:
    """Assignments by person (shifts in order of start) and by shift (staff ids). KeyError on unknown ids."""

    def __init__(self, problem: Problem, assignments: Iterable[Assignment]) -> None:
        self._fill(problem, _pairs(assignments))

    def _fill(self, problem: Problem, pairs: Collection[_Pair]) -> None:
        self.pairs = pairs
        self.shifts_of: defaultdict[int, list[Shift]] = defaultdict(list)
        self.staff_on: defaultdict[int, list[int]] = defaultdict(list)
        person, shift_of = problem.person, problem.shift_of
        for shift_id, staff_id in sorted(pairs):
            self.shifts_of[person[staff_id].id].append(shift_of[shift_id])
            self.staff_on[shift_id].append(staff_id)
        for own in self.shifts_of.values():
            own.sort(key=lambda shift: (shift.start, shift.id))

    @cached_property
    def ids_of(self) -> Mapping[int, tuple[int, ...]]:
        """The ids of each person's shifts in order of start: to know whether a row is what it was."""
        return {staff_id: tuple([shift.id for shift in own]) for staff_id, own in self.shifts_of.items()}

    @cached_property
    def distinct(self) -> frozenset[_Pair]:
        """(shift id, staff id): fewer than the assignments where somebody has two seats of one shift."""
        return frozenset(self.pairs)


def roster_of(problem: Problem, assignments: Iterable[Assignment]) -> Roster:
    """The roster of these assignments; asked again for the same ones, the same: it is not to be changed.

    One that differs by an edit from another of the same plan is made from that.
    """
    if not isinstance(assignments, tuple):
        return Roster(problem, assignments)
    kept: tuple[tuple[tuple[Assignment, ...], Roster], ...] = problem.facts.get("rosters", ())
    found = next((roster for known, roster in kept if known is assignments), None)
    if found is None:
        found = _from_another(problem, [roster for _known, roster in kept], assignments)
        problem.facts["rosters"] = ((assignments, found), *kept[: KEPT - 1])
    return found


def _from_another(problem: Problem, others: Iterable[Roster], assignments: Iterable[Assignment]) -> Roster:
    """From the nearest, where an edit lies between: with many who have not agreed yet the other one is far."""
    pairs = _pairs(assignments)
    distinct = frozenset(pairs)
    single = [each for each in others if len(each.distinct) == len(each.pairs)] if len(distinct) == len(pairs) else []
    other = min(single, key=lambda each: len(distinct ^ each.distinct), default=None)
    made = Roster(problem, ())
    if other is None or len(differ := distinct ^ other.distinct) > EDITED:
        made._fill(problem, pairs)
        return made
    shifts, people = {shift_id for shift_id, _who in differ}, {who for _shift_id, who in differ}
    touched = {(shift_id, who) for shift_id in shifts for who in other.staff_on.get(shift_id, ())}
    touched |= {(shift.id, who) for who in people for shift in other.shifts_of.get(who, ())}
    made._fill(problem, touched ^ differ)
    staff_on, shifts_of, ids_of = made.staff_on, made.shifts_of, made.ids_of
    made.pairs, made.staff_on = pairs, _with(other.staff_on.copy(), staff_on, shifts)
    made.shifts_of = _with(other.shifts_of.copy(), shifts_of, people)
    made.ids_of, made.distinct = _with(dict(other.ids_of), ids_of, people), distinct
    return made


def _with(rows: _Rows, other: Mapping[int, Any], keys: Iterable[int]) -> _Rows:
    """``rows``, of which these are as in ``other``."""
    for key in keys:
        if key in other:
            rows[key] = other[key]
        else:
            del rows[key]
    return rows


def _pairs(assignments: Iterable[Assignment]) -> list[_Pair]:
    return [(each.shift_id, each.staff_id) for each in assignments]
