"""Days in a row and days off in a row: bits of a mask of days."""

from __future__ import annotations

from itertools import pairwise
from typing import ClassVar

from planning.engines.local_search.guards.base import Limited, RowGuard
from planning.engines.local_search.indexed_problem import bit, runs
from planning.engines.local_search.row import SearchRow


def beyond(mask: int, most: int) -> int:
    """Over all runs of set bits, how many bits more than `most`."""
    if mask.bit_count() <= most:
        return 0
    for _ in range(most):
        mask &= mask >> 1
    return mask.bit_count()


class DaysInARow(Limited):
    def amount(self, row: SearchRow) -> int:
        return beyond(row.days, self.limit(row))


class ShortRuns(Limited):
    """Runs that touch the first or last day of the plan may go on outside it."""

    parameter = "least"
    is_least: ClassVar[bool] = True

    def amount(self, row: SearchRow) -> int:
        least = self.limit(row)
        first, last = bit(0).bit_length() - 1, bit(self.indexed.days - 1).bit_length() - 1
        return sum(max(0, least - (end - begin + 1)) for begin, end in runs(row.days) if begin > first and end < last)


class ShortPauses(Limited):
    parameter = "least"
    is_least: ClassVar[bool] = True

    def amount(self, row: SearchRow) -> int:
        least = self.limit(row)
        return sum(max(0, least - (after - before - 1)) for (_, before), (after, _) in pairwise(runs(row.days)))


class Isolated(RowGuard):
    def amount(self, row: SearchRow) -> int:
        alone = row.days & ~(row.days << 1) & ~(row.days >> 1)
        return (alone & ~(bit(0) | bit(self.indexed.days - 1))).bit_count()
