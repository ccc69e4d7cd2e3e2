"""Whoever answers for a point puts a wrong number right; what was said before stays readable."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select

from compliance.parcel_checks.models import MOST, ParcelCheck, ParcelCorrection
from core import audit
from core.actor import Actor
from core.db import transaction
from core.errors import Conflict, FieldError, NotFound, ensure_none
from core.text import nfc
from people.access import guard

LONGEST = 300


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
    """What one counter checked on a day; ``upon``: the number that was read. From then on the sheet changes it no more.

    Raises ``Forbidden``, ``NotFound``, ``Conflict`` when somebody was faster, ``Invalid`` at ``checked`` or ``why``.
    """
    reason = " ".join(nfc(why).split())
    with transaction() as session:
        guard.ensure(actor, "point.settle", unit_id, now=now)
        same = select(ParcelCheck).filter_by(unit_id=unit_id, day=day, counter=counter)
        row = session.scalar(same.with_for_update().execution_options(populate_existing=True))
        if row is None:
            raise NotFound("parcels.no_counter")
        ensure_none(
            [
                *([] if checked is not None and 0 <= checked <= MOST else [_number()]),
                *([] if reason and len(reason) <= LONGEST else [FieldError("why", "parcels.why", {"most": LONGEST})]),
            ]
        )
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


def _number() -> FieldError:
    return FieldError("checked", "parcels.number", {"most": MOST})
