"""The law case by case, as docs/rules.md shows it: the rules and both engines say what was worked out by hand."""

from __future__ import annotations

import pytest

from planning.problem import Assignment
from planning.rules import RULES
from planning.score.check import check
from planning.time.overtime import overtime
from tests.unit.planning.law_cases import DOCS, LawCase, cases, table
from tests.unit.planning.tiny import Engine, by_greedy, by_highs

each_case = pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case.case}-{case.rule}")


@each_case
def test_the_rule_says_what_was_worked_out_by_hand(case: LawCase) -> None:
    problem = case.problem
    roster = [Assignment(shift.id, 1) for shift in problem.shifts]
    broken = [violation for violation in check(problem, roster) if violation.rule == case.rule]
    assert sum(violation.amount for violation in broken) == case.breach
    assert sum(overtime(problem, problem.staff[0], problem.shifts).values()) == case.overtime


@pytest.mark.parametrize("engine", [by_greedy, by_highs])
@each_case
def test_engines_give_somebody_all_of_it_only_where_no_rule_is_broken(case: LawCase, engine: Engine) -> None:
    problem = case.problem
    everything = [Assignment(shift.id, 1) for shift in problem.shifts]
    is_kept = not any(violation.hard for violation in check(problem, everything))
    roster = sorted(engine(problem))
    assert (roster == everything) == is_kept
    assert not [v for v in check(problem, roster) if v.hard and v.rule != "coverage.headcount"]


def test_every_rule_that_cites_a_law_has_a_case_that_keeps_it_and_one_that_breaks_it() -> None:
    cited = {rule.code for rule in RULES if rule.norms or any(p.norms for p in rule.parameters)}
    assert cited <= {case.rule for case in cases() if case.breach}
    assert cited <= {case.rule for case in cases() if not case.breach}


def test_the_page_of_rules_shows_the_cases_as_they_are() -> None:
    assert table() in DOCS.read_text(encoding="utf-8"), "python -m tests.unit.planning.law_cases writes them"
