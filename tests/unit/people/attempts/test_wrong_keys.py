"""How often somebody may show a wrong key."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from core.errors import Throttled
from people.attempts import wrong_keys
from people.attempts.wrong_keys import FREE, WINDOW, WrongKeys

NOW = datetime(2020, 1, 24, 19, 10, tzinfo=UTC)


def test_each_network_has_its_own_tries_and_gets_them_back() -> None:
    counts = WrongKeys()
    for _n in range(FREE):
        counts.count("203.0.113.7", now=NOW)
    with pytest.raises(Throttled) as told:
        counts.count("203.0.113.7", now=NOW + timedelta(seconds=20))
    assert told.value.params["retry_after"] == 41
    counts.count("203.0.113.8", now=NOW)
    counts.count("203.0.113.7", now=NOW + WINDOW)


def test_addresses_of_one_household_count_together() -> None:
    counts = WrongKeys()
    for number in range(FREE):
        counts.count(f"2001:db8:0:1::{number:x}", now=NOW)
    with pytest.raises(Throttled):
        counts.count("2001:db8:0:1:ffff::1", now=NOW)


def test_what_is_remembered_has_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wrong_keys, "MOST", 3)
    counts = WrongKeys()
    for number in range(50):
        counts.count(f"203.0.113.{number}", now=NOW)
    assert list(counts._seen) == ["203.0.113.47", "203.0.113.48", "203.0.113.49"]


def test_a_clock_that_was_set_back_locks_nobody_out() -> None:
    counts = WrongKeys()
    for _n in range(FREE):
        counts.count("203.0.113.7", now=NOW)
    counts.count("203.0.113.7", now=NOW - timedelta(hours=3))
