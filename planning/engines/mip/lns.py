"""Fix and optimise: free some people or some days of the best roster, let HiGHS do its best there, and go on.

One programme of the whole component is made once; a step fixes all columns but a few, so that every rule holds by
itself and presolve leaves a small programme. The size of the steps follows how long they take. Between them two people
after the other deal their shifts out anew, which evens out loads far faster; HiGHS does what takes more than two.
When nothing better has turned up for a while, it is asked whether the loads alone leave room for anything cheaper.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from time import monotonic, process_time

import highspy
import numpy as np

from planning.claims import refuse
from planning.engines.candidates.components import Component, empty_seats
from planning.engines.local_search.state import State
from planning.engines.mip.bounding import BoundProof
from planning.engines.mip.branch_and_bound import Emit, Hear, Search
from planning.engines.mip.build import build
from planning.engines.mip.lns_pair_exchange import DEALS, Deals
from planning.engines.mip.neighbourhoods import STEP_SECONDS, Neighbourhood, Ways
from planning.engines.mip.passing import as_lp
from planning.engines.mip.solver import PROOF_GAP, Infeasible, RunEnd, Values, complete, run
from planning.problem import Assignment, Problem, Shift
from planning.score.check import person_violations

MOST_COMPLETION = 30.0  # seconds for the columns of a known roster: without them there is nothing to go on from
OFTEN = 8.0  # times as likely as a step of HiGHS with the same success, being so much shorter
QUIET_SHARE = 0.05  # of the time: without gain for so long, it is asked whether there is anything to gain
NOTHING = RunEnd(None, None, is_best=False)
IN_VAIN = 3  # times that a way has been all over the component without gain; when all ways have, more of it is in vain


class Steps:
    """The steps on one component. `values` are those of all columns in the roster `valued`, which was the best when
    they were worked out; `learned` is kept by component.
    """

    def __init__(
        self, search: Search, component: Component, rng: random.Random, learned: dict[int, Ways], *, state: State
    ) -> None:
        self.search, self.component, self.rng = search, component, rng
        self.values: Values | None = None
        self.deals = Deals(search, component, state, rng)
        self.gained_at = monotonic()
        self._rebuild()
        people, days = len(self.builder.people), len(search.problem.dates)
        fresh = (
            Neighbourhood("people", 2 + people / 8, people),
            Neighbourhood("days", 3, days),
            Neighbourhood("duty", 2 + people / 8, people),
            Neighbourhood("deal", DEALS, self.deals.pairs, OFTEN),
        )
        self.ways = learned.setdefault(component.key, fresh)

    def _rebuild(self) -> None:
        """The programme that fits the roster held: with as few empty seats as it has."""
        search, component = self.search, self.component
        score = search.score(component)
        self.empty = empty_seats(component, search.held[component.key])
        self.is_elastic = bool(score.broken or score.lacking)
        self.builder = build(
            search.problem, component.shifts, search.can, max_missing=self.empty, is_elastic=self.is_elastic
        )
        self.values = self._complete()
        # That no fewer seats can stay empty, or that a rule has to be broken, is for others to prove.
        self.proof = None if self.empty or self.is_elastic else BoundProof(search, component, self.builder, self.rng)
        self.highs = highspy.Highs()  # type: ignore[no-untyped-call]
        options = {"threads": 1, "output_flag": False, "mip_rel_gap": 0.0, "mip_abs_gap": PROOF_GAP}
        for name, value in options.items():
            self.highs.setOptionValue(name, value)
        self.highs.passModel(as_lp(self.builder.model))
        self.columns = np.array(sorted(self.builder.pair_column.values()), dtype=np.int32)
        self.lower = np.array(self.builder.model.lower)[self.columns]
        self.upper = np.array(self.builder.model.upper)[self.columns]

    def _complete(self) -> Values | None:
        self.valued = self.search.held[self.component.key]
        left = self.search.deadline - monotonic()
        start = self.builder.start(self.search.held[self.component.key])
        return complete(self.builder.model, start, min(MOST_COMPLETION, left))

    @property
    def is_stuck(self) -> bool:
        """Whether there is nothing to go on from: no known roster was made one of the programme in time."""
        return self.values is None and not self._may_deal

    @property
    def is_tired(self) -> bool:
        """Whether every way has been all over the component several times since anything was gained."""
        return all(way.covered >= IN_VAIN for way in self._usable())

    def step(self, until: float) -> bool:
        """One step; True when the roster got better."""
        ways = self._usable()
        way = self.rng.choices(ways, [way.score * way.often for way in ways])[0]
        gained = self._deal(way, until) if way.name == "deal" else self._free_and_optimise(way, until)
        way.learn(gained=gained)
        if gained:
            self._take_heart()
        return gained

    def _free_and_optimise(self, way: Neighbourhood, until: float) -> bool:
        if self.search.held[self.component.key] is not self.valued:
            self._renew(None)
        free = self._free(way)
        began = process_time()
        end, builder, empty = self._optimise(free, min(STEP_SECONDS, until - monotonic())), self.builder, self.empty
        is_whole = len(free) == len(self.columns) and not self.is_elastic
        gained = end.values is not None and self._take(end.values)
        if is_whole and end.is_best:
            self.search.prove(self.component, "neighbourhood", builder, end, empty=empty)
            self.search.report()
        way.fit(proven=end.is_best, spent=process_time() - began)
        return gained

    @property
    def _may_deal(self) -> bool:
        """Deals keep every rule, and so they begin with a roster that does."""
        return bool(self.deals.pairs) and not self.is_elastic

    def _usable(self) -> Ways:
        ways = self.ways if self._may_deal else self.ways[:-1]
        return ways if self.values is not None else ways[-1:]  # a programme that no roster fits leads nowhere

    def _deal(self, way: Neighbourhood, until: float) -> bool:
        before = self.deals.tried
        gained = self.deals.step(until)
        way.size = self.deals.tried - before
        return gained

    def prove(self, seconds: float, until: float) -> bool:
        """Return what can be proven beside the steps; True when there is something new to tell."""
        if self.proof is None:
            return False
        held = self.search.held[self.component.key]
        told = self.proof.go(until, is_quiet=monotonic() >= self.gained_at + QUIET_SHARE * seconds)
        if self.search.held[self.component.key] is not held:
            self._take_heart()
            return True
        return told

    def _take_heart(self) -> None:
        self.gained_at = monotonic()
        for way in self.ways:
            way.covered = 0.0

    def hear(self) -> bool:
        heard = self.search.hear()
        if heard is None or not self.search.take(self.component, heard):
            return False
        self._renew(None)
        self._take_heart()
        return True

    def _take(self, values: Values) -> bool:
        pairs = self.builder.pairs(values)
        if not self.search.keep_better(self.component, pairs):
            return False
        self._renew(values)
        return True

    def _renew(self, values: Values | None) -> None:
        """The programme is made again when the roster needs a narrower one."""
        score = self.search.score(self.component)
        narrower = self.is_elastic and not score.broken and not score.lacking
        if narrower or empty_seats(self.component, self.search.held[self.component.key]) < self.empty:
            self._rebuild()
        elif values is not None:
            self.values, self.valued = values, self.search.held[self.component.key]
        else:
            self.values = self._complete() or self.values  # the old ones are dearer, and still a roster

    def _free(self, way: Neighbourhood) -> set[int]:
        """Columns that the step may change."""
        size, pairs = max(2, round(way.size)), self.builder.pair_column
        if way.name == "days":
            dates = self.search.problem.dates
            first = self.rng.choice(dates[: max(1, len(dates) - size + 1)])
            last = first + timedelta(days=size - 1)
            shifts = {s.id for s in self.component.shifts if first <= s.local_date <= last}
            return {column for (shift_id, _), column in pairs.items() if shift_id in shifts}
        people = self._people(size, by_duty=way.name == "duty")
        return {column for (_, staff_id), column in pairs.items() if staff_id in people}

    def _people(self, size: int, *, by_duty: bool) -> set[int]:
        """Somebody with a dear row and others drawn by lot, rather those with dear rows too."""
        held: defaultdict[int, list[Shift]] = defaultdict(list)
        for shift_id, staff_id in self.search.held[self.component.key]:
            held[staff_id].append(self.search.problem.shift_of[shift_id])
        price = {p.id: self._cost(p.id, held[p.id]) for p in self.builder.people}
        first = self.rng.choices(list(price), [1 + cost for cost in price.values()])[0]
        pool = [p.id for p in self.builder.people if p.id != first]
        if by_duty:
            duties = self.search.problem.person[first].duties
            pool = [p for p in pool if duties & self.search.problem.person[p].duties]
        mean = 1 + sum(price.values()) / len(price)
        pool.sort(key=lambda p: self.rng.random() ** (1 / (mean + price[p])), reverse=True)
        return {first, *pool[: size - 1]}

    def _cost(self, staff_id: int, shifts: Sequence[Shift]) -> int:
        return sum(violation.cost for violation in person_violations(self.search.problem, staff_id, shifts))

    def _optimise(self, free: Collection[int], seconds: float) -> RunEnd:
        """The best of the neighbourhood, as far as it was found."""
        if self.values is None or seconds <= 0:
            return NOTHING
        until = monotonic() + seconds
        fixed = np.array([column not in free for column in self.columns])
        held = np.round(np.array(self.values)[self.columns])
        self.highs.changeColsBounds(
            len(self.columns), self.columns, np.where(fixed, held, self.lower), np.where(fixed, held, self.upper)
        )
        self.highs.setOptionValue("random_seed", self.rng.randrange(2**31))
        try:
            return run(self.highs, self.builder.model, self.values, lambda: until - monotonic())
        except Infeasible:  # which cannot be, with a roster held: a word that is not believed
            refuse("HiGHS found no roster where one is held")
            return NOTHING


def improve(
    problem: Problem,
    start: Sequence[Assignment],
    *,
    seconds: float,
    seed: int,
    emit: Emit,
    hear: Hear = lambda: None,
    tires: bool = False,
) -> None:
    """Better rosters until time is up or one is proven best.

    `tires`: it ends where it has looked everywhere and found nothing more.
    """
    search = Search(problem, start, seconds=seconds, seed=seed, emit=emit, hear=hear)
    rng = random.Random(seed)  # noqa: S311 - guards nothing
    steps: Mapping[int, Steps] = {}
    state = State(problem)
    learned: dict[int, Ways] = {}
    components = [component for component in search.components if len(component.staff_ids) > 1]
    weights = [component.size for component in components]
    while components and monotonic() < search.deadline:
        component = rng.choices(components, weights)[0]
        if component.key not in steps:
            # One programme at a time: memory before speed.
            steps = {component.key: Steps(search, component, rng, learned, state=state)}
        own = steps[component.key]
        # Of several components each is taken up for one step only; of a divided one as a whole nobody asks for proofs.
        proves = len(components) == 1 and not tires
        if own.hear() | own.step(search.deadline) | (proves and own.prove(seconds, search.deadline)):
            search.report()
        if search.is_proven(component) or own.is_stuck or (tires and own.is_tired):
            place = components.index(component)
            del components[place], weights[place]
