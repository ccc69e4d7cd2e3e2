"""PURE When to try again after a failed attempt."""

from __future__ import annotations

from datetime import timedelta

WAITS = (5, 10, 20, 40, 60)
"""Seconds after the first, second, … failed attempt; the last one for ever after."""


def wait_after(attempt: int) -> timedelta:
    """The wait after ``attempt`` (counted from 1) has failed; nothing before the first."""
    if attempt < 1:
        return timedelta(0)
    return timedelta(seconds=WAITS[min(attempt, len(WAITS)) - 1])
