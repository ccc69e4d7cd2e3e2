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
