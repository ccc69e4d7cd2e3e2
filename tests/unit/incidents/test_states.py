"""What may follow what."""

from __future__ import annotations

from typing import get_args

import pytest

from incidents.record import states


def test_the_ordinary_life_of_an_incident() -> None:
    status = "open"
    for verb, expected in (("acknowledge", "acknowledged"), ("resolve", "resolved"), ("close", "closed")):
        status = states.after(status, verb) or ""
        assert status == expected
    assert states.after("closed", "reopen") == "open"


@pytest.mark.parametrize("status", get_args(states.Status))
def test_from_every_status_there_is_a_way_on(status: str) -> None:
    assert any(states.after(status, verb) for verb in get_args(states.Verb))


@pytest.mark.parametrize(
    ("status", "verb"),
    [
        ("open", "close"),
        ("acknowledged", "close"),
        ("resolved", "acknowledge"),
        ("closed", "resolve"),
        ("open", "time_out"),
        ("open", "reopen"),
        ("closed", "end"),
        ("closed", "escalate"),
    ],
)
def test_what_is_refused(status: str, verb: states.Verb) -> None:
    assert states.after(status, verb) is None


@pytest.mark.parametrize(
    ("given", "party_state", "category", "expected"),
    [(4, True, "power", 2), (3, False, "kt1", 2), (1, True, "kt1", 1), (4, False, "power", 4), (2, True, "other", 2)],
)
def test_party_and_state_raise_the_severity_and_never_lower_it(
    given: int, party_state: bool, category: str, expected: int
) -> None:
    assert states.floor(given, party_state=party_state, category=category) == expected


def test_levels_one_and_two_are_urgent() -> None:
    assert [states.band(level) for level in (1, 2, 3, 4)] == ["urgent", "urgent", "normal", "normal"]


def test_what_the_law_names_is_raised_and_seen_by_few() -> None:
    for category in ("suspicious_item", "harmful_material"):
        assert states.restricted_by_law(category)
        assert states.floor(4, party_state=False, category=category) == 2
    assert not states.restricted_by_law("power")
    assert not states.restricted_by_law("kt1")
