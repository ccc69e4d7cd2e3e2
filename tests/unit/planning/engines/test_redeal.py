"""Two people deal their shifts anew: what it says of the cost is what the rules say, and it does what trades cannot."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from itertools import product

import pytest
from hypothesis import strategies as st

from benchmarks.roster.tet import generate
from planning.engines.local_search import cost
from planning.engines.local_search.engine import build
from planning.engines.local_search.pair_exchange import PairExchange
from planning.engines.local_search.state import State
from planning.problem import Assignment, Pin, Problem
from planning.score.check import check, cost_of
from tests.support.examples import for_any
from tests.unit.planning.any_problem import eased, problems
from tests.unit.planning.engines.test_properties import priced, strict
from tests.unit.planning.tiny import person, seats, shift

WORTHS = (12, 13, 16, 7, 8, 8, 16)
TEAM = tuple(person(n) for n in (1, 2))


def begin(problem: Problem, roster: list[Assignment] | tuple[Assignment, ...], seed: int = 0) -> list[PairExchange]:
    """One for each component, with the roster laid out."""
    state, deals = State(problem), []
    for component in state.indexed.components:
        numbers = [(state.indexed.number_of[a.shift_id], state.indexed.person_of[a.staff_id]) for a in roster]
        deal = PairExchange(state, component, random.Random(seed))
        deal.lay([(s, p) for s, p in numbers if s in component])
        deals.append(deal)
    return deals


@for_any(problems() | problems().map(eased), st.integers(0, 9), st.sampled_from([0.0, 500.0]), examples=150)
def test_any_roster_stays_lawful_and_costs_what_was_said(problem: Problem, seed: int, heat: float) -> None:
    before = build(problem, tries=0)
    deals = begin(problem, before, seed)
    change = sum(deal.go(40, heat) for deal in deals)
    after = deals[0].state.assignments() if deals else before
    found, known = check(problem, after), check(problem, before)
    assert strict(found) - strict(known) == Counter()
    assert priced(found) - priced(known) == change
    assert change <= 0 or heat
    assert Counter(a.shift_id for a in after) == Counter(a.shift_id for a in before)
    assert {Assignment(pin.shift_id, pin.staff_id) for pin in problem.pins} <= set(after)
    for deal in deals:
        assert deal.seats() == {(s, p) for p, row in enumerate(deal.state.row) for s in row if s in set(deal.component)}


def test_loads_come_out_even_where_no_one_shift_for_another_would_gain() -> None:
    """12 + 13 + 16 against 7 + 8 + 8 + 16: with both long ones and an 8 on one side, it is 40 and 40."""
    problem = Problem(tuple(shift(n, n, points=100 * worth) for n, worth in enumerate(WORTHS, 1)), TEAM)
    uneven = seats(*((n, 1 if n < 4 else 2) for n in range(1, 8)))
    assert min(cost_of(check(problem, roster)) for roster in one_step_from(uneven)) >= cost_of(check(problem, uneven))
    (deal,) = begin(problem, uneven)
    assert deal.go(1) < 0
    loads = Counter[int]()
    for a in deal.state.assignments():
        loads[a.staff_id] += problem.shift_of[a.shift_id].points
    assert loads == {1: 4000, 2: 4000}


def one_step_from(roster: list[Assignment]) -> Iterator[list[Assignment]]:
    """All rosters of these two people that one hand-over or one trade makes of it."""
    for one, other in product(roster, repeat=2):
        if one == other or one.staff_id != other.staff_id:
            moved = {one.shift_id, other.shift_id}
            yield [Assignment(a.shift_id, 3 - a.staff_id) if a.shift_id in moved else a for a in roster]


def test_of_more_shifts_than_can_be_dealt_at_once_some_stay() -> None:
    problem = Problem(tuple(shift(n, n, points=100 * n) for n in range(1, 31)), TEAM)
    (deal,) = begin(problem, [Assignment(n, 1) for n in range(1, 31)])
    assert deal.go(30) < 0
    assert {a.staff_id for a in deal.state.assignments()} == {1, 2}


def test_pinned_seats_stay_where_they_are() -> None:
    problem = Problem(tuple(shift(n, n) for n in range(1, 5)), TEAM, pins=tuple(Pin(n, 1) for n in range(1, 5)))
    (deal,) = begin(problem, [Assignment(n, 1) for n in range(1, 5)])
    assert deal.go(20, heat=10_000.0) == 0


def test_a_long_search_does_not_remember_every_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cost, "MOST_KNOWN", 50)
    problem = generate(12, 20, 1)
    (deal,) = begin(problem, build(problem, tries=0))
    deal.go(200, heat=1_000_000.0)
    assert sum(map(len, deal.state.costs._known)) <= 50
