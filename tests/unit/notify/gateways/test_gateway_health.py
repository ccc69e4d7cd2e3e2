"""Which gateway goes first when texts of one of them arrive late."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from notify.gateways import health
from notify.gateways.health import ArrivalCount, SentText

NOW = datetime(2020, 1, 24, 19, 10, tzinfo=UTC)


def text(ago: float, took: float | None) -> SentText:
    """Sent so many minutes ago; None: it has no receipt."""
    sent_at = NOW - timedelta(minutes=ago)
    return SentText(sent_at, None if took is None else sent_at + timedelta(minutes=took))


QUICK, LATE, LOST, UNDER_WAY = text(8, 0.2), text(12, 6), text(8, None), text(3, None)


@pytest.mark.parametrize(
    ("texts", "counted", "is_slow"),
    [
        ([QUICK] * 17 + [LATE, LOST, LOST], ArrivalCount(20, 3), True),
        ([QUICK] * 18 + [LATE, LOST], ArrivalCount(20, 2), False),
        ([QUICK] * 19 + [LATE, LOST, LOST], ArrivalCount(22, 3), False),
        ([LATE, LOST, LOST], ArrivalCount(3, 3), True),
        ([LATE, LOST], ArrivalCount(2, 2), False),
        # Of the last ten; three late ones before eight quick ones are two of ten.
        ([text(40, 9)] * 3 + [text(20, 1)] * 7, ArrivalCount(10, 3), True),
        ([text(40, 9)] * 3 + [text(20, 1)] * 8, ArrivalCount(10, 2), False),
        ([UNDER_WAY] * 30, ArrivalCount(0, 0), False),
        # A gateway that is led around: after an hour nothing speaks against it any more.
        ([text(61, 30)] * 10, ArrivalCount(0, 0), False),
        # A clock that jumped back.
        ([text(-5, None)] * 10, ArrivalCount(0, 0), False),
        ([text(5, None)] * 3, ArrivalCount(0, 0), False),
        ([text(10, 5)] * 3, ArrivalCount(3, 0), False),
    ],
)
def test_late_texts_are_counted_in_the_window_or_among_the_last_ten(
    texts: list[SentText], counted: ArrivalCount, is_slow: bool
) -> None:
    assert health.count(texts, NOW) == counted
    assert counted.is_slow is is_slow


NAMES = st.lists(st.sampled_from("abcdef"), unique=True, max_size=6)
SOME = st.frozensets(st.sampled_from("abcdef"))


@given(NAMES, SOME, SOME)
def test_whatever_happened_everybody_is_still_tried_and_somebody_is_preferred(
    names: list[str], slow: frozenset[str], down: frozenset[str]
) -> None:
    ordered = health.order(names, slow=slow, down=down)
    assert sorted(ordered) == sorted(names), "nobody is left out, nobody is asked twice"
    quick = [name for name in names if name not in slow and name not in down]
    if not quick:
        assert ordered == tuple(names), "all slow: the order of the settings"
    else:
        assert ordered[0] not in slow
        assert [name for name in ordered if name not in slow] == [name for name in names if name not in slow]


@given(st.lists(st.tuples(st.floats(-10, 90), st.none() | st.floats(0, 60)), max_size=60))
def test_counting_depends_on_no_order_and_never_finds_more_late_than_judged(
    told: list[tuple[float, float | None]],
) -> None:
    texts = [text(*each) for each in told]
    counted = health.count(texts, NOW)
    assert 0 <= counted.late <= counted.judged <= len(texts)
    assert not health.count([], NOW).is_slow
