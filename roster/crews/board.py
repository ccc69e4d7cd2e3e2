"""The grid with crews as rows: which shift each has on which day, in the draft or as published. Reads only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from people import queries as people
from planning.problem import Shift
from roster.crews import queries, rotation_edits
from roster.crews.models import Crew
from roster.crews.rotation_edits import Team
from roster.draft import grid_rows
from roster.draft.grid import Grid
from roster.snapshot.snapshot import Snapshot
from roster.words import labels


@dataclass(frozen=True)
class CrewChip:
    """A shift that people of the crew have. ``seats`` (in the draft) and ``codes``: theirs, in order; ``of``: how many
    people the crew has, more than serve where somebody does something else that day.
    """

    shift: Shift
    letters: str
    seats: tuple[int, ...]
    codes: tuple[str, ...]
    names: tuple[str, ...]
    of: int
    pinned: bool
    bad: bool
    unsure: bool

    @property
    def whole(self) -> bool:
        return len(self.codes) == self.of


@dataclass(frozen=True)
class CrewDay:
    """``away``: names of those of the crew who are absent."""

    chips: tuple[CrewChip, ...]
    away: tuple[str, ...]


@dataclass(frozen=True)
class CrewRow:
    crew: Crew
    people: int
    cells: tuple[CrewDay, ...]


def rows(grid: Grid, unit_id: int | None) -> list[CrewRow]:
    """Return the crews of the unit asked for, else of the campaign's, and of all below it."""
    crews = queries.crews_of(people.subtree_ids(unit_id or grid.campaign.unit_id))
    teams = {crew.id: rotation_edits.team_of(crew) for crew in crews}
    by_person = defaultdict[int, list[int]](list)
    for each in grid.assignments:
        by_person[each.staff_id].append(each.shift_id)
    bad = {(shift, each.breach.staff_id) for each in grid.hard for shift in each.breach.shift_ids}
    days = [day.on for day in grid.days]
    return [
        CrewRow(crew, len(teams[crew.id].members), _cells(grid, teams[crew.id], by_person, bad, days=days))
        for crew in crews
    ]


def _cells(
    grid: Grid,
    team: Team,
    by_person: Mapping[int, Sequence[int]],
    bad: Collection[tuple[int, int | None]],
    *,
    days: Sequence[date],
) -> tuple[CrewDay, ...]:
    taken, shift_of = grid.taken, grid.taken.problem.shift_of
    on = defaultdict[tuple[date, str], list[tuple[Shift, int]]](list)
    for member in team.members:
        for shift_id in by_person.get(member.person, ()):
            shift = shift_of[shift_id]
            if shift.unit == team.unit and member.serves(shift.duty):
                on[shift.local_date, shift.template].append((shift, member.person))
    chips = defaultdict[date, list[CrewChip]](list)
    for (day, _template), held in on.items():
        chips[day].append(_chip(grid, team, held, bad))
    away = _away(taken, team)
    return tuple(
        CrewDay(tuple(sorted(chips[day], key=lambda each: (-len(each.codes), each.shift.start))), tuple(away[day]))
        for day in days
    )


def _chip(
    grid: Grid, team: Team, held: Sequence[tuple[Shift, int]], bad: Collection[tuple[int, int | None]]
) -> CrewChip:
    taken, person = grid.taken, grid.taken.problem.person
    seats, pinned = list[int](), list[bool]()
    for shift, who in held if grid.source == "draft" else ():
        seat = next(
            each for each in taken.seats[shift.id] if each in taken.cells and taken.cells[each].person_id == who
        )
        seats.append(seat)
        pinned.append(taken.cells[seat].pinned)
    return CrewChip(
        held[0][0],
        labels.short(held[0][0].template),
        tuple(seats),
        tuple(person[who].code for _shift, who in held),
        tuple(person[who].name for _shift, who in held),
        len(team.members),
        bool(pinned) and all(pinned),
        any((shift.id, who) in bad for shift, who in held),
        any((shift.id, who) in grid.doubts for shift, who in held),
    )


def _away(taken: Snapshot, team: Team) -> defaultdict[date, list[str]]:
    found = defaultdict[date, list[str]](list)
    for member in team.members:
        staff = taken.problem.person.get(member.person)
        if staff is not None:
            for day in grid_rows.away(taken, member.person):
                found[day].append(staff.name)
    return found
