"""Every rule against every engine, on a problem where breaking the rule would be cheaper.

The checker must name the rule for the tempting roster, and the engine must find an honest one. With the rule taken
out of the engine's table, or switched off, the engine must fall for the temptation: so each case fails when the
rule is missing on either side.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, MutableMapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from planning.engines.candidates.forbidden import BARS
from planning.engines.local_search.guards.table import GUARDS
from planning.engines.mip.branch_and_bound import Search
from planning.engines.mip.formulations.table import FORMULATIONS
from planning.outcome import Violation
from planning.problem import Assignment, Pin, Problem
from planning.rules import RULE_OF
from planning.score.check import check, cost_of
from tests.unit.planning.tempting import TEMPTATIONS, TWO, Temptation, with_setting
from tests.unit.planning.tiny import Engine, by_greedy, by_highs, person, proven_by_highs, seats, shift

Found = tuple[Sequence[Assignment], int | None]
"""A roster, and the bound that its engine proves."""
ENGINES: dict[str, Engine] = {"greedy": by_greedy, "highs": by_highs}
PROVING: dict[str, Callable[[Problem], Found]] = {
    "greedy": lambda problem: (by_greedy(problem), None),
    "highs": lambda problem: proven_by_highs(problem)[:2],
}
ROUNDS = 2
"""Of an engine that looks for a proof in vain, and would as long as it may."""
TABLES: dict[str, MutableMapping[str, Any]] = {"greedy": GUARDS, "highs": FORMULATIONS}
LEAST = 2_000_00
"""What lacks of a least amount weighs more than anything but an empty seat."""

each_engine = pytest.mark.parametrize("engine", ENGINES)
each_case = pytest.mark.parametrize("case", TEMPTATIONS, ids=lambda case: case.name)
softened = [case for case in TEMPTATIONS if RULE_OF[case.code].hard and not RULE_OF[case.code].fixed]
switched = [case for case in TEMPTATIONS if not RULE_OF[case.code].locked]


def breaches(problem: Problem, roster: Iterable[Assignment], code: str) -> int:
    """How much of one rule a roster breaks."""
    return sum(v.amount for v in check(problem, roster) if v.rule == code)


def hard(problem: Problem, roster: Iterable[Assignment]) -> set[str]:
    return {violation.rule for violation in check(problem, roster) if violation.hard}


def price(violations: Iterable[Violation]) -> int:
    """Everything a roster is blamed for, hard or soft, in one number."""
    return sum(v.cost or (LEAST * v.amount if v.hard else 0) for v in violations)


def blame_but(problem: Problem, roster: Iterable[Assignment], code: str) -> int:
    """What a roster costs in the eyes of somebody who does not know the rule."""
    return price(v for v in check(problem, roster) if v.rule != code)


def test_every_rule_has_a_temptation() -> None:
    assert {case.code for case in TEMPTATIONS} == set(RULE_OF)


@each_case
def test_the_checker_names_the_rule_and_the_temptation_tempts(case: Temptation) -> None:
    bad = seats(*case.bad)
    found = [v for v in check(case.problem, bad) if v.rule == case.code]
    assert found
    assert {v.hard for v in found} == {RULE_OF[case.code].hard}
    assert hard(case.problem, bad) <= {case.code}
    honest = seats(*case.honest) if case.honest is not None else by_greedy(replace(case.problem))
    assert breaches(case.problem, honest, case.code) < breaches(case.problem, bad, case.code)
    assert blame_but(case.problem, bad, case.code) < blame_but(case.problem, honest, case.code)


@each_engine
@each_case
def test_the_engine_resists(case: Temptation, engine: str) -> None:
    roster, bound = PROVING[engine](replace(case.problem))
    assert hard(case.problem, roster) == set()
    assert bound in {None, cost_of(check(case.problem, roster))}
    assert breaches(case.problem, roster, case.code) < breaches(case.problem, seats(*case.bad), case.code)
    assert price(check(case.problem, roster)) < price(check(case.problem, seats(*case.bad)))
    if case.honest is not None:
        assert sorted(roster) == seats(*case.honest)


@each_engine
@each_case
def test_without_the_rule_the_engine_falls_for_it(
    case: Temptation, engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = price(check(case.problem, ENGINES[engine](replace(case.problem))))
    forget(case.code, engine, monkeypatch)
    rounds = iter([False] * ROUNDS)
    monkeypatch.setattr(Search, "is_over", property(lambda search: next(rounds, True)))
    roster, bound = PROVING[engine](replace(case.problem))
    found = check(case.problem, roster)
    # An engine that has the checker judge what it finds may keep an honest roster by chance, but proves another cost.
    assert price(found) > honest or (bound is not None and bound < cost_of(found))


def forget(code: str, engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(TABLES[engine], code, raising=False)
    monkeypatch.delitem(BARS, code, raising=False)


@each_engine
@pytest.mark.parametrize("case", softened, ids=lambda case: case.name)
def test_a_hard_rule_made_soft_is_weighed(case: Temptation, engine: str) -> None:
    by_minute = case.code.startswith("hours.") and case.code != "hours.continuous"
    weight = 5_00 if by_minute else 1_000_00  # per minute, or per shift or day
    dear = with_setting(case.problem, case.code, hard=False, weight=weight)
    assert breaches(dear, ENGINES[engine](dear), case.code) < breaches(dear, seats(*case.bad), case.code)
    cheap = with_setting(case.problem, case.code, hard=False, weight=0)
    roster = ENGINES[engine](cheap)
    assert breaches(cheap, roster, case.code) > 0
    assert price(check(cheap, roster)) <= price(check(cheap, seats(*case.bad)))


@each_engine
@pytest.mark.parametrize("case", switched, ids=lambda case: case.name)
def test_a_rule_that_is_off_binds_nobody(case: Temptation, engine: str) -> None:
    off = with_setting(case.problem, case.code, on=False)
    roster = ENGINES[engine](off)
    assert price(check(off, roster)) <= price(check(off, seats(*case.bad)))
    assert breaches(with_setting(case.problem, case.code, on=True), roster, case.code) > 0


@each_engine
def test_protected_people_may_stand_by_at_night(engine: str) -> None:
    problem = Problem((shift(1, 0, 22, form="standby"),), (person(1, no_night=True), TWO[1]))
    assert list(ENGINES[engine](problem)) == seats((1, 1))


@each_engine
def test_exactly_twelve_hours_of_rest_are_enough(engine: str) -> None:
    problem = Problem((shift(1, 0, 6), shift(2, 1, 2)), (person(1),))
    assert list(ENGINES[engine](problem)) == seats((1, 1), (2, 1))


@each_engine
def test_pins_that_break_rules_stay_and_are_named(engine: str) -> None:
    pins = (Pin(1, 1), Pin(2, 1))
    problem = Problem((shift(1, 0, 6), shift(2, 0, 22), shift(3, 1, 6)), TWO, pins=pins)
    roster = ENGINES[engine](problem)
    assert sorted(roster) == seats((1, 1), (2, 1), (3, 2))
    assert hard(problem, roster) == {"rest.between_shifts", "hours.rolling"}
