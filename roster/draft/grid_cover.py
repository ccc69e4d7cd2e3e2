"""The foot of the roster grid: of each date how many seats are filled, unsure and empty."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from core import clock
from roster.planning.coverage import Gap
from roster.planning.problem import Assignment, Shift


@dataclass(frozen=True)
class Cover:
    """Of one date: seats asked for, filled, and ``unsure`` (in doubt); whether obligatory minutes are open."""

    seats: int
    filled: int
    left_open: bool
    unsure: int = 0

    @property
    def missing(self) -> int:
        return self.seats - self.filled - self.unsure


def cover_of(
    days: Sequence[date],
    shifts: Mapping[int, Shift],
    needs: Mapping[int, int],
    assignments: Sequence[Assignment],
    gaps: Iterable[Gap],
    doubts: Collection[tuple[int, int]],
) -> Iterable[Cover]:
    """For each of ``days``; ``needs``: shift id → people needed; ``doubts``: (shift, person) ids that are unsure."""
    seats: Counter[date] = Counter()
    filled: Counter[date] = Counter()
    doubtful: Counter[date] = Counter()
    staffed = Counter(each.shift_id for each in assignments)
    sure = Counter(each.shift_id for each in assignments if (each.shift_id, each.staff_id) not in doubts)
    for shift in shifts.values():
        on, needed = shift.local_date, needs[shift.id]
        here = min(sure[shift.id], needed)
        seats[on] += needed
        filled[on] += here
        doubtful[on] += min(staffed[shift.id], needed) - here
    open_days = _open_days(gaps)
    return (Cover(seats[on], filled[on], on in open_days, doubtful[on]) for on in days)


def _open_days(gaps: Iterable[Gap]) -> set[date]:
    found: set[date] = set()
    for gap in gaps:
        if gap.kind == "open" and gap.blocks:
            first, last = clock.local_date(gap.starts_at), clock.local_date(gap.ends_at - timedelta(seconds=1))
            found |= {first + timedelta(days=n) for n in range((last - first).days + 1)}
    return found
