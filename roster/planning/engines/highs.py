"""The HiGHS engine: group by group, first as few empty seats as can be, then as little cost as can be.

Groups of shifts that share nobody are independent: their costs and bounds add up, and small ones are proven in
no time. Nothing here judges: what is found goes to `emit`, and whoever listens re-scores it by the rules.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from time import monotonic

from roster.planning.check import cost_of, person_violations
from roster.planning.engines.candidates import candidates
from roster.planning.engines.formulation import Formulation, Pair
from roster.planning.engines.groups import Group, groups
from roster.planning.engines.lp import Values, minimise
from roster.planning.problem import Assignment, Problem, Shift
from roster.planning.rules.coverage import HEADCOUNT

MISSING_SHARE = 0.4  # of a group's time may go to proving how many seats stay empty

Emit = Callable[[Sequence[Assignment], int, int], None]


class Search:
    """One run over all groups; keeps the roster so far, and per group the proven bounds."""

    def __init__(self, problem: Problem, start: Sequence[Assignment], *, seconds: float, seed: int, emit: Emit) -> None:
        self.problem, self.seed, self.emit = problem, seed, emit
        self.deadline = monotonic() + seconds
        self.can = candidates(problem)
        self.groups = groups(problem, self.can)
        self.held = {group.key: _within(group, start) for group in self.groups}
        self.lost = {g.key: sum(_lost_wishes(problem, p, self.can) for p in g.staff_ids) for g in self.groups}
        self.bound = {group.key: group.idle_cost + self.lost[group.key] for group in self.groups}
        self.missing = dict.fromkeys(self.held, 0)
        self.idle = _idle_cost(problem, self.groups)

    def run(self) -> None:
        """Rounds over the groups not yet proven, small ones first; what they leave of their time goes to the next."""
        open_groups = sorted(self.groups, key=lambda group: (group.size, group.key))
        while open_groups and monotonic() < self.deadline:
            left = sum(group.size for group in open_groups)
            for group in open_groups:
                share = (self.deadline - monotonic()) * group.size / max(1, left)
                self._solve_group(group, monotonic() + share)
                left -= group.size
            open_groups = [group for group in open_groups if not self._is_proven(group)]

    def _is_proven(self, group: Group) -> bool:
        bound = self.bound[group.key] + self.missing[group.key] * HEADCOUNT.weight_in(self.problem)
        return bound >= self._price(group, self.held[group.key])

    def _solve_group(self, group: Group, until: float) -> None:
        empty = self._empty(group, self.held[group.key])
        if empty:
            begun = monotonic()
            self._fewest_empty(group, (until - begun) * MISSING_SHARE)
            empty = self._empty(group, self.held[group.key])
        form = Formulation(self.problem, group.shifts, self.can, max_missing=empty)

        def on_news(values: Values | None, bound: int | None) -> None:
            # With fewer seats empty than assumed the cost bound would not hold, so it waits for that proof.
            if bound is not None and self.missing[group.key] == empty:
                self.bound[group.key] = max(self.bound[group.key], bound * form.unit + self.lost[group.key])
            self._report(group, form, values)

        start = form.start(self.held[group.key])
        minimise(form.model, start, seconds=until - monotonic(), seed=self.seed, on_news=on_news)

    def _fewest_empty(self, group: Group, seconds: float) -> None:
        form = Formulation(self.problem, group.shifts, self.can, count_missing=True)

        def on_news(values: Values | None, bound: int | None) -> None:
            self.missing[group.key] = max(self.missing[group.key], bound or 0)
            self._report(group, form, values)

        minimise(form.model, form.start(self.held[group.key]), seconds=seconds, seed=self.seed, on_news=on_news)

    def _empty(self, group: Group, pairs: set[Pair]) -> int:
        staffed = Counter(shift_id for shift_id, _ in pairs)
        return sum(max(0, shift.headcount - staffed[shift.id]) for shift in group.shifts)

    def _report(self, group: Group, form: Formulation, values: Values | None) -> None:
        if values is not None:
            self._keep_better(group, form.pairs(values))
        roster = [Assignment(*pair) for held in self.held.values() for pair in held]
        missing = sum(self.missing.values())
        price = missing * HEADCOUNT.weight_in(self.problem)
        self.emit(sorted(roster), sum(self.bound.values()) + self.idle + price, missing)

    def _keep_better(self, group: Group, pairs: set[Pair]) -> None:
        """The solver's own costs may be loose in its helper columns, so both rosters are priced by the rules."""
        if self._price(group, pairs) < self._price(group, self.held[group.key]):
            self.held[group.key] = pairs

    def _price(self, group: Group, pairs: set[Pair]) -> int:
        shifts_of: dict[int, list[Shift]] = {staff_id: [] for staff_id in group.staff_ids}
        for shift_id, staff_id in pairs:
            shifts_of[staff_id].append(self.problem.shift_of[shift_id])
        people = sum(cost_of(person_violations(self.problem, p, own)) for p, own in shifts_of.items())
        return people + self._empty(group, pairs) * HEADCOUNT.weight_in(self.problem)


def improve(problem: Problem, start: Sequence[Assignment], *, seconds: float, seed: int, emit: Emit) -> None:
    """Improve a roster until it is proven best or time is up; `emit(roster, bound, fewest empty seats)` as it goes."""
    Search(problem, start, seconds=seconds, seed=seed, emit=emit).run()


def _within(group: Group, start: Sequence[Assignment]) -> set[Pair]:
    ids = {shift.id for shift in group.shifts}
    return {(a.shift_id, a.staff_id) for a in start if a.shift_id in ids}


def _idle_cost(problem: Problem, found: Sequence[Group]) -> int:
    """What people whom no group may use cost in any roster."""
    used = {staff_id for group in found for staff_id in group.staff_ids}
    idle = (person.id for person in problem.staff if person.id not in used)
    return sum(cost_of(person_violations(problem, staff_id, [])) for staff_id in idle)


def _lost_wishes(problem: Problem, staff_id: int, can: Mapping[int, Collection[int]]) -> int:
    """What a person's wishes cost that no roster can grant."""
    pinned = [problem.shift_of[pin.shift_id] for pin in problem.pins_of.get(staff_id, ())]
    unheard = [v for v in person_violations(problem, staff_id, pinned) if v.rule == "wishes.on"]
    return cost_of(v for v in unheard if not any(staff_id in can[s] for s in v.shift_ids))
