"""Open incidents of which nothing has left: no message was accepted, nobody answered, nobody noted a call by hand.

Whatever the reason: a gateway that is down, one that refuses everybody, people without any address. What is *held*
counts too, because nothing leaves of it either, with two exceptions that are meant so: people of the demo, and a copy
for development in which no gateway is set up at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache

from flask import current_app
from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    Text,
    and_,
    bindparam,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
)

from core.db import db
from incidents.record.models import Escalation, Incident, Page, TimelineEntry
from notify import outbox
from notify.models import Message
from people.models import Person

GATEWAYS = ("email", "sms", "voice")
UNSENT = ("pending", "leased", "failed_permanent")
MOST_ASKED = 50
"""Incidents whose channels are named."""


def untold(*, now: datetime, after: timedelta) -> Sequence[tuple[int, str]]:
    """(id, code) of open incidents whose first call was due ``after`` ago or earlier, and of which nothing left since
    they were last opened."""
    rows = db.session.execute(_untold(is_meant_to_reach()), {"due_by": now - after})
    return [(incident_id, code) for incident_id, code in rows]


@cache
def _untold(meant_to_reach: bool) -> Select[tuple[int, str]]:
    """Built once: every page of those who may ring asks for it."""
    return (
        select(Incident.id, Incident.code)
        .join(Escalation, Escalation.incident_id == Incident.id)
        .where(Incident.status == "open", Escalation.snoozed_until.is_(None), Escalation.fired_at.is_not(None))
        .where(_was_due(), ~_heard(), _should_leave(meant_to_reach))
        .order_by(Incident.code)
    )


def channels(incident_ids: Sequence[int]) -> tuple[str, ...]:
    """The channels by which it does not leave."""
    topics = [f"incident/{each}" for each in incident_ids[:MOST_ASKED]]
    stuck = select(Message.channel).where(Message.topic.in_(topics), Message.state.in_((*UNSENT, "held"))).distinct()
    return tuple(sorted(db.session.scalars(stuck)))


def _calls() -> ColumnElement[bool]:
    """A page is one of the calls since it was last opened."""
    return and_(Page.incident_id == Incident.id, Page.cycle >= Escalation.since, Page.purpose == "call")


def _was_due() -> ColumnElement[bool]:
    before = bindparam("due_by", type_=Page.created_at.type)
    called = exists().where(_calls(), Page.created_at <= before).correlate(Incident, Escalation)
    return or_(called, _line("nobody", TimelineEntry.at <= before))


def _line(kind: str, when: ColumnElement[bool]) -> ColumnElement[bool]:
    wanted = exists().where(TimelineEntry.incident_id == Incident.id, TimelineEntry.kind == kind, when)
    return wanted.correlate(Incident, Escalation)


def _heard() -> ColumnElement[bool]:
    """Somebody was reached, or somebody who works on it said so."""
    answered = exists().where(_calls(), Page.answer.is_not(None)).correlate(Incident, Escalation)
    return or_(_message(Message.state == "sent"), answered, _line("call", TimelineEntry.at >= _since()))


def _message(which: ColumnElement[bool]) -> ColumnElement[bool]:
    topic = literal("incident/").concat(cast(Incident.id, Text))
    wanted = exists().where(Message.topic == topic, Message.created_at >= _since(), which)
    return wanted.correlate(Incident, Escalation)


def _since() -> ScalarSelect[datetime]:
    """When its first call since it was last opened was made; before that, when it was written down."""
    first = select(func.coalesce(func.min(Page.created_at), Incident.created_at)).where(_calls())
    return first.correlate(Incident, Escalation).scalar_subquery()


def _should_leave(meant_to_reach: bool) -> ColumnElement[bool]:
    """Something of it waits or has failed; where this copy is meant to reach people, also what cannot even try."""
    if not meant_to_reach:
        return _message(Message.state.in_(UNSENT))
    by_hand = (
        exists()
        .where(_calls(), Page.message_id.is_(None), Page.person_id == Person.id, Person.is_demo.is_(False))
        .correlate(Incident, Escalation)
    )
    held = and_(Message.state == "held", Message.hold_reason != "demo_not_local")
    nobody = ~exists().where(_calls()).correlate(Incident, Escalation)
    return or_(_message(or_(Message.state.in_(UNSENT), held)), by_hand, nobody)


def is_meant_to_reach() -> bool:
    """Whether this copy is there to reach people at all."""
    return current_app.config["APP_ENV"] == "production" or bool(outbox.carried() & set(GATEWAYS))
