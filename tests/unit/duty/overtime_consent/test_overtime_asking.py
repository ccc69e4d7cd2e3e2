"""Whether what somebody said of the overtime of a duty still counts."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from duty.overtime_consent.asking import AGREED, REFUSED, still_holds


@pytest.mark.parametrize(
    ("state", "answered", "asked", "holds"),
    [
        (AGREED, (3, 240), (3, 240), True),
        (AGREED, (3, 240), (3, 180), True),
        (AGREED, (3, 240), (3, 241), False),
        (AGREED, (3, 240), (4, 240), False),
        (REFUSED, (3, 240), (3, 480), True),
        (REFUSED, (3, 240), (4, 240), False),
    ],
)
def test_an_answer_holds_for_what_it_was_about(
    state: str, answered: tuple[int, int], asked: tuple[int, int], *, holds: bool
) -> None:
    assert still_holds(state, answered, asked) is holds


@given(st.integers(1, 500), st.integers(1, 500))
def test_who_agreed_to_more_agreed_to_less(one: int, other: int) -> None:
    assert still_holds(AGREED, (1, max(one, other)), (1, min(one, other)))
