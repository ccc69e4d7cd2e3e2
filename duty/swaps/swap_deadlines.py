"""PURE when an ask ends, when the silent are asked again, and how it goes in turn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Protocol

from core.calendar.waking_hours import awake

LEAST_AHEAD = timedelta(minutes=15)
"""Nearer to its start a shift is not asked for any more: somebody rings."""
LONGEST = timedelta(days=3)
CLOSE = timedelta(hours=2)
SOON = timedelta(minutes=30)


def expires_at(starts_at: datetime, now: datetime) -> datetime:
    """Always before the start: an hour before it, or when it is near halfway to it; after three days at the latest. Of
    a shift that runs or is about to begin, whose holder is gone: soon."""
    ahead = starts_at - now
    if ahead < LEAST_AHEAD:
        return now + SOON
    return now + ahead / 2 if ahead < CLOSE else min(starts_at - CLOSE / 2, now + LONGEST)


def nudge_at(told_at: datetime, expires: datetime, zone: tzinfo) -> datetime | None:
    """Halfway to the end, in waking hours of ``zone``; None where that leaves nobody time to answer."""
    halfway = awake(told_at + (expires - told_at) / 2, zone)
    return halfway if halfway + LEAST_AHEAD <= expires else None


def turn_length(ahead: timedelta) -> timedelta:
    """How long each has, of several who are asked one after the other, before the next is asked too."""
    if ahead < timedelta(hours=6):
        return timedelta(minutes=5)
    return timedelta(minutes=30) if ahead < timedelta(days=1) else timedelta(hours=2)


class AskedColleague(Protocol):
    turn_at: datetime
    told_at: datetime | None
    answer: str | None


class SwapTimes(Protocol):
    @property
    def asked(self) -> Sequence[AskedColleague]:
        """Return them in the order of their turns."""


def next_turn(ask: SwapTimes, now: datetime) -> bool:
    """Somebody has said no, or could not be told: who comes after them need not wait for that time to be over. False
    when nobody is left."""
    following = next((each for each in ask.asked if each.answer is None and each.told_at is None), None)
    if following is None:
        return False
    following.turn_at = min(following.turn_at, now)
    return True
