"""Whoever answers for a point puts a wrong number right; what was said before stays readable."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.parcel_checks import services
from compliance.parcel_checks.models import MOST, ParcelCheck, ParcelCorrection
from compliance.service_hours import points
from core import audit
from core.actor import Actor
from core.db import transaction
from core.errors import Conflict, FieldError, ensure_none
from core.text import nfc
from documents.issued.queries import insert_missing
from people.access import guard

LONGEST = 300
OFFICE = "office"
"""The counter of what is added by whoever answers for the point."""


def correct(
    unit_id: int,
    day: date,
    counter: str,
    *,
    upon: int | None,
    checked: int | None,
    why: str,
    actor: Actor,
    now: datetime,
) -> ParcelCheck:
    """What one counter checked on a day; ``upon``: the number that was read, None: none yet, which adds one. From then
    on neither the sheet nor a program changes it.

    Raises ``Forbidden``, ``Conflict`` when somebody was faster, ``Invalid`` at ``checked``, ``why`` or ``day``.
    """
    reason = " ".join(nfc(why).split())
    with transaction() as session:
        guard.ensure(actor, "point.settle", unit_id, now=now)
        row = _held(session, unit_id, day, counter)
        ensure_none(
            [
                *([] if checked is not None and 0 <= checked <= MOST else [_number()]),
                *([] if reason and len(reason) <= LONGEST else [FieldError("why", "parcels.why", {"most": LONGEST})]),
            ]
        )
        if row is None:
            row = _added(session, unit_id, day, counter, now)
        if row.checked != upon:
            raise Conflict("parcels.changed", state={"checked": row.checked})
        session.add(
            ParcelCorrection(
                unit_id=unit_id,
                day=day,
                counter=counter,
                was=row.checked,
                becomes=checked or 0,
                why=reason,
                at=now,
                who=actor.name,
            )
        )
        row.checked, row.settled_at, row.saved_at, row.saved_by = checked, now, now, actor.name
        told = {"day": day.isoformat(), "was": upon, "checked": checked}
        audit.record(actor, "parcels.correct", "unit", unit_id, now=now, **told)
        return row


def _added(session: Session, unit_id: int, day: date, counter: str, now: datetime) -> ParcelCheck:
    services.ensure_day(day, now)
    points.ensure_there(unit_id, day)
    # Two who add it at once: the second finds what the first wrote.
    values = {"unit_id": unit_id, "day": day, "counter": counter, "refused": 0, "referred": 0}
    session.execute(insert_missing(ParcelCheck, {**values, "said_at": now, "saved_at": now, "saved_by": ""}))
    made = _held(session, unit_id, day, counter)
    assert made is not None  # noqa: S101 - written just now, by this or by another
    return made


def _held(session: Session, unit_id: int, day: date, counter: str) -> ParcelCheck | None:
    """Nobody else changes it until the transaction ends."""
    same = select(ParcelCheck).filter_by(unit_id=unit_id, day=day, counter=counter)
    return session.scalar(same.with_for_update().execution_options(populate_existing=True))


def _number() -> FieldError:
    return FieldError("checked", "parcels.number", {"most": MOST})
