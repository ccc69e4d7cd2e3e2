"""Calling people: a Page for each channel of each, a secret link bound to it, the words of every rung of the person's
ladder into the outbox. In the caller's transaction."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core.security import tokens
from core.storage.faults import is_databases
from incidents.escalation import page_words
from incidents.escalation.lookups import EscalationLookups
from incidents.escalation.page_words import PageText, SameStepCallees
from incidents.escalation.targets import TargetPeople
from incidents.record import transitions
from incidents.record.models import Incident, Page
from notify import outbox, precedence
from notify.models import Message
from people.notification_rules.addressed import addressed
from people.notification_rules.ladders import Rung
from roster.resolver.resolution import DutyPerson

log = logging.getLogger(__name__)
LINK_LIVES = timedelta(hours=24)
BY_HAND = "none"
"""Channel of a person without an address: shown as "gọi tay"."""


@dataclass(frozen=True)
class Calling:
    """What the calls of one moment share."""

    session: Session
    incident: Incident
    step: int
    cycle: int
    now: datetime
    late: timedelta
    duty: str | None = None
    purpose: str = "call"
    ask_id: int | None = None
    topic: str = ""
    """Of the outbox; empty: that of the incident."""
    known: EscalationLookups = field(default_factory=EscalationLookups)
    careful: bool = True
    away: bool = False
    everybody: bool = False
    """Each of them has to answer."""
    beside: SameStepCallees = SameStepCallees()
    """Who else is called: the letter says it."""


def climb(calling: Calling, meant: TargetPeople, called: DutyPerson, ladder: Sequence[Rung]) -> list[Page]:
    """A message for each rung. What is wrong with one person's data leaves the others theirs; that person is shown as
    to be called by hand, and so is who has no way at all. A fault of the database is nobody's: it undoes the whole
    step, which is tried again."""
    if ladder:
        try:
            with calling.session.begin_nested() if calling.careful else nullcontext():
                return _rungs(calling, meant, called, ladder)
        except Exception as fault:
            if is_databases(fault):
                raise
            log.exception("incident %s: calling person %s failed", calling.incident.id, called.person_id)
    page, _token = _page(calling, meant, called, BY_HAND)
    calling.session.add(page)
    return [page]


def _rungs(calling: Calling, meant: TargetPeople, called: DutyPerson, ladder: Sequence[Rung]) -> list[Page]:
    calls: dict[str, tuple[Page, PageText]] = {}
    messages: list[Message] = []
    at_once, rank = False, _rank(calling, called.person_id)
    for place, rung in enumerate(ladder):
        if rung.channel not in calls:
            calls[rung.channel] = _worded(calling, meant, called, rung.channel)
        page, said = calls[rung.channel]
        message = _message(calling, page, said, rung, place=place, rank=rank, at_once=at_once)
        at_once = message.state == "held"  # nothing leaves that way, so the next way does not wait for it
        messages.append(message)
        page.message = page.message or message
    pages = [page for page, _said in calls.values()]
    # Only when nothing of this person's call has failed.
    calling.session.add_all(pages + messages)
    return pages


def _worded(calling: Calling, meant: TargetPeople, called: DutyPerson, channel: str) -> tuple[Page, PageText]:
    """The page of one channel, and what it says there."""
    known, incident = calling.known, calling.incident
    page, token = _page(calling, meant, called, channel)
    return page, page_words.text_for(
        channel,
        incident,
        page,
        known.person(called.person_id),
        context=page_words.PageContext(
            token=token,
            number=known.number(incident.unit_id),
            now=calling.now,
            late=calling.late,
            language=known.language(called.person_id),
            projected=known.projected(incident),
            everybody=calling.everybody,
            beside=calling.beside,
        ),
    )


def _message(
    calling: Calling, page: Page, said: PageText, rung: Rung, *, place: int, rank: int, at_once: bool
) -> Message:
    incident, topic = calling.incident, calling.topic or transitions.topic(calling.incident.id)
    person = calling.known.person(page.person_id)
    return outbox.fresh(
        calling.known.carriers,
        topic=topic,
        key=_key(incident, page, place if page.message is not None else None),
        **addressed(person, rung.channel, rung.address),
        subject=said.subject,
        body=said.body,
        link=said.link,
        facts=said.facts,
        now=calling.now,
        urgent=True,
        ladder=f"{topic}/{page.fired}/{person.id}",
        rung=place,
        rank=rank,
        delay=timedelta(0) if at_once else rung.delay,
    )


def _rank(calling: Calling, person_id: int) -> int:
    """Return what leaves first: an incident of which nobody knows yet, then people who are called for the first
    time."""
    if calling.away:
        return precedence.AGAIN
    before = calling.known.called(calling.incident)
    mine = [each for each in before if (each.purpose, each.ask_id) == (calling.purpose, calling.ask_id)]
    if any(each.person_id == person_id for each in mine):
        return precedence.AGAIN
    return precedence.FIRST if mine or calling.purpose != "call" else precedence.OPENING


def _page(calling: Calling, meant: TargetPeople, called: DutyPerson, channel: str) -> tuple[Page, str]:
    """The page of one channel, and the secret of its link."""
    incident, now, token = calling.incident, calling.now, tokens.new_token()
    page = Page(
        incident_id=incident.id,
        fired=incident.escalation.fired,
        step=calling.step,
        cycle=calling.cycle,
        person_id=called.person_id,
        duty=calling.duty,
        rule=meant.rule,
        channel=channel,
        created_at=now,
        purpose=calling.purpose,
        ask_id=calling.ask_id,
        away=calling.away,
        link_digest=tokens.digest(token),
        link_expires_at=now + LINK_LIVES,
    )
    return page, token


def _key(incident: Incident, page: Page, again: int | None) -> str:
    """``again``: the place of a second address of the same channel (several phones that take web push)."""
    call = f"incident/{incident.id}/{page.fired}/{page.step}/{page.cycle}/{page.person_id}/{page.channel}"
    return call if again is None else f"{call}/{again}"
