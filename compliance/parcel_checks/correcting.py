"""Whoever answers for a point puts a wrong number right; what was said before stays readable."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.parcel_checks import refusals, services
from compliance.parcel_checks.models import MOST, ParcelCheck, ParcelCorrection
from compliance.service_hours import points
from core import audit
from core.actor import Actor
from core.clock import at_local
from core.db import insert_into, transaction
from core.errors import Conflict, FieldError, Invalid, ensure_none
from core.text import nfc
from people.access import guard

LONGEST = 300


@dataclass(frozen=True)
class CorrectedNumbers:
    """Of one counter and one day; ``checked`` None: not said."""

    checked: int | None = None
    refused: int = 0
    referred: int = 0


@dataclass(frozen=True)
class CounterDay:
    """A counter of a unit on one day."""

    unit_id: int
    day: date
    counter: str


def correct(
    at: CounterDay,
    *,
    upon: CorrectedNumbers,
    unheeded_at: datetime | None = None,
    becomes: CorrectedNumbers,
    why: str,
    actor: Actor,
    now: datetime,
) -> ParcelCheck:
    """Return what the counter counted on the day; ``upon``: what was read, of which a counter that is not there yet has
    none, and ``unheeded_at`` with it. From then on neither the sheet nor a program changes it.

    Raises ``Forbidden``, ``Conflict`` when somebody was faster, ``Invalid`` at ``checked``, ``refused``, ``referred``,
    ``why`` or ``day``.
    """
    reason = " ".join(nfc(why).split())
    unit_id, day, counter = at.unit_id, at.day, at.counter
    with transaction() as session:
        guard.ensure(actor, "point.settle", unit_id, now=now)
        row = _held(session, unit_id, day, counter)
        ensure_none(_faults(becomes, reason))
        if row is None:
            row = _added(session, unit_id, day, counter, now=now)
        if (CorrectedNumbers(row.checked, row.refused, row.referred), row.unheeded_at) != (upon, unheeded_at):
            raise Conflict("parcels.changed", state={"checked": row.checked})
        session.add(
            ParcelCorrection(
                unit_id=unit_id,
                day=day,
                counter=counter,
                was=upon.checked,
                becomes=becomes.checked or 0,
                refused_was=upon.refused,
                refused=becomes.refused,
                referred_was=upon.referred,
                referred=becomes.referred,
                why=reason,
                at=now,
                who=actor.name,
            )
        )
        row.checked, row.refused, row.referred = becomes.checked, becomes.refused, becomes.referred
        row.settled_at, row.saved_at, row.saved_by = now, now, actor.name
        row.unheeded_at, row.unheeded, row.unheeded_refused, row.unheeded_referred = None, None, None, None
        told = {"day": day.isoformat(), "was": upon.checked, "checked": becomes.checked}
        audit.record(actor, "parcels.correct", "unit", unit_id, now=now, **told)
        return row


def add_refusals(
    unit_id: int, day: date, counter: str, *, unheeded_at: datetime | None, actor: Actor, now: datetime
) -> int:
    """Parcels that the sheet refused and that were left out become part of the counter's number, which stays what
    it is otherwise: what is told later that day still counts. ``unheeded_at``: of what was read.

    Answers how many parcels. Raises ``Forbidden``, ``Conflict`` when somebody was faster, something came since, or the
    number was put right or is a program's; ``Invalid`` where more would be refused than were checked.
    """
    with transaction() as session:
        guard.ensure(actor, "point.settle", unit_id, now=now)
        row = _held(session, unit_id, day, counter)
        adding = refusals.to_add(unit_id, day, counter)
        if row is None or not adding or row.unheeded_at != unheeded_at:
            raise Conflict("parcels.changed", state={"checked": row.checked if row else None})
        parcels = sum(each.parcels for each in adding)
        if row.checked is not None and row.refused + parcels > row.checked:
            raise Invalid("parcels.more_refused")
        for each in adding:
            each.sheet_added, each.added_at, each.added_by = each.parcels, now, actor.name
        row.refused += parcels
        row.referred += sum(each.parcels for each in adding if each.informed)
        if row.unheeded is None:
            row.unheeded_at = None
        told = {"day": day.isoformat(), "parcels": parcels, "refused": row.refused}
        audit.record(actor, "parcels.add_refusals", "unit", unit_id, now=now, **told)
        return parcels


def _faults(becomes: CorrectedNumbers, reason: str) -> list[FieldError]:
    numbers = {"checked": becomes.checked, "refused": becomes.refused, "referred": becomes.referred}
    found = [
        FieldError(name, "parcels.number", {"most": MOST})
        for name, number in numbers.items()
        if number is None or not 0 <= number <= MOST
    ]
    if not found and becomes.refused > (becomes.checked or 0):
        found.append(FieldError("refused", "parcels.more_refused"))
    if not reason or len(reason) > LONGEST:
        found.append(FieldError("why", "parcels.why", {"most": LONGEST}))
    return found


def may_add(unit_id: int, day: date, now: datetime) -> bool:
    """Whether the day can still be told, and the point was there."""
    try:
        services.ensure_day(day, now)
        points.ensure_there(unit_id, day)
    except Invalid:
        return False
    return True


def _added(session: Session, unit_id: int, day: date, counter: str, *, now: datetime) -> ParcelCheck:
    services.ensure_day(day, now)
    points.ensure_there(unit_id, day)
    # Two who add it at once: the second finds what the first wrote. Whatever is told of that day is later.
    values = {"unit_id": unit_id, "day": day, "counter": counter, "refused": 0, "referred": 0}
    fresh = {**values, "said_at": at_local(day), "saved_at": now, "saved_by": ""}
    session.execute(insert_into(ParcelCheck).values(fresh).on_conflict_do_nothing())
    made = _held(session, unit_id, day, counter)
    assert made is not None  # noqa: S101 - written just now, by this or by another
    return made


def _held(session: Session, unit_id: int, day: date, counter: str) -> ParcelCheck | None:
    """Nobody else changes it until the transaction ends."""
    same = select(ParcelCheck).filter_by(unit_id=unit_id, day=day, counter=counter)
    return session.scalar(same.with_for_update().execution_options(populate_existing=True))
