"""How a problem is taken apart for the engines, and what its subproblems' bounds say of the whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection
from functools import cached_property

from planning.engines.candidates.candidates import candidates
from planning.engines.candidates.components import Component, components, reached
from planning.engines.decomposition.linking_duties import counted_twice, relaxed, split
from planning.engines.decomposition.subproblem import Divided, Subproblem, WholeComponent
from planning.engines.local_search.engine import build
from planning.problem import Assignment, Problem
from planning.restriction import restricted, within
from planning.score.check import check, cost_of
from planning.score.incremental import Tally


class Decomposition:
    """Components that share nobody, each whole or divided; `subproblems` is what engines may be put to now."""

    def __init__(self, problem: Problem, tally: Tally, *, seed: int) -> None:
        self.problem, self.tally, self.seed = problem, tally, seed
        can = candidates(problem)
        self.people = reached(problem, can)
        self.subproblems: list[Subproblem] = []
        self.wholes: list[WholeComponent] = []
        self.divided: list[Divided] = []
        populated = [component for component in components(problem, can) if component.staff_ids]
        for component in populated:
            self._lay(component, alone=len(populated) == 1)
        self.constant, self.empty = self._rest(populated)

    def _lay(self, component: Component, *, alone: bool) -> None:
        parts = split(component, self.people)
        if parts is not None:
            self._divide(component, [*parts.firsts], [*parts.rests])
            return
        # A problem that cannot be taken apart travels as it is.
        part = self.problem if alone else self._part(component)
        subproblem = Subproblem(part, component.shift_ids, self.tally.assignments(component.shift_ids))
        self.subproblems.append(subproblem)
        self.wholes.append(WholeComponent(subproblem, 0 if alone else self._offset(component, subproblem)))

    def _part(self, component: Component, held: Collection[Assignment] = ()) -> Problem:
        return restricted(self.problem, component.shift_ids, component.staff_ids, held)

    def _offset(self, component: Component, subproblem: Subproblem) -> int:
        """Return what the component costs in the whole beyond what the subproblem sees: the same for every roster, or
        else the least of it that we know.
        """
        now = self.tally.among(component.shift_ids, component.staff_ids).cost - subproblem.score.cost
        if not self.problem.baseline:
            return now
        there = self._bare.among(component.shift_ids, component.staff_ids).cost
        return min(now, there - cost_of(check(subproblem.problem, _pinned(subproblem.problem))))

    @cached_property
    def _bare(self) -> Tally:
        """Nobody on duty but by pins. Of the whole, once for all: two hundred accounts of it take a minute."""
        return Tally(self.problem, _pinned(self.problem))

    def _divide(self, component: Component, firsts: list[Component], rests: list[Component]) -> None:
        every = [*firsts, *rests]
        roster = self.tally.assignments(component.shift_ids)
        bounds = [Subproblem(part, (), roster, only_bound=True) for part in relaxed(self.problem, every)]
        subproblems = [Subproblem(self._part(g), (), roster) for g in firsts]
        found = Divided(component, subproblems, rests, bounds, twice=counted_twice(self.problem, every))
        self.divided.append(found)
        self.subproblems += [*found.firsts, *found.relaxed]

    def _rest(self, populated: Collection[Component]) -> tuple[int, int]:
        """(cost, empty seats) of what no engine can change: people without any shift, shifts without any people."""
        if len(populated) == 1 and not self.divided:
            return 0, 0  # the one subproblem is the whole problem and counts them
        people = {p for component in populated for p in component.staff_ids}
        shifts = {shift.id for component in populated for shift in component.shifts}
        left = self.tally.among(self.tally.on.keys() - shifts, self.tally.held.keys() - people)
        return left.cost, left.missing

    def take_better_parts(self, *rosters: Collection[Assignment]) -> bool:
        """Take the subproblem of the one of these whole rosters that has the better one; True when there was one."""
        found = False
        for subproblem in (each.subproblem for each in self.wholes):
            for roster in rosters:
                if subproblem.offer(within(subproblem.problem.shift_of, roster)):
                    found |= self.tally.accept(subproblem.decides, subproblem.roster)
        return found

    @property
    def _groups(self) -> list[WholeComponent | Divided]:
        return [*self.wholes, *self.divided]

    @property
    def bound(self) -> int | None:
        """The proven lower bound of the total cost; None before anything was proven."""
        if self.subproblems and not any(subproblem.was_run or subproblem.is_proven for subproblem in self.subproblems):
            return None
        return self.constant + sum(each.bound for each in self._groups)

    @property
    def missing(self) -> int:
        return self.empty + sum(each.missing for each in self._groups)

    @property
    def proofs(self) -> tuple[int, int]:
        """Subproblems that make up the roster: how many, and how many of them are proven."""
        counted = [each.proofs for each in self._groups]
        return sum(total for total, _ in counted), sum(proven for _, proven in counted)

    @property
    def is_due(self) -> bool:
        """Whether some component's shared duties have all had their turn."""
        return any(_is_ripe(each) for each in self.divided)

    def advance(self, should_stop: Callable[[], bool]) -> None:
        """Fix the shared duties of those components and free their units."""
        for each in filter(_is_ripe, self.divided):
            self._fix(each, should_stop)

    def polish(self) -> None:
        """Open components whose subproblems had their turn to a search over the whole of each, which may change what
        their shared duties fixed. Its rosters count, it proves nothing.
        """
        for each in self.divided:
            if each.polished is None and each.had_its_turn and not self._is_closed(each):
                own = each.component.shift_ids
                each.polished = Subproblem(self._part(each.component), own, self.tally.assignments(own), is_polish=True)
                self.subproblems.append(each.polished)

    def _is_closed(self, divided: Divided) -> bool:
        score = self.tally.among(divided.component.shift_ids, divided.component.staff_ids)
        return divided.bound >= score.cost and divided.missing >= score.missing

    def hear(self, subproblem: Subproblem) -> list[Subproblem]:
        """The whole has become better by this subproblem: the wholes of components that should know."""
        told = []
        for each in self.divided:
            if each.polished is None or subproblem not in (each.polished, *each.made_of):
                continue
            each.remade = {part for part in each.made_of if not self._has(part)}
            own = self.tally.assignments(each.component.shift_ids)
            if subproblem is not each.polished and each.polished.offer(own):
                told.append(each.polished)
        return told

    def _has(self, subproblem: Subproblem) -> bool:
        """Whether the whole has the roster of the subproblem: on its shifts and, where it is a unit, of its people."""
        own: defaultdict[int, set[int]] = defaultdict(set)
        for each in subproblem.roster:
            own[each.shift_id].add(each.staff_id)
        people = {person.id for person in subproblem.problem.staff}
        held = {s for p in people for s in self.tally.held[p]} if subproblem.decides else ()
        return all(self.tally.on[s] & people == own[s] for s in {*subproblem.problem.shift_of, *held})

    def _fix(self, divided: Divided, should_stop: Callable[[], bool]) -> None:
        """Shared duties as their subproblems found them with fresh rosters of the units, if the whole gains by it; else
        as they were.
        """
        shift_ids = divided.component.shift_ids
        before, score = self.tally.assignments(shift_ids), self.tally.total
        shared = tuple(each for subproblem in divided.firsts for each in subproblem.roster)
        done = self._free(divided, shared, lambda part, own: build(part, seed=self.seed), should_stop)
        if not done or self.tally.total > score:
            self.tally.put(shift_ids, before)
            kept = within({shift.id for subproblem in divided.firsts for shift in subproblem.problem.shifts}, before)
            done = self._free(divided, kept, lambda part, own: within(own, before), should_stop)
        if not done:
            divided.rests = None
        rests = divided.rests or []
        self.subproblems = [
            subproblem for subproblem in self.subproblems if subproblem not in (*divided.firsts, *rests)
        ] + rests

    def _free(
        self,
        divided: Divided,
        shared: Collection[Assignment],
        first: Callable[[Problem, Collection[int]], Collection[Assignment]],
        should_stop: Callable[[], bool],
    ) -> bool:
        """Make the units' subproblems beside these shared duties; `first(part, own shifts)` is where each begins.

        False when there was no time for all of them.
        """
        self.tally.put({shift.id for subproblem in divided.firsts for shift in subproblem.problem.shifts}, shared)
        divided.rests = []
        for component, bound in zip(divided.to_come, divided.relaxed[len(divided.firsts) :], strict=True):
            if should_stop():
                return False
            bound.decides, bound.only_bound = frozenset(), True
            own = component.shift_ids
            part = self._part(component, shared)
            roster = (*within(own, first(part, own)), *held_elsewhere(part, own))
            subproblem = bound if part == bound.problem else Subproblem(part, own, roster)
            subproblem.decides, subproblem.only_bound = own, False
            subproblem.offer(roster)
            self.tally.put(own, subproblem.roster)
            divided.rests.append(subproblem)
        return True


def _is_ripe(divided: Divided) -> bool:
    return divided.rests is None and all(p.is_settled or (p.rounds and not p.running) for p in divided.firsts)


def _pinned(problem: Problem) -> list[Assignment]:
    return [Assignment(pin.shift_id, pin.staff_id) for pin in problem.pins]


def held_elsewhere(part: Problem, own: Collection[int]) -> tuple[Assignment, ...]:
    """The pins of a part on shifts that came along with its people."""
    return tuple(Assignment(pin.shift_id, pin.staff_id) for pin in part.pins if pin.shift_id not in own)
