"""How many minutes the run and weekend rules let anybody work: it keeps the tables of the programme narrow."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from benchmarks.roster.column_generation.model import Array, Limits, PathModel

Flags = tuple[bool, ...]


def most_minutes(model: PathModel, limits: Limits, first: int, last: int, longest_shift: int) -> tuple[Array, Array]:
    """Per day of `first..last`: upper bounds of the minutes worked up to and with it, and of those after it.

    The day before `first` is taken to allow anything. The second array has one more entry: index 0 is the whole span.
    """
    opens = tuple(bool(flag) for flag in model.weekend_start[first : last + 1])
    closes = tuple(bool(flag) for flag in model.weekend_end[first : last + 1])
    run = len(opens) if limits.longest is None else limits.longest
    weekends = len(opens) if limits.weekends is None else limits.weekends
    weekends = min(weekends, sum(opens) + 1)
    rules = (run, limits.least_off)
    # A span that starts on a Sunday may have its weekend opened on the Saturday before: one more costs nothing.
    forward = _most_days(*rules, weekends + closes[0], opens, closes)
    back = [_most_days(*rules, weekends + spare, closes[::-1], opens[::-1])[::-1] for spare in (0, 1)]
    after: Array = np.append(np.where(np.array(closes), back[1], back[0]), 0)
    return np.array(forward) * longest_shift, after * longest_shift


@lru_cache(maxsize=4096)
def _most_days(run: int, off: int, weekends: int, opens: Flags, closes: Flags) -> tuple[int, ...]:
    """Most days worked up to each day; weekends are opened by the days of `opens`, or of `closes` after a day off."""
    none = -1e9
    worked, rested = np.full((run, weekends + 1), none), np.full((off, weekends + 1), none)
    rested[off - 1, 0] = 0
    found = []
    for first, second in zip(opens, closes, strict=True):
        new = np.full((run, weekends + 1), none)
        start: Array = rested[off - 1] + 1
        going: Array = worked[:-1] + 1
        if first or second:
            new[0, 1:] = start[:-1]
        else:
            new[0] = start
        if first:
            new[1:, 1:] = going[:, :-1]
        else:
            new[1:] = going
        free = np.full_like(rested, none)
        free[0] = worked.max(axis=0)
        free[1:] = rested[:-1]
        free[off - 1] = np.maximum(free[off - 1], rested[off - 1])
        worked, rested = new, free
        found.append(int(max(worked.max(), rested.max(), 0)))
    return tuple(found)
