"""The engine: a legal roster at once, the linear bound by column generation, a dive, then search by shares.

For problems that `adapter.suits`. What is found goes to `emit`, and whoever listens scores it again; what is proven
passes through `claims`.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from time import monotonic

import numpy as np

from benchmarks.roster.column_generation.adapter import read_model
from benchmarks.roster.column_generation.construction import descend, first_roster, legal
from benchmarks.roster.column_generation.diving import dive
from benchmarks.roster.column_generation.gap_closing import prove
from benchmarks.roster.column_generation.generate import generate
from benchmarks.roster.column_generation.horizon import whole
from benchmarks.roster.column_generation.lns import Search
from benchmarks.roster.column_generation.lns_subproblem import Pool
from benchmarks.roster.column_generation.master_problem import Master
from benchmarks.roster.column_generation.model import Array, PathModel
from benchmarks.roster.column_generation.pricing_problem import Pricer
from planning.claims import Claim, Claims
from planning.problem import Assignment, Problem
from planning.score.check import check
from planning.score.score import Score, score_of

Emit = Callable[[Sequence[Assignment], int, int], None]
Hear = Callable[[], Sequence[Assignment] | None]

MARGIN = 1e-4  # of the real numbers behind a bound, far below the whole number that matters
ROOT_SHARE, DIVE_SHARE, DESCENT_SHARE = 0.4, 0.25, 0.15  # of the time, at most
LONG_DESCENT_SHARE = 0.5  # where the linear programme is out of reach
CELLS_PER_SECOND = 6e7
ROOT_ROUNDS = 60
MOST_GAP_TO_PROVE, PROOF_SHARE = 6.0, 0.15
SHAKEN_GAP = 250.0  # how much dearer than the best a dive may get before it is given up
MOST_ROOT_COLUMNS = 25_000
POOL_GAP = 30.0  # columns of the root whose reduced cost is less go into the pool


def build(problem: Problem, *, seed: int) -> tuple[Assignment, ...]:
    """A roster that keeps every hard rule, as far as the people's own limits can be kept at all."""
    model = read_model(problem)
    return tuple(model.assignments(first_roster(model, seed=seed)))


def improve(
    problem: Problem,
    start: Sequence[Assignment],
    *,
    seconds: float,
    seed: int,
    emit: Emit,
    hear: Hear = lambda: None,
) -> None:
    """Improve a roster until it is proven best or time is up; `emit(roster, bound, 0)` as it goes."""
    Run(problem, start, seconds=seconds, seed=seed, emit=emit, hear=hear).run()


