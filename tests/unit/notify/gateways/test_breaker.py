"""The circuit breaker: opens after faults in a row, lets one try at a time, closes when it is well."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, strategies as st

from notify.gateways import breaker
from notify.gateways.breaker import CLOSED, BreakerState

NOW = datetime(2020, 1, 24, 19, 10, tzinfo=UTC)


def failed(times: int, state: BreakerState = CLOSED) -> BreakerState:
    for _each in range(times):
        state = breaker.after_fault(state, NOW)
    return state


def test_it_opens_after_three_faults_in_a_row_and_not_before() -> None:
    assert not failed(2).is_open and breaker.admits(failed(2), NOW)
    assert failed(3).is_open and not breaker.admits(failed(3), NOW)


def test_one_message_tries_when_its_time_has_come_and_others_wait_for_it() -> None:
    opened = failed(3)
    assert opened.probe_at == NOW + timedelta(seconds=5)
    due = NOW + timedelta(seconds=5)
    assert breaker.admits(opened, due)
    trying = breaker.probing(opened, due)
    assert not breaker.admits(trying, due + timedelta(seconds=19))
    assert breaker.admits(trying, due + breaker.PROBE_TAKES), "a probe whose process died is followed by another"


@given(st.lists(st.booleans(), max_size=40))
def test_whatever_happens_it_is_tried_again_within_the_longest_pause(faults: list[bool]) -> None:
    state, now = CLOSED, NOW
    for fault in faults:
        if not breaker.admits(state, now):
            assert state.probe_at is not None
            now = state.probe_at
        state = breaker.after_fault(state, now) if fault else CLOSED
        assert state.probe_at is None or state.probe_at - now <= timedelta(seconds=breaker.PAUSES[-1])
        assert state.is_open == (state.failures >= breaker.OPENS_AFTER) == (state.probe_at is not None)
