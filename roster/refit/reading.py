"""Shifts of a campaign with who sits there and what was published."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from sqlalchemy import select

from core.db import db
from roster.campaigns.models import Campaign
from roster.models import DraftAssignment, Duty, Seat, Shift
from roster.refit.seats import ASKED, WORTH, CurrentShift, RefitSeat


def open_campaigns(first: date, last: date, tet_year: int | None = None) -> list[Campaign]:
    """Return those that are not closed and have one of these days, or are of that Tết, the earliest first."""
    over = (Campaign.starts_on <= last) & (Campaign.ends_on >= first)
    wanted = select(Campaign).where(Campaign.state != "closed", over | (Campaign.tet_year == tet_year))
    return list(db.session.scalars(wanted.order_by(Campaign.starts_on, Campaign.id)))


def rows(campaign_id: int) -> list[Shift]:
    """Its shifts by start."""
    wanted = select(Shift).where(Shift.campaign_id == campaign_id)
    return list(
        db.session.scalars(wanted.order_by(Shift.starts_at, Shift.id).execution_options(populate_existing=True))
    )


def published(campaign_id: int) -> set[int]:
    """Ids of seats that some revision gave to somebody: whoever holds them now, they are in what was signed."""
    return set(db.session.scalars(select(Duty.seat_id).where(Duty.campaign_id == campaign_id).distinct()))


def there(shifts: Collection[Shift], signed: Collection[int]) -> list[CurrentShift]:
    """The same as values, with their seats."""
    if not shifts:
        return []
    seats = defaultdict[int, list[RefitSeat]](list)
    campaign_id = next(iter(shifts)).campaign_id
    wanted = (
        select(Seat.shift_id, Seat.id, Seat.position, DraftAssignment.person_id, DraftAssignment.pinned)
        .join(Shift, Shift.id == Seat.shift_id)
        .outerjoin(DraftAssignment, DraftAssignment.seat_id == Seat.id)
        .where(Shift.campaign_id == campaign_id)
        .order_by(Seat.shift_id, Seat.position)
    )
    for shift_id, seat, position, person, pinned in db.session.execute(wanted):
        seats[shift_id].append(RefitSeat(seat, position, person, bool(pinned), seat in signed))
    return [_there(row, tuple(seats[row.id])) for row in shifts]


def _there(row: Shift, seats: tuple[RefitSeat, ...]) -> CurrentShift:
    key = row.unit_id, row.duty, row.template, row.starts_at, row.ends_at
    return CurrentShift(row.id, key, {name: getattr(row, name) for name in (*ASKED, *WORTH)}, seats)
