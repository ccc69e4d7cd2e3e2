"""A feed as bytes: what is kept of it, and how it is brought up to date when what it shows has changed.

Nothing is read again while the number that triggers count, and the day, are the same. Else the facts are read, the
events whose facts differ are rendered, and a short transaction keeps them. Whoever finds another already rendering
takes the calendar as it was before. All of it is a cache: it may be emptied at any time.
"""

from __future__ import annotations

import gzip
import hashlib
import threading
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from flask_babel import force_locale, gettext as _
from sqlalchemy import Select, bindparam, case, null, or_, select, update

from core import clock
from core.db import db, glance, insert_into, transaction
from core.models import Setting
from people.models import DutyKind, Person, Unit
from roster.campaigns.models import Campaign
from roster.feeds import facts as feed_facts, ical, shadowed, watch, words as feed_words
from roster.feeds.facts import EventFacts, Options, Subject
from roster.feeds.models import FeedDocument, FeedStamp, RenderedEvent
from roster.feeds.sequence_numbers import SECOND, EventMark, grown

EDITION = 2
"""To be counted up with every change to the words or the form of events: all are then rendered anew."""
CLAIM = timedelta(seconds=20)
LOOK_AGAIN = 0.05
TRIES = 4


@dataclass(frozen=True)
class KeptCalendar:
    """A calendar as it is handed out; ``body`` is gzipped, and nothing when the reader has these bytes already."""

    etag: str
    changed_at: datetime
    body: bytes | None
    true_of: int | None = field(default=None, compare=False)
    """The number that triggers count, while which it is true; None when that was not looked at."""


@dataclass(frozen=True)
class WantedCalendar:
    """Whose calendar, how shown, out of whose kept events."""

    subject: Subject
    options: Options
    audience: str

    @property
    def key(self) -> str:
        return "|".join(str(each) for each in (*self.subject, self.audience))


def current(wanted: WantedCalendar, *, now: datetime, known: Collection[str] = ()) -> KeptCalendar:
    """The calendar as it is now. ``known``: etags of what the reader has."""
    asked, began = now, clock.monotonic()
    while True:
        row = _look(wanted.key, known)
        if row is not None and row.changed_at is not None and row.basis == _basis(row.stamp, wanted, now):
            return KeptCalendar(row.etag, row.changed_at, row.body, true_of=row.stamp)
        for attempt in range(TRIES):
            if (made := _renewed(wanted, now, strict=attempt < TRIES - 1)) is not None:
                break
        if isinstance(made, KeptCalendar):
            return made
        # Somebody else was quicker: what they have made of it, or while they are at it the calendar as it was.
        row = _look(wanted.key, known)
        if row is not None and row.changed_at is not None:
            return KeptCalendar(row.etag, row.changed_at, row.body)
        # The first reader is at it, and there is nothing from before.
        threading.Event().wait(LOOK_AGAIN)
        now = asked + timedelta(seconds=clock.monotonic() - began)


def options_word(options: Options) -> str:
    """The audience of all feeds that are shown in this way."""
    return options.lang + ("+phones" if options.phones else "") + ("+busy" if options.busy else "")


def name_of(subject: Subject, lang: str) -> str:
    """Return what the calendar is called on the phone; in general words when what it showed is gone."""
    with force_locale(lang):
        unit = _text(Unit.name, Unit.id, subject.unit_id)
        if subject.scope == "person":
            who = _text(Person.full_name, Person.id, subject.person_id)
            return _("Ca trực của %(name)s", name=who) if who else _("Ca trực")
        if subject.scope == "campaign":
            return _text(Campaign.name, Campaign.id, subject.campaign_id) or _("Lịch trực")
        if not unit:
            return _("Lịch trực")
        if subject.scope == "duty":
            kind = DutyKind.name_en if lang == "en" else DutyKind.name_vi
            return f"{_text(kind, DutyKind.code, subject.duty)} · {unit}"
        return _("Lịch trực %(unit)s", unit=unit)


def empty(subject: Subject, lang: str, since: datetime) -> KeptCalendar:
    """A calendar without events, so that phones empty themselves."""
    body = ical.calendar(name_of(subject, lang), lang, ())
    return KeptCalendar(_etag(body), since.replace(microsecond=0), gzip.compress(body, 6, mtime=0))


