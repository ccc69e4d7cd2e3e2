"""*Gọi tay*: who need not be rung any more, because the message that had been stuck has left after all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import aliased

from core.actor import Actor
from core.db import db
from incidents.paging import manual_rules
from incidents.record import access
from incidents.record.models import Incident, Page
from notify.models import Message
from people.access import guard
from people.models import Person

_First = aliased(Message)

SHOWN = timedelta(minutes=5)
MOST = 200


@dataclass(frozen=True)
class Left:
    """The words to ``person`` about ``codes`` left at ``at`` by ``channel``, late."""

    person: Person
    codes: tuple[str, ...]
    channel: str
    at: datetime


def left_late(actor: Actor, *, now: datetime) -> list[Left]:
    """Return what was left in the last five minutes, the newest first; about what still waits for an answer."""
    wanted = (
        select(Message, Incident.code, Person)
        .join(_First, _First.ladder == Message.ladder)
        .join(Page, Page.message_id == _First.id)
        .join(Incident, Incident.id == Page.incident_id)
        .join(Person, Person.id == Page.person_id)
        .where(Message.ladder != "", Message.state == "sent", Message.sent_at > now - SHOWN)
        .where(Message.again_of.is_(None))  # a second ring is late by design, and news to nobody
        .where(Incident.status == "open", Page.answer.is_(None), access.visible_to(actor, now=now))
        .order_by(Message.sent_at.desc(), Message.id)
        .limit(MOST)
    )
    units = guard.reach(actor, "incident.dispatch", now=now)
    rows = db.session.execute(wanted if units is None else wanted.where(Incident.unit_id.in_(units)))
    found: dict[int, Left] = {}
    for message, code, person in rows:
        if message.sent_at is None or not _was_late(message, message.sent_at):
            continue
        known = found.get(person.id, Left(person, (), message.channel, message.sent_at))
        if code not in known.codes:
            found[person.id] = Left(person, (*known.codes, code), known.channel, known.at)
    return list(found.values())


def _was_late(message: Message, sent_at: datetime) -> bool:
    """Something went wrong first: it was tried before, or lay behind a gateway that was left alone."""
    waited = sent_at - message.created_at - timedelta(seconds=message.delay_seconds)
    return message.attempts > 1 or waited >= manual_rules.STUCK_AFTER
