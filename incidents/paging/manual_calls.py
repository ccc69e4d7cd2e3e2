"""*Gọi tay*: whom an operator has to ring now, and who is ringing whom. What came of it: ``manual_results``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import ColumnElement, Select, and_, exists, func, select, tuple_
from sqlalchemy.orm import aliased, joinedload

from core.actor import Actor
from core.db import db
from incidents.escalation.models import Ask
from incidents.paging import manual_rules
from incidents.paging.manual_rules import CalledWay, Why
from incidents.paging.models import HandCall
from incidents.record import access, queries as record
from incidents.record.models import Escalation, Incident, Page
from notify import channel_outages as faults, queries as notify
from notify.channel_outages import Faults
from notify.models import Message
from people.access import guard
from people.models import Person

_Rung = aliased(Message)
_Earlier = aliased(Page)

MOST = 100
Key = tuple[int, int]
"""(incident, person)."""
Sent = Mapping[tuple[str, str], Sequence[Message]]
"""(ladder, channel) → the messages that were made for it: one for each address."""


@dataclass(frozen=True)
class IncidentToRing:
    """One person to ring about one incident. ``purpose``: of the call (``Page``). ``ringing``: the name of whoever
    does it now; ``again_at``: the line was busy, or they asked for later (``asked_later``). ``shut``: channel → since
    when it carries nothing, of those by which this person was called; ``for_show``: they were not to be reached (people
    of the demo).
    """

    incident: Incident
    person: Person
    duty: str | None
    purpose: str
    why: Why
    since: datetime
    ringing: str
    mine: bool
    again_at: datetime | None
    asked_later: bool
    shut: Mapping[str, datetime]
    for_show: bool

    @property
    def key(self) -> Key:
        return self.incident.id, self.person.id


@dataclass(frozen=True)
class PersonToRing:
    """One person to ring, with all that it is about, the worst first."""

    person: Person
    lines: tuple[IncidentToRing, ...]

    @property
    def codes(self) -> list[str]:
        return [line.incident.code for line in self.lines]

    @property
    def ringing(self) -> str:
        """Anybody who rings them about any of it: they hear all of it then."""
        return next((line.ringing for line in self.lines if line.ringing), "")

    @property
    def mine(self) -> bool:
        return any(line.mine for line in self.lines)

    @property
    def since(self) -> datetime:
        return min(line.since for line in self.lines)

    @property
    def again_at(self) -> datetime | None:
        """``None`` as soon as there is something that they have not been rung about."""
        moments = [line.again_at for line in self.lines]
        return None if None in moments else min(at for at in moments if at is not None)

    @property
    def asked_later(self) -> bool:
        """They picked up and named a time, rather than that the line was busy."""
        return any(line.asked_later for line in self.lines)

    @property
    def worst(self) -> int:
        return min(line.incident.severity for line in self.lines)


def to_ring(actor: Actor, *, now: datetime) -> list[PersonToRing]:
    """Everybody whom ``actor`` may ring, but nobody rings themselves: the worst and the longest waiting first, those
    to be rung later at the end."""
    return callees(line for line in waiting(actor, now=now) if line.person.id != actor.person_id)


def callees(lines: Iterable[IncidentToRing]) -> list[PersonToRing]:
    """The same lines, person by person."""
    of_each: dict[int, list[IncidentToRing]] = defaultdict(list)
    for line in lines:
        of_each[line.person.id].append(line)
    found = [PersonToRing(own[0].person, tuple(own)) for own in of_each.values()]
    return sorted(found, key=lambda each: (each.again_at is not None, each.worst, each.since, each.person.id))


def waiting(actor: Actor, *, now: datetime, units: Collection[int] | None = None) -> list[IncidentToRing]:
    """Calls without an answer that reached nobody, in ``units`` (``None``: as far as ``actor`` may ring for them); also
    those to ``actor``."""
    if db.session.scalar(_anybody()) is None:
        return []
    within = guard.reach(actor, "incident.dispatch", now=now) if units is None else units
    calls: dict[Key, list[Page]] = defaultdict(list)
    for page in db.session.scalars(_unanswered(actor, within, now).limit(MOST * 10)):
        calls[page.incident_id, page.person_id].append(page)
    if not calls:
        return []
    made = [page for pages in calls.values() for page in pages]
    known = _RingLookups(_incidents(calls), _claims(calls), _sent(made), _first(calls), faults.current(), actor, now)
    lines = [_line(key, pages, known) for key, pages in calls.items()]
    found = [line for line in lines if line is not None]
    found.sort(key=lambda line: (line.again_at is not None, line.incident.severity, line.since, line.key))
    return found[:MOST]


def _unanswered(actor: Actor, units: Collection[int] | None, now: datetime) -> Select[tuple[Page]]:
    """Return those of ``_all_unanswered`` in ``units`` that ``actor`` may see."""
    wanted = _all_unanswered().where(access.visible_to(actor, now=now))
    return wanted if units is None else wanted.where(Incident.unit_id.in_(units))


@cache
def _anybody() -> Select[tuple[int]]:
    """A row when there is anybody to ring at all: on most nights nobody has to be asked what they may see of it."""
    return _all_unanswered().with_only_columns(Page.id).order_by(None).limit(1)


@cache
def _all_unanswered() -> Select[tuple[Page]]:
    """Calls of the newest round of each person, of which nothing has left, without an answer: about incidents that
    nobody has taken, and those that put a question which is still open (a hand-over is one: without an answer nothing
    is handed over). Built once: every page of those who may ring asks for it."""
    round_of = aliased(Page)
    newest = (
        select(func.max(round_of.fired))
        .where(round_of.incident_id == Page.incident_id, round_of.person_id == Page.person_id)
        .correlate(Page)
        .scalar_subquery()
    )
    return (
        select(Page)
        .join(Incident, Incident.id == Page.incident_id)
        .outerjoin(Message, Message.id == Page.message_id)
        .options(joinedload(Page.message), joinedload(Page.person).selectinload(Person.contacts))
        .where(
            Page.answer.is_(None),
            ~Page.away,
            Page.fired == newest,
            (Incident.status == "open") | Page.ask_id.in_(select(Ask.id).where(Ask.state == "open")),
            ~_has_left(),
        )
        .order_by(Incident.severity, record.kt1_first(), Page.id)
    )


def _has_left() -> ColumnElement[bool]:
    """Something of the call whose first message is ``Message`` was taken by a provider, who did not report otherwise.

    Asked where the rows are: while all is well nothing of a storm of calls needs to be read.
    """
    gone = and_(_Rung.state == "sent", _Rung.reported != "undelivered")
    return exists().where(_Rung.ladder == Message.ladder, _Rung.ladder != "", gone).correlate(Message)


def _first(keys: Collection[Key]) -> dict[Key, datetime]:
    """When each was first called of the calls that did not leave: since the last that did, or since it was opened."""
    left = (
        select(func.max(_Earlier.fired))
        .join(Message, Message.id == _Earlier.message_id)
        .where(_Earlier.incident_id == Page.incident_id, _Earlier.person_id == Page.person_id, _has_left())
        .correlate(Page)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(Page.incident_id, Page.person_id, func.min(Page.created_at))
        .join(Escalation, Escalation.incident_id == Page.incident_id)
        .where(tuple_(Page.incident_id, Page.person_id).in_(list(keys)), Page.answer.is_(None))
        .where(Page.cycle >= Escalation.since, Page.fired > func.coalesce(left, -1))
        .group_by(Page.incident_id, Page.person_id)
    )
    return {(incident_id, person_id): at for incident_id, person_id, at in rows}


def _sent(pages: Sequence[Page]) -> Sent:
    found: dict[tuple[str, str], list[Message]] = defaultdict(list)
    for message in notify.messages_of_ladders({page.message.ladder for page in pages if page.message is not None}):
        found[message.ladder, message.channel].append(message)
    return found


def _incidents(keys: Collection[Key]) -> dict[int, Incident]:
    wanted = select(Incident).where(Incident.id.in_({incident_id for incident_id, _person in keys}))
    return {each.id: each for each in db.session.scalars(wanted.options(joinedload(Incident.unit)))}


def _claims(keys: Collection[Key]) -> dict[Key, HandCall]:
    incident_ids = {incident_id for incident_id, _person in keys}
    rows = db.session.scalars(select(HandCall).where(HandCall.incident_id.in_(incident_ids)))
    return {(row.incident_id, row.person_id): row for row in rows}


@dataclass(frozen=True)
class _RingLookups:
    """What was looked up for all lines together."""

    incidents: Mapping[int, Incident]
    claims: Mapping[Key, HandCall]
    sent: Sent
    first: Mapping[Key, datetime]
    faults: Faults
    actor: Actor
    now: datetime


def _messages(pages: Sequence[Page], sent: Sent) -> list[Message]:
    called = [page.message for page in pages if page.message is not None]
    return [each for first in called for each in sent.get((first.ladder, first.channel)) or [first]]


def _line(key: Key, pages: Sequence[Page], known: _RingLookups) -> IncidentToRing | None:
    first, messages = pages[0], _messages(pages, known.sent)
    since = known.first.get(key, first.created_at)
    ways = [CalledWay(_state(each), known.faults.blocks(each) or each.deaths_alone > 0) for each in messages]
    reason = manual_rules.why(ways, since, known.now)
    if reason is None:
        return None
    claim = known.claims.get(key)
    ringing = claim is not None and claim.claimed_until > known.now
    again_at = claim.again_at if claim and claim.again_at and claim.again_at > known.now and not ringing else None
    shut = {each.channel: known.faults.shut_since(each.channel) for each in messages if known.faults.blocks(each)}
    return IncidentToRing(
        incident=known.incidents[first.incident_id],
        person=first.person,
        duty=first.duty,
        purpose=first.purpose,
        why=reason,
        since=since,
        ringing=claim.by_name if claim and ringing else "",
        mine=bool(claim and ringing and claim.by_ref == known.actor.ref),
        again_at=again_at,
        asked_later=bool(claim and again_at and claim.outcome == "later"),
        shut={channel: at for channel, at in shut.items() if at is not None},
        for_show=first.person.is_demo and all(each.hold_reason == "demo_not_local" for each in messages),
    )


def _state(message: Message) -> str:
    """What the provider took and could not deliver has failed."""
    return "failed_permanent" if message.state == "sent" and message.reported == "undelivered" else message.state