def forget(key: str) -> None:
    """Keep a calendar no longer. In the caller's transaction."""
    db.session.execute(FeedDocument.__table__.delete().where(FeedDocument.key == key))


def _text(column: Any, key: Any, value: Any) -> str:
    return (db.session.scalar(select(column).where(key == value)) or "") if value is not None else ""


def _installation() -> str:
    """Keeps the UIDs of two installations apart."""
    return str(db.session.scalar(select(Setting.value).filter_by(key="installation")) or "truc-tet")


def _basis(stamp: int | None, wanted: WantedCalendar, now: datetime) -> str:
    return f"{EDITION} {stamp} {clock.local_date(now)} {options_word(wanted.options)}"


def _etag(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:32]


def _looked() -> Select[Any]:
    """Built once: putting the statement together costs more than running it."""
    document = FeedDocument.__table__.c
    known = document.etag.in_(bindparam("known", expanding=True))
    return select(
        document.basis,
        document.etag,
        document.changed_at,
        case((known, null()), else_=document.body).label("body"),
        watch.stamp().label("stamp"),
    ).where(document.key == bindparam("key"))


LOOKED = _looked()


def _look(key: str, known: Collection[str]) -> Any:
    return glance(LOOKED, {"key": key, "known": list(known)})


class _Busy:
    """Somebody else is rendering it."""


def _renewed(wanted: WantedCalendar, now: datetime, *, strict: bool) -> KeptCalendar | _Busy | None:
    """Read, render what differs, keep it. None: something changed meanwhile, once more (unless not ``strict``)."""
    db.session.rollback()  # what was read before is of another moment
    version = db.session.scalar(select(watch.stamp())) or 0
    basis = db.session.scalar(select(FeedDocument.basis).where(FeedDocument.key == wanted.key)) or ""
    facts = shadowed.with_duties(wanted.subject, wanted.options, now=now)
    digests = {fact.uid: feed_facts.digest(fact, wanted.options, EDITION) for fact in facts}
    kept = {row.uid: row for row in db.session.execute(_kept(wanted, RenderedEvent.body))}
    stale = [fact for fact in facts if fact.uid not in kept or kept[fact.uid].digest != digests[fact.uid]]
    if stale and not _claim(wanted.key, basis, now):
        return _Busy()
    done = None
    try:
        marks = _marks(stale, kept, now)
        bodies = _rendered(stale, marks, wanted.options)
        every = [bodies.get(fact.uid) or kept[fact.uid].body for fact in facts]
        whole = ical.calendar(name_of(wanted.subject, wanted.options.lang), wanted.options.lang, every)
        packed = gzip.compress(whole, 6, mtime=0)
        with transaction() as session:
            locked = session.scalar(select(FeedStamp.version).where(FeedStamp.id == 1).with_for_update())
            if not stale or (not (strict and locked != version) and not _overtaken(wanted, stale, kept)):
                _keep_events(wanted, stale, digests, marks, bodies=bodies)
                done = _keep_document(wanted, version, _etag(whole), packed, now=now)
        return done
    finally:
        if stale and done is None:
            _let_go(wanted.key)


def _kept(wanted: WantedCalendar, *more: Any) -> Any:
    """The kept events of a feed's seats, without a list of them: it may have thousands."""
    return select(RenderedEvent.uid, RenderedEvent.digest, RenderedEvent.sequence, RenderedEvent.stamp, *more).where(
        RenderedEvent.audience == wanted.audience, RenderedEvent.seat_id.in_(shadowed.seats_of(wanted.subject))
    )


