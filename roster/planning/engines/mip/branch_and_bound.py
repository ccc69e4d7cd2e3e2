"""Group by group, first as few empty seats as can be, then as little cost as can be.

Groups of shifts that share nobody are independent: their costs and bounds add up, and small ones are proven in
no time. Nothing here judges: what is found goes to `emit`, and whoever listens re-scores it by the rules.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from time import monotonic

from roster.planning.engines.candidates.components import Group, groups
from roster.planning.engines.mip.build import build, reach
from roster.planning.engines.mip.builder import Draft, Pair
from roster.planning.engines.mip.shortage_bound import at_least_missing
from roster.planning.engines.mip.solver import Better, Infeasible, News, Values, minimise
from roster.planning.engines.work_budget import Work
from roster.planning.problem import Assignment, Problem
from roster.planning.rules.coverage import HEADCOUNT
from roster.planning.score.check import cost_of, person_violations
from roster.planning.score.score import Score, score_among

MISSING_SHARE = 0.4  # of a group's time may go to proving how many seats stay empty
LAWFUL_SHARE = 0.5  # of what is left, to finding a roster without any hard breach where none is known
HEAR_SECONDS = 0.5

Emit = Callable[[Sequence[Assignment], int, int], None]
Hear = Callable[[], Sequence[Assignment] | None]


class Search:
    """One run over all groups; keeps the roster so far, and per group the proven bounds (`bound` without seats)."""

    def __init__(
        self,
        problem: Problem,
        start: Sequence[Assignment],
        *,
        seconds: float,
        seed: int,
        emit: Emit,
        hear: Hear,
        work: Work | None = None,
    ) -> None:
        self.problem, self.seed, self.emit, self.hear, self.work = problem, seed, emit, hear, work
        self.elapsed = monotonic if work is None else work.elapsed
        self.deadline = monotonic() + seconds if work is None else work.budget
        self.can = reach(problem)
        self.groups = groups(problem, self.can)
        self.held = {group.key: within(group, start) for group in self.groups}
        self.scores = {group.key: self._score(group, self.held[group.key]) for group in self.groups}
        self.bound = dict.fromkeys(self.held, 0)
        self.missing = dict.fromkeys(self.held, 0)
        self.impossible: set[int] = set()  # groups where some "at least" rule has to be broken
        self.idle = _idle_cost(problem, self.groups)
        self.asked_at = monotonic()

    def run(self) -> None:
        """Rounds over the groups not yet proven, small ones first; what they leave of their time goes to the next."""
        open_groups = sorted(self.groups, key=lambda group: (group.size, group.key))
        while open_groups and not self.is_over:
            left = sum(group.size for group in open_groups)
            for group in list(open_groups):
                share = (self.deadline - self.elapsed()) * group.size / max(1, left)
                if self._solve_group(group, self.elapsed() + share) or self.is_proven(group):
                    open_groups.remove(group)
                left -= group.size

    @property
    def is_over(self) -> bool:
        return self.elapsed() >= self.deadline or (self.work is not None and self.work.is_clocked)

    def is_proven(self, group: Group) -> bool:
        score, missing = self.scores[group.key], self.missing[group.key]
        bound = self.bound[group.key] + missing * HEADCOUNT.weight_in(self.problem)
        return missing >= score.missing and bound >= score.cost

    def prove(self, group: Group, empty: int) -> None:
        """Nothing with so many empty seats is cheaper than what is held, which breaks no rule."""
        if self.missing[group.key] == empty:
            cost = self.scores[group.key].cost - empty * HEADCOUNT.weight_in(self.problem)
            self.bound[group.key] = max(self.bound[group.key], cost)
            self.report()

    def _solve_group(self, group: Group, until: float) -> bool:
        """True when there is nothing more to find here."""
        empty = empty_seats(group, self.held[group.key])
        if empty:
            self._fewest_empty(group, (until - self.elapsed()) * MISSING_SHARE)
            empty = empty_seats(group, self.held[group.key])
        if group.key not in self.impossible:
            share = LAWFUL_SHARE if self.scores[group.key].lacking else 1.0
            firmly = self.elapsed() + (until - self.elapsed()) * share
            try:
                proven = self._cheapest(group, empty, firmly, is_elastic=False)
            except Infeasible:
                self.impossible.add(group.key)
            else:
                if not self.scores[group.key].lacking:
                    return proven
        return self._cheapest(group, empty, until, is_elastic=True)

    def _cheapest(self, group: Group, empty: int, until: float, *, is_elastic: bool) -> bool:
        draft = build(self.problem, group.shifts, self.can, max_missing=empty, is_elastic=is_elastic)
        still = score_among(self.problem, group.staff_ids - draft.own.keys(), (), ()).elastic_cost

        def on_news(values: Values | None, bound: int | None) -> bool:
            if values is not None:
                self.keep_better(group, draft.pairs(values))
            # With fewer seats empty than assumed the cost bound would not hold, so it waits for that proof.
            if bound is not None and self.missing[group.key] == empty and self._may_tell(group, is_elastic=is_elastic):
                lacking = self.scores[group.key].lacking
                self.bound[group.key] = max(self.bound[group.key], bound + still - lacking)
            self.report()
            return self.is_proven(group)

        start, better = draft.start(self.held[group.key]), self._listener(group, draft)
        proven = self._run(draft, start, until, on_news, better)
        if proven and not self.is_proven(group):
            # A start that presolve improves is proven and yet not handed out: then it has to be found.
            proven = self._run(draft, {}, until, on_news, better)
        return proven and self.missing[group.key] == empty

    def _may_tell(self, group: Group, *, is_elastic: bool) -> bool:
        """Bounds of lawful rosters wait for one to be held, those of others for the proof that there is none: else
        an unlawful roster would pass for the best.
        """
        return group.key in self.impossible if is_elastic else not self.scores[group.key].lacking

    def _run(
        self, draft: Draft, start: Mapping[int, float], until: float, on_news: News, better: Better | None = None
    ) -> bool:
        return minimise(
            draft.model,
            start,
            seconds=until - self.elapsed(),
            seed=self.seed,
            on_news=on_news,
            better=better,
            work=self.work,
        )

    def _listener(self, group: Group, draft: Draft) -> Callable[[], Mapping[int, float] | None]:
        """What others found meanwhile, as values of the columns, when it is better than what is held."""

        def better() -> Mapping[int, float] | None:
            if monotonic() < self.asked_at + HEAR_SECONDS:
                return None
            self.asked_at = monotonic()
            heard = self.hear()
            if heard is None:
                return None
            pairs = within(group, heard)
            return draft.start(pairs) if self.keep_better(group, pairs) else None

        return better

    def _fewest_empty(self, group: Group, seconds: float) -> None:
        draft = build(self.problem, group.shifts, self.can, counts_missing=True)

        def on_news(values: Values | None, bound: int | None) -> bool:
            self.missing[group.key] = max(self.missing[group.key], bound or 0)
            if values is not None:
                self.keep_better(group, draft.pairs(values))
            self.report()
            return False

        until = self.elapsed() + seconds
        if self.work is None:  # the relaxation is cut by the clock: no two runs would know the same
            self.missing[group.key] = max(self.missing[group.key], at_least_missing(draft, seconds / 2))
        proven = self._run(draft, draft.start(self.held[group.key]), until, on_news)
        if proven and empty_seats(group, self.held[group.key]) > self.missing[group.key]:
            self._run(draft, {}, until, on_news)

    def report(self) -> None:
        roster = [Assignment(*pair) for held in self.held.values() for pair in held]
        missing = sum(self.missing.values())
        price = missing * HEADCOUNT.weight_in(self.problem)
        self.emit(sorted(roster), sum(self.bound.values()) + self.idle + price, missing)

    def _score(self, group: Group, pairs: Collection[Pair]) -> Score:
        return score_among(self.problem, group.staff_ids, group.shifts, pairs)

    def take(self, group: Group, roster: Sequence[Assignment]) -> bool:
        """Keep another's roster of this group if it is better."""
        return self.keep_better(group, within(group, roster))

    def keep_better(self, group: Group, pairs: set[Pair]) -> bool:
        score = self._score(group, pairs)
        if score >= self.scores[group.key]:
            return False
        self.scores[group.key], self.held[group.key] = score, pairs
        return True


