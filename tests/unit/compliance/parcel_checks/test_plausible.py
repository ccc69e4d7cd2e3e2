"""What a counter can mean, and what somebody should look at."""

from __future__ import annotations

import pytest

from compliance.parcel_checks import plausible


@pytest.mark.parametrize(
    ("checked", "others", "odd"),
    [
        (300, [], False),  # nothing is known of the point yet
        (301, [], True),
        (301, [30, 30, 30, 30], True),  # four days are no habit
        (120, [40, 40, 40, 40, 40], False),
        (121, [40, 40, 40, 40, 40], True),
        (40, [2, 2, 2, 2, 2], False),  # many times nothing is still little
        (51, [2, 2, 2, 2, 2], False),
        (52, [2, 2, 2, 2, 2], False),
        (53, [2, 2, 2, 2, 2], True),
        (130, [10, 40, 900, 50, 60], False),  # one odd day among others moves no median
        (0, [40, 40, 40, 40, 40], False),
    ],
)
def test_odd_is_far_beyond_what_the_point_tells_otherwise(checked: int, others: list[int], odd: bool) -> None:
    assert bool(plausible.why_odd(checked, 0, [(other, 0) for other in others])) is odd


@pytest.mark.parametrize(
    ("checked", "refused", "others", "why"),
    [
        (40, 21, [], "refused"),
        (40, 20, [], None),
        (40, 21, [(40, 7)] * 5, None),  # a point that refuses much each day
        (40, 22, [(40, 7)] * 5, "refused"),
        (400, 0, [(40, 0)] * 5, "times"),
        (400, 0, [(40, 0)] * 4, "unknown"),
    ],
)
def test_what_is_odd_says_why(checked: int, refused: int, others: list[tuple[int, int]], why: str | None) -> None:
    assert plausible.why_odd(checked, refused, others) == why
