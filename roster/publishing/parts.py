"""What a part is made of: the draft beside what is published, and what of it is meant. Reads only."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from core import clock
from core.actor import Actor
from core.db import db
from core.errors import Conflict, Forbidden, Invalid, NotFound
from people import queries as people
from people.access import guard
from planning import change_bundles
from planning.change_bundles import SeatMove
from planning.problem import Shift as PlannedShift
from planning.seating import seated
from roster.campaigns import rights
from roster.campaigns.models import Campaign
from roster.campaigns.queries import get_campaign
from roster.consents import queries as consent_queries
from roster.models import Shift
from roster.publishing import duty_rows
from roster.snapshot import snapshot
from roster.snapshot.sitting import DraftCell
from roster.snapshot.snapshot import Snapshot


@dataclass(frozen=True)
class Only:
    """What is to be published: ``units`` (codes, with everything below them), ``seats`` (ids), or ``people`` (codes,
    with everybody whose changes hang together with theirs)."""

    units: tuple[str, ...] = ()
    seats: tuple[int, ...] = ()
    people: tuple[str, ...] = ()


@dataclass(frozen=True)
class PartBaseline:
    """The draft of a moment beside what is published: where a part starts from."""

    campaign: Campaign
    taken: Snapshot
    published: Mapping[int, int]
    """Seat id → person id."""

    def cells(self) -> dict[int, DraftCell]:
        """Return what is published as cells, with the reasons that the draft has for the same people."""
        reasons = {
            (shift, self.taken.cells[seat].person_id): self.taken.cells[seat].reason
            for shift, seats in self.taken.seats.items()
            for seat in seats
            if seat in self.taken.cells
        }
        return {
            seat: DraftCell(self.published[seat], False, reasons.get((shift, self.published[seat])))
            for shift, seats in self.taken.seats.items()
            for seat in seats
            if seat in self.published
        }


def standing(campaign_id: int, *, now: datetime, also: Collection[int] = ()) -> PartBaseline:
    """``also``: ids of people from outside who are to be judged. Reads only."""
    campaign = get_campaign(campaign_id)
    db.session.refresh(campaign)
    published = {seat: row.person_id for seat, row in duty_rows.current(campaign_id).items()}
    taken = snapshot.take(campaign_id, now=now, also={*published.values(), *also})
    return PartBaseline(campaign, taken, published)


def is_of_the_day(shift: Shift, now: datetime) -> bool:
    """Whether it is not over, and begun by the end of tomorrow: what an amendment of the day may touch."""
    return shift.ends_at > now and shift.starts_at < clock.at_local(clock.local_date(now) + timedelta(days=2))


def rows_of_the_day(campaign_id: int, now: datetime) -> Sequence[Shift]:
    """The shifts that it may touch, in order."""
    until = clock.at_local(clock.local_date(now) + timedelta(days=2))
    return snapshot.shift_rows(campaign_id, Shift.ends_at > now, Shift.starts_at < until)


def named(stands: PartBaseline, only: Only) -> set[int]:
    """Ids of the seats that are meant."""
    if [bool(only.units), bool(only.seats), bool(only.people)].count(True) != 1:
        raise Invalid("amend.units_or_seats", field="only")
    if only.people:
        ids = {people.person_by_code(code).id for code in only.people}
        return {each.seat for each in change_bundles.with_people(moves(stands), ids)}
    if only.seats:
        known = {seat for seats in stands.taken.seats.values() for seat in seats}
        unknown = sorted(set(only.seats) - known)
        if unknown:
            raise NotFound("seat.unknown", id=unknown[0])
        return set(only.seats)
    codes = {
        unit.code for code in only.units for unit in people.units(people.subtree_ids(people.unit_by_code(code).id))
    }
    return {seat for each in _open(stands) if each.unit in codes for seat in stands.taken.seats[each.id]}


def moves(stands: PartBaseline, seats: Collection[int] | None = None) -> list[SeatMove]:
    """The seats (of all, or of these) on which the draft wants somebody else than is published, in order of time."""
    every = [seat for each in _open(stands) for seat in stands.taken.seats[each.id] if seats is None or seat in seats]
    wanted = drafted(stands, set(every))
    shift_of = stands.taken.shift_of_seat
    found = []
    for seat, cell in wanted.items():
        out, came = stands.published.get(seat), cell.person_id if cell else None
        if out != came:
            found.append(SeatMove(seat, shift_of[seat], out, came))
    times = {each.id: each.start for each in stands.taken.problem.shifts}
    return sorted(found, key=lambda each: (times[each.shift], each.seat))


def _open(stands: PartBaseline) -> list[PlannedShift]:
    """Shifts that are not published and over."""
    return [each for each in stands.taken.problem.shifts if each.id not in stands.taken.fixed]


def ensure(campaign: Campaign, shifts: Collection[Shift], *, actor: Actor, now: datetime, use: bool) -> None:
    """Raise unless the actor may publish these shifts: all as who may publish the campaign, those of their own units as
    a manager there once it has a first revision, those of today and tomorrow by what a duty lends.

    ``use`` False only asks: a lent right is written down as used when something happens.
    """
    if campaign.needs_approval and not _is_of_the_night(shifts, actor, now):
        raise Conflict("approval.part", name=campaign.name)
    own = rights.reach(actor, "campaign.publish", campaign, now=now)
    if own is None:
        return
    units = {shift.unit_id for shift in shifts}
    if own and campaign.state == "draft":
        raise Conflict("amend.before_first", unit=campaign.unit.name)
    lent = [shift for shift in shifts if shift.unit_id not in own]
    if own and any(not guard.allowed(actor, "roster.amend", shift.unit_id, now=now) for shift in lent):
        rights.ensure(actor, "campaign.publish", campaign, units, now=now)
    for unit_id in sorted({shift.unit_id for shift in lent}) or ([] if own else [campaign.unit_id]):
        if use or not guard.allowed(actor, "roster.amend", unit_id, now=now):
            guard.ensure(actor, "roster.amend", unit_id, now=now)
    if not all(is_of_the_day(shift, now) for shift in lent):
        raise Forbidden("amend.not_of_the_day")


def _is_of_the_night(shifts: Collection[Shift], actor: Actor, now: datetime) -> bool:
    """Whoever leads the night amends its roster without an approval: nobody could be asked for one."""
    return all(is_of_the_day(each, now) and guard.lent(actor, "roster.amend", each.unit_id, now=now) for each in shifts)


def drafted(stands: PartBaseline, named: Collection[int]) -> dict[int, DraftCell | None]:
    """Return what the draft wants of the named seats; people who stay on a shift keep the seat that calendars know."""
    taken, wanted = stands.taken, dict[int, DraftCell | None]()
    waiting = consent_queries.waiting_seats(taken.campaign_id)
    for shift, seats in taken.seats.items():
        mine = [seat for seat in seats if seat in named]
        if not mine:
            continue
        on = {taken.cells[seat].person_id: taken.cells[seat] for seat in seats if seat in taken.cells}
        cells = {person: cell for person, cell in on.items() if (shift, person) not in waiting}
        was = {seat: stands.published[seat] for seat in seats if seat in stands.published}
        target = seated(seats, was, list(cells))
        moved = {taken.cells[seat].person_id for seat in mine if seat in taken.cells}
        wanted |= {seat: cells[who] for seat, who in target.items() if who in moved or seat in named}
        wanted |= {seat: None for seat in mine if seat not in target}
    return wanted


def shift_rows(shift_ids: Collection[int]) -> Sequence[Shift]:
    wanted = select(Shift).where(Shift.id.in_(shift_ids)).options(joinedload(Shift.unit), selectinload(Shift.seats))
    return db.session.scalars(wanted.order_by(Shift.starts_at, Shift.id)).all()
