"""How long on-site duty lasts: without a break, and within any 24 hours."""

from __future__ import annotations

from planning.engines.local_search.guards.base import Limited
from planning.engines.local_search.row import SearchRow
from planning.rules.hours.continuous import excused_minutes
from planning.rules.hours.rolling import Held, minutes_within, windows
from planning.time.minutes import DAY

LONG_AGO = -(10**12)


class Duties(Limited):
    """Most rows have short duties far enough apart: those keep any such rule."""

    def prepare(self) -> None:
        super().prepare()
        # What counts of a shift by itself: with a ground it is no longer than any limit.
        self.lengths = [0 if shift.grounded else shift.minutes for shift in self.indexed.shifts]

    def amount(self, row: SearchRow) -> int:
        onsite, slots, lengths, most = self.indexed.onsite, self.indexed.slots, self.lengths, self.limit(row)
        pause = max(1, DAY - most)
        free_from = LONG_AGO
        for s in row.shifts:
            if onsite[s]:
                slot = slots[s]
                if slot.start < free_from or lengths[s] > most:
                    return self.beyond([(self.indexed.shifts[d], slots[d]) for d in row.shifts if onsite[d]], most)
                free_from = slot.end + pause
        return 0

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
