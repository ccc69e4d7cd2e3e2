"""Write to a campaign what was worked out: shifts and seats come and go, and its draft is marked for another look."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update

from core.actor import Actor
from core.calendar.moments import rfc3339
from core.db import batched, db
from roster.campaigns.models import Campaign
from roster.campaigns.queries import get_campaign
from roster.campaigns.services import add_shifts
from roster.consents import services as consents
from roster.consents.models import Consent
from roster.draft.models import DraftEdit
from roster.models import Seat, Shift
from roster.refit.seats import Refit, ShiftChange


def write(campaign: Campaign, found: Refit, *, actor: Actor, now: datetime) -> None:
    """Write it in the caller's transaction, which holds the campaign. What is undone later knows nothing of what
    went."""
    add_shifts(campaign.id, found.new)
    values({each.shift.id: each.columns for each in found.changed if each.columns})
    _remove_seats(found.changed, actor=actor, now=now)
    _add_seats(found.changed)
    _forget(campaign, {seat.id for _shift, seat in found.removed}, {each.id for each in found.dropped})
    for some in batched([each.id for each in found.dropped]):
        db.session.execute(delete(Shift).where(Shift.id.in_(some)))
    db.session.flush()
    db.session.expire_all()


def follow(campaign: Campaign, found: Refit, why: str, seats: int, *, actor: Actor, now: datetime) -> None:
    """``write``; its draft is another one then, and somebody has to look at it before it is published. ``seats``: how
    many are touched."""
    write(campaign, found, actor=actor, now=now)
    row = get_campaign(campaign.id)
    row.draft_version += 1
    told = {"seats": seats, "asks": found.numbers.asks}
    row.look_again = {"why": why, "at": rfc3339(now), "by": actor.name, **told}


def values(of_shifts: Mapping[int, Mapping[str, Any]]) -> None:
    """Columns of shifts by id; one statement for all shifts of which the same columns change."""
    if of_shifts:
        alike = sorted(of_shifts.items(), key=lambda each: sorted(each[1]))
        db.session.execute(update(Shift), [{"id": shift_id, **columns} for shift_id, columns in alike])


def _remove_seats(changed: Sequence[ShiftChange], *, actor: Actor, now: datetime) -> None:
    left = {each.shift.id: {seat.person_id for seat in each.go if seat.person_id is not None} for each in changed}
    consents.take_back(left, actor=actor, now=now)
    for some in batched([seat.id for each in changed for seat in each.go]):
        # Whoever was asked on that seat and sits on another by now is still to answer.
        db.session.execute(update(Consent).where(Consent.seat_id.in_(some)).values(seat_id=None))
        db.session.execute(delete(Seat).where(Seat.id.in_(some)))


def _add_seats(changed: Sequence[ShiftChange]) -> None:
    rows = [
        {"shift_id": each.shift.id, "position": last + place}
        for each in changed
        for last in [max((seat.position for seat in each.shift.seats), default=0)]
        for place in range(1, each.more + 1)
    ]
    if rows:
        db.session.execute(insert(Seat), rows)


def _forget(campaign: Campaign, seats: Collection[int], shifts: Collection[int]) -> None:
    if not seats and not shifts:
        return
    for edit in db.session.scalars(select(DraftEdit).filter_by(campaign_id=campaign.id)).all():
        left = [row for row in edit.cells if row[0] not in seats and row[1] not in shifts]
        if not left:
            db.session.delete(edit)
        elif len(left) < len(edit.cells):
            edit.cells = left
