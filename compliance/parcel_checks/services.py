"""Three numbers of a counter and a day; what the enterprise wants done with a refused parcel."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, literal, null, or_, select, update
from sqlalchemy.orm import Session

from compliance.parcel_checks import plausible
from compliance.parcel_checks.models import LONGEST_NAME, MOST, OFFICE, FindingRule, ParcelCheck, ParcelFinding
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
class CounterNumbers:
    """Of one counter and one day. ``refused``, ``referred`` None: as its findings say."""

    day: date
    checked: int
    counter: str = ""
    refused: int | None = None
    referred: int | None = None
    said_at: datetime | None = None
    waits: bool = False
    """It came by a sheet of before there were two: it is no part of the point's until somebody accepts it."""


def count(session: Session, unit_id: int, told: CounterNumbers, *, actor: Actor, now: datetime) -> bool:
    """Inside the caller's transaction. What was said later already stays, and so does what was put right. ``False``:
    another number was put right before or is a program's, or more telephones than a point has had counted with its
    sheet; it is no part of the point's, and makes the day one to look at.

    Raises ``Invalid`` at ``day``, ``counter``, ``checked``, ``refused`` or ``referred``.
    """
    ensure_day(told.day, now)
    ensure_counter(told.counter)
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
    # A telephone whose clock was set back tells of the day all the same.
    told = replace(told, said_at=max(at_local(told.day), min(told.said_at or now, now)))
    is_left_out = told.waits or by_sheet and _is_one_too_many(session, unit_id, told)
    if not is_left_out and _write(session, unit_id, told, by_sheet, actor=actor, now=now):
        return True
    return not _keep_beside(session, unit_id, told, actor, now=now)


def _write(
    session: Session, unit_id: int, told: CounterNumbers, by_sheet: bool, *, actor: Actor, now: datetime
) -> bool:
    """The counter's number, where it may change."""
    values: dict[str, Any] = {"checked": told.checked, "said_at": told.said_at, "saved_at": now, "saved_by": actor.name}
    if told.refused is not None:
        values |= {"refused": told.refused, "referred": told.referred or 0}
    fresh = {"refused": 0, "referred": 0, "sheet_at": now if by_sheet else None, **values}
    free = (ParcelCheck.said_at <= told.said_at) & may_change(by_sheet)
    since = func.coalesce(ParcelCheck.sheet_at, literal(now, UTCDateTime())) if by_sheet else None
    new = insert_into(ParcelCheck).values(unit_id=unit_id, day=told.day, counter=told.counter, **fresh)
    changes = {**values, "sheet_at": since, **_no_longer_left_out(unit_id, told)}
    replacing = new.on_conflict_do_update(index_elements=["unit_id", "day", "counter"], set_=changes, where=free)
    return session.scalar(replacing.returning(ParcelCheck.id)) is not None


def may_change(by_sheet: bool) -> ColumnElement[bool]:
    """What was put right neither a sheet nor a program changes; what a program told, no sheet."""
    is_free = ParcelCheck.settled_at.is_(None)
    return is_free & or_(ParcelCheck.checked.is_(None), ParcelCheck.sheet_at.is_not(None)) if by_sheet else is_free


def _no_longer_left_out(unit_id: int, told: CounterNumbers) -> dict[str, Any]:
    """A number of its own that was kept beside it is none any more; refusals beside it are."""
    was_left_out = and_(ParcelCheck.checked.is_(None), ParcelCheck.unheeded.is_not(None))
    is_seen_to = and_(was_left_out, ~_has_refusals_aside(unit_id, told))
    changes: dict[str, Any] = {"unheeded_at": case((is_seen_to, null()), else_=ParcelCheck.unheeded_at)}
    for column in (ParcelCheck.unheeded, ParcelCheck.unheeded_refused, ParcelCheck.unheeded_referred):
        changes[column.key] = case((was_left_out, null()), else_=column)
    return changes


def _has_refusals_aside(unit_id: int, told: CounterNumbers) -> ColumnElement[bool]:
    same = ParcelFinding.unit_id == unit_id, ParcelFinding.day == told.day, ParcelFinding.counter == told.counter
    is_newer = or_(ParcelCheck.settled_at.is_(None), ParcelFinding.saved_at >= ParcelCheck.settled_at)
    return exists().where(*same, ParcelFinding.sheet_added == 0, is_newer)


