"""The account of a roster: who carries what, and how even it is."""

from __future__ import annotations

from planning.fairness_ledger import Line, Spread, ledger, spreads
from planning.problem import Problem
from tests.unit.planning.tiny import person, seats, shift

SHIFTS = (shift(1, 0, 22, points=1200, peak=frozenset({"giao_thua"})), shift(2, 3))
PROBLEM = Problem(SHIFTS, (person(1, history_points=400), person(2), person(3, duties=frozenset({"support"}))))


def test_every_person_has_a_line() -> None:
    assert ledger(PROBLEM, seats((1, 1), (2, 1))) == [
        Line(1, history=400, plan=2000, shifts=2, nights=1, peaks=1),
        Line(2, 0, 0, 0, 0, 0),
        Line(3, 0, 0, 0, 0, 0),
    ]


def test_the_spread_of_a_duty_is_over_those_who_may_take_it() -> None:
    assert spreads(PROBLEM, ledger(PROBLEM, seats((1, 1), (2, 2)))) == [
        Spread("operations", 2, 800, 1600, 1200.0, 400.0)
    ]
