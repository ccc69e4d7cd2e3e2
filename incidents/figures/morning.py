"""06:30: one message to the leadership about the night: what was logged, what is still open, what the day lacks."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import current_app
from flask_babel import force_locale, gettext as _
from sqlalchemy import select

from core import clock
from core.actor import SYSTEM, Actor
from core.audit import record
from core.db import db, transaction
from core.errors import Invalid
from core.i18n import LOCALES, d, dm, t
from core.models import Setting
from incidents.record import naming, states
from incidents.record.models import Incident
from incidents.triage import clock_status, words as wording_catalogue
from incidents.words import severity_word
from notify import outbox
from people import queries as people
from people.access import guard
from people.accounts import mails, queries as accounts
from people.models import Person, Unit
from people.notification_rules import ladders
from people.notification_rules.rules import for_reading
from roster.coverage import unsure, words as wording_unsure
from roster.coverage.unsure import Unsure
from roster.models import Campaign
from roster.reachability import report
from roster.reachability.report import Lacking, Short
from roster.resolver import resolver

HOUR = "morning.at"
"""Setting: local time of day, "06:30" unless the enterprise chose another; "" = none is sent."""
DEFAULT_HOUR = "06:30"
TOLD = "morning.told_on"
NIGHT = timedelta(hours=13, minutes=30)
"""Back from the message: from 17:00, the end of ordinary work, when it is sent at 06:30."""
LINES = 15
LATEST = timedelta(hours=5, minutes=30)
"""A worker that was away tells it until then; the night of a day that is half over is no news."""
_TIME = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")


@dataclass(frozen=True)
class Night:
    """What one reader is told, about ``unit`` and below."""

    unit: Unit
    since: datetime
    logged: Sequence[Incident]
    older: Sequence[Incident]
    """Unfinished, logged before the night."""
    overdue: Mapping[int, str]
    """Incident → what is overdue (``wording_catalogue.LATE``)."""
    people: Sequence[Lacking]
    shifts: Sequence[Short]
    unsure: Sequence[Unsure]

    @property
    def open(self) -> list[Incident]:
        return [each for each in [*self.logged, *self.older] if each.status == "open"]

    @property
    def held(self) -> list[Incident]:
        return [each for each in [*self.logged, *self.older] if each.status == "acknowledged"]

    @property
    def done(self) -> list[Incident]:
        return [each for each in self.logged if each.status not in states.UNFINISHED]


def tell(now: datetime) -> int:
    """Write this morning's messages, once a day however often and on however many nodes it is called; how many."""
    today, planned = clock.local_date(now), _planned(now)
    if planned is None or not planned <= now < planned + LATEST or _told_on() == str(today):
        return 0
    # Read outside the transaction: a writer of seconds would hold up whoever calls people.
    letters = [letter for person, unit in _readers(today, now) if (letter := _letter(person, unit, now)) is not None]
    with transaction() as session:
        taken = session.get(Setting, TOLD, with_for_update=True)
        if taken is not None and taken.value == str(today):
            return 0
        for letter in letters:
            _send(letter, today, now)
        if taken is None:
            session.add(Setting(key=TOLD, value=str(today)))
        else:
            taken.value = str(today)
        record(SYSTEM, "morning.told", "setting", TOLD, now=now, told=len(letters))
    return len(letters)


def sending_hour() -> str:
    """Local time of day at which it is sent, or ''."""
    chosen = db.session.scalar(select(Setting.value).where(Setting.key == HOUR))
    return DEFAULT_HOUR if chosen is None else str(chosen)


def set_hour(chosen: str, *, actor: Actor, now: datetime) -> None:
    """ "06:30", or '' so that none is sent. Raises ``Invalid``, ``Forbidden``."""
    with transaction() as session:
        guard.ensure(actor, "settings.write", None, now=now)
        if chosen and not _TIME.fullmatch(chosen):
            raise Invalid("morning.hour", field="hour")
        row = session.get(Setting, HOUR)
        if row is None:
            session.add(Setting(key=HOUR, value=chosen))
        else:
            row.value = chosen
        record(actor, "morning.set", "setting", HOUR, now=now, hour=chosen)


