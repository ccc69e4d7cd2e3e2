"""One crew's day in a draft: its seats, the shifts it could have, the crews it could change with. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from planning.problem import Shift
from roster.campaigns.models import Campaign
from roster.crews import queries
from roster.crews.models import Crew
from roster.crews.typed import CrewCell
from roster.snapshot import snapshot

Held = tuple[str, Shift, int]
"""Somebody's name, their shift, its seat."""


def held(campaign: Campaign, crew: Crew, on: date, now: datetime) -> list[Held]:
    """Return those of the crew who have a shift of its unit that day."""
    members = {each.person: each for each in queries.members_of(crew)}
    taken = snapshot.take(campaign.id, now=now, also=list(members))
    found = []
    for shift in taken.problem.shifts:
        if shift.local_date != on or shift.unit != crew.unit.code:
            continue
        for seat in taken.seats[shift.id]:
            cell = taken.cells.get(seat)
            if cell is not None and cell.person_id in members and members[cell.person_id].serves(shift.duty):
                found.append((taken.problem.person[cell.person_id].name, shift, seat))
    return found


@dataclass(frozen=True)
class CrewDaySeats:
    """``seats``: those of its people that were seen."""

    campaign: Campaign
    crew: Crew
    on: date
    seats: tuple[int, ...]
    now: datetime

    @cached_property
    def shifts(self) -> list[Shift]:
        """One of each name that the unit has on that day, the earliest first."""
        taken = snapshot.take(self.campaign.id, now=self.now)
        found = dict[str, Shift]()
        for shift in sorted(taken.problem.shifts, key=lambda each: each.start):
            if shift.unit == self.crew.unit.code and shift.local_date == self.on and taken.seats[shift.id]:
                found.setdefault(shift.template, shift)
        return list(found.values())

    @cached_property
    def swaps(self) -> list[tuple[Shift | None, Crew]]:
        """The shift of each other crew of the unit that is on another one, or on none, that day."""
        shift_of, mine = {each.template: each for each in self.shifts}, self._templates(self.crew)
        found = list[tuple[Shift | None, Crew]]()
        for other in queries.crews_of([self.crew.unit_id]):
            theirs = self._templates(other) if other.id != self.crew.id else mine
            if theirs != mine and len(theirs) < 2 and len(mine) < 2:
                found.append((shift_of[theirs[0]] if theirs else None, other))
        return found

    def cells(self, text: str, other: Crew | None = None) -> list[CrewCell]:
        """That the crew has what the text names; the ``other``, what the crew has now."""
        own = CrewCell(self.crew.id, self.on, text, self.seats)
        if other is None:
            return [own]
        seats = tuple(seat for _who, _shift, seat in held(self.campaign, other, self.on, self.now))
        return [own, CrewCell(other.id, self.on, ", ".join(self._templates(self.crew)), seats)]

    def _templates(self, crew: Crew) -> list[str]:
        return list(
            dict.fromkeys(shift.template for _who, shift, _seat in held(self.campaign, crew, self.on, self.now))
        )
