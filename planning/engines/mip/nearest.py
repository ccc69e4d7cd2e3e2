"""The roster nearest to a known one: fewest empty seats, then provably fewest changed seats, then the fairest of those.

Only shifts around what no longer holds are let loose, everybody else stays. That is no guess: with the shifts farther
away dropped instead of kept, the count is a lower bound for the whole, and where both counts agree, every nearest
roster leaves the rest alone. Where they differ the ring grows, to the whole component at the worst.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from time import monotonic

from planning.claims import Claim, Claims
from planning.engines.candidates.components import Component, components
from planning.engines.mip.build import EligibleShifts, build, reach
from planning.engines.mip.builder import Builder, Pair
from planning.engines.mip.nearest_parts import by_shift, hard_alone, pair_of, soft_cost
from planning.engines.mip.solver import Infeasible, MipListener, Values, minimise
from planning.problem import Assignment, Pin, Problem, Shift, Wanted
from planning.restriction import restricted
from planning.score.check import check
from planning.score.score import Score, score_among

LEAST_SECONDS = 0.05
MANY = 1500  # shifts; of more it takes long to say who could take each
FAIR_SHARE = 0.5  # of what is left when a count is proven, to the fairest of the nearest
ANY_NUMBER = Wanted(0, 0, 0)
NONE_KNOWN = Score(broken=1)  # before there is any roster


@dataclass(frozen=True)
class Nearest:
    """`changed` seats have somebody else, or nobody, or somebody where nobody was; `at_least` must have.

    `is_fairest`: proven that no roster with as few changes costs less.
    """

    assignments: tuple[Assignment, ...]
    missing: int
    changed: int
    at_least: int
    is_proved: bool
    is_fairest: bool


@dataclass
class _Found:
    """Of one component: people by shift let loose, empty and changed seats, and what is proven of these."""

    held: dict[int, set[int]] = field(default_factory=dict)
    missing: int = 0
    changed: int = 0
    at_least: int = 0
    is_proved: bool = True
    is_fairest: bool = True


@dataclass(frozen=True)
class _Count:
    """A weighted count of empty and changed seats: the best roster found (None: none), and a proven bound."""

    pairs: frozenset[Pair] | None
    value: int
    bound: int

    @property
    def is_exact(self) -> bool:
        return self.pairs is not None and self.bound == self.value


def nearest(problem: Problem, *, seconds: float, seed: int = 0) -> Nearest | None:
    """The nearest roster to the problem's baseline; None when none was found in time."""
    until = monotonic() + seconds
    can: Mapping[int, Collection[int]] = reach(problem) if len(problem.shifts) <= MANY else EligibleShifts(problem)
    known = by_shift(problem.baseline)
    loose = {each for v in check(problem, problem.baseline) if v.hard for each in v.shift_ids}
    held = {shift.id: set(known[shift.id]) for shift in problem.shifts}
    total = _Found()
    for component in sorted(_groups(problem, can), key=lambda component: component.size):
        if touched := loose & component.shift_ids:
            found = _Ring(problem, component, can, known, seed=seed).search(touched, until)
            if found is None:
                return None
            held |= found.held
            total.missing += found.missing
            total.changed += found.changed
            total.at_least += found.at_least
            total.is_proved &= found.is_proved
            total.is_fairest &= found.is_fairest
    roster = tuple(sorted(Assignment(shift_id, p) for shift_id, people in held.items() for p in people))
    return Nearest(roster, total.missing, total.changed, total.at_least, total.is_proved, total.is_fairest)


