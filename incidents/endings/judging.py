"""The last look before such a message leaves: what has become untrue is not said, and what is said is true now."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import force_locale
from sqlalchemy import exists, func, select
from sqlalchemy.orm import joinedload

from core.db import db
from incidents.endings import involved, words
from incidents.escalation.models import Ask
from incidents.record import states
from incidents.record.models import Incident, Page
from notify.last_look.services import LastLook
from notify.models import Message

NOTHING = LastLook("", "", {})
ASKED_WITHIN = timedelta(hours=24)
"""As long as the link of a call lives."""


@dataclass(frozen=True)
class HoldingMessages:
    """What of some messages to one person still holds: message id → (subject, code, phrase, shorter phrase)."""

    said: dict[int, tuple[str, str, str, str]]
    nobody_waits: bool

    @property
    def lines(self) -> list[tuple[str, str, str]]:
        return [(code, whole, brief) for _subject, code, whole, brief in self.said.values()]


def judge(channel: str, messages: Sequence[Message], now: datetime) -> LastLook:
    """One message of what still holds of ``messages``."""
    language = str(messages[0].facts.get("language") or "vi") if messages else "vi"
    with force_locale(language):
        standing = standing_of(messages, now)
        if not standing.said:
            return NOTHING
        subjects = {each: told[0] for each, told in standing.said.items()}
        body = words.body(channel, standing.lines, nobody_waits=standing.nobody_waits)
        return LastLook(words.subject_of(list(subjects.values())), body, subjects)


def standing_of(messages: Sequence[Message], now: datetime) -> HoldingMessages:
    """Return it in the present language; all of them are one person's."""
    if not messages:
        return HoldingMessages({}, nobody_waits=False)
    person_id = messages[0].person_id
    ids = {involved.incident_of(each.topic) for each in messages}
    fresh = select(Incident).where(Incident.id.in_(ids)).options(joinedload(Incident.joined_to))
    incidents = {each.id: each for each in db.session.scalars(fresh.execution_options(populate_existing=True))}
    asked_at, told_last = _asked_at(person_id, now), _told_last(person_id, ids)
    said: dict[int, tuple[str, str, str, str]] = {}
    for each in sorted(messages, key=lambda message: message.id):
        incident_id, event = involved.incident_of(each.topic), str(each.facts["event"])
        incident = incidents.get(incident_id)
        if incident is None or not _holds(incident, event) or _is_asked_since(asked_at, event, each.created_at):
            continue
        subject = words.subject(incident, event, each.created_at, now)
        if subject != told_last.get(incident_id, ""):
            whole, brief = words.phrase(incident, event, each.created_at, now)
            said[each.id] = subject, words.named(incident), whole, brief
    about = [incidents[involved.incident_of(each.topic)] for each in messages if each.id in said]
    return HoldingMessages(said, nobody_waits=asked_at is None and not _anybody_waits(about))


def _holds(incident: Incident, event: str) -> bool:
    if event == "asked_no_more":
        return True
    return (incident.status == "open") == (event == "reopened")


def _is_asked_since(asked_at: datetime | None, event: str, told_at: datetime) -> bool:
    """Whatever opens again may call them in the same moment."""
    return asked_at is not None and (asked_at > told_at or (event == "reopened" and asked_at == told_at))


def _asked_at(person_id: int | None, now: datetime) -> datetime | None:
    """When something was last asked of them that still waits for their answer, about whatever incident; what waits is
    asked again and again."""
    lately = Page.person_id == person_id, Page.created_at > now - ASKED_WITHIN
    calls = (
        select(func.max(Page.created_at))
        .join(Incident, Incident.id == Page.incident_id)
        .where(*lately, Page.purpose == "call", Page.answer.is_(None), ~Page.away)
        .where(Incident.status == "open")
    )
    asks = select(func.max(Page.created_at)).join(Ask, Ask.id == Page.ask_id)
    asks = asks.where(*lately, Ask.state == "open")
    found = db.session.execute(select(calls.scalar_subquery(), asks.scalar_subquery())).one()
    return max((at for at in found if at is not None), default=None)


def _anybody_waits(incidents: Collection[Incident]) -> bool:
    """Whether somebody is still called or asked about one of them, or about what it was joined to; the holder is not
    asked whether it is anybody else's."""
    about = [each.joined_to or each for each in incidents]
    if any(each.status == "open" for each in about):
        return True
    holders = {each.acknowledged_by_id for each in about}
    running = [each.id for each in about if each.status in states.UNFINISHED]
    others = Ask.person_id.not_in([each for each in holders if each is not None])
    return bool(db.session.scalar(select(exists().where(Ask.incident_id.in_(running), Ask.state == "open", others))))


def _told_last(person_id: int | None, incident_ids: Collection[int]) -> dict[int, str]:
    """Incident id → the subject under which this person was told about it before, if no call came between."""
    calls = select(Page.incident_id, func.max(Page.created_at)).where(
        Page.incident_id.in_(incident_ids), Page.person_id == person_id
    )
    called_at = dict(db.session.execute(calls.group_by(Page.incident_id)).tuples().all())
    told = select(Message.topic, Message.subject, Message.sent_at).where(
        Message.topic.in_([involved.topic(each) for each in incident_ids]),
        Message.person_id == person_id,
        Message.sent_at.is_not(None),
    )
    found: dict[int, str] = {}
    for topic, subject, sent_at in db.session.execute(told.order_by(Message.sent_at, Message.id)).tuples():
        incident_id = involved.incident_of(topic)
        called = called_at.get(incident_id)
        if called is None or (sent_at is not None and sent_at > called):
            found[incident_id] = subject
    return found
