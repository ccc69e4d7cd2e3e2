"""Write to a campaign what was worked out: shifts and seats come and go, and its draft is marked for another look."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update

from core.actor import Actor
from core.calendar.moments import rfc3339
from core.db import batched, db
from roster.campaigns.services import add_shift
from roster.models import Campaign, DraftEdit, Seat, Shift
from roster.refit.seats import Changed, Refit


def write(campaign: Campaign, found: Refit) -> None:
    """In the caller's transaction, which holds the campaign. What is undone later knows nothing of seats that went."""
    for columns in found.new:
        add_shift(campaign.id, columns)
    for each in found.changed:
        _change(each)
    _forget(campaign, {seat.id for _shift, seat in found.removed})
    for some in batched([each.id for each in found.dropped]):
        db.session.execute(delete(Shift).where(Shift.id.in_(some)))
    db.session.flush()
    db.session.expire_all()


def mark(campaign: Campaign, why: str, seats: int, *, actor: Actor, now: datetime) -> None:
    """Its draft is another one now, and somebody has to look at it before it is published."""
    campaign.draft_version += 1
    campaign.look_again = {"why": why, "at": rfc3339(now), "by": actor.name, "seats": seats}


def values(of_shifts: Mapping[int, Mapping[str, Any]]) -> None:
    """Columns of shifts by id: phase, points."""
    if of_shifts:
        db.session.execute(update(Shift), [{"id": shift_id, **columns} for shift_id, columns in of_shifts.items()])


def _change(each: Changed) -> None:
    if each.columns:
        values({each.shift.id: each.columns})
    if each.go:
        db.session.execute(delete(Seat).where(Seat.id.in_([seat.id for seat in each.go])))
    last = max((seat.position for seat in each.shift.seats), default=0)
    if each.more:
        places = range(last + 1, last + each.more + 1)
        db.session.execute(insert(Seat), [{"shift_id": each.shift.id, "position": place} for place in places])


def _forget(campaign: Campaign, seats: Collection[int]) -> None:
    if not seats:
        return
    for edit in db.session.scalars(select(DraftEdit).filter_by(campaign_id=campaign.id)).all():
        left = [row for row in edit.cells if row[0] not in seats]
        if not left:
            db.session.delete(edit)
        elif len(left) < len(edit.cells):
            edit.cells = left
