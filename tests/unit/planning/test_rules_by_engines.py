"""Every hard rule against every engine, on a problem where ignoring the rule would be cheaper.

The checker must name the rule for the tempting roster, and the engine must find the honest one: take the rule
away from either side and its case fails.
"""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from roster.planning.check import check
from roster.planning.problem import Assignment, Pin, Problem, Wish
from roster.planning.settings import Setting
from tests.unit.planning.tiny import Engine, away, busy, by_greedy, by_highs, on, person, seats, shift

HEAVY = {"history_points": 90_00}
TWO = (person(1), person(2, **HEAVY))  # number 1 is always the tempting one
NO_STANDBY_REST = {"rest.between_shifts": Setting(values={"standby_minutes": 0})}
BOTH_WISH_FOR_MONDAY = tuple(Wish(n, on(0), None, "on", 3) for n in (1, 2))
STRANGER, OUTSIDER = person(1, duties=frozenset({"support"})), person(1, eligible_units=frozenset({"X"}))

CASES = {
    "coverage: leaving a seat empty costs no load": (
        "coverage.headcount", Problem((shift(1, 0),), (person(2, **HEAVY),)), [], [(1, 2)]),
    "coverage: one too many grants a wish": (
        "coverage.headcount", Problem((shift(1, 0, points=0),), TWO, wishes=BOTH_WISH_FOR_MONDAY),
        [(1, 1), (1, 2)], None),
    "duty": ("eligibility.duty", Problem((shift(1, 0),), (STRANGER, TWO[1])), [(1, 1)], [(1, 2)]),
    "unit": ("eligibility.unit", Problem((shift(1, 0),), (OUTSIDER, TWO[1])), [(1, 1)], [(1, 2)]),
    "leave, by a night that runs into it": (
        "absence.away", Problem((shift(1, 0, 22),), TWO, (away(1, 1),)), [(1, 1)], [(1, 2)]),
    "no night on site": (
        "protected.no_night", Problem((shift(1, 0, 22),), (person(1, no_night=True), TWO[1])), [(1, 1)], [(1, 2)]),
    "overlap, rest between standbys switched off": (
        "overlap.shifts",
        Problem((shift(1, 0, 7, form="standby"), shift(2, 0, 14, form="standby")), TWO, settings=NO_STANDBY_REST),
        [(1, 1), (2, 1)], None),
    "overlap with a duty elsewhere": (
        "overlap.shifts", Problem((shift(1, 0, 7),), TWO, busy=(busy(1, 0, 14),)), [(1, 1)], [(1, 2)]),
    "rest": ("rest.between_shifts", Problem((shift(1, 0, 6), shift(2, 0, 22)), TWO), [(1, 1), (2, 1)], None),
    "rest between standbys": (
        "rest.between_shifts", Problem((shift(1, 0, 6, form="standby"), shift(2, 0, 22)), TWO), [(1, 1), (2, 1)], None),
    "rest on site, switched off for standby alone": (
        "rest.between_shifts",
        Problem((shift(1, 0, 6), shift(2, 0, 22)), TWO, settings=NO_STANDBY_REST), [(1, 1), (2, 1)], None),
    "rest after a duty elsewhere": (
        "rest.between_shifts", Problem((shift(1, 0, 22),), TWO, busy=(busy(1, 0, 6),)), [(1, 1)], [(1, 2)]),
    "limit": (
        "limits.max_shifts", Problem((shift(1, 0), shift(2, 3)), (person(1, max_shifts=1), TWO[1])),
        [(1, 1), (2, 1)], None),
    "pin": ("pins.kept", Problem((shift(1, 0),), TWO, pins=(Pin(1, 2),)), [(1, 1)], [(1, 2)]),
}  # fmt: skip
ENGINES: dict[str, Engine] = {"greedy": by_greedy, "highs": by_highs}


def hard(problem: Problem, roster: Iterable[Assignment]) -> list[str]:
    return [violation.rule for violation in check(problem, roster) if violation.hard]


def soft_cost(problem: Problem, roster: Iterable[Assignment]) -> int:
    return sum(violation.cost for violation in check(problem, roster) if not violation.hard)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", CASES)
def test_engine_resists_where_breaking_the_rule_would_be_cheaper(name: str, engine: str) -> None:
    rule, problem, temptation, honest = CASES[name]
    roster = ENGINES[engine](problem)
    assert hard(problem, roster) == []
    assert hard(problem, seats(*temptation)) == [rule]
    assert soft_cost(problem, seats(*temptation)) < soft_cost(problem, roster), "the temptation does not tempt"
    if honest is not None:
        assert sorted(roster) == seats(*honest)


@pytest.mark.parametrize("engine", ENGINES)
def test_protected_people_may_stand_by_at_night(engine: str) -> None:
    problem = Problem((shift(1, 0, 22, form="standby"),), (person(1, no_night=True), TWO[1]))
    assert list(ENGINES[engine](problem)) == seats((1, 1))


@pytest.mark.parametrize("engine", ENGINES)
def test_exactly_twelve_hours_of_rest_are_enough(engine: str) -> None:
    problem = Problem((shift(1, 0, 6), shift(2, 1, 2)), (person(1),))
    assert list(ENGINES[engine](problem)) == seats((1, 1), (2, 1))


@pytest.mark.parametrize("engine", ENGINES)
def test_pins_that_break_rules_stay_and_are_named(engine: str) -> None:
    pins = (Pin(1, 1), Pin(2, 1))
    problem = Problem((shift(1, 0, 6), shift(2, 0, 22), shift(3, 1, 6)), TWO, pins=pins)
    roster = ENGINES[engine](problem)
    assert list(roster) == seats((1, 1), (2, 1), (3, 2))
    assert hard(problem, roster) == ["rest.between_shifts"]
