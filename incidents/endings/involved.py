"""Everybody whom an incident called, assigned or asked, with what is known of them. A few statements, all by the
incident."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session

from incidents.endings.rules import Involved
from incidents.escalation.models import Ask
from incidents.paging.models import HandCall
from incidents.record import transitions
from incidents.record.held import TAKEN
from incidents.record.models import Incident, Page, TimelineEntry
from notify.models import Message

BY_HEAD = "head"
LEADERSHIP = "leadership"


def topic(incident_id: int) -> str:
    """The outbox topic of what is told here: apart from that of calls, which it must never supersede."""
    return f"incident/{incident_id}/over"


def list_involved(session: Session, incident: Incident, *, holder: int | None, now: datetime) -> list[Involved]:
    """``holder``: who had it until this moment."""
    found = _called(session, incident)
    asks = session.scalars(select(Ask).where(Ask.incident_id == incident.id)).all()
    for ask in asks:
        found.setdefault(ask.person_id, Involved(ask.person_id, reached=False))
    for person_id in {*_holders(session, incident), *([holder] if holder is not None else [])}:
        before = found.get(person_id, Involved(person_id))
        found[person_id] = replace(before, reached=True, held=True, holds=person_id == holder)
    if not found:
        return []
    since = incident.clocks_from or incident.created_at
    for ask in asks:
        helps = ask.kind == "more" and ask.state == "accepted" and (ask.answered_at or since) >= since
        mine = found[ask.person_id]
        found[ask.person_id] = replace(
            mine, helps=mine.helps or helps, waited_for=mine.waited_for or ask.state == "open"
        )
    rung, left = _left(session, incident, [ask.id for ask in asks], now), _rung_by_hand(session, incident, now)
    told = _told(session, incident, now)
    return [_with(each, rung.get(each.person_id, (None, None)), left, told) for each in found.values()]


def _with(
    person: Involved,
    messages: tuple[datetime | None, datetime | None],
    by_hand: Mapping[int, datetime],
    told: Mapping[int, tuple[datetime, str]],
) -> Involved:
    """``messages``: when the last call left for them, and the last that rang."""
    left_at, rang_at = messages
    hand = by_hand.get(person.person_id)
    rung_at = max((at for at in (rang_at, hand) if at is not None), default=None)
    called_at = max((at for at in (left_at, hand) if at is not None), default=None)
    told_at, event = told.get(person.person_id, (None, ""))
    is_older = told_at is not None and called_at is not None and called_at > told_at
    heard = called_at is not None or person.answered_at is not None or person.opened_at is not None
    called_again = person.answered_at is not None and called_at is not None and called_at > person.answered_at
    answer = "" if person.answer == "passed" and called_again else person.answer
    return replace(
        person, reached=person.reached or heard, rung_at=rung_at, told="" if is_older else event, answer=answer
    )


def _called(session: Session, incident: Incident) -> dict[int, Involved]:
    """By its pages; without those who were only told because they are absent, and have not answered."""
    mine = Page.incident_id == incident.id
    leads = func.max(case((or_(Page.duty == LEADERSHIP, Page.rule == BY_HEAD), 1), else_=0))
    seen = select(Page.person_id, func.max(Page.answered_at), func.max(Page.opened_at), leads).group_by(Page.person_id)
    rows = session.execute(seen.where(mine, or_(~Page.away, Page.answer.is_not(None))))
    said = select(Page.person_id, Page.answer).where(mine, Page.answered_at.is_not(None))
    answers = dict(session.execute(said.order_by(Page.answered_at, Page.id)).tuples().all())
    return {
        person_id: Involved(
            person_id,
            reached=False,
            answer=answers.get(person_id) or "",
            answered_at=answered_at,
            opened_at=opened_at,
            leads=bool(leading),
        )
        for person_id, answered_at, opened_at, leading in rows
    }


def _holders(session: Session, incident: Incident) -> set[int]:
    """Return whoever has ever taken it."""
    taken = select(TimelineEntry.params).where(TimelineEntry.incident_id == incident.id, TimelineEntry.kind.in_(TAKEN))
    return {params["person_id"] for params in session.scalars(taken) if params.get("person_id") is not None}


def _left(
    session: Session, incident: Incident, ask_ids: list[int], now: datetime
) -> dict[int, tuple[datetime | None, datetime | None]]:
    """Person id → when the last call left for them, and the last that rang. What is being handed over at this moment
    may reach them too."""
    topics = [transitions.topic(incident.id), *(transitions.ask_topic(incident.id, each) for each in (None, *ask_ids))]
    leaving = and_(Message.lease_owner.is_not(None), Message.leased_until > now)
    wanted = (
        select(Message.person_id, Message.channel, func.max(Message.sent_at))
        .where(Message.topic.in_(topics), or_(Message.sent_at.is_not(None), leaving), Message.person_id.is_not(None))
        .group_by(Message.person_id, Message.channel)
    )
    found: dict[Any, tuple[datetime | None, datetime | None]] = {}
    for person_id, channel, sent_at in session.execute(wanted):
        at, (left_at, rang_at) = sent_at or now, found.get(person_id, (None, None))
        rang = at if channel == "voice" and (rang_at is None or at > rang_at) else rang_at
        found[person_id] = at if left_at is None or at > left_at else left_at, rang
    return found


def _rung_by_hand(session: Session, incident: Incident, now: datetime) -> dict[int, datetime]:
    """Person id → when somebody rang them last; who has said that they will and has not yet, rings now."""
    rings = or_(HandCall.done_at.is_not(None), HandCall.claimed_until > now)
    rows = session.execute(
        select(HandCall.person_id, HandCall.done_at).where(HandCall.incident_id == incident.id, rings)
    )
    return {person_id: done_at or now for person_id, done_at in rows}


def _told(session: Session, incident: Incident, now: datetime) -> dict[int, tuple[datetime, str]]:
    """Person id → when they were told how it goes on, and which event, the last time. What is being handed over at this
    moment may reach them too, whatever happens to it here."""
    leaving = and_(Message.lease_owner.is_not(None), Message.leased_until > now)
    sent = select(Message.person_id, Message.sent_at, Message.idempotency_key).where(
        Message.topic == topic(incident.id), or_(Message.sent_at.is_not(None), leaving)
    )
    rows = session.execute(sent.order_by(func.coalesce(Message.sent_at, now), Message.id)).tuples()
    return {person_id: (sent_at or now, event_of(key)) for person_id, sent_at, key in rows if person_id is not None}


def incident_of(about: str) -> int:
    """The id of the incident of a ``topic``."""
    return int(about.split("/")[1])


def event_of(key: str) -> str:
    """The event that a message with this key tells."""
    return key.split("/")[3]
