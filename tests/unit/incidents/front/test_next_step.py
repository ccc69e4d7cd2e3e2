"""The one button: for each state and reader what is to be done next, and never two things."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, strategies as st

from incidents.front.next_step import ReaderPosition, next_step

TABLE: list[tuple[dict[str, Any], str]] = [
    ({"status": "open", "may_act": True}, "take"),
    ({"status": "open"}, ""),
    ({"status": "open", "may_act": True, "to_know": True}, "take"),
    ({"status": "open", "may_act": True, "to_take": True}, "accept"),
    ({"status": "acknowledged", "holds": True, "on_site": True}, "arrived"),
    ({"status": "acknowledged", "holds": True, "on_site": True, "arrived": True}, "resolve"),
    ({"status": "acknowledged", "holds": True}, "resolve"),
    ({"status": "acknowledged", "holds": True, "on_site": True, "is_silent": True}, "alive"),
    ({"status": "acknowledged", "holds": True, "to_know": True}, "know"),
    ({"status": "acknowledged", "to_take": True, "may_ring": True}, "accept"),
    ({"status": "acknowledged", "may_act": True, "may_ring": True}, "ring"),
    ({"status": "acknowledged", "may_act": True}, ""),
    ({"status": "acknowledged", "to_know": True, "may_ring": True}, "know"),
    ({"status": "resolved", "may_close": True, "holds": True}, "close"),
    ({"status": "resolved", "holds": True, "may_act": True}, ""),
    ({"status": "closed", "may_close": True, "may_act": True}, ""),
    ({"status": "resolved", "may_close": True, "joined": True}, ""),
    ({"status": "open", "may_act": True, "joined": True}, ""),
]


@pytest.mark.parametrize(("facts", "step"), TABLE)
def test_the_next_step(facts: dict[str, Any], step: str) -> None:
    assert next_step(ReaderPosition(**facts)) == step


FLAGS = st.fixed_dictionaries(
    {
        name: st.booleans()
        for name in (
            "holds",
            "may_act",
            "may_close",
            "may_ring",
            "joined",
            "to_take",
            "to_know",
            "is_silent",
            "on_site",
            "arrived",
        )
    }
)


@given(st.sampled_from(["open", "acknowledged", "resolved", "closed"]), FLAGS)
def test_nobody_is_offered_what_is_not_theirs(status: str, flags: dict[str, bool]) -> None:
    step = next_step(ReaderPosition(status, **flags))
    if step in ("resolve", "arrived", "alive"):
        assert status == "acknowledged" and flags["holds"]
    if step == "take":
        assert status == "open" and flags["may_act"]
    if step == "close":
        assert status == "resolved" and flags["may_close"]
    if step == "ring":
        assert not flags["holds"] and flags["may_ring"]
    if step:
        assert not flags["joined"] and status != "closed"
