"""How a storm becomes a few letters: the pauses between letters to one address."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, strategies as st

from notify.bundles import rules as bundling

NOW = datetime(2020, 1, 24, 19, 10, tzinfo=UTC)


def test_five_go_at_once_then_three_within_five_seconds_each_then_slower() -> None:
    assert [bundling.pause(n).total_seconds() for n in (0, 4, 5, 7, 8, 100)] == [0, 0, 4, 4, 15, 15]
    assert timedelta(seconds=5) >= bundling.SHORT, "the first attempt of a bundle keeps the promise of five seconds"


def test_nobody_waits_when_nothing_went_before() -> None:
    assert bundling.opens_at(0, None, NOW) == NOW


@given(st.integers(0, 500), st.integers(-300, 300))
def test_a_letter_never_waits_longer_than_the_long_pause(letters: int, seconds: int) -> None:
    """Also not when the clock jumped and the letter before seems to lie ahead."""
    opens = bundling.opens_at(letters, NOW + timedelta(seconds=seconds), NOW)
    assert NOW <= opens <= NOW + bundling.LONG


def test_two_hundred_alerts_of_one_minute_are_a_handful_of_letters() -> None:
    sent: list[datetime] = []
    waiting = 0
    for second in range(60):
        now = NOW + timedelta(seconds=second)
        waiting += 4 if second < 50 else 0
        while waiting:
            recent = [at for at in sent if at > now - bundling.WINDOW]
            if bundling.opens_at(len(recent), max(recent, default=None), now) > now:
                break
            waiting -= 1 if len(recent) < bundling.FREE else waiting
            sent.append(now)
    assert len(sent) <= 12
