"""How long on-site duty lasts: without a break, and within any 24 hours."""

from __future__ import annotations

from itertools import pairwise

from roster.planning.engines.local_search.guards.base import Limited
from roster.planning.engines.local_search.row import Row
from roster.planning.rules.hours_continuous import excused_minutes
from roster.planning.rules.hours_rolling import Held, minutes_within, windows
from roster.planning.time.minutes import DAY


class Duties(Limited):
    """Most rows have short duties far enough apart: those keep any such rule."""

    def amount(self, row: Row) -> int:
        indexed, most = self.indexed, self.limit(row)
        held = [(indexed.shifts[s], indexed.slots[s]) for s in row.shifts if indexed.onsite[s]]
        pause = max(1, DAY - most)
        if all(b.start - a.end >= pause for (_, a), (_, b) in pairwise(held)) and all(
            shift.minutes - excused_minutes(shift, most) <= most for shift, _ in held
        ):
            return 0
        return self.beyond(held, most)

    def beyond(self, held: list[Held], most: int) -> int:
        raise NotImplementedError


class Continuous(Duties):
    """Shifts with which a duty has lasted too long."""

    def beyond(self, held: list[Held], most: int) -> int:
        found = since = excused = 0
        until = -1
        for shift, slot in held:
            if slot.start > until:
                since, excused = slot.start, 0
            excused += excused_minutes(shift, most)
            until = max(until, slot.end)
            found += until - since - excused > most
        return found


class Rolling(Duties):
    """Minutes too many in the 24 hours that begin with a shift."""

    def beyond(self, held: list[Held], most: int) -> int:
        sums = (
            sum(minutes_within(other, since, most) for other in held) for each in held for since in windows(each, most)
        )
        return sum(total - most for total in sums if total > most)
