"""Seats of a draft that nobody can be sure of, read without the draft: what ``unsure.among`` says of the whole of it.

Only those whose holder may be in doubt at all are judged one by one: they are few.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, exists, or_, select, tuple_

from core.db import db
from people import queries as people
from people.models import Absence, Person, PersonDuty
from roster.campaigns.models import Campaign
from roster.confirmations import queries as confirmations
from roster.coverage import doubt
from roster.coverage.doubt import Doubt, HeldSeat
from roster.models import DraftAssignment, Duty, Seat, Shift


def draft_doubts(campaign: Campaign, *, now: datetime, units: Collection[int] | None = None) -> dict[HeldSeat, Doubt]:
    """Return those assigned in the draft of ``campaign`` who are in doubt; ``units``: ids, None = all."""
    where: list[ColumnElement[bool]] = [Shift.campaign_id == campaign.id]
    if units is not None:
        where.append(Shift.unit_id.in_(sorted(units)))
    rows = db.session.execute(_assigned().where(*where, _touched(campaign, where))).all()
    return doubt.find_doubts([HeldSeat.from_row(row) for row in rows], now=now)


def _assigned() -> Any:
    columns = (Shift.id.label("shift_id"), Shift.campaign_id, Shift.unit_id, Shift.duty, Shift.starts_at, Shift.ends_at)
    return (
        select(*columns, DraftAssignment.person_id)
        .join(Seat, Seat.shift_id == Shift.id)
        .join(DraftAssignment, DraftAssignment.seat_id == Seat.id)
        .join(Person, Person.id == DraftAssignment.person_id)
    )


def _touched(campaign: Campaign, where: Collection[ColumnElement[bool]]) -> ColumnElement[bool]:
    """Return whoever is absent on a day of the campaign or the one after it, has left, or may not or will not serve
    there."""
    absent = select(Absence.person_id).where(
        Absence.to_on >= campaign.starts_on, Absence.from_on <= campaign.ends_on + timedelta(days=1)
    )
    listed = exists().where(PersonDuty.person_id == Person.id, PersonDuty.duty == Shift.duty).correlate(Person, Shift)
    refused = (
        select(Duty.shift_id, Duty.person_id)
        .where(Duty.campaign_id == campaign.id, Duty.cancelled_at.is_(None), confirmations.is_refused())
        .subquery()
    )
    return or_(
        Person.id.in_(absent),
        ~Person.active,
        ~listed,
        tuple_(Person.unit_id, Shift.unit_id).in_(_strangers(where)),
        exists().where(refused.c.shift_id == Shift.id, refused.c.person_id == Person.id).correlate(Person, Shift),
    )


def _strangers(where: Collection[ColumnElement[bool]]) -> list[Row[Any] | tuple[int, int]]:
    """(unit of somebody, unit that they serve) where theirs is not below the other."""
    pairs = (
        select(Person.unit_id, Shift.unit_id)
        .select_from(Shift)
        .join(Seat, Seat.shift_id == Shift.id)
        .join(DraftAssignment, DraftAssignment.seat_id == Seat.id)
        .join(Person, Person.id == DraftAssignment.person_id)
        .where(*where, Person.unit_id != Shift.unit_id)
        .distinct()
    )
    found = db.session.execute(pairs).tuples().all()
    above = people.ancestors_of({home for home, _there in found}) if found else {}
    return [(home, there) for home, there in found if there not in above[home]]
