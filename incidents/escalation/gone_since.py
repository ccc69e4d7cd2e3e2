"""Somebody was called, or has taken an incident, and is recorded absent since: nobody waits for them any more.

Of a call: they are not rung, and the next step follows, unless others of that call who can be reached keep the
step's wait. Who has the incident is asked now and not when the time for a sign of life is over, and the steps go on;
who takes it all the same has said so, and is not asked again. Looking changes nothing once it has been done.
"""

from __future__ import annotations

import logging
from datetime import date, datetime
from functools import cache

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Executable,
    Select,
    Text,
    bindparam,
    cast,
    exists,
    literal,
    or_,
    select,
    union,
)
from sqlalchemy.orm import Session, aliased

from core import clock
from core.db import db, transaction
from incidents.escalation.pages import BY_HAND
from incidents.escalation.targets import as_duty_person, marked
from incidents.record import leadership, timeline, transitions
from incidents.record.models import Escalation, Incident, Page, TimelineEntry
from notify import outbox
from notify.models import Message
from people import queries as people
from people.models import Absence, Person, User
from roster.resolver import absent

log = logging.getLogger(__name__)
MOST_AT_ONCE = 200
NOW: BindParameter[datetime] = bindparam("now")
TODAY: BindParameter[date] = bindparam("today")


def look(now: datetime) -> int:
    """Let such incidents go on now; how many."""
    passed = 0
    for incident_id in _suspects(now):
        try:
            passed += pass_over(incident_id, now)
        except Exception:  # one incident's fault must not keep the others
            db.session.rollback()
            log.exception("incident %s: absent people could not be passed over", incident_id)
    return passed


def _suspects(now: datetime) -> list[int]:
    return list(db.session.scalars(_either(), _at(now)))


def _at(now: datetime) -> dict[str, datetime | date]:
    return {"now": now, "today": clock.local_date(now)}


@cache
def _either() -> Executable:
    """Built once: the worker looks every second, and to build it costs more than to run it."""
    return union(_called(), _held()).limit(MOST_AT_ONCE)


def _real() -> list[ColumnElement[bool]]:
    """Not of an exercise, neither due nor put off."""
    return [Incident.rehearsal_id.is_(None), Escalation.snoozed_until.is_(None), Escalation.next_at > NOW]


def _held() -> Select[tuple[int]]:
    """Taken ones whose holder's absence today was noted after they took it, and who gave no sign of life since."""
    return (
        select(Incident.id)
        .join(Escalation, Escalation.incident_id == Incident.id)
        .join(Absence, Absence.person_id == Incident.acknowledged_by_id)
        .join(Person, Person.id == Absence.person_id)
        .outerjoin(User, User.person_id == Person.id)
        .where(Incident.status == "acknowledged", *_real())
        .where(Absence.recorded_at > Incident.acknowledged_at, Absence.from_on <= TODAY, Absence.to_on >= TODAY)
        .where(~_is_heard_of_since())
    )


def _is_heard_of_since() -> ColumnElement[bool]:
    """Whether the holder did something after their absence was noted: they are at work all the same."""
    names = (Incident.acknowledged_by, Person.full_name, User.name)
    is_theirs = or_(TimelineEntry.kind == "alive", TimelineEntry.who.in_(names))
    wrote = exists().where(
        TimelineEntry.incident_id == Incident.id,
        TimelineEntry.kind.in_(timeline.SIGNS_OF_LIFE),
        is_theirs,
        TimelineEntry.at > Absence.recorded_at,
    )
    answered = exists().where(
        Page.incident_id == Incident.id,
        Page.person_id == Incident.acknowledged_by_id,
        Page.answer.in_(leadership.HEARD),
        Page.answered_at > Absence.recorded_at,
    )
    return or_(wrote, answered)


def _called() -> Select[tuple[int]]:
    """Open ones whose newest call went to somebody whose absence today was noted after it, and where something is
    left to do: a voice message to take back, or nobody else of that call to wait for."""
    rings = exists().where(
        Message.topic == literal("incident/") + cast(Incident.id, Text),
        Message.person_id == Page.person_id,
        Message.channel == "voice",
        Message.state.in_(outbox.UNSENT),
    )
    other = aliased(Page)
    theirs = aliased(Absence)
    known_away = exists().where(theirs.person_id == other.person_id, theirs.from_on <= TODAY, theirs.to_on >= TODAY)
    waits = exists().where(
        other.incident_id == Incident.id,
        other.fired == Escalation.fired,
        ~other.away,
        other.answer.is_(None),
        other.channel != BY_HAND,
        ~known_away,
    )
    return (
        select(Incident.id)
        .join(Escalation, Escalation.incident_id == Incident.id)
        .join(Page, (Page.incident_id == Incident.id) & (Page.fired == Escalation.fired))
        .join(Absence, Absence.person_id == Page.person_id)
        .where(Incident.status == "open", *_real(), Page.purpose == "call", Page.answer.is_(None), ~Page.away)
        .where(Absence.recorded_at >= Page.created_at, Absence.from_on <= TODAY, Absence.to_on >= TODAY)
        .where(or_(rings, ~waits))
    )


def pass_over(incident_id: int, now: datetime) -> bool:
    """Whether the incident goes on now: to the next step, or to the question to the holder."""
    with transaction() as session:
        incident = transitions.exclusively(session, incident_id)
        escalation = incident.escalation
        if incident.status == "acknowledged":
            return _ask_holder(session, incident, now)
        if incident.status != "open" or escalation.next_at is None or escalation.next_at <= now:
            return False
        pages = _newest(session, incident)
        persons = people.people_by_ids({page.person_id for page in pages}).values()
        marked = absent.named([as_duty_person(person) for person in persons], now)
        away = {person.person_id: person for person in marked if person.away_until is not None}
        for person_id in away:
            outbox.cancel(transitions.topic(incident.id), now=now, person_id=person_id, channel="voice")
        waits = [page for page in pages if page.person_id not in away and page.answer is None]
        if not away or any(page.channel != BY_HAND for page in waits):
            return False
        first = next(page for page in pages if page.person_id in away)
        timeline.write(
            session,
            incident,
            "away",
            "worker",
            now=now,
            step=first.step,
            cycle=first.cycle,
            duty=first.duty,
            rule=first.rule,
            then="next" if escalation.step > first.step else "again",
            told=[],
            people=[person.name for person in away.values()],
        )
        escalation.next_at = now
        return True


def _ask_holder(session: Session, incident: Incident, now: datetime) -> bool:
    """The question is due now; the escalation puts it, and says why."""
    holder = incident.acknowledged_person
    is_still = session.scalar(_held().where(Incident.id == incident.id), _at(now)) is not None
    if not is_still or holder is None or marked(incident, holder, now).away_until is None:
        return False
    outbox.cancel(transitions.topic(incident.id), now=now, person_id=holder.id, channel="voice")
    incident.escalation.waits_for, incident.escalation.next_at = "alive", now
    return True


def _newest(session: Session, incident: Incident) -> list[Page]:
    """Return what was called last, while nothing else has been fired since."""
    called = select(Page).where(Page.incident_id == incident.id, Page.fired == incident.escalation.fired, ~Page.away)
    return list(session.scalars(called.order_by(Page.id)))