def _planned(now: datetime) -> datetime | None:
    """The moment of today's message; ``None``: none is sent."""
    hour, _colon, minute = sending_hour().partition(":")
    return clock.at_local(clock.local_date(now), int(hour), int(minute)) if hour else None


def _told_on() -> object:
    return db.session.scalar(select(Setting.value).where(Setting.key == TOLD))


def _readers(today: date, now: datetime) -> list[tuple[Person, Unit]]:
    """Leadership on duty and heads, each with the widest unit that they lead; while a campaign runs there, and where
    something is unfinished."""
    found: dict[int, tuple[Person, Unit]] = {}
    for unit in _units(today):
        serving = resolver.who_is_on(unit.id, "leadership", now)
        ids = [person.person_id for person in serving.people] + [head.id for head in people.heads_of([unit.id])]
        for person in people.people_by_ids(ids).values():
            if person.active:
                found.setdefault(person.id, (person, unit))
    return list(found.values())


def _units(today: date) -> list[Unit]:
    """The widest first."""
    running = select(Campaign.unit_id).where(
        Campaign.revision > 0, Campaign.starts_on <= today, Campaign.ends_on >= today - timedelta(days=1)
    )
    ids = set(db.session.scalars(running))
    waiting = select(Incident.id).where(Incident.status.in_(states.UNFINISHED), Incident.rehearsal_id.is_(None))
    if db.session.scalar(waiting.limit(1)) is not None:
        ids |= {root.id for root in people.root_units()}
    depth = {unit_id: len(people.ancestor_ids(unit_id)) for unit_id in ids}
    return [people.unit_by_id(unit_id) for unit_id in sorted(ids, key=lambda each: (depth[each], each))]


def night_of(unit: Unit, *, now: datetime) -> Night:
    """What happened in ``unit`` and below since the evening, and what its coming day lacks."""
    planned = _planned(now)
    inside, since = set(people.subtree_ids(unit.id)), (min(now, planned) if planned else now) - NIGHT
    # What was joined to another one is that one.
    real = select(Incident).where(
        Incident.unit_id.in_(inside), Incident.rehearsal_id.is_(None), Incident.joined_to_id.is_(None)
    )
    logged = db.session.scalars(real.where(Incident.created_at >= since).order_by(Incident.severity, Incident.id))
    older = real.where(Incident.created_at < since, Incident.status.in_(states.UNFINISHED))
    new, old = logged.all(), db.session.scalars(older.order_by(Incident.severity, Incident.id)).all()
    late = {
        incident_id: next((what for what in wording_catalogue.LATE if what in overdue), "")
        for incident_id, found in clock_status.of_all([*new, *old], now).items()
        if (overdue := {wording_catalogue.lateness(each) for each in found if each.is_overdue})
    }
    return Night(
        unit,
        since,
        new,
        old,
        late,
        report.lacking(inside, now=now, days=1),
        report.short(inside, now=now, days=1),
        unsure.coming(inside, now=now, days=1),
    )


@dataclass(frozen=True)
class _Letter:
    person: Person
    channel: str
    address: str
    subject: str
    body: str


def _letter(person: Person, unit: Unit, now: datetime) -> _Letter | None:
    rung = for_reading(ladders.ladder(person))
    if rung is None:
        return None
    account = accounts.user_of_person(person.id)
    with force_locale(account.locale if account is not None and account.locale in LOCALES else "vi"):
        subject, body = words(person, night_of(unit, now=now), now, brief=rung.channel in mails.BRIEF)
    return _Letter(person, rung.channel, rung.address, subject, body)


def _send(letter: _Letter, today: date, now: datetime) -> None:
    outbox.enqueue(
        topic=f"morning/{today}",
        key=f"morning/{today}/{letter.person.id}",
        channel=letter.channel,
        address=letter.address,
        recipient=letter.person.full_name,
        subject=letter.subject,
        body=letter.body,
        now=now,
        local_only=letter.person.is_demo,
        person_id=letter.person.id,
    )


