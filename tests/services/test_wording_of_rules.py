"""Every breach of every rule is told in names, times and numbers, and every rule and parameter has a name."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from roster import labels, wording, wording_rules
from roster.planning.rules import RULES
from tests.unit.planning.rule_cases import CASES, Case, breaches, with_setting

VIETNAMESE = re.compile(r"[đăâêôơưáàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ]", re.IGNORECASE)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_a_breach_is_a_sentence(app: Flask, case: Case) -> None:
    problem = with_setting(case.problem, case.code, on=True)
    names = wording.names_of(problem)
    for violation in breaches(problem, case.bad, case.code):
        told = wording.sentence(violation, names)
        assert told.endswith(".")
        assert case.code not in told
        assert "None" not in told
        assert not re.search(r"\d{4}-\d\d", told), "dates as people write them"
        if violation.staff_id is not None:
            assert names.person(violation.staff_id) in told
        assert wording.restored(wording.stored(violation)) == violation


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
            assert wording.reason(rule.code) != rule.code
