"""Every breach of every rule is told in names, times and numbers, and every rule and parameter has a name."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from planning.problem import Problem
from planning.rules import RULES
from roster.rulebook import words as wording_rules
from roster.words import labels, sentences, violations, why_not
from roster.words.names import names_of
from tests.unit.planning.rule_cases import CASES, Case, breaches, with_setting
from tests.unit.planning.tiny import person, shift, work

VIETNAMESE = re.compile(r"[đăâêôơưáàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ]", re.IGNORECASE)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_a_breach_is_a_sentence(app: Flask, case: Case) -> None:
    problem = with_setting(case.problem, case.code, on=True)
    names = names_of(problem)
    for violation in breaches(problem, case.bad, case.code):
        told = sentences.sentence(violation, names)
        assert told.endswith(".")
        assert case.code not in told
        assert "None" not in told
        assert not re.search(r"\d{4}-\d\d", told), "dates as people write them"
        if violation.staff_id is not None:
            assert names.person(violation.staff_id) in told
        assert violations.restored(violations.stored(violation)) == violation


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("rest.between_shifts", Problem((shift(1, 0, 7, 8), shift(2, 0, 15, 8)), (person(1),))),
        ("work.ordinary", Problem((shift(1, 0, 16, 8), shift(2, 3)), (person(1),), work=(work(1, 0),))),
    ],
)
def test_no_rest_at_all_is_not_told_as_a_rest_of_no_minutes(app: Flask, code: str, problem: Problem) -> None:
    (violation,) = breaches(problem, ((1, 1), (2, 1)), code)
    told = sentences.sentence(violation, names_of(problem))
    assert "không có giờ nghỉ nào" in told and "0 phút" not in told


def test_every_rule_and_parameter_has_a_name(app: Flask) -> None:
    for rule in RULES:
        told = [wording_rules.rule_name(rule.code), wording_rules.rule_explanation(rule.code), labels.rule(rule.code)]
        for parameter in rule.parameters:
            told.append(wording_rules.parameter_name(rule.code, parameter.name))
            told.append(wording_rules.unit_name(parameter.unit))
        assert all(text and VIETNAMESE.search(text + "đ" * (text == "ca")) for text in told), (rule.code, told)


def test_what_keeps_people_away_has_words_for_every_hard_rule_of_a_person(app: Flask) -> None:
    shifts_alone = {"coverage.headcount"}
    for rule in RULES:
        if rule.hard and rule.code not in shifts_alone:
            assert why_not.reason(rule.code) != rule.code