def _marks(stale: Sequence[EventFacts], kept: Mapping[str, Any], now: datetime) -> dict[str, EventMark]:
    """The next mark of each of these events, after whatever any audience was shown under that UID."""
    new = [fact.seat_id for fact in stale if fact.uid not in kept]
    others: dict[str, EventMark] = {}
    for start in range(0, len(new), 500):
        rows = db.session.execute(
            select(RenderedEvent.uid, RenderedEvent.sequence, RenderedEvent.stamp).where(
                RenderedEvent.seat_id.in_(new[start : start + 500])
            )
        )
        for row in rows:
            mark, was = EventMark(row.sequence, row.stamp), others.get(row.uid)
            others[row.uid] = EventMark(max(mark[0], was[0]), max(mark[1], was[1])) if was else mark
    mine = {fact.uid: EventMark(kept[fact.uid].sequence, kept[fact.uid].stamp) for fact in stale if fact.uid in kept}
    return {fact.uid: grown(mine.get(fact.uid) or others.get(fact.uid), now) for fact in stale}


def _rendered(stale: Sequence[EventFacts], marks: Mapping[str, EventMark], options: Options) -> dict[str, bytes]:
    site = _installation() if stale else ""
    with force_locale(options.lang):
        return {fact.uid: feed_words.event(fact, marks[fact.uid], site=site, busy=options.busy) for fact in stale}


def _overtaken(wanted: WantedCalendar, stale: Sequence[EventFacts], kept: Mapping[str, Any]) -> bool:
    """Whether the feed of another thing has rendered one of these events meanwhile."""
    now_kept = {row.uid: row.sequence for row in db.session.execute(_kept(wanted))}
    return any(now_kept.get(fact.uid) != (kept[fact.uid].sequence if fact.uid in kept else None) for fact in stale)


def _keep_events(
    wanted: WantedCalendar,
    stale: Sequence[EventFacts],
    digests: Mapping[str, str],
    marks: Mapping[str, EventMark],
    *,
    bodies: Mapping[str, bytes],
) -> None:
    if not stale:
        return
    statement = insert_into(RenderedEvent.__table__)
    fresh = {name: statement.excluded[name] for name in ("digest", "sequence", "stamp", "body")}
    db.session.execute(
        statement.on_conflict_do_update(index_elements=["uid", "audience"], set_=fresh),
        [
            {
                "uid": fact.uid,
                "audience": wanted.audience,
                "seat_id": fact.seat_id,
                "digest": digests[fact.uid],
                "sequence": marks[fact.uid].sequence,
                "stamp": marks[fact.uid].stamp,
                "body": bodies[fact.uid],
            }
            for fact in stale
        ],
    )


def _keep_document(
    wanted: WantedCalendar, version: int, etag: str, packed: bytes, *, now: datetime
) -> KeptCalendar | None:
    """Write the calendar down and give it free, unless a newer one is there already (None)."""
    was = db.session.execute(
        select(FeedDocument.version, FeedDocument.etag, FeedDocument.changed_at).where(FeedDocument.key == wanted.key)
    ).one_or_none()
    if was is not None and was.version > version:
        return None
    changed = now.replace(microsecond=0)
    values: dict[str, Any] = {"basis": _basis(version, wanted, now), "version": version, "claimed_until": None}
    if was is not None and was.changed_at is not None and was.etag == etag:
        changed = was.changed_at
    else:
        if was is not None and was.changed_at is not None:
            changed = max(changed, was.changed_at + SECOND)
        values |= {"etag": etag, "changed_at": changed, "body": packed}
    written = insert_into(FeedDocument.__table__).values(key=wanted.key, **values)
    db.session.execute(written.on_conflict_do_update(index_elements=["key"], set_=values))
    return KeptCalendar(etag, changed, packed)


def _claim(key: str, basis: str, now: datetime) -> bool:
    """Take the rendering of a calendar; False while another has it, or has done it since ``basis`` was read.

    Taken for a while only: the process that has it may die.
    """
    with transaction() as session:
        session.execute(insert_into(FeedDocument.__table__).values(key=key).on_conflict_do_nothing())
        free = or_(FeedDocument.claimed_until.is_(None), FeedDocument.claimed_until <= now)
        taken = session.execute(
            update(FeedDocument)
            .where(FeedDocument.key == key, FeedDocument.basis == basis, free)
            .values(claimed_until=now + CLAIM)
        )
        return bool(taken.rowcount == 1)  # type: ignore[attr-defined]


def _let_go(key: str) -> None:
    with transaction() as session:
        session.execute(update(FeedDocument).where(FeedDocument.key == key).values(claimed_until=None))
