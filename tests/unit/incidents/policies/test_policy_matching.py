"""Which of a unit's policies holds: the most specific that fits, then the first."""

from __future__ import annotations

from typing import Any

import pytest

from incidents.policies.matching import Conditions, IncidentFacts, parse_conditions, pick, within

NIGHT = (22 * 60, 6 * 60)
ALL = Conditions(frozenset({1, 2}), frozenset({"power", "fire"}), frozenset({"during"}), NIGHT)
FACTS = IncidentFacts(2, "power", "during", 23 * 60)


@pytest.mark.parametrize(
    ("minute", "start", "end", "inside"),
    [
        (480, 480, 1020, True),
        (479, 480, 1020, False),
        (1019, 480, 1020, True),
        (1020, 480, 1020, False),
        (1320, *NIGHT, True),
        (1319, *NIGHT, False),
        (0, *NIGHT, True),
        (359, *NIGHT, True),
        (360, *NIGHT, False),
        (0, 480, 480, True),
        (480, 480, 480, True),
    ],
)
def test_hours_begin_with_their_first_minute_and_may_run_over_midnight(
    minute: int, start: int, end: int, inside: bool
) -> None:
    assert within(minute, start, end) is inside


@pytest.mark.parametrize(
    ("facts", "fits"),
    [
        (FACTS, True),
        (IncidentFacts(3, "power", "during", 23 * 60), False),
        (IncidentFacts(2, "other", "during", 23 * 60), False),
        (IncidentFacts(2, "power", "before", 23 * 60), False),
        (IncidentFacts(2, "power", None, 23 * 60), False),
        (IncidentFacts(2, "power", "during", 12 * 60), False),
    ],
)
def test_every_condition_that_is_set_must_fit(facts: IncidentFacts, fits: bool) -> None:
    assert ALL.fit(facts) is fits
    assert Conditions().fit(facts), "no condition fits everything"


def test_the_most_specific_that_fits_is_taken_then_the_first() -> None:
    one, other = Conditions(frozenset({2})), Conditions(categories=frozenset({"power"}))
    anything, misses = Conditions(), Conditions(frozenset({1}), frozenset({"power"}))
    assert pick([("anything", anything), ("one", one), ("other", other), ("misses", misses)], FACTS) == "one"
    assert pick([("one", one), ("all", ALL)], FACTS) == "all"
    assert pick([("first", anything), ("second", anything)], FACTS) == "first"
    assert pick([("misses", misses)], FACTS) is None
    assert pick([], FACTS) is None
    phase, hours = Conditions(phases=frozenset({"during"})), Conditions(hours=NIGHT)
    assert [each.weight for each in (anything, one, other, phase, hours, misses, ALL)] == [0, 1, 1, 1, 1, 2, 4]


@pytest.mark.parametrize(
    ("stored", "conditions"),
    [
        ({}, Conditions()),
        ({"severities": None, "categories": [], "phases": None, "hours": None}, Conditions()),
        (
            {"severities": [1, 2], "categories": ["power", "fire"], "phases": ["during"], "hours": ["22:00", "06:00"]},
            ALL,
        ),
        ({"hours": ["00:00", "00:30"]}, Conditions(hours=(0, 30))),
    ],
)
def test_what_is_stored_is_read(stored: dict[str, Any], conditions: Conditions) -> None:
    assert parse_conditions(stored) == conditions
