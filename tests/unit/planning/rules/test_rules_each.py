"""Every rule alone: what breaks it, what is just within, soft, off, and with a number of the person's own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from planning.problem import Assignment
from planning.roster import Roster
from planning.rules import RULE_OF, RULES
from planning.score.check import person_violations, violations_for
from tests.unit.planning.rule_cases import CASES, Case, breaches, with_setting

each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
PRICED_BY_THE_SHIFT = {"coverage.wanted": 500}


def switched(case: Case, **changes: Any) -> Any:
    return with_setting(case.problem, case.code, on=True, **changes)


def test_every_rule_has_a_case_and_its_own_code() -> None:
    assert {case.code for case in CASES} == RULE_OF.keys()
    assert len(RULE_OF) == len(RULES)


@each_case
def test_the_bad_roster_breaks_it_by_the_amount_and_the_good_one_does_not(case: Case) -> None:
    found = breaches(switched(case), case.bad, case.code)
    assert sum(v.amount for v in found) == case.amount
    assert {v.hard for v in found} == {RULE_OF[case.code].hard}
    assert breaches(switched(case), case.good, case.code) == []


@each_case
def test_a_soft_breach_costs_the_weight_times_the_amount(case: Case) -> None:
    rule = RULE_OF[case.code]
    cost = PRICED_BY_THE_SHIFT.get(case.code, rule.weight * case.amount)
    if rule.fixed:
        assert sum(v.cost for v in breaches(switched(case, hard=not rule.hard), case.bad, case.code)) == cost
        return
    soft = breaches(switched(case, hard=False), case.bad, case.code)
    assert ({v.hard for v in soft}, sum(v.cost for v in soft)) == ({False}, cost)
    assert sum(v.cost for v in breaches(switched(case, hard=False, weight=7), case.bad, case.code)) == 7 * case.amount
    assert {v.cost for v in breaches(switched(case, hard=True), case.bad, case.code)} == {0}


@each_case
def test_a_rule_that_is_off_says_nothing_unless_it_is_locked(case: Case) -> None:
    off = with_setting(case.problem, case.code, on=False)
    assert bool(breaches(off, case.bad, case.code)) == RULE_OF[case.code].locked
    as_shipped = with_setting(case.problem, case.code, on=None)
    assert bool(breaches(as_shipped, case.bad, case.code)) == RULE_OF[case.code].on


@pytest.mark.parametrize("case", [case for case in CASES if case.own], ids=lambda case: case.code)
def test_numbers_of_the_campaign_and_of_a_person(case: Case) -> None:
    assert case.own
    name, value = case.own
    strict = RULE_OF[case.code].value(case.problem, name, on=case.problem.dates[0])
    assert strict is not None
    assert breaches(switched(case, values={name: value}), case.bad, case.code) == []
    own = replace(case.problem.staff[0], limits={f"{case.code}:{name}": value})
    theirs = replace(case.problem, staff=(own, *case.problem.staff[1:]))
    theirs = with_setting(theirs, case.code, on=True, values={name: strict})
    assert breaches(theirs, case.bad, case.code) == []


@each_case
def test_one_row_or_one_shift_alone_shows_the_same_breaches(case: Case) -> None:
    problem, roster = switched(case), [Assignment(*pair) for pair in case.bad]
    whole = breaches(problem, case.bad, case.code)
    ids = {"shift_ids": [s.id for s in problem.shifts], "staff_ids": [p.id for p in problem.staff]}
    assert [v for v in violations_for(problem, roster, **ids) if v.rule == case.code] == whole
    for violation in whole:
        if RULE_OF[case.code].of_person:
            assert violation.staff_id is not None
            row = Roster(problem, roster).shifts_of[violation.staff_id]
            assert violation in person_violations(problem, violation.staff_id, list(reversed(row)))


def test_every_parameter_is_within_its_bounds_and_named_once() -> None:
    for rule in RULES:
        names = [parameter.name for parameter in rule.parameters]
        assert len(set(names)) == len(names)
        for parameter in rule.parameters:
            for value in (parameter.default, *(norm.value for norm in parameter.norms)):
                assert value is None or parameter.low <= value <= parameter.high, (rule.code, parameter.name)
