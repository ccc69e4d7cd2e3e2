"""Component by component, first as few empty seats as can be, then as little cost as can be.

Components of shifts that share nobody are independent: their costs and bounds add up, and small ones are proven in
no time. What is found is scored by the rules, and what is proven passes through `claims`; both go to `emit`, and
whoever listens does it again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from time import monotonic

from planning.claims import Claim, Claims
from planning.engines.candidates.components import Component, components, empty_seats
from planning.engines.mip.build import build, reach
from planning.engines.mip.builder import Builder, Pair
from planning.engines.mip.shortage_bound import at_least_missing
from planning.engines.mip.solver import Better, Infeasible, MipListener, News, RunEnd, Values, minimise
from planning.engines.work_budget import WorkBudget
from planning.problem import Assignment, Problem
from planning.rules.cover.headcount import HEADCOUNT
from planning.score.check import cost_of, person_violations
from planning.score.score import Score, score_among

MISSING_SHARE = 0.4  # of a component's time may go to proving how many seats stay empty
LAWFUL_SHARE = 0.5  # of what is left, to finding a roster without any hard breach where none is known
HEAR_SECONDS = 0.5
TREE, RELAXATION = "tree", "relaxation"  # who claims

Emit = Callable[[Sequence[Assignment], int, int], None]
Hear = Callable[[], Sequence[Assignment] | None]


class Search:
    """One run over all components; keeps of each the roster so far and what is believed of it."""

    def __init__(
        self,
        problem: Problem,
        start: Sequence[Assignment],
        *,
        seconds: float,
        seed: int,
        emit: Emit,
        hear: Hear,
        work: WorkBudget | None = None,
    ) -> None:
        self.problem, self.seed, self.emit, self.hear, self.work = problem, seed, emit, hear, work
        self.elapsed = monotonic if work is None else work.elapsed
        self.deadline = monotonic() + seconds if work is None else work.budget
        self.can = reach(problem)
        self.components = components(problem, self.can)
        self.held = {component.key: within(component, start) for component in self.components}
        self.claims = {c.key: Claims(self._score(c, self.held[c.key])) for c in self.components}
        self.seat = HEADCOUNT.weight_in(problem)
        self.impossible: set[int] = set()  # components where some "at least" rule has to be broken
        self.idle = _idle_cost(problem, self.components)
        self.asked_at = monotonic()

    def run(self) -> None:
        """Rounds over the components not yet proven, small ones first; what one leaves of its time goes to the next."""
        open_components = sorted(self.components, key=lambda component: (component.size, component.key))
        while open_components and not self.is_over:
            left = sum(component.size for component in open_components)
            for component in list(open_components):
                share = (self.deadline - self.elapsed()) * component.size / max(1, left)
                if self._solve_group(component, self.elapsed() + share) or self.is_proven(component):
                    open_components.remove(component)
                left -= component.size

    @property
    def is_over(self) -> bool:
        return self.elapsed() >= self.deadline or (self.work is not None and self.work.is_clocked)

    def is_proven(self, component: Component) -> bool:
        return self.claims[component.key].is_settled

    def score(self, component: Component) -> Score:
        """The score of the roster held."""
        return self.claims[component.key].score

    def claim(self, component: Component, by: str, bound: int, empty: int) -> bool:
        """Rosters of the component with so many empty seats cost at least so much besides these; True when believed.

        With fewer seats empty than assumed it would not hold, so it waits until no fewer can be.
        """
        own = self.claims[component.key]
        return own.missing == empty and own.claim(by, self._claim(component, bound, empty))

    def prove(self, component: Component, by: str, builder: Builder, end: RunEnd, *, empty: int) -> None:
        """HiGHS says that nothing with so many empty seats is cheaper than its values."""
        own = self.claims[component.key]
        if end.values is None or end.bound is None or not end.is_best or own.missing != empty:
            return
        pairs = builder.pairs(end.values)
        self.keep_better(component, pairs)
        judged, said = self._score(component, pairs), end.bound + self.beside(component, builder)
        seats = judged.missing * self.seat
        own.prove(by, said + seats, judged, self._claim(component, said - own.score.lacking, empty))

    def _claim(self, component: Component, bound: int, empty: int) -> Claim:
        return Claim(bound + empty * self.seat, empty, self.score(component).lacking)

    def beside(self, component: Component, builder: Builder) -> int:
        """Return what people of the component cost whom the programme does not see: they can take none of its
        shifts."""
        return score_among(self.problem, component.staff_ids - builder.own.keys(), (), ()).elastic_cost

    def _solve_group(self, component: Component, until: float) -> bool:
        """True when there is nothing more to find here."""
        empty = empty_seats(component, self.held[component.key])
        if empty:
            self._fewest_empty(component, (until - self.elapsed()) * MISSING_SHARE)
            empty = empty_seats(component, self.held[component.key])
        if component.key not in self.impossible:
            share = LAWFUL_SHARE if self.score(component).lacking else 1.0
            firmly = self.elapsed() + (until - self.elapsed()) * share
            try:
                proven = self._cheapest(component, empty, firmly, is_elastic=False)
            except Infeasible:
                self.impossible.add(component.key)
            else:
                if not self.score(component).lacking:
                    return proven
        return self._cheapest(component, empty, until, is_elastic=True)

    def _cheapest(self, component: Component, empty: int, until: float, *, is_elastic: bool) -> bool:
        builder = build(self.problem, component.shifts, self.can, max_missing=empty, is_elastic=is_elastic)
        beside = self.beside(component, builder)

        def on_news(values: Values | None, bound: int | None) -> bool:
            if values is not None:
                self.keep_better(component, builder.pairs(values))
            if bound is not None and self._may_tell(component, is_elastic=is_elastic):
                self.claim(component, TREE, bound + beside - self.score(component).lacking, empty)
            self.report()
            return self.is_proven(component)

        start, better = builder.start(self.held[component.key]), self._listener(component, builder)
        end = self._run(builder, start, until, on_news, better=better)
        if self._may_tell(component, is_elastic=is_elastic):
            self.prove(component, TREE, builder, end, empty=empty)
            self.report()
        return end.is_best and self.claims[component.key].missing == empty

    def _may_tell(self, component: Component, *, is_elastic: bool) -> bool:
        """Bounds of lawful rosters wait for one to be held, those of others for the proof that there is none: else
        an unlawful roster would pass for the best.
        """
        return component.key in self.impossible if is_elastic else not self.score(component).lacking

    def _run(
        self, builder: Builder, start: Mapping[int, float], until: float, on_news: News, *, better: Better | None = None
    ) -> RunEnd:
        return minimise(
            builder.model,
            start,
            listener=MipListener(on_news, better=better),
            seconds=until - self.elapsed(),
            seed=self.seed,
            work=self.work,
        )

    def _listener(self, component: Component, builder: Builder) -> Callable[[], Mapping[int, float] | None]:
        """Return what others found meanwhile, as values of the columns, when it is better than what is held."""

        def better() -> Mapping[int, float] | None:
            if monotonic() < self.asked_at + HEAR_SECONDS:
                return None
            self.asked_at = monotonic()
            heard = self.hear()
            if heard is None:
                return None
            pairs = within(component, heard)
            return builder.start(pairs) if self.keep_better(component, pairs) else None

        return better

    def _fewest_empty(self, component: Component, seconds: float) -> None:
        builder = build(self.problem, component.shifts, self.can, counts_missing=True)

        own = self.claims[component.key]

        def on_news(values: Values | None, bound: int | None) -> bool:
            if values is not None:
                self.keep_better(component, builder.pairs(values))
            self._claim_missing(own, TREE, bound or 0)
            self.report()
            return False

        until = self.elapsed() + seconds
        if self.work is None:  # the relaxation is cut by the clock: no two runs would know the same
            self._claim_missing(own, RELAXATION, at_least_missing(builder, seconds / 2))
        self._run(builder, builder.start(self.held[component.key]), until, on_news)

    def _claim_missing(self, own: Claims, by: str, missing: int) -> None:
        own.claim(by, Claim(missing * self.seat, missing))

    def report(self) -> None:
        roster = [Assignment(*pair) for held in self.held.values() for pair in held]
        bound, missing = (sum(getattr(each, name) for each in self.claims.values()) for name in ("bound", "missing"))
        self.emit(sorted(roster), bound + self.idle, missing)

    def _score(self, component: Component, pairs: Collection[Pair]) -> Score:
        return score_among(self.problem, component.staff_ids, component.shifts, pairs)

    def take(self, component: Component, roster: Sequence[Assignment]) -> bool:
        """Keep another's roster of this component if it is better."""
        return self.keep_better(component, within(component, roster))

    def keep_better(self, component: Component, pairs: set[Pair]) -> bool:
        if not self.claims[component.key].know(self._score(component, pairs)):
            return False
        self.held[component.key] = pairs
        return True


def improve(
    problem: Problem,
    start: Sequence[Assignment],
    *,
    seconds: float,
    seed: int,
    emit: Emit,
    hear: Hear = lambda: None,
    work: WorkBudget | None = None,
) -> None:
    """Improve a roster until it is proven best or time is up; `emit(roster, bound, fewest empty seats)` as it goes.

    With `work` it ends by what it has done, wherever the clock is not first.
    """
    Search(problem, start, seconds=seconds, seed=seed, emit=emit, hear=hear, work=work).run()


def within(component: Component, roster: Sequence[Assignment]) -> set[Pair]:
    """The pairs of a roster that lie in this component."""
    ids = component.shift_ids
    return {(a.shift_id, a.staff_id) for a in roster if a.shift_id in ids and a.staff_id in component.staff_ids}


def _idle_cost(problem: Problem, found: Sequence[Component]) -> int:
    """Return what people whom no component may use cost in any roster."""
    used = {staff_id for component in found for staff_id in component.staff_ids}
    idle = (person.id for person in problem.staff if person.id not in used)
    return sum(cost_of(person_violations(problem, staff_id, [])) for staff_id in idle)
