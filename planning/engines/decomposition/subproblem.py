"""What the engines are put to: subproblems of the problem, what is known of each, and what the whole owes to them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cached_property

from planning.claims import Claim, Claims
from planning.codec import to_json
from planning.engines.candidates.candidates import candidates, surely_missing
from planning.engines.candidates.components import Component, carried_cost
from planning.problem import Assignment, Problem
from planning.restriction import within
from planning.rules.cover.headcount import HEADCOUNT
from planning.score.check import check
from planning.score.score import Score, forced_by_pins, score_of


class Subproblem:
    """A Problem for the engines, the best roster for it and the proven bounds, all in its own terms.

    `decides`: the shifts whose people its rosters change in the whole. `only_bound`: its rosters are for nobody.
    `is_polish`: a search over the whole of a divided component, by such engines as end where they find nothing more.
    """

    def __init__(
        self,
        problem: Problem,
        decides: Collection[int],
        roster: Iterable[Assignment],
        *,
        only_bound: bool = False,
        is_polish: bool = False,
    ) -> None:
        self.problem, self.decides = problem, frozenset(decides)
        self.only_bound, self.is_polish = only_bound, is_polish
        self.roster = within(problem.shift_of, roster)
        missing, self.seat = surely_missing(problem), HEADCOUNT.weight_in(problem)
        self.idle = sum(carried_cost(problem, person.id) for person in problem.staff)
        self.claims = Claims(self.judge(self.roster), Claim(self.idle + missing * self.seat, missing))
        self.was_run = False
        self.rounds = 0
        self.running: set[str] = set()
        self.spent: set[str] = set()

    @cached_property
    def size(self) -> int:
        """Pairs of shifts and candidates: a measure of the work."""
        return 1 + sum(map(len, candidates(self.problem).values()))

    @cached_property
    def text(self) -> str:
        return to_json(self.problem)

    @property
    def score(self) -> Score:
        return self.claims.score

    @property
    def bound(self) -> int:
        return self.claims.bound

    @property
    def missing(self) -> int:
        return self.claims.missing

    @property
    def is_settled(self) -> bool:
        """Whether engines have nothing left to find; where a hard rule cannot be kept that is no proof yet.

        A bound above the cost of a roster that breaks rules says that lawful ones cost more, not that there is none.
        """
        return self.missing >= self.score.missing and self.bound == self.score.cost

    @property
    def is_proven(self) -> bool:
        return self.is_settled and self.is_lawful

    @property
    def is_lawful(self) -> bool:
        """Whether its roster breaks no hard rule but by pins; empty seats are no breach here."""
        return not self.score.lacking and not self.score.broken

    @property
    def safe_bound(self) -> int:
        """The bound of every lawful roster: `bound` speaks only of those with the fewest empty seats."""
        seats = sum(shift.headcount for shift in self.problem.shifts)
        return min(self.bound, self.idle + (self.missing + 1) * self.seat) if self.missing < seats else self.bound

    def judge(self, roster: Iterable[Assignment]) -> Score:
        return score_of(check(self.problem, roster), forced_by_pins(self.problem))

    @property
    def turn(self) -> tuple[int, int]:
        """Its place in the queue, lowest first: fewest rounds, bounds and wholes a round later, then the small."""
        return self.rounds + (self.only_bound or self.is_polish), self.size

    def offer(self, roster: tuple[Assignment, ...]) -> bool:
        """Keep the roster if it is better than the one that is there."""
        if not self.claims.know(self.judge(roster)):
            return False
        self.roster = roster
        return True

    def prove(self, bound: int, missing: int, engine: str = "") -> None:
        """An engine's word: no lawful roster has fewer empty seats; none with just as few costs less."""
        self.was_run = True
        self.claims.claim(engine, Claim(bound, missing))


class WholeComponent:
    """A component that is one subproblem; `offset`: what that does not see, such as wishes for shifts outside it."""

    def __init__(self, subproblem: Subproblem, offset: int) -> None:
        self.subproblem, self.offset = subproblem, offset

    @property
    def bound(self) -> int:
        return self.subproblem.bound + self.offset

    @property
    def missing(self) -> int:
        return self.subproblem.missing

    @property
    def proofs(self) -> tuple[int, int]:
        """Subproblems that make up the roster of the component: how many, and how many of them are proven."""
        return 1, int(self.subproblem.is_proven)


class Divided:
    """A component taken apart (see `linking_duties`): its bound adds up over relaxed subproblems, whatever those that
    make the roster are.
    """

    def __init__(
        self,
        component: Component,
        firsts: list[Subproblem],
        to_come: list[Component],
        relaxed: list[Subproblem],
        *,
        twice: int,
    ) -> None:
        self.component, self.firsts, self.to_come, self.relaxed, self.twice = component, firsts, to_come, relaxed, twice
        self.rests: list[Subproblem] | None = None
        self.polished: Subproblem | None = None
        self.remade: set[Subproblem] = set()  # by the search over the whole: their proofs speak of other rosters

    @property
    def had_its_turn(self) -> bool:
        """Whether the subproblems of its roster are settled or had their fair share of the time."""
        return self.rests is not None and all(p.is_settled or p.rounds for p in self.made_of)

    @property
    def made_of(self) -> list[Subproblem]:
        return [*self.firsts, *(self.rests or ())]

    @property
    def bound(self) -> int:
        return sum(subproblem.safe_bound for subproblem in self.relaxed) - self.twice

    @property
    def missing(self) -> int:
        return sum(subproblem.missing for subproblem in self.relaxed)

    @property
    def proofs(self) -> tuple[int, int]:
        total = len(self.firsts) + len(self.to_come)
        return total, sum(subproblem.is_proven and subproblem not in self.remade for subproblem in self.made_of)
