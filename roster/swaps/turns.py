"""PURE whose turn it is, of several who are asked one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol


class Asked(Protocol):
    turn_at: datetime
    told_at: datetime | None
    answer: str | None


class Ask(Protocol):
    @property
    def asked(self) -> Sequence[Asked]:
        """In the order of their turns."""


def next_one(ask: Ask, now: datetime) -> bool:
    """Somebody has said no, or could not be told: who comes after them need not wait for that time to be over. False
    when nobody is left."""
    following = next((each for each in ask.asked if each.answer is None and each.told_at is None), None)
    if following is None:
        return False
    following.turn_at = min(following.turn_at, now)
    return True