def words(person: Person, night: Night, now: datetime, *, brief: bool) -> tuple[str, str]:
    """(subject, body) in the present language; a morning without incidents is said too."""
    count = len(night.logged)
    subject = (
        _("Tình hình đêm qua %(day)s: trong đêm không có sự cố", day=dm(now))
        if not count
        else _(
            "Tình hình đêm qua %(day)s: %(n)s sự cố, %(open)s chưa ai nhận, %(done)s đã xử lý xong",
            day=dm(now),
            n=count,
            open=len(night.open),
            done=len(night.done),
        )
    )
    if night.older:
        subject += "; " + _("%(n)s việc cũ còn dở", n=len(night.older))
    link = f"{current_app.config['PUBLIC_URL']}/incidents/"
    if brief:
        return subject, f"{subject}. {link}"
    parts = [
        _("Kính gửi %(name)s,", name=person.full_name),
        _(
            "%(unit)s, từ %(from)s %(before)s đến %(to)s ngày %(day)s.",
            unit=night.unit.name,
            before=dm(night.since),
            day=d(now),
            to=t(now),
            **{"from": t(night.since)},
        ),
        *_sections(night),
        _("Xem trên bàn trực: %(link)s", link=link),
    ]
    return subject, "\n\n".join(parts) + "\n"


def _sections(night: Night) -> list[str]:
    if not night.logged:
        sections = [_("Trong đêm không có sự cố.")]
    else:
        sections = [_listed(_("Trong đêm ghi nhận %(n)s sự cố:", n=len(night.logged)), night.logged, night.overdue)]
    if night.older:
        sections.append(_listed(_("Còn dở từ trước:"), night.older, night.overdue))
    lacking = [
        _(
            "%(unit)s, ca %(shift)s %(time)s: thiếu %(n)s người",
            unit=each.shift.unit.name,
            shift=each.shift.template,
            time=t(each.shift.starts_at),
            n=each.missing,
        )
        for each in night.shifts
    ]
    if lacking:
        sections.append(_list(_("Ca trong ngày còn thiếu người:"), lacking))
    if night.unsure:
        title = _("Ca trong ngày không chắc, vì người trực vắng hoặc không còn trực:")
        sections.append(_list(title, [wording_unsure.line(each) for each in night.unsure]))
    nobody = [each.person.full_name for each in night.people if each.fault == "none"]
    if nobody:
        sections.append(_list(_("Có ca trong ngày mà hệ thống không gọi được:"), nobody))
    return sections


def _listed(title: str, found: Sequence[Incident], overdue: Mapping[int, str]) -> str:
    return _list(title, [_line(each, late=overdue.get(each.id, "")) for each in found])


def _line(incident: Incident, *, late: str) -> str:
    state = {
        "open": _("chưa ai nhận"),
        "acknowledged": _("%(name)s đang xử lý", name=incident.acknowledged_by),
        "resolved": _("đã xử lý xong"),
        "closed": _("đã đóng"),
    }[incident.status]
    said = _(
        "%(code)s · mức %(level)s (%(word)s) · %(title)s · %(unit)s · %(state)s",
        code=incident.code,
        level=incident.severity,
        word=severity_word(incident.severity),
        title=naming.outside(incident),
        unit=incident.unit.name,
        state=state,
    )
    return f"{said} · {wording_catalogue.LATE[late]}" if late else said


def _list(title: str, lines: Sequence[str]) -> str:
    more = [_("và %(n)s dòng khác", n=len(lines) - LINES)] if len(lines) > LINES else []
    return "\n".join([title, *(f"- {line}" for line in [*lines[:LINES], *more])])


__all__ = ["DEFAULT_HOUR", "HOUR", "Night", "night_of", "sending_hour", "set_hour", "tell", "words"]
