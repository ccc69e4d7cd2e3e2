"""The working state of the greedy: who holds what, what a seat would cost, what a person would have to drop."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta

from roster.planning.engines.bars import rest_between
from roster.planning.engines.candidates import candidates, repeats
from roster.planning.engines.groups import groups
from roster.planning.problem import Assignment, Problem, Shift
from roster.planning.rules.fairness import FAIRNESS, load_cost
from roster.planning.rules.peaks import REPEAT_PEAK, SECOND_PEAK
from roster.planning.rules.rest import rest_minutes
from roster.planning.rules.wishes import WISH_OFF, WISH_ON


class Board:
    """Mutable and private to one run. Pinned pairs are put on it first and never leave it."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.can = candidates(problem)
        self.conflicts = {
            k: v for group in groups(problem, self.can) for k, v in conflicts(problem, group.shifts).items()
        }
        self.held: dict[int, set[int]] = {person.id: set() for person in problem.staff}
        self.on: dict[int, set[int]] = {shift.id: set() for shift in problem.shifts}
        self.load = {person.id: person.history_points for person in problem.staff}
        self.peaks = dict.fromkeys(self.held, 0)
        self.wish_price = _wish_prices(problem)
        self.pinned = {(pin.shift_id, pin.staff_id) for pin in problem.pins}
        for shift_id, staff_id in sorted(self.pinned):
            self.put(shift_id, staff_id)

    def put(self, shift_id: int, staff_id: int) -> None:
        self._move(shift_id, staff_id, +1)
        self.held[staff_id].add(shift_id)
        self.on[shift_id].add(staff_id)

    def take(self, shift_id: int, staff_id: int) -> None:
        self._move(shift_id, staff_id, -1)
        self.held[staff_id].remove(shift_id)
        self.on[shift_id].remove(staff_id)

    def _move(self, shift_id: int, staff_id: int, sign: int) -> None:
        shift = self.problem.shift_of[shift_id]
        self.load[staff_id] += sign * shift.points
        self.peaks[staff_id] += sign * bool(shift.peak)

    def is_full(self, staff_id: int) -> bool:
        limit = self.problem.person[staff_id].max_shifts
        return limit is not None and len(self.held[staff_id]) >= limit

    def is_open(self, shift_id: int, staff_id: int) -> bool:
        """May the person, who is a candidate, take the shift now, nothing else changing?"""
        held = self.held[staff_id]
        return shift_id not in held and not self.is_full(staff_id) and self.conflicts[shift_id].isdisjoint(held)

    def price(self, shift_id: int, staff_id: int) -> int:
        """What the objective would rise by if the person took the shift."""
        shift, person = self.problem.shift_of[shift_id], self.problem.person[staff_id]
        load, step = self.load[staff_id], FAIRNESS.number(self.problem, "step")
        cost = load_cost(load + shift.points, step) - load_cost(load, step)
        if shift.peak:
            cost += SECOND_PEAK.weight_in(self.problem) * (self.peaks[staff_id] > 0)
            cost += REPEAT_PEAK.weight_in(self.problem) * repeats(person, shift)
        return cost + self.wish_price.get((shift_id, staff_id), 0)

    def missing(self, shift_id: int) -> int:
        return max(0, self.problem.shift_of[shift_id].headcount - len(self.on[shift_id]))

    def empty_seats(self) -> list[int]:
        """Shift ids, one entry per empty seat."""
        return [shift.id for shift in self.problem.shifts for _ in range(self.missing(shift.id))]

    def assignments(self) -> tuple[Assignment, ...]:
        return tuple(sorted(Assignment(shift_id, p) for shift_id, people in self.on.items() for p in people))


def conflicts(problem: Problem, shifts: Sequence[Shift]) -> dict[int, set[int]]:
    """Shift id → ids of the shifts among these that the same person could not do as well."""
    ordered = sorted(shifts, key=lambda shift: shift.start)
    longest = timedelta(minutes=rest_minutes(problem, on_site=True))
    found: dict[int, set[int]] = {shift.id: set() for shift in ordered}
    for index, first in enumerate(ordered):
        for second in ordered[index + 1 :]:
            if second.start >= first.end + longest:
                break
            if second.start < first.end + rest_between(problem, first.form, second.form):
                found[first.id].add(second.id)
                found[second.id].add(first.id)
    return found


def _wish_prices(problem: Problem) -> dict[tuple[int, int], int]:
    """(shift, person) → what taking it costs (wish off) or saves (wish on, negative)."""
    by_date: defaultdict[object, list[Shift]] = defaultdict(list)
    for shift in problem.shifts:
        by_date[shift.local_date].append(shift)
    prices: defaultdict[tuple[int, int], int] = defaultdict(int)
    for wish in problem.wishes:
        price = wish.weight * (WISH_OFF if wish.want == "off" else WISH_ON).weight_in(problem)
        for shift in by_date[wish.local_date]:
            if wish.template in (None, shift.template):
                prices[shift.id, wish.staff_id] += price if wish.want == "off" else -price
    return prices
