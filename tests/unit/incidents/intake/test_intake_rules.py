"""Rules of a source: the first that fits holds, marks and capitals make no difference, what is over is left alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, strategies as st

from incidents.intake.formats import Alarm
from incidents.intake.rules import ANY, HOWS, TEXT, THENS, TITLE, IntakeRule, judge, parse_rules, written

DOWN = Alarm(
    "trigger",
    "k",
    "Mất điện Bưu cục 12",
    "UPS còn 10 phút",
    severity=3,
    details=(("host", "bc-12"), ("don_vi", " BDA-1 "), ("link", "https://x.example")),
)


@pytest.mark.parametrize(
    ("rule", "fits"),
    [
        (IntakeRule(TITLE, "contains", "MAT DIEN"), True),
        (IntakeRule(TITLE, "begins", "mất  điện"), True),
        (IntakeRule(TITLE, "begins", "bưu cục"), False),
        (IntakeRule(TITLE, "is", "mất điện bưu cục 12"), True),
        (IntakeRule(TITLE, "is", "mất điện"), False),
        (IntakeRule(TEXT, "contains", "ups"), True),
        (IntakeRule(TITLE, "contains", "ups"), False),
        (IntakeRule(ANY, "contains", "bc-12"), True),
        (IntakeRule("Host", "is", "BC-12"), True),
        (IntakeRule("host2", "contains", "bc"), False),
        (IntakeRule("host2", "always"), True),
    ],
)
def test_where_a_rule_looks_and_how(rule: IntakeRule, fits: bool) -> None:
    assert rule.fits(DOWN) is fits


def test_the_first_that_fits_holds() -> None:
    rules = [
        IntakeRule(TITLE, "contains", "cháy", category="fire"),
        IntakeRule(TITLE, "contains", "mat dien", category="power", severity=2, unit_from="don_vi", unit="BDA"),
        IntakeRule(how="always", then="drop"),
    ]
    judged = judge(rules, DOWN)
    assert (judged.place, judged.units) == (1, ("BDA-1", "BDA"))
    assert judged.alarm == replace(DOWN, category="power", at_least=2)
    assert judge(rules[::2], DOWN).alarm.action == "drop"
    assert judge([], DOWN) == judge(rules[:1], DOWN) and judge([], DOWN).place is None


def test_exactly_or_at_least() -> None:
    milder = judge([IntakeRule(how="always", severity=4, exactly=True)], DOWN).alarm
    assert (milder.severity, milder.at_least) == (4, None)
    at_least = judge([IntakeRule(how="always", severity=4)], DOWN).alarm
    assert (at_least.severity, at_least.at_least) == (3, 4)


def test_what_calls_nobody_can_be_raised_if_it_has_a_title() -> None:
    always = [IntakeRule(how="always", then="raise")]
    assert judge(always, replace(DOWN, action="drop")).alarm.action == "trigger"
    assert judge(always, Alarm("drop", "k")).alarm.action == "drop"
    assert judge([IntakeRule(how="always", category="power")], replace(DOWN, action="drop")).alarm.action == "drop"


texts = st.text(max_size=20)
some_rules = st.lists(
    st.builds(
        IntakeRule,
        field=st.sampled_from([ANY, TITLE, TEXT, "host"]) | texts,
        how=st.sampled_from(HOWS),
        sought=texts,
        category=texts,
        unit=texts,
        unit_from=texts,
        severity=st.none() | st.integers(1, 4),
        exactly=st.booleans(),
        then=st.sampled_from(THENS),
    ),
    max_size=4,
)
some_alarms = st.builds(
    Alarm,
    st.sampled_from(["trigger", "acknowledge", "resolve", "drop"]),
    st.none() | texts,
    texts,
    texts,
    st.none() | st.integers(1, 4),
    details=st.lists(st.tuples(texts, texts), max_size=3).map(tuple),
)


@given(rules=some_rules, alarm=some_alarms)
def test_rules_never_touch_what_is_said_nor_what_is_over(rules: list[IntakeRule], alarm: Alarm) -> None:
    judged = judge(rules, alarm)
    made = judged.alarm
    assert (made.key, made.title, made.description, made.details) == (
        alarm.key,
        alarm.title,
        alarm.description,
        alarm.details,
    )
    if alarm.action in ("acknowledge", "resolve"):
        assert made == alarm and judged.place is None
    if judged.place is not None:
        assert rules[judged.place].fits(alarm) and not any(rule.fits(alarm) for rule in rules[: judged.place])
    assert parse_rules(written(rules)) == rules
