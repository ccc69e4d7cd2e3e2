"""PURE: how the alarms of one incident stand, counted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class AlarmTally:
    """``places``: at how many units they fired; ``cleared``: how many have gone away by themselves."""

    alarms: int
    places: int
    cleared: int


def count(alarms: Iterable[tuple[int, bool]]) -> AlarmTally:
    """Return the tally of alarms given as (unit id, whether it has gone away)."""
    told = list(alarms)
    return AlarmTally(len(told), len({unit for unit, _gone in told}), sum(gone for _unit, gone in told))
