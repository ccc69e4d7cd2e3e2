"""What a rotation of crews would do to a unit's draft: worked out from a snapshot, judged as any edit. Reads only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.actor import Actor
from core.errors import Invalid
from core.i18n import d
from people import queries as people
from people.models import Unit
from planning.problem import Shift
from roster.campaigns import rights
from roster.campaigns.models import Campaign
from roster.campaigns.queries import require
from roster.crews import queries, rotation_edits
from roster.crews.filling import FilledTurn
from roster.crews.rotating import OFF, CrewStint, Rotation, stints
from roster.crews.rotation_edits import CrewShift, Team
from roster.draft import edit_plan, proposed
from roster.draft.edits import SeatEdit
from roster.draft.proposed import KeptSeats
from roster.snapshot import snapshot
from roster.snapshot.snapshot import Snapshot
from roster.words.names import RosterNames, names_of

MOST = 12
"""Crews that may take turns, and places of a round."""


@dataclass(frozen=True)
class CrewWanted:
    """``replaces``: seats that others have, and those that the crews' own people have elsewhere on these days' shifts,
    are given anew; never what is pinned for somebody who is in none of the crews."""

    unit: str
    rotation: Rotation
    replaces: bool = False
    pin: bool = True
    reason: str = ""


@dataclass(frozen=True)
class CrewCover:
    """Of a day: seats of the shifts that the crews take turns in, and how many are filled now and then."""

    on: date
    seats: int
    before: int
    after: int


@dataclass(frozen=True)
class CrewProposal:
    """``stints``: of every day and crew; ``filled``: what becomes of those that have a shift. ``broken``: hard rules
    that all of it breaks without a reason; ``stamp``: what was shown, so that only that is applied."""

    wanted: CrewWanted
    unit: Unit
    teams: tuple[Team, ...]
    stints: tuple[CrewStint, ...]
    filled: tuple[FilledTurn, ...]
    missing: tuple[CrewStint, ...]
    """Those on whose day the unit has no shift of that name."""
    covered: tuple[CrewCover, ...]
    kept: KeptSeats
    edits: tuple[SeatEdit, ...]
    broken: tuple[Mapping[str, object], ...]
    names: RosterNames
    stamp: str
    draft_version: int

    @property
    def seats(self) -> int:
        return sum(each.seats for each in self.covered)

    @property
    def before(self) -> int:
        return sum(each.before for each in self.covered)

    @property
    def after(self) -> int:
        return sum(each.after for each in self.covered)


def propose(campaign: Campaign, wanted: CrewWanted, *, actor: Actor, now: datetime) -> CrewProposal:
    """Raises NotFound, Forbidden, Conflict (closed), Invalid (no crews, no shift of that name, a day outside)."""
    unit = people.unit_by_code(wanted.unit)
    rights.ensure(actor, "campaign.write", campaign, {unit.id}, now=now, asks=True)
    require(campaign, "edit")
    teams = _teams(wanted, unit)
    everybody = frozenset(person for team in teams for person in team.people)
    taken = snapshot.take(campaign.id, now=now, also=everybody)
    _refuse_unlike(campaign, wanted, taken, unit)
    planned = tuple(stints(wanted.rotation, _days(campaign)))
    named = _named(taken, unit, planned, teams)
    shifts = {shift.id: shift for some in named.values() for shift in some}
    open_seats, kept = _open(taken, shifts.values(), everybody, wanted, now=now)
    coming = [each for each, some in named.items() if any(not _has_begun(taken, shift, now) for shift in some)]
    filled = tuple(rotation_edits.laid(taken, coming, open_seats, everybody, answered=bool(wanted.reason.strip())))
    edits = tuple(rotation_edits.edits_of(taken, filled, open_seats, pin=wanted.pin))
    lacking = {(each.team.id, each.on) for each, some in named.items() if not some}
    return CrewProposal(
        wanted,
        unit,
        teams,
        planned,
        filled,
        tuple(one for one in planned if (one.crew, one.on) in lacking),
        tuple(_covered(taken, shifts.values(), edits)),
        kept,
        edits,
        edit_plan.tried(campaign, edits, wanted.reason.strip() or None, now=now).listed(),
        names_of(taken.problem),
        proposed.stamp_of(edits, *(f"{each.crew} {each.on} {each.template}" for each in planned)),
        taken.draft_version,
    )


def _teams(wanted: CrewWanted, unit: Unit) -> tuple[Team, ...]:
    ids = wanted.rotation.crews
    if not ids:
        raise Invalid("rotation.no_crews", field="crews")
    crews = {each: queries.get_crew(each) for each in dict.fromkeys(ids)}
    for each, number in Counter(ids).items():
        if crews[each].unit_id != unit.id:
            raise Invalid("rotation.other_unit", field="crews", crew=crews[each].name, unit=unit.name)
        if number > 1:
            raise Invalid("rotation.twice", field="crews", crew=crews[each].name)
    return tuple(rotation_edits.team_of(crews[each]) for each in ids)


def _refuse_unlike(campaign: Campaign, wanted: CrewWanted, taken: Snapshot, unit: Unit) -> None:
    """A rotation that does not fit the campaign: days outside it, shifts that the unit does not have."""
    rotation = wanted.rotation
    if not any(name != OFF for name in rotation.cycle):
        raise Invalid("rotation.no_cycle", field="cycle")
    for field, on in (("first", rotation.first), ("until", rotation.until)):
        if on is not None and not campaign.starts_on <= on <= campaign.ends_on:
            raise Invalid("rotation.outside", field=field, on=d(on))
    known = {shift.template for shift in taken.problem.shifts if shift.unit == unit.code}
    if not known:
        raise Invalid("rotation.no_shifts", field="unit", unit=unit.name)
    if unknown := [name for name in rotation.cycle if name != OFF and name not in known]:
        raise Invalid("rotation.no_shift", field="cycle", unit=unit.name, name=unknown[0])


def _days(campaign: Campaign) -> list[date]:
    length = (campaign.ends_on - campaign.starts_on).days + 1
    return [campaign.starts_on + timedelta(days=n) for n in range(length)]


def _named(
    taken: Snapshot, unit: Unit, planned: Iterable[CrewStint], teams: Iterable[Team]
) -> dict[CrewShift, list[Shift]]:
    """Return the unit's shifts of that name for every crew and day on which it does not rest; none where it has
    none."""
    team_of = {team.id: team for team in teams}
    asked = [CrewShift(team_of[one.crew], one.on, one.template, one.rounds) for one in planned if one.template != OFF]
    return {each: rotation_edits.shifts_named(taken, unit.code, each.on, each.template) for each in asked}


def _has_begun(taken: Snapshot, shift: Shift, now: datetime) -> bool:
    return shift.id in taken.fixed or shift.start <= now


def _open(
    taken: Snapshot, shifts: Iterable[Shift], own: frozenset[int], wanted: CrewWanted, *, now: datetime
) -> tuple[set[int], KeptSeats]:
    """The seats that may be given; how many are left as they are. What has begun is left to whoever serves it."""
    free, begun, pinned, held = set[int](), 0, 0, 0
    for shift in shifts:
        for seat in taken.seats[shift.id]:
            cell = taken.cells.get(seat)
            if _has_begun(taken, shift, now):
                begun += 1
            elif cell is None or (wanted.replaces and (cell.person_id in own or not cell.pinned)):
                free.add(seat)
            elif cell.person_id not in own and cell.pinned:
                pinned += 1
            else:
                held += 1
    return free, KeptSeats(begun, pinned, held)


def _covered(taken: Snapshot, shifts: Iterable[Shift], edits: Sequence[SeatEdit]) -> Iterable[CrewCover]:
    becomes = {each.seat: each.person is not None for each in edits}
    counted = dict[date, list[int]]()
    for shift in shifts:
        line = counted.setdefault(shift.local_date, [0, 0, 0])
        for seat in taken.seats[shift.id]:
            line[0] += 1
            line[1] += seat in taken.cells
            line[2] += becomes.get(seat, seat in taken.cells)
    return (CrewCover(on, *line) for on, line in sorted(counted.items()))
