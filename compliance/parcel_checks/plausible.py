"""PURE Which numbers a person at a counter can have counted, and which a manager should look at.

Whoever has a point's sheet may count. Bounds refuse what no telephone at a counter can mean; what is merely unusual is
taken, because the week before Tết is unusual, and shown to whoever answers for the point.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

BY_SHEET = 1_000
"""Of one telephone in one day: a parcel every half minute through eight hours."""
TELEPHONES = 10
"""That count at one point in one day, besides those that are known there. The number of one more is left out."""
KNOWN = 5
"""Days from which on a point has a usual number."""
TIMES, MORE = 3, 50
"""Odd is more than so many times the usual, and at least so many more."""
ODD_UNKNOWN = 300
"""Odd at a point without a usual number."""


def is_odd(checked: int, others: Sequence[int]) -> bool:
    """``others``: what the point told of its other days."""
    if len(others) < KNOWN:
        return checked > ODD_UNKNOWN
    usual = median(others)
    return checked > max(TIMES * usual, usual + MORE)
