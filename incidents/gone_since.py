"""Somebody was called and is recorded absent since: they are not rung any more, and the next step does not wait.

Whoever else of that call can be reached keeps the step's wait. Looking changes nothing once it has been done.
"""

from __future__ import annotations

import logging
from datetime import datetime

from sqlalchemy import Text, cast, exists, literal, or_, select
from sqlalchemy.orm import Session, aliased

from core import clock
from core.db import db, transaction
from incidents import paging, records
from incidents.answering import as_duty_person
from incidents.models import Escalation, Incident, Page
from notify import outbox
from notify.models import Message
from people import queries as people
from people.models import Absence
from roster import absent

log = logging.getLogger(__name__)
MOST_AT_ONCE = 200


def look(now: datetime) -> int:
    """Let the next step of such incidents follow now; how many."""
    passed = 0
    for incident_id in _suspects(now):
        try:
            passed += pass_over(incident_id, now)
        except Exception:  # one incident's fault must not keep the others
            db.session.rollback()
            log.exception("incident %s: whoever is absent could not be passed over", incident_id)
    return passed


def _suspects(now: datetime) -> list[int]:
    """Open real incidents whose newest call went to somebody whose absence today was noted after it, and where
    something is left to do: a voice message to take back, or nobody else of that call to wait for."""
    today = clock.local_date(now)
    rings = exists().where(
        Message.topic == literal("incident/") + cast(Incident.id, Text),
        Message.person_id == Page.person_id,
        Message.channel == "voice",
        Message.state.in_(outbox.UNSENT),
    )
    other = aliased(Page)
    theirs = aliased(Absence)
    known_away = exists().where(theirs.person_id == other.person_id, theirs.from_on <= today, theirs.to_on >= today)
    waits = exists().where(
        other.incident_id == Incident.id, other.fired == Escalation.fired, ~other.away, other.answer.is_(None),
        other.channel != paging.BY_HAND, ~known_away,
    )  # fmt: skip
    rows = (
        select(Incident.id)
        .join(Escalation, Escalation.incident_id == Incident.id)
        .join(Page, (Page.incident_id == Incident.id) & (Page.fired == Escalation.fired))
        .join(Absence, Absence.person_id == Page.person_id)
        .where(Incident.status == "open", Incident.rehearsal_id.is_(None), Escalation.snoozed_until.is_(None))
        .where(Escalation.next_at > now, Page.purpose == "call", Page.answer.is_(None), ~Page.away)
        .where(Absence.recorded_at >= Page.created_at, Absence.from_on <= today, Absence.to_on >= today)
        .where(or_(rings, ~waits))
        .distinct()
        .limit(MOST_AT_ONCE)
    )
    return list(db.session.scalars(rows))


def pass_over(incident_id: int, now: datetime) -> bool:
    """Whether the next step follows now."""
    with transaction() as session:
        incident = records.exclusively(session, incident_id)
        escalation = incident.escalation
        if incident.status != "open" or escalation.next_at is None or escalation.next_at <= now:
            return False
        pages = _newest(session, incident)
        persons = people.people_by_ids({page.person_id for page in pages}).values()
        marked = absent.named([as_duty_person(person) for person in persons], now)
        away = {person.person_id: person for person in marked if person.away_until is not None}
        for person_id in away:
            outbox.cancel(records.topic(incident.id), now=now, person_id=person_id, channel="voice")
        waits = [page for page in pages if page.person_id not in away and page.answer is None]
        if not away or any(page.channel != paging.BY_HAND for page in waits):
            return False
        first = next(page for page in pages if page.person_id in away)
        records.write(
            session, incident, "away", "worker", now=now, step=first.step, cycle=first.cycle, duty=first.duty,
            rule=first.rule, then="next" if escalation.step > first.step else "again", told=[],
            people=[person.name for person in away.values()],
        )  # fmt: skip
        escalation.next_at = now
        return True


def _newest(session: Session, incident: Incident) -> list[Page]:
    """What was called last, while nothing else has been fired since."""
    called = select(Page).where(Page.incident_id == incident.id, Page.fired == incident.escalation.fired, ~Page.away)
    return list(session.scalars(called.order_by(Page.id)))