def improve(
    problem: Problem,
    start: Sequence[Assignment],
    *,
    seconds: float,
    seed: int,
    emit: Emit,
    hear: Hear = lambda: None,
    work: Work | None = None,
) -> None:
    """Improve a roster until it is proven best or time is up; `emit(roster, bound, fewest empty seats)` as it goes.

    With `work` it ends by what it has done, wherever the clock is not first.
    """
    Search(problem, start, seconds=seconds, seed=seed, emit=emit, hear=hear, work=work).run()


def within(group: Group, roster: Sequence[Assignment]) -> set[Pair]:
    """The pairs of a roster that lie in this group."""
    ids = group.shift_ids
    return {(a.shift_id, a.staff_id) for a in roster if a.shift_id in ids and a.staff_id in group.staff_ids}


def empty_seats(group: Group, pairs: Collection[Pair]) -> int:
    staffed = Counter(shift_id for shift_id, _ in pairs)
    return sum(max(0, shift.headcount - staffed[shift.id]) for shift in group.shifts)


def _idle_cost(problem: Problem, found: Sequence[Group]) -> int:
    """What people whom no group may use cost in any roster."""
    used = {staff_id for group in found for staff_id in group.staff_ids}
    idle = (person.id for person in problem.staff if person.id not in used)
    return sum(cost_of(person_violations(problem, staff_id, [])) for staff_id in idle)
