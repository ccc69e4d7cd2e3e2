"""Waits between attempts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from notify.backoff import wait_after
from notify.bundles.services import LEASE
from notify.channels import email


@pytest.mark.parametrize(
    ("attempt", "seconds"), [(0, 0), (1, 5), (2, 10), (3, 20), (4, 40), (5, 60), (6, 60), (1000, 60)]
)
def test_waits_grow_and_then_stay_at_a_minute(attempt: int, seconds: int) -> None:
    assert wait_after(attempt) == timedelta(seconds=seconds)


def test_a_lease_outlives_two_attempts() -> None:
    assert timedelta(seconds=2 * (email.CONNECT_WITHIN + email.SEND_WITHIN)) < LEASE
