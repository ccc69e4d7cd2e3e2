"""*Gọi tay*: whom an operator has to ring now, who is ringing whom, and what came of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn

from sqlalchemy import Select, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased, joinedload

from core import i18n
from core.actor import Actor
from core.db import db, is_sqlite, transaction
from core.errors import Conflict
from incidents import by_hand, moving, rights, services
from incidents.by_hand import Way, Why
from incidents.models import Incident, Page
from incidents.models_asks import Ask
from incidents.models_calls import HandCall
from incidents.services import Outcome
from notify import queries as notify
from notify.models import Message
from people import guard
from people.models import Person

MOST = 100


@dataclass(frozen=True)
class Line:
    """One person to ring. ``purpose``: of the call (``Page``). ``ringing``: the name of whoever does it now;
    ``again_at``: the line was busy."""

    incident: Incident
    person: Person
    duty: str | None
    purpose: str
    why: Why
    since: datetime
    ringing: str
    mine: bool
    again_at: datetime | None

    @property
    def key(self) -> tuple[int, int]:
        return self.incident.id, self.person.id


def waiting(actor: Actor, *, now: datetime) -> list[Line]:
    """Everybody whom ``actor`` may ring for: the worst and the longest waiting first, busy lines at the end."""
    calls: dict[tuple[int, int], list[Page]] = defaultdict(list)
    for page in db.session.scalars(_unanswered(actor, now).limit(MOST * 10)):
        calls[page.incident_id, page.person_id].append(page)
    claims = _claims({incident_id for incident_id, _person in calls})
    sent = _sent([page for pages in calls.values() for page in pages])
    lines = [_line(pages, sent, claims.get(key), actor, now) for key, pages in calls.items()]
    found = [line for line in lines if line is not None]
    found.sort(key=lambda line: (line.again_at is not None, line.incident.severity, line.since, line.key))
    return found[:MOST]


def _unanswered(actor: Actor, now: datetime) -> Select[tuple[Page]]:
    """Calls of the newest round of each person, without an answer: about incidents that nobody has taken, and those
    that put a question which is still open (a hand-over is one: without an answer nothing is handed over)."""
    round_of = aliased(Page)
    newest = (
        select(func.max(round_of.fired))
        .where(round_of.incident_id == Page.incident_id, round_of.person_id == Page.person_id)
        .correlate(Page)
        .scalar_subquery()
    )
    wanted = (
        select(Page)
        .join(Incident, Incident.id == Page.incident_id)
        .options(joinedload(Page.message), joinedload(Page.person).selectinload(Person.contacts))
        .where(
            Page.answer.is_(None),
            ~Page.away,
            Page.fired == newest,
            rights.visible_to(actor, now=now),
            (Incident.status == "open") | Page.ask_id.in_(select(Ask.id).where(Ask.state == "open")),
        )
        .order_by(Incident.severity, Page.id)
    )
    units = guard.reach(actor, "incident.dispatch", now=now)
    return wanted if units is None else wanted.where(Incident.unit_id.in_(units))


def _sent(pages: Sequence[Page]) -> dict[tuple[str, str], list[Message]]:
    """(ladder, channel) → the messages that were made for it: one for each address."""
    found: dict[tuple[str, str], list[Message]] = defaultdict(list)
    for message in notify.of_ladders({page.message.ladder for page in pages if page.message is not None}):
        found[message.ladder, message.channel].append(message)
    return found


def _ways(page: Page, sent: Mapping[tuple[str, str], list[Message]]) -> list[Way]:
    if page.message is None:
        return [Way("", False, page.created_at, page.created_at)]
    messages = sent.get((page.message.ladder, page.message.channel)) or [page.message]
    return [
        Way(_state(each), bool(each.attempts or each.waits_for), page.created_at, each.next_at) for each in messages
    ]


def _state(message: Message) -> str:
    """What the provider took and could not deliver has failed."""
    return "failed_permanent" if message.state == "sent" and message.reported == "undelivered" else message.state


def _claims(incident_ids: set[int]) -> dict[tuple[int, int], HandCall]:
    rows = db.session.scalars(select(HandCall).where(HandCall.incident_id.in_(incident_ids)))
    return {(row.incident_id, row.person_id): row for row in rows}


def _line(
    pages: list[Page], sent: Mapping[tuple[str, str], list[Message]], claim: HandCall | None, actor: Actor,
    now: datetime,
) -> Line | None:  # fmt: skip
    reason, first = by_hand.why([way for page in pages for way in _ways(page, sent)], now), pages[0]
    if reason is None:
        return None
    ringing = claim is not None and claim.claimed_until > now
    again_at = claim.again_at if claim and claim.again_at and claim.again_at > now and not ringing else None
    return Line(
        incident=db.session.get_one(Incident, first.incident_id, options=[joinedload(Incident.unit)]),
        person=first.person, duty=first.duty, purpose=first.purpose, why=reason, since=first.created_at,
        ringing=claim.by_name if claim and ringing else "", mine=bool(claim and ringing and claim.by_ref == actor.ref),
        again_at=again_at,
    )  # fmt: skip


def ring(incident: Incident, person_id: int, *, actor: Actor, now: datetime) -> None:
    """``actor`` rings that person now; for three minutes the others leave it to them.

    Raises ``Conflict("call.ringing")`` with who does it already, ``Forbidden``.
    """
    with transaction() as session:
        rights.ensure_visible(actor, incident, now=now)
        rights.ensure_dispatch(actor, incident, now=now)
        mine = {
            "incident_id": incident.id, "person_id": person_id, "by_ref": actor.ref, "by_name": actor.name,
            "claimed_until": now + by_hand.CLAIM, "again_at": None,
        }  # fmt: skip
        insert = sqlite.insert if is_sqlite() else postgresql.insert
        taken = session.scalar(
            insert(HandCall)
            .values(mine)
            .on_conflict_do_update(
                index_elements=["incident_id", "person_id"], set_=mine,
                where=or_(HandCall.claimed_until <= now, HandCall.by_ref == actor.ref),
            )
            .returning(HandCall.person_id)
        )  # fmt: skip
        if taken is None:
            _refuse(session.get_one(HandCall, (incident.id, person_id), populate_existing=True))


def _refuse(claim: HandCall) -> NoReturn:
    raise Conflict(
        "call.ringing", state={"by": claim.by_name, "until": claim.claimed_until},
        by=claim.by_name, until=i18n.t(claim.claimed_until),
    )  # fmt: skip


def leave(incident: Incident, person_id: int, *, actor: Actor, now: datetime) -> None:
    """``actor`` does not ring after all: somebody else may."""
    with transaction() as session:
        rights.ensure_visible(actor, incident, now=now)
        rights.ensure_dispatch(actor, incident, now=now)
        row = session.get(HandCall, (incident.id, person_id))
        if row is not None and row.by_ref == actor.ref:
            row.claimed_until = now


def result(incident: Incident, person_id: int, outcome: Outcome, *, actor: Actor, now: datetime) -> Incident:
    """What came of ringing them, into the timeline (``services.log_call``). Whoever was asked something and says yes
    has answered that.

    Somebody else who is ringing at this moment says it themselves, unless the call was taken: then it is what counts.
    """
    with transaction() as session:
        row = session.get(HandCall, (incident.id, person_id), with_for_update=True)
        if row is not None and row.claimed_until > now and row.by_ref != actor.ref and outcome != "taken":
            _refuse(row)
        ask = _asked(incident.id, person_id) if outcome == "taken" else None
        if ask is not None:
            done = moving.answer(incident.id, ask.id, accept=True, actor=actor, now=now, by_phone=True)
        else:
            done = services.log_call(incident.id, person_id=person_id, outcome=outcome, actor=actor, now=now)
        if outcome == "busy":
            again = {"by_ref": actor.ref, "by_name": actor.name, "claimed_until": now, "again_at": now + by_hand.BUSY}
            session.merge(HandCall(incident_id=incident.id, person_id=person_id, **again))
        elif row is not None:
            session.delete(row)
        return done


def _asked(incident_id: int, person_id: int) -> Ask | None:
    """The open question that the person was called about last; none when it was to take what nobody has."""
    asked = (
        select(Page.ask_id)
        .where(Page.incident_id == incident_id, Page.person_id == person_id)
        .order_by(Page.id.desc())
        .limit(1)
    )
    return db.session.scalar(select(Ask).where(Ask.id == asked.scalar_subquery(), Ask.state == "open"))
