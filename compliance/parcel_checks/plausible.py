"""PURE Which numbers a person at a counter can have counted, and which a manager should look at.

Whoever has a point's sheet may count. Bounds refuse what no telephone at a counter can mean; what is merely unusual is
taken, because the week before Tết is unusual, and shown to whoever answers for the point.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import Literal

BY_SHEET = 1_000
"""Of one telephone in one day: a parcel every half minute through eight hours."""
FOUND_BY_SHEET = 100
"""Parcels refused at one point in one day: what is found beyond is written down and not added."""
TELEPHONES = 10
"""That count at one point in one day, besides those that are known there. The number of one more is left out."""
KNOWN = 5
"""Days from which on a point has a usual number."""
TIMES, MORE = 3, 50
"""Odd is more than so many times the usual, and at least so many more."""
ODD_UNKNOWN = 300
"""Odd at a point without a usual number."""
ODD_REFUSED = 20
"""Refused in one day, which is odd unless the point refuses a third of it each day."""
Odd = Literal["times", "unknown", "refused", "unheeded"]
"""Why: far from what the point tells otherwise, much at a point without a usual number, many refused, told or found
what changed nothing."""


def why_odd(checked: int, refused: int, others: Sequence[tuple[int, int]]) -> Odd | None:
    """``others``: checked and refused, as the point told of its other days; None: nothing is odd."""
    is_known = len(others) >= KNOWN
    usual = median(each for each, _refused in others) if is_known else 0
    if is_known and checked > max(TIMES * usual, usual + MORE):
        return "times"
    if not is_known and checked > ODD_UNKNOWN:
        return "unknown"
    refuses = median(each for _checked, each in others) if is_known else 0
    return "refused" if refused > max(TIMES * refuses, ODD_REFUSED) else None
