"""What people have of their own for rules: read from text, in step with the rules, with errors that name the place."""

from __future__ import annotations

import pytest

from people import limits
from planning.rules import RULES

COLUMNS = {"limits.max_shifts:most", "limits.min_shifts:least"}
OF_CAMPAIGNS = {
    "rest.between_shifts:minutes",
    "rest.between_shifts:standby_minutes",
    "rest.standby:minutes",
    "fairness.load:step",
    "peaks.repeat:giao_thua",
    "peaks.repeat:mung_1",
}


def test_the_list_is_what_the_rules_ask_of_people() -> None:
    asked = {f"{rule.code}:{p.name}": (p.low, p.high) for rule in RULES for p in rule.parameters}
    assert {key: asked[key] for key in asked.keys() - COLUMNS - OF_CAMPAIGNS} == limits.KNOWN


def test_text_is_read_and_shown() -> None:
    found = limits.parsed(" limits.template:Đêm  muộn = 2;hours.week:most=2400\n; ")
    assert found == {"hours.week:most": 2400, "limits.template:Đêm muộn": 2}
    assert limits.parsed(limits.shown(found)) == found
    assert limits.parsed("") == {}


@pytest.mark.parametrize(
    ("given", "reason", "param"),
    [
        ("hours.wek:most=1", "unknown", "hours.wek:most"),
        ("hours.week:least=1", "unknown", "hours.week:least"),
        ("hours.week:most=99999", "number", "hours.week:most"),
        ("runs.max_days:most=0", "number", "runs.max_days:most"),
        ("hours.week:most", "form", "hours.week:most"),
        ("hours.week:most=2h", "form", "hours.week:most=2h"),
        ("limits.template:=2", "form", "limits.template:"),
        ("limits.template:Đêm=-1", "number", "limits.template:Đêm"),
    ],
)
def test_nonsense_is_named(given: str, reason: str, param: str) -> None:
    with pytest.raises(limits.LimitError) as caught:
        limits.parsed(given)
    assert caught.value.reason == reason and param in caught.value.params.values()