class Run:
    """One run: the best roster so far and the best bound."""

    def __init__(
        self, problem: Problem, start: Sequence[Assignment], *, seconds: float, seed: int, emit: Emit, hear: Hear
    ) -> None:
        self.began, self.seconds = monotonic(), seconds
        self.until = self.began + seconds
        self.problem, self.model, self.emit, self.hear = problem, read_model(problem), emit, hear
        self.rng, self.seed = random.Random(seed), seed  # noqa: S311 - not for secrets
        self.roster = legal(self.model, self.model.table(start), seed=seed)
        self.price = self.model.price(self.roster)
        self.unit = _unit(self.model)
        self.account = Claims(self._judge(self.roster))
        self.pool = Pool()
        self.master: Master | None = None
        self._tried: float = math.inf
        self.pricer = Pricer(self.model, whole(self.model))

    def run(self) -> None:
        self.take(self.roster)
        has_root = self._can_afford_root()
        descent = DESCENT_SHARE if has_root else LONG_DESCENT_SHARE
        self.take(descend(self.model, self.roster, until=self.began + descent * self.seconds))
        if has_root:
            self._root()
        search = Search(self.model, self.roster, self.pricer, self.pool, rng=self.rng, on_better=self.take)
        while monotonic() < self.until and self.price > self.bound:
            if (heard := self.hear()) is not None:
                self._listen(heard, search)
            if self.master is not None and self.price < self._tried and self._gap <= MOST_GAP_TO_PROVE:
                self._prove(self.master, search)
            if self.master is not None and search.is_stuck:
                self._start_again(self.master, search)
            search.step(self.until)

    def take(self, roster: Array) -> None:
        """Keep and tell a legal roster unless a cheaper one is known."""
        price = self.model.price(roster)
        if price <= self.price:
            self.roster, self.price = roster.copy(), price
            self.account.know(self._judge(roster))
            self._tell()

    def raise_bound(self, bound: float) -> None:
        """`bound` without the constant; costs are multiples of `unit`, so it is rounded up to one."""
        if self.model.relaxed or not math.isfinite(bound):
            return
        proven = math.ceil((bound - MARGIN) / self.unit) * self.unit + self.model.constant
        if self.account.claim("paths", Claim(proven)):
            self._tell()

    @property
    def bound(self) -> int:
        return self.account.bound

    def _judge(self, roster: Array) -> Score:
        return score_of(check(self.problem, self.model.assignments(roster)))

    def _tell(self) -> None:
        self.emit(self.model.assignments(self.roster), self.bound, 0)

    def _can_afford_root(self) -> bool:
        cells = self.pricer.cells(range(self.model.people))
        return cells * ROOT_ROUNDS / CELLS_PER_SECOND < ROOT_SHARE * self.seconds

    def _root(self) -> None:
        """The linear programme over the whole plan, and rosters from it."""
        model = self.model
        people = range(model.people)
        master = Master(model, people, whole(model), np.zeros((model.days, model.kinds)))
        master.add((person, self.roster[person]) for person in people)
        generate(
            master,
            self.pricer,
            until=min(self.until, monotonic() + ROOT_SHARE * self.seconds),
            enough=self.price - model.constant - 1 + MARGIN,
            on_bound=self.raise_bound,
        )
        if monotonic() < self.until and self.price > self.bound:
            until = min(self.until, monotonic() + DIVE_SHARE * self.seconds)
            dived = dive(master, self.pricer, until=until)
            if dived is not None:
                table = np.array([dived[person] for person in people])
                self.take(descend(model, table, until=until))
        self.master = master
        duals = master.solve()
        near = np.flatnonzero(master.reduced_costs(duals) < POOL_GAP * self.unit).tolist()
        self.pool.add([master.owners[column] for column in near], [master.paths[column] for column in near])

    @property
    def _gap(self) -> float:
        return (self.price - self.bound) / self.unit

    def _prove(self, master: Master, search: Search) -> None:
        """Try to settle it, with a share of the time left; once for each price."""
        self._tried = self.price
        until = monotonic() + PROOF_SHARE * (self.until - monotonic())
        price = self.price - self.model.constant
        proof = prove(master, self.pricer, price, self.unit, until=until, seed=self.seed % 2**31)
        if proof is None:
            return
        if proof.paths is not None:
            table = np.array([proof.paths[person] for person in range(self.model.people)])
            self.take(table)
            search.offer(table)
        self.raise_bound(proof.bound)

    def _start_again(self, master: Master, search: Search) -> None:
        """Search on from another roster of the linear programme, even a dearer one: the best is kept here."""
        known = len(master.paths)
        until = min(self.until, monotonic() + DIVE_SHARE * self.seconds)
        below = self.price + SHAKEN_GAP * self.unit - self.model.constant
        dived = dive(master, self.pricer, until=until, below=below, rng=self.rng)
        self.pool.add(master.owners[known:], master.paths[known:])
        if len(master.paths) > MOST_ROOT_COLUMNS:
            self.master = None
        if dived is None:
            search.start_from(self.roster)
            return
        table = descend(self.model, np.array([dived[person] for person in range(self.model.people)]), until=until)
        self.take(table)
        search.start_from(table)

    def _listen(self, heard: Sequence[Assignment], search: Search) -> None:
        table = self.model.table(heard)
        if self.model.price(table) < self.price and all(
            self.model.is_legal(person, path) for person, path in enumerate(table)
        ):
            search.offer(table)
            self.roster, self.price = table, self.model.price(table)
            self.account.know(self._judge(table))


def _unit(model: PathModel) -> int:
    """The greatest number that divides every cost."""
    parts = [model.cost[np.isfinite(model.cost)], model.under.ravel(), model.over.ravel()]
    return max(1, int(np.gcd.reduce(np.unique(np.concatenate(parts)).astype(np.int64))))
