"""Notices to the public: written, brought up to date, ended; and as they read on a page."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from compliance.public_pages.models import PublicNotice
from core import audit, clock
from core.actor import Actor
from core.db import db, transaction
from core.errors import Conflict, FieldError, NotFound, ensure_none
from core.i18n import dt, locale, t
from core.text import nfc
from people import queries as people
from people.access import guard

LONGEST = 1000
A_MOMENT = timedelta(minutes=1)


def running(unit_id: int) -> list[PublicNotice]:
    """About this unit or one above it, the newest first."""
    wanted = select(PublicNotice).options(joinedload(PublicNotice.unit))
    wanted = wanted.where(PublicNotice.ended_at.is_(None), PublicNotice.unit_id.in_(people.ancestor_ids(unit_id)))
    return list(db.session.scalars(wanted.order_by(PublicNotice.began_at.desc(), PublicNotice.id.desc())))


def everywhere() -> list[PublicNotice]:
    """Return those that run, of all units, the newest first."""
    wanted = select(PublicNotice).options(joinedload(PublicNotice.unit)).where(PublicNotice.ended_at.is_(None))
    return list(db.session.scalars(wanted.order_by(PublicNotice.began_at.desc(), PublicNotice.id.desc()).limit(100)))


def mine(unit_ids: Collection[int] | None) -> list[PublicNotice]:
    """Return the notices of these units, also ended ones; those that run first."""
    wanted = select(PublicNotice).options(joinedload(PublicNotice.unit))
    if unit_ids is not None:
        wanted = wanted.where(PublicNotice.unit_id.in_(unit_ids))
    ordered = wanted.order_by(PublicNotice.ended_at.is_not(None), PublicNotice.id.desc())
    return list(db.session.scalars(ordered.limit(100)))


def said(row: PublicNotice, now: datetime) -> str:
    """Return it in the language in force, with when it was said and when there will be news."""
    words = row.text_en if locale() == "en" and row.text_en else row.text_vi
    stand = _("Cập nhật lúc %(at)s.", at=dt(row.said_at))
    if row.next_at is None:
        return f"{words} {stand}"
    if row.next_at < now:
        late = _("Tin tiếp theo đã hẹn lúc %(at)s, đang chậm.", at=dt(row.next_at))
        return f"{words} {stand} {late}"
    at = t(row.next_at) if clock.local_date(row.next_at) == clock.local_date(now) else dt(row.next_at)
    coming = _("Tin tiếp theo: %(at)s.", at=at)
    return f"{words} {stand} {coming}"


@dataclass(frozen=True)
class NoticeWords:
    """What the public is told, and when there will be news (``None``: not said)."""

    text_vi: str
    text_en: str = ""
    next_at: datetime | None = None


def write(unit_code: str, words: NoticeWords, *, actor: Actor, now: datetime) -> PublicNotice:
    """Raises ``NotFound``, ``Forbidden``, ``Invalid``."""
    unit = people.unit_by_code(unit_code)
    with transaction() as session:
        guard.ensure(actor, "notice.write", unit.id, now=now)
        row = PublicNotice(unit_id=unit.id, began_at=now)
        _say(row, words, actor=actor, now=now)
        session.add(row)
        session.flush()
        audit.record(actor, "notice.write", "public_notice", row.id, now=now, unit=unit.code, text=row.text_vi)
        return row


def update(notice_id: int, version: int, words: NoticeWords | None, *, actor: Actor, now: datetime) -> PublicNotice:
    """Tell the news, or (``None``) that service is as always; every word that was public stays in the audit."""
    with transaction() as session:
        row = session.scalar(select(PublicNotice).where(PublicNotice.id == notice_id).with_for_update())
        if row is None:
            raise NotFound("notice.unknown")
        guard.ensure(actor, "notice.write", row.unit_id, now=now)
        if row.version != version or row.ended_at is not None:
            raise Conflict("notice.changed", state={"version": row.version}, by=row.said_by)
        if words is None:
            row.ended_at = now
        else:
            _say(row, words, actor=actor, now=now)
        row.version += 1
        audit.record(actor, "notice.update", "public_notice", row.id, now=now, over=words is None, text=row.text_vi)
        return row


def _say(row: PublicNotice, words: NoticeWords, *, actor: Actor, now: datetime) -> None:
    vi, en, next_at = " ".join(nfc(words.text_vi).split()), " ".join(nfc(words.text_en).split()), words.next_at
    faults = [] if vi else [FieldError("text_vi", "notice.missing")]
    faults += [
        FieldError(at, "notice.long", {"most": LONGEST})
        for at, of in (("text_vi", vi), ("text_en", en))
        if len(of) > LONGEST
    ]
    if next_at is not None and next_at < now - A_MOMENT:
        faults.append(FieldError("next_at", "notice.next_at"))
    ensure_none(faults)
    row.text_vi, row.text_en, row.next_at, row.said_at, row.said_by = vi, en, next_at, now, actor.name
