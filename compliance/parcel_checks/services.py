"""Three numbers of a counter and a day; what the enterprise wants done with a refused parcel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, literal, select, update
from sqlalchemy.orm import Session

from compliance.parcel_checks import plausible
from compliance.parcel_checks.models import MOST, FindingRule, ParcelCheck
from compliance.service_hours import points
from core import audit
from core.actor import Actor
from core.clock import at_local, local_date
from core.db import UTCDateTime, insert_into, transaction
from core.errors import Invalid
from core.text import nfc
from people.access import guard

BACK = timedelta(days=31)
"""How long afterwards a day may still be told: a phone was off, a book is copied."""
CATEGORIES = (1, 2, 3, 4)


@dataclass(frozen=True)
class Counted:
    """Of one counter and one day. ``refused``, ``referred`` None: as its findings say."""

    day: date
    checked: int
    counter: str = ""
    refused: int | None = None
    referred: int | None = None
    said_at: datetime | None = None


def count(session: Session, unit_id: int, told: Counted, *, actor: Actor, now: datetime) -> bool:
    """Inside the caller's transaction. What was said later already stays, and so does what was put right. ``False``:
    another number was put right before, or more telephones than a point has had counted with its sheet; it is no part
    of the point's, and is shown to whoever answers for it.

    Raises ``Invalid`` at ``day``, ``checked``, ``refused`` or ``referred``.
    """
    ensure_day(told.day, now)
    points.ensure_there(unit_id, told.day)
    numbers = {"checked": told.checked, "refused": told.refused or 0, "referred": told.referred or 0}
    for name, number in numbers.items():
        if not 0 <= number <= MOST:
            raise Invalid("parcels.number", field=name, most=MOST)
    if told.refused is not None and told.refused > told.checked:
        raise Invalid("parcels.more_refused", field="refused")
    by_sheet = actor.via == "report"
    if by_sheet and told.checked > plausible.BY_SHEET:
        raise Invalid("parcels.too_many", field="checked", most=plausible.BY_SHEET)
    if by_sheet and _is_one_too_many(session, unit_id, told):
        return False
    said_at = min(told.said_at or now, now)
    values: dict[str, Any] = {"checked": told.checked, "said_at": said_at, "saved_at": now, "saved_by": actor.name}
    if told.refused is not None:
        values |= {"refused": told.refused, "referred": told.referred or 0}
    if by_sheet:
        values |= {"sheet_at": func.coalesce(ParcelCheck.sheet_at, literal(now, UTCDateTime()))}
    later = ParcelCheck.said_at <= said_at
    # What was put right by whoever answers for the point neither a sheet nor a program changes.
    free = later & ParcelCheck.settled_at.is_(None)
    fresh = numbers | values | ({"sheet_at": now} if by_sheet else {})
    new = insert_into(ParcelCheck).values(unit_id=unit_id, day=told.day, counter=told.counter, **fresh)
    replacing = new.on_conflict_do_update(index_elements=["unit_id", "day", "counter"], set_=values, where=free)
    if session.scalar(replacing.returning(ParcelCheck.id)) is not None:
        return True
    same = ParcelCheck.checked == told.checked
    if told.refused is not None:
        same &= (ParcelCheck.refused == told.refused) & (ParcelCheck.referred == (told.referred or 0))
    return not leave_unheeded(session, unit_id, told.day, told.counter, later & ~same, now, unheeded=told.checked)


def leave_unheeded(
    session: Session, unit_id: int, day: date, counter: str, when: ColumnElement[bool], now: datetime, **more: int
) -> bool:
    """A number that was put right stays; that it was told otherwise afterwards is kept beside it. Answers whether."""
    mine = update(ParcelCheck).filter_by(unit_id=unit_id, day=day, counter=counter)
    marking = mine.where(ParcelCheck.settled_at.is_not(None), when).values(unheeded_at=now, **more)
    return session.scalar(marking.returning(ParcelCheck.id)) is not None


def _is_one_too_many(session: Session, unit_id: int, told: Counted) -> bool:
    """Telephones at a point are few. One that counted there before that day, or whose number somebody added then, is
    the point's own; one whose number of the day was put right fills no place."""
    since = func.coalesce(ParcelCheck.sheet_at, ParcelCheck.settled_at)
    there = select(ParcelCheck.counter, ParcelCheck.settled_at).where(ParcelCheck.unit_id == unit_id)
    today = dict(session.execute(there.where(ParcelCheck.day == told.day, since.is_not(None))).tuples().all())
    here = {counter for counter, settled_at in today.items() if settled_at is None}
    if told.counter in today or len(here) < plausible.TELEPHONES:
        return False
    wanted = ParcelCheck.counter.in_({*here, told.counter}), since < at_local(told.day)
    known = {counter for counter, _settled_at in session.execute(there.where(*wanted))}
    return told.counter not in known and len(here - known) >= plausible.TELEPHONES


def record(unit_id: int, told: Counted, *, actor: Actor, now: datetime) -> bool:
    """``count`` as a use case of its own."""
    with transaction() as session:
        points.ensure_tell(actor, unit_id, now=now)
        is_counted = count(session, unit_id, told, actor=actor, now=now)
        numbers = {"day": told.day.isoformat(), "checked": told.checked, "counted": is_counted}
        audit.record(actor, "parcels.count", "unit", unit_id, now=now, **numbers)
        return is_counted


def ensure_day(day: date, now: datetime) -> None:
    today = local_date(now)
    if not today - BACK <= day <= today:
        raise Invalid("parcels.day", field="day", days=BACK.days)


def save_rule(unit_id: int, category: int, text_vi: str, text_en: str, *, actor: Actor, now: datetime) -> None:
    """What the enterprise wants done with a refused parcel of this khoản; an empty text takes its own back."""
    if category not in CATEGORIES:
        raise Invalid("parcels.category", field="category")
    said_vi, said_en = nfc(text_vi).strip(), nfc(text_en).strip()
    for name, text in ((f"vi-{category}", said_vi), (f"en-{category}", said_en)):
        if len(text) > 2000:
            raise Invalid("parcels.long", field=name, most=2000)
    with transaction() as session:
        guard.ensure(actor, "point.settle", unit_id, now=now)
        row = session.get(FindingRule, (unit_id, category))
        if row is None and said_vi:
            row = FindingRule(unit_id=unit_id, category=category)
            session.add(row)
        if row is None:
            return
        if said_vi:
            row.text_vi, row.text_en, row.saved_at, row.saved_by = said_vi, said_en, now, actor.name
        else:
            session.delete(row)
        audit.record(actor, "finding_rule.save", "unit", unit_id, now=now, category=category)
