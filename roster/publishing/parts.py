"""What a part is made of: the draft beside what is published, and what of it is meant. Reads only."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from core import clock
from core.db import db
from core.errors import Invalid, NotFound
from people import queries as people
from roster.campaigns.queries import get_campaign
from roster.consents import queries as consent_queries
from roster.coverage import proving
from roster.models import Campaign, Shift
from roster.planning.seating import seated
from roster.publishing import duty_rows
from roster.snapshot import snapshot
from roster.snapshot.snapshot import Cell, Snapshot


@dataclass(frozen=True)
class Only:
    """What is to be published: ``units`` (codes, with everything below them) or ``seats`` (ids)."""

    units: tuple[str, ...] = ()
    seats: tuple[int, ...] = ()


@dataclass(frozen=True)
class Standing:
    """The draft of a moment beside what is published: where a part starts from."""

    campaign: Campaign
    taken: Snapshot
    published: Mapping[int, int]
    """Seat id → person id."""

    def cells(self) -> dict[int, Cell]:
        """What is published as cells, with the reasons that the draft has for the same people."""
        reasons = {
            (shift, self.taken.cells[seat].person_id): self.taken.cells[seat].reason
            for shift, seats in self.taken.seats.items()
            for seat in seats
            if seat in self.taken.cells
        }
        return {
            seat: Cell(self.published[seat], False, reasons.get((shift, self.published[seat])))
            for shift, seats in self.taken.seats.items()
            for seat in seats
            if seat in self.published
        }


def standing(campaign_id: int, *, now: datetime, also: Collection[int] = ()) -> Standing:
    """``also``: ids of people from outside who are to be judged. Reads only."""
    campaign = get_campaign(campaign_id)
    db.session.refresh(campaign)
    published = {seat: row.person_id for seat, row in duty_rows.current(campaign_id).items()}
    taken = snapshot.take(campaign_id, now=now, also={*published.values(), *also})
    return Standing(campaign, taken, published)


def is_of_the_day(shift: Shift, now: datetime) -> bool:
    """Not over, and begun by the end of tomorrow: what an amendment of the day may touch."""
    return shift.ends_at > now and shift.starts_at < clock.at_local(clock.local_date(now) + timedelta(days=2))


def rows_of_the_day(campaign_id: int, now: datetime) -> Sequence[Shift]:
    """The shifts that it may touch, in order."""
    until = clock.at_local(clock.local_date(now) + timedelta(days=2))
    return snapshot.shift_rows(campaign_id, Shift.ends_at > now, Shift.starts_at < until)


def differing(campaign_id: int) -> list[tuple[Shift, list[str], list[str]]]:
    """Shifts on which draft and published roster differ, with who leaves and who comes (names), in order of time."""
    was = proving.people_on(proving.of_published(campaign_id))
    becomes = proving.people_on(proving.of_draft(campaign_id))
    moved = {shift: (was[shift] - on, on - was[shift]) for shift, on in becomes.items() if on != was[shift]}
    rows = people.brief({person for both in moved.values() for some in both for person in some})
    found = []
    for shift in shift_rows(moved):
        out, came = moved[shift.id]
        found.append(
            (shift, sorted(rows[each].full_name for each in out), sorted(rows[each].full_name for each in came))
        )
    return found


def named(stands: Standing, only: Only) -> set[int]:
    """Ids of the seats that are meant."""
    if bool(only.units) == bool(only.seats):
        raise Invalid("amend.units_or_seats", field="only")
    if only.seats:
        known = {seat for seats in stands.taken.seats.values() for seat in seats}
        unknown = sorted(set(only.seats) - known)
        if unknown:
            raise NotFound("seat.unknown", id=unknown[0])
        return set(only.seats)
    codes = {
        unit.code for code in only.units for unit in people.units(people.subtree_ids(people.unit_by_code(code).id))
    }
    open_shifts = [each for each in stands.taken.problem.shifts if each.id not in stands.taken.fixed]
    return {seat for each in open_shifts if each.unit in codes for seat in stands.taken.seats[each.id]}


def drafted(stands: Standing, named: Collection[int]) -> dict[int, Cell | None]:
    """What the draft wants of the named seats; people who stay on a shift keep the seat that calendars know."""
    taken, wanted = stands.taken, dict[int, Cell | None]()
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
