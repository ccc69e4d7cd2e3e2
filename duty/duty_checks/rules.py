"""PURE which units a check draws, and when it needs a second yes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime

from core.calendar.dates import VN

DRAWN = 3
"""Units that are drawn when nobody names any; as few on duty may be checked all at once."""
NIGHT = (23, 0)
"""Local hours in which a second yes is needed: from 23:00 until 01:00."""


def needs_second_yes(at: datetime) -> bool:
    """Whether ``at`` (aware) is between 23:00 and 01:00, the minute of 01:00 not included."""
    return at.astimezone(VN).hour in NIGHT


def is_everybody(chosen: Collection[int], on_duty: Collection[int]) -> bool:
    """Whether no unit with duty would be left out; where there are no more than are drawn that is allowed."""
    return len(set(on_duty)) > DRAWN and set(on_duty) <= set(chosen)


def drawn(on_duty: Collection[int], last: Mapping[int, datetime], lot: Callable[[int], str]) -> list[int]:
    """Units (ids) to check: those first that were never checked, then the longest ago; among equals the lot decides.

    ``last``: unit → when it was checked last.
    """
    waiting = sorted(
        set(on_duty), key=lambda unit: (unit in last, last[unit].timestamp() if unit in last else 0.0, lot(unit))
    )
    return waiting[:DRAWN]
