"""Calling people: a Page each, a secret link bound to it, the words into the outbox. In the caller's transaction."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core import tokens
from incidents import records, words
from incidents.answering import Directory, Meant
from incidents.escalation import Decision, Policy
from incidents.models import Incident, Page
from notify import outbox
from people import queries as people
from people.models import Person
from roster.duty import DutyPerson

LINK_LIVES = timedelta(hours=24)
BY_HAND = "none"
"""Channel of a person without an address: shown as "gọi tay"."""


def call(
    session: Session, incident: Incident, policy: Policy, decision: Decision, directory: Directory,
    *, now: datetime, late: timedelta,
) -> list[Page]:  # fmt: skip
    """Call the people of ``decision``; ``late``: how long after it was due. Writes the timeline."""
    if decision.skipped:
        duties = [policy.steps[index].duty for index in decision.skipped]
        records.write(session, incident, "skipped", "worker", now=now, steps=list(decision.skipped), duties=duties)
    if decision.fired is None:
        return []
    step = policy.steps[decision.fired]
    meant = directory.meant(step)
    rows = people.people_by_ids([person.person_id for person in meant.people])
    pages = [
        _page(session, incident, decision, step.duty, meant, person, rows[person.person_id], now=now, late=late)
        for person in meant.people
    ]
    records.write(
        session, incident, "called" if pages else "nobody", "worker", now=now, step=decision.fired,
        cycle=decision.cycle, duty=step.duty, rule=meant.rule, people=[person.name for person in meant.people],
        by_hand=[person.name for person in meant.people if not person.email], late=round(late.total_seconds()),
    )  # fmt: skip
    return pages


def _page(
    session: Session, incident: Incident, decision: Decision, duty: str | None, meant: Meant, called: DutyPerson,
    person: Person, *, now: datetime, late: timedelta,
) -> Page:  # fmt: skip
    token, channel = tokens.new_token(), "email" if called.email else BY_HAND
    page = Page(
        incident_id=incident.id, fired=incident.escalation.fired, step=decision.fired, cycle=decision.cycle,
        person_id=person.id, duty=duty, rule=meant.rule, channel=channel, created_at=now,
        link_digest=tokens.digest(token), link_expires_at=now + LINK_LIVES,
    )  # fmt: skip
    session.add(page)
    if channel != BY_HAND:
        subject, body = words.mail(incident, page, person, token, meant.desk_phone, now=now, late=late)
        message = outbox.enqueue(
            topic=records.topic(incident.id), key=_key(incident, page), channel=channel, address=called.email,
            recipient=person.full_name, subject=subject, body=body, now=now, urgent=True, local_only=person.is_demo,
        )  # fmt: skip
        session.flush()
        page.message_id = message.id
    return page


def _key(incident: Incident, page: Page) -> str:
    return f"incident/{incident.id}/{page.fired}/{page.step}/{page.cycle}/{page.person_id}/{page.channel}"
