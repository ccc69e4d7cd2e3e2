"""Crews' turns laid over a draft: who would take which seat, and the edits that this is. Reads only."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from planning.problem import Assignment, Shift
from planning.seating import seated
from roster.crews import filling
from roster.crews.filling import CrewTurn, FilledTurn, Member
from roster.crews.models import Crew
from roster.crews.rotating import turned
from roster.draft.edits import SeatEdit
from roster.patterns.dealing import SeatToDeal
from roster.patterns.rules import ByRules
from roster.snapshot.snapshot import Snapshot
from roster.words import labels


@dataclass(frozen=True)
class Team:
    """A crew as it is laid over a draft. ``unit``: code; of its shifts the crew takes seats."""

    id: int
    name: str
    unit: str
    members: tuple[Member, ...]

    @property
    def people(self) -> frozenset[int]:
        return frozenset(each.person for each in self.members)


@dataclass(frozen=True)
class CrewShift:
    """That a crew has this shift on that day; ``rounds``: how often it has been through all of them."""

    team: Team
    on: date
    template: str
    rounds: int = 0


def team_of(crew: Crew) -> Team:
    """Those who have left the enterprise serve nowhere."""
    members = tuple(Member(each.person_id, frozenset(each.duties)) for each in crew.members if each.person.active)
    return Team(crew.id, crew.name, crew.unit.code, members)


def shifts_named(taken: Snapshot, unit: str, on: date, template: str) -> list[Shift]:
    """The unit's shifts of that name on that day: one for each kind of duty."""
    of_unit = (each for each in taken.problem.shifts if each.unit == unit and each.local_date == on)
    return [each for each in of_unit if each.template == template and taken.seats[each.id]]


def laid(
    taken: Snapshot, asked: Sequence[CrewShift], open_seats: Collection[int], people: Iterable[int], *, answered: bool
) -> list[FilledTurn]:
    """Return the turns in order. ``open_seats``: those that may be filled, whoever sits there now; ``people``: all who
    may be seated.

    ``answered``: hard rules that no law asks for may be broken for a reason.
    """
    free = set(open_seats)
    shifts = {each: shifts_named(taken, each.team.unit, each.on, each.template) for each in asked}
    held = [
        Assignment(shift_id, taken.cells[seat].person_id)
        for shift_id, seats in taken.seats.items()
        for seat in seats
        if seat in taken.cells and seat not in free
    ]
    on = {each.shift_id: set[int]() for each in held}
    for each in held:
        on[each.shift_id].add(each.staff_id)
    ids = sorted({shift.id for some in shifts.values() for shift in some})
    judge = ByRules(taken.problem, held, sorted(set(people)), ids, answered=answered, law=labels.LAW)
    found = []
    for one in asked:
        members = {each.person: each for each in one.team.members}
        order = tuple(members[person] for person in turned(list(members), one.rounds))
        places = tuple(place for shift in shifts[one] for place in _places(taken, shift) if place.seat in free)
        there = frozenset(members) & {person for shift in shifts[one] for person in on.get(shift.id, ())}
        done = filling.filled(CrewTurn(one.team.id, one.on, one.template, order, places, there), judge)
        free -= {place.seat for place, _person in done.seated}
        found.append(done)
    return found


def _places(taken: Snapshot, shift: Shift) -> Iterable[SeatToDeal]:
    facts = shift.local_date, shift.start, shift.duty, shift.night
    return (SeatToDeal(seat, shift.id, *facts, at) for at, seat in enumerate(taken.seats[shift.id], start=1))


def edits_of(taken: Snapshot, found: Iterable[FilledTurn], open_seats: Collection[int], *, pin: bool) -> list[SeatEdit]:
    """The seats that change hands, or pins. Whoever stays on a shift keeps the seat; who leaves it has none there."""
    code_of = {person.id: person.code for person in taken.problem.staff}
    comes = dict[int, list[int]]()
    for each in found:
        for place, person in each.seated:
            comes.setdefault(place.shift_id, []).append(person)
    edits = []
    for shift_id, seats in taken.seats.items():
        own = [seat for seat in seats if seat in open_seats]
        sitting = {seat: taken.cells[seat].person_id for seat in own if seat in taken.cells}
        becomes = seated(own, sitting, comes.get(shift_id, []))
        for seat in own:
            was, who = sitting.get(seat), becomes.get(seat)
            if was != who or (who is not None and taken.cells[seat].pinned != pin):
                edits.append(SeatEdit(seat, code_of.get(who or 0), code_of.get(was or 0), pin))
    return edits
