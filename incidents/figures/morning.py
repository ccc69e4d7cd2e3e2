"""06:30: one message to the leadership about the night: what was logged, what is still open, what the day lacks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask_babel import force_locale
from sqlalchemy import select

from core import clock
from core.actor import SYSTEM, Actor
from core.audit import record
from core.db import db, transaction
from core.errors import Invalid
from core.i18n import LOCALES
from core.models import Setting
from incidents.endings import mornings
from incidents.endings.morning_hour import HOUR, planned_at
from incidents.figures.morning_words import words
from incidents.figures.night import night_of
from incidents.record import states
from incidents.record.models import Incident
from notify import outbox
from people import queries as people
from people.access import guard
from people.accounts import mails, queries as accounts
from people.models import Person, Unit
from people.notification_rules import ladders
from people.notification_rules.rules import for_reading
from roster.campaigns.models import Campaign
from roster.resolver import resolver

TOLD = "morning.told_on"
LATEST = timedelta(hours=5, minutes=30)
"""A worker that was away tells it until then; the night of a day that is half over is no news."""
_TIME = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")


def tell(now: datetime) -> int:
    """Write this morning's messages, once a day however often and on however many nodes it is called; how many."""
    today, planned = clock.local_date(now), planned_at(now)
    if planned is None or not planned <= now < planned + LATEST or _told_on() == str(today):
        return 0
    # Read outside the transaction: a writer of seconds would hold up the calls.
    letters = [letter for person, unit in _readers(today, now) if (letter := _letter(person, unit, now)) is not None]
    with transaction() as session:
        taken = session.get(Setting, TOLD, with_for_update=True)
        if taken is not None and taken.value == str(today):
            return 0
        for letter in letters:
            _send(letter, today, now)
        mornings.told_there(session, [each for letter in letters for each in letter.says_too])
        if taken is None:
            session.add(Setting(key=TOLD, value=str(today)))
        else:
            taken.value = str(today)
        record(SYSTEM, "morning.told", "setting", TOLD, now=now, told=len(letters))
    return len(letters)


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
        Campaign.state != "draft", Campaign.starts_on <= today, Campaign.ends_on >= today - timedelta(days=1)
    )
    ids = set(db.session.scalars(running))
    waiting = select(Incident.id).where(Incident.status.in_(states.UNFINISHED), Incident.rehearsal_id.is_(None))
    if db.session.scalar(waiting.limit(1)) is not None:
        ids |= {root.id for root in people.root_units()}
    depth = {unit_id: len(people.ancestor_ids(unit_id)) for unit_id in ids}
    return [people.unit_by_id(unit_id) for unit_id in sorted(ids, key=lambda each: (depth[each], each))]


@dataclass(frozen=True)
class _Letter:
    person: Person
    channel: str
    address: str
    subject: str
    body: str
    says_too: tuple[int, ...] = ()
    """Ids of messages to the same person that it makes needless."""


def _letter(person: Person, unit: Unit, now: datetime) -> _Letter | None:
    rung = for_reading(ladders.ladder(person))
    if rung is None:
        return None
    account = accounts.user_of_person(person.id)
    brief = rung.channel in mails.BRIEF
    waiting = mornings.waiting(person.id, now) if not brief else ()
    with force_locale(account.locale if account is not None and account.locale in LOCALES else "vi"):
        called = mornings.lines(waiting, now)
        subject, body = words(person, night_of(unit, now=now), now, brief=brief, called=called)
    return _Letter(person, rung.channel, rung.address, subject, body, tuple(each.id for each in waiting))


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