def _keep_beside(session: Session, unit_id: int, told: CounterNumbers, actor: Actor, *, now: datetime) -> bool:
    """A number that is no part of the point's, for whoever answers for it to look at. ``False``: it is no news."""
    referred = None if told.refused is None else told.referred or 0
    beside: dict[str, Any] = {"unheeded_at": now, "unheeded": told.checked}
    beside |= {"unheeded_refused": told.refused, "unheeded_referred": referred, "by_old_sheet": told.waits}
    said = {"said_at": told.said_at, "saved_at": now, "saved_by": actor.name}
    # Where it has no other number, this is when its own was true.
    said_at = case((ParcelCheck.checked.is_(None), literal(told.said_at, UTCDateTime())), else_=ParcelCheck.said_at)
    is_news = ParcelCheck.checked.is_distinct_from(told.checked)
    if told.refused is not None:
        is_news |= (ParcelCheck.refused != told.refused) | (ParcelCheck.referred != (told.referred or 0))
    new = insert_into(ParcelCheck).values(
        unit_id=unit_id, day=told.day, counter=told.counter, refused=0, referred=0, **said, **beside
    )
    marking = new.on_conflict_do_update(
        index_elements=["unit_id", "day", "counter"],
        set_={**beside, "said_at": said_at},
        where=(ParcelCheck.said_at <= told.said_at) & is_news,
    )
    if session.scalar(marking.returning(ParcelCheck.id)) is not None:
        return True
    _take_back(session, unit_id, told, ~is_news)
    return False


def _take_back(session: Session, unit_id: int, told: CounterNumbers, is_the_same: ColumnElement[bool]) -> None:
    """Who says later what stands already means nothing else any more."""
    mine = ParcelCheck.unit_id == unit_id, ParcelCheck.day == told.day, ParcelCheck.counter == told.counter
    is_later = ParcelCheck.unheeded.is_not(None) & (ParcelCheck.unheeded_at <= told.said_at)
    waits = case((_has_refusals_aside(unit_id, told), ParcelCheck.unheeded_at), else_=null())
    nothing: dict[str, Any] = {"unheeded": None, "unheeded_refused": None, "unheeded_referred": None}
    session.execute(update(ParcelCheck).where(*mine, is_later, is_the_same).values(unheeded_at=waits, **nothing))


def _is_one_too_many(session: Session, unit_id: int, told: CounterNumbers) -> bool:
    """Telephones at a point are few. One that counted there before that day, or whose number somebody added or put
    right on any day, is the point's own; a stranger's that was put to nought is not. One put right fills no place of
    the day."""
    since = func.coalesce(ParcelCheck.sheet_at, ParcelCheck.settled_at)
    there = select(ParcelCheck.counter, ParcelCheck.settled_at).where(ParcelCheck.unit_id == unit_id)
    today = dict(session.execute(there.where(ParcelCheck.day == told.day, since.is_not(None))).tuples().all())
    here = {counter for counter, settled_at in today.items() if settled_at is None}
    if told.counter in today or len(here) < plausible.TELEPHONES:
        return False
    counted_before = and_(ParcelCheck.settled_at.is_(None), ParcelCheck.sheet_at < at_local(told.day))
    somebody_said_so = and_(ParcelCheck.settled_at.is_not(None), ParcelCheck.checked > 0)
    wanted = ParcelCheck.counter.in_({*here, told.counter}), or_(counted_before, somebody_said_so)
    known = {counter for counter, _settled_at in session.execute(there.where(*wanted))}
    return told.counter not in known and len(here - known) >= plausible.TELEPHONES


def record(unit_id: int, told: CounterNumbers, *, actor: Actor, now: datetime) -> bool:
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


def ensure_counter(name: str, field: str = "counter") -> None:
    """What a telephone or a shift calls itself; the office's own counter nobody else is."""
    if len(name) > LONGEST_NAME or name == OFFICE:
        raise Invalid("parcels.counter", field=field, most=LONGEST_NAME, office=OFFICE)


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