class _Ring:
    """One component of shifts, and the ring of those that are let loose."""

    def __init__(
        self,
        problem: Problem,
        component: Component,
        can: Mapping[int, Collection[int]],
        known: Mapping[int, set[int]],
        *,
        seed: int,
    ) -> None:
        self.problem, self.can, self.known, self.seed = problem, can, known, seed
        self.shifts = {shift.id: shift for shift in component.shifts}
        self.pinned: defaultdict[int, set[int]] = defaultdict(set)
        for pin in problem.pins:
            if pin.shift_id in self.shifts:
                self.pinned[pin.shift_id].add(pin.staff_id)
        # One empty seat outweighs every change there could be.
        self.seat = 1 + sum(shift.headcount + len(known[shift.id]) for shift in component.shifts)

    def search(self, touched: set[int], until: float) -> _Found | None:
        ring, best, account = touched, None, Claims(NONE_KNOWN)
        while True:
            is_whole = len(ring) == len(self.shifts)
            inner = self._count(self._kept_around(ring), ring, until)
            if inner.pairs is not None and (best is None or inner.value <= best[1].value):
                best = ring, inner
                account.know(Score(cost=inner.value))
            outer = inner.bound if is_whole else self._dropped_around(ring, until).bound
            account.claim("ring", Claim(outer))
            if account.is_settled or is_whole or monotonic() >= until:
                break
            ring = self._wider(ring)
        return None if best is None else self._result(*best, account, until)

    def _result(self, ring: set[int], count: _Count, account: Claims, until: float) -> _Found:
        is_proved, lower = account.is_settled, account.bound
        pairs, is_fairest = count.pairs or frozenset(), False
        missing, changed = divmod(count.value, self.seat)
        if (left := until - monotonic()) > LEAST_SECONDS:
            seconds = left * FAIR_SHARE if is_proved else left * FAIR_SHARE / 2
            pairs, is_fairest = self._fairest(ring, pairs, missing, changed, seconds=seconds)
        there: dict[int, set[int]] = {shift_id: set() for shift_id in ring}
        for shift_id, staff_id in pairs:
            if shift_id in there:
                there[shift_id].add(staff_id)
        at_least = lower % self.seat if lower // self.seat == missing else 0
        return _Found(there, missing, changed, min(at_least, changed), is_proved, is_fairest and is_proved)

    def _fairest(
        self, ring: set[int], known: frozenset[Pair], missing: int, changed: int, *, seconds: float
    ) -> tuple[frozenset[Pair], bool]:
        """The cheapest by the rules that are weighed, no more seats empty and no more changed."""
        problem, best, account = self._kept_around(ring), known, Claims(NONE_KNOWN)
        builder = build(problem, problem.shifts, self._frame(problem, ring), max_missing=missing)
        terms, constant = self._changes(builder, ring)
        builder.model.row(terms, upper=changed - constant)
        beside = score_among(problem, problem.person.keys() - builder.own.keys(), (), ()).cost

        def on_news(values: Values | None, proven: int | None) -> bool:
            nonlocal best
            if values is not None:
                pairs = frozenset(builder.pairs(values))
                if account.know(soft_cost(problem, pairs)):
                    best = pairs
            if proven is not None:
                account.claim("tree", Claim(proven + beside))
            return account.is_proven

        try:
            minimise(
                builder.model, builder.start(known), listener=MipListener(on_news), seconds=seconds, seed=self.seed
            )
        except Infeasible:
            return known, False
        return best, account.is_proven

    def _count(self, problem: Problem, ring: set[int], until: float) -> _Count:
        """Fewest empty and changed seats of the ring, everything around it staying."""
        hard = hard_alone(problem)
        total = sum(shift.headcount for shift in hard.shifts)
        return self._minimise(build(hard, hard.shifts, self._frame(hard, ring), max_missing=max(1, total)), ring, until)

    def _dropped_around(self, ring: set[int], until: float) -> _Count:
        """The same with nobody needed around the ring: no more than the whole can do with.

        What asks for a least amount is not written; pins hold, and shifts that take the place of ordinary work may
        still be taken.
        """
        people = self._people(ring)
        around = {shift_id for shift_id, there in self.pinned.items() if not there.isdisjoint(people)} - ring
        if self.problem.work:
            around |= {s.id for s in self.shifts.values() if s.replaces_work and s.id not in ring and self._is_open(s)}
        part = restricted(hard_alone(self.problem), ring | around, people)
        shifts = tuple(
            s if s.id in ring else replace(s, headcount=0, wanted=ANY_NUMBER, skills={}) for s in part.shifts
        )
        free = replace(part, shifts=shifts)
        can = {s.id: people.intersection(self.can[s.id]) for s in free.shifts}
        return self._minimise(build(free, free.shifts, can, counts_missing=True), ring, until)

    def _minimise(self, builder: Builder, ring: set[int], until: float) -> _Count:
        model = builder.model
        model.costs, model.constant = [0] * len(model.costs), 0
        terms, constant = self._changes(builder, ring)
        for column, factor in terms:
            model.costs[column] += factor
        for shift_id in ring:
            if shift_id in builder.empty:
                model.costs[builder.empty[shift_id]] = self.seat
        model.constant = constant

        account, best = Claims(NONE_KNOWN), frozenset[Pair]()

        def on_news(values: Values | None, proven: int | None) -> bool:
            nonlocal best
            if values is not None:
                pairs = frozenset(builder.pairs(values))
                if account.know(Score(cost=self._value(pairs, ring))):
                    best = pairs
            account.claim("tree", Claim(proven or 0))
            return account.is_settled

        with suppress(Infeasible):
            minimise(
                model,
                {},
                listener=MipListener(on_news),
                seconds=max(LEAST_SECONDS, until - monotonic()),
                seed=self.seed,
            )
        score = account.score
        return _Count(None if score.broken else best, score.cost, account.bound)

    def _value(self, pairs: Iterable[Pair], ring: Iterable[int]) -> int:
        """Empty and changed seats of the ring, as they are and not as a programme has them."""
        there: defaultdict[int, set[int]] = defaultdict(set)
        for shift_id, staff_id in pairs:
            there[shift_id].add(staff_id)
        value = 0
        for shift_id in ring:
            before, now = self.known[shift_id], there[shift_id]
            value += self.seat * max(0, self.shifts[shift_id].headcount - len(now))
            value += max(len(before - now), len(now - before))
        return value

    def _changes(self, builder: Builder, ring: Iterable[int]) -> tuple[list[tuple[int, int]], int]:
        """Changed seats of the ring as terms and a constant. Of a shift that was full these are the people lost; of
        others whichever is more, those lost or those gained, by a column of its own."""
        terms, constant = list[tuple[int, int]](), 0
        for shift_id in sorted(ring):
            shift, before = self.shifts[shift_id], self.known[shift_id]
            kept = [(column, 1) for staff_id, column in builder.seats[shift_id] if staff_id in before]
            gained = [(column, -1) for staff_id, column in builder.seats[shift_id] if staff_id not in before]
            if len(before) == max(shift.headcount, len(self.pinned[shift_id])) and shift.wanted is None:
                terms += [(column, -1) for column, _one in kept]
                constant += len(before)
                continue
            either = builder.model.column(0, 0)
            builder.model.row([(either, 1), *kept], lower=len(before))
            builder.model.row([(either, 1), *gained], lower=0)
            terms.append((either, 1))
        return terms, constant

    def _is_open(self, shift: Shift) -> bool:
        """Somebody who is not pinned could still be on it."""
        return shift.wanted is not None or len(self.pinned[shift.id]) < shift.headcount

    def _kept_around(self, ring: set[int]) -> Problem:
        """Everybody who could serve in the ring, with all they hold; what is outside the ring is as it was."""
        people = self._people(ring)
        around = self._held_by(people) - ring
        part = restricted(self.problem, ring | around, people)
        here = {shift_id: self.known[shift_id] & people for shift_id in around}
        shifts = tuple(
            s if s.id in ring else replace(s, headcount=len(here[s.id]), wanted=None, skills={}) for s in part.shifts
        )
        pins = {Pin(shift_id, staff_id) for shift_id, there in here.items() for staff_id in there}
        return replace(part, shifts=shifts, pins=tuple(sorted({*part.pins, *pins}, key=pair_of)))

    def _frame(self, problem: Problem, ring: set[int]) -> dict[int, Collection[int]]:
        """Who may take what: around the ring nobody but those pinned there."""
        return {shift.id: self.can[shift.id] if shift.id in ring else () for shift in problem.shifts}

    def _people(self, ring: Iterable[int]) -> set[int]:
        found = {p for shift_id in ring for p in (*self.can[shift_id], *self.pinned[shift_id])}
        pairs = [pair for pair in self.problem.pairs if pair.kind == "together"]
        return found | {p for pair in pairs if {pair.first, pair.second} & found for p in (pair.first, pair.second)}

    def _held_by(self, people: Collection[int]) -> set[int]:
        return {shift_id for shift_id in self.shifts if not self.known[shift_id].isdisjoint(people)}

    def _wider(self, ring: set[int]) -> set[int]:
        """With all that those who could serve in the ring hold; the whole component when that is no more."""
        wider = ring | self._held_by(self._people(ring))
        return wider if len(wider) > len(ring) else set(self.shifts)


def _groups(problem: Problem, can: Mapping[int, Collection[int]]) -> list[Component]:
    """What is independent; of a province nobody waits to learn what is, and the ring is small anyway."""
    if isinstance(can, EligibleShifts):
        return [Component(problem.shifts, frozenset(problem.person), len(problem.shifts))]
    return components(problem, can)
