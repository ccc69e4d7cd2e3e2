"""Whoever was called hears how it goes on without them: rows of the outbox, in the transaction of what happened.

A topic of their own: a quiet message in the topic of a call would supersede the call. Each event takes back what has
not left of the one before, so that a person has at most one such message about an incident on its way.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from flask_babel import force_locale
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from core import i18n
from core.storage.faults import is_databases
from incidents.endings import involved as people_of, morning_hour, rules, ways, words
from incidents.endings.involved import topic
from incidents.endings.rules import Event, Involved, When
from incidents.record.models import Incident
from notify import outbox, precedence
from notify.gateways import services as gateways
from notify.last_look.services import JUDGED
from notify.models import IS_ENDING, Message
from people.models import Person, User
from people.notification_rules import ladders
from people.notification_rules.addressed import addressed
from people.notification_rules.rules import Rung

log = logging.getLogger(__name__)


def taken(
    session: Session, incident: Incident, *, before: int | None, by: Collection[int | None], now: datetime
) -> None:
    """Somebody has it now; ``before``: whoever had it until then. ``by``: who took it, and who wrote it down."""
    _tell(session, incident, "taken", before=before, by=by, now=now)


def over(session: Session, incident: Incident, *, off: bool, by: Collection[int | None], now: datetime) -> None:
    """It is over; ``off``: without having been dealt with as what it was called for."""
    event: Event = "called_off" if off else "done"
    _tell(session, incident, event, before=incident.acknowledged_by_id, by=by, now=now)


def reopened(session: Session, incident: Incident, *, by: Collection[int | None], now: datetime) -> None:
    """Nobody has it again, and it is called."""
    _tell(session, incident, "reopened", before=None, by=by, now=now)


def asked_no_more(session: Session, incident: Incident, person_ids: Collection[int | None], *, now: datetime) -> None:
    """A question to these people has lost its sense, although the incident goes on."""
    if person_ids and incident.escalation.policy.tells_end:
        session.flush()
        known = _known(session, incident, holder=incident.acknowledged_by_id, now=now)
        asked = [each for each in known if each.person_id in person_ids and not each.holds]
        _safely(session, incident, "asked_no_more", asked, by=(), now=now)


def _tell(
    session: Session, incident: Incident, event: Event, *, before: int | None, by: Collection[int | None], now: datetime
) -> None:
    session.flush()
    # Before it is withdrawn: what is on its way at this moment is as good as told.
    known = _known(session, incident, holder=before, now=now) if incident.escalation.policy.tells_end else []
    outbox.withdraw(topic(incident.id), now=now)
    _safely(session, incident, event, known, by=by, now=now)


def _known(session: Session, incident: Incident, *, holder: int | None, now: datetime) -> list[Involved]:
    """Nobody where that cannot be found out: whoever takes it has it all the same."""
    try:
        with session.begin_nested():
            return people_of.list_involved(session, incident, holder=holder, now=now)
    except Exception as fault:
        if is_databases(fault):
            raise
        log.exception("incident %s: nobody knows whom it called", incident.id)
        return []


def _safely(
    session: Session,
    incident: Incident,
    event: Event,
    known: list[Involved],
    *,
    by: Collection[int | None],
    now: datetime,
) -> None:
    """Whoever takes it has it, whatever is wrong with the words for the others. A fault of the database undoes all."""
    try:
        told = rules.decide(event, known, level=incident.severity, by=by, now=now)
        if told:
            with session.begin_nested():
                _write(session, incident, event, told, now=now)
    except Exception as fault:
        if is_databases(fault):
            raise
        log.exception("incident %s: nobody could be told that it is %s", incident.id, event)


def _write(session: Session, incident: Incident, event: Event, told: Mapping[int, When], *, now: datetime) -> None:
    chosen = _ways(told)
    if not chosen:
        return
    persons = {each.id: each for each in session.scalars(select(Person).where(Person.id.in_(chosen), Person.active))}
    languages, carriers, rows = _languages(session, persons), outbox.Carriers(), []
    last, morning = _told_at(session, persons, now), morning_hour.next_morning(now)
    for person_id, person in sorted(persons.items()):
        row = _row(
            carriers, incident, event, person, rung=chosen[person_id], language=languages.get(person_id, "vi"), now=now
        )
        if row["state"] == "held":  # nothing carries it: to be let go days later it would be no news
            continue
        due = rules.due_at(told[person_id], told_at=last.get(person_id), morning=morning, now=now)
        ahead = rules.UNTIL_MORNING if told[person_id] == "morning" else rules.APART.total_seconds() + 60
        rows.append(row | {"next_at": due, "delay_seconds": round(ahead)})
    outbox.add(rows)


def _ways(told: Mapping[int, When]) -> dict[int, Rung]:
    """By which way each is told; without those who have none."""
    texts = outbox.has_gateway("sms") and not gateways.only_templates()
    found: dict[int, Rung] = {}
    for person_id, ladder in ladders.ladders_of(list(told)).items():
        way = ways.in_the_morning if told[person_id] == "morning" else ways.at_once
        rung = way(ladder, texts=texts)
        if rung is not None:
            found[person_id] = rung
    return found


def _row(
    carriers: outbox.Carriers,
    incident: Incident,
    event: Event,
    person: Person,
    *,
    rung: Rung,
    language: str,
    now: datetime,
) -> dict[str, Any]:
    with force_locale(language):
        subject, (whole, brief) = words.subject(incident, event, now, now), words.phrase(incident, event, now, now)
        body = words.body(rung.channel, [(words.named(incident), whole, brief)], nobody_waits=False)
    return outbox.composed(
        carriers,
        topic=topic(incident.id),
        key=f"incident/{incident.id}/over/{event}/{incident.version}/{person.id}",
        **addressed(person, rung.channel, rung.address),
        subject=subject,
        body=body,
        now=now,
        facts={JUDGED: "ending", "event": event, "language": language},
        rank=precedence.ENDING,
    )


def _told_at(session: Session, person_ids: Collection[int], now: datetime) -> dict[int, datetime]:
    """Person id → when they had the last message of this kind, of those that went a little while ago."""
    sent = select(Message.person_id, func.max(Message.sent_at)).where(
        text(IS_ENDING), Message.person_id.in_(person_ids), Message.sent_at > now - rules.APART
    )
    return dict(session.execute(sent.group_by(Message.person_id)).tuples().all())  # type: ignore[arg-type]


def _languages(session: Session, person_ids: Collection[int]) -> dict[int, str]:
    chosen = session.execute(select(User.person_id, User.locale).where(User.person_id.in_(person_ids))).tuples()
    return {each: locale for each, locale in chosen if each is not None and locale in i18n.LOCALES}
