"""Reading what came in: what waits at the desk and who it may be; what was understood lately."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, func, or_, select, true
from sqlalchemy.orm import joinedload

from core.actor import Actor
from core.db import db
from core.errors import Conflict, Forbidden, NotFound
from duty.inbound_messages import matching
from duty.inbound_messages.matching import Owners
from duty.inbound_messages.models import OPEN, Reply
from duty.pending_actions import registry as pending_actions
from duty.pending_actions.registry import PendingAction
from people import queries as people
from people.access import guard
from people.models import ContactMethod, Person

SHOWN = 50
LATELY = timedelta(days=2)
"""So long what was understood is shown: whoever is asked about it looks here."""
NOBODY = Owners((), False)


@dataclass(frozen=True)
class InboundLine:
    """``maybe``: who it may be and what waits for their answer, of those whom the reader may answer for."""

    reply: Reply
    maybe: Sequence[tuple[Person, Sequence[PendingAction]]]


@dataclass(frozen=True)
class NotingReach:
    """Units (ids) for whose people the reader may note what they say; None: all. ``strangers``: also what is from
    nobody known, which only those read who answer for the whole enterprise."""

    units: Collection[int] | None
    strangers: bool

    def sees(self, owners: Owners) -> bool:
        if not owners.people:
            return self.strangers
        return any(self.answers_for(each) for each in owners.people)

    def condition(self) -> ColumnElement[bool]:
        """Return what ``sees`` says, as a condition on ``Reply``."""
        if self.units is None:
            return true()
        theirs = _is_known(Person.unit_id.in_(self.units))
        return or_(theirs, ~_is_known()) if self.strangers else theirs

    def answers_for(self, person: Person) -> bool:
        return self.units is None or person.unit_id in self.units


def _is_known(*which: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return the condition on ``Reply`` that its number is that of somebody who works here, and meets ``which``."""
    found = exists().where(
        ContactMethod.channel == "phone",
        ContactMethod.address == Reply.number,
        Person.id == ContactMethod.person_id,
        Person.active,
        *which,
    )
    return found


def reach_of(actor: Actor, *, now: datetime) -> NotingReach:
    units = guard.reach(actor, "duty.confirm", now=now)
    tops = [unit.id for depth, unit in people.unit_tree() if depth == 0]
    return NotingReach(units, units is None or any(each in units for each in tops))


def waiting(actor: Actor, *, chosen: tuple[int, Person] | None = None, now: datetime) -> list[InboundLine]:
    """Return what waits at the desk, at most ``SHOWN``: what comes from numbers of people first, the newest first;
    ``chosen``: (reply id, whom the reader takes for its sender)."""
    reach = reach_of(actor, now=now)
    open_ones = select(Reply).where(Reply.state.in_(OPEN), reach.condition())
    rows = db.session.scalars(open_ones.order_by(_is_known().desc(), Reply.id.desc()).limit(SHOWN)).all()
    owners = matching.owners_of({each.number for each in rows})
    asked: dict[int, list[PendingAction]] = {}
    lines = []
    for reply in rows:
        persons = list(owners.get(reply.number, NOBODY).people)
        if chosen is not None and chosen[0] == reply.id and chosen[1] not in persons:
            persons.append(chosen[1])
        mine = [each for each in persons if reach.answers_for(each)]
        for each in mine:
            if each.id not in asked:
                asked[each.id] = [ask for ask in pending_actions.waiting_for(each, now=now) if not ask.restricted]
        lines.append(InboundLine(reply, [(each, asked[each.id]) for each in mine]))
    return lines


def counted(actor: Actor, *, now: datetime) -> int:
    """How many wait at the desk that the reader sees."""
    if db.session.scalar(select(Reply.id).where(Reply.state.in_(OPEN)).limit(1)) is None:
        return 0
    condition = reach_of(actor, now=now).condition()
    return db.session.scalar(select(func.count()).select_from(Reply).where(Reply.state.in_(OPEN), condition)) or 0


def understood(actor: Actor, *, now: datetime) -> list[Reply]:
    """Return what was answered, asked back or settled lately, of people whom the reader may answer for; the newest
    first."""
    reach = reach_of(actor, now=now)
    done = (
        select(Reply)
        .options(joinedload(Reply.person))
        .where(Reply.state.in_(("answered", "asked", "refused", "settled")), Reply.came_at > now - LATELY)
    )
    if reach.units is not None:
        theirs = Reply.person_id.in_(select(Person.id).where(Person.unit_id.in_(reach.units)))
        done = done.where(or_(theirs, Reply.person_id.is_(None)) if reach.strangers else theirs)
    return list(db.session.scalars(done.order_by(Reply.id.desc()).limit(SHOWN)).all())


def ignored(actor: Actor, *, now: datetime) -> int:
    """How many came from no telephone within the last days; 0 for whoever does not read what strangers write."""
    if not reach_of(actor, now=now).strangers:
        return 0
    lately = select(func.count()).where(Reply.state == "ignored", Reply.came_at > now - LATELY)
    return db.session.scalar(lately) or 0


def open_one(reply_id: int, actor: Actor, *, now: datetime) -> Reply:
    """Raises NotFound ``reply.unknown``; Forbidden; Conflict ``reply.settled`` when it waits no more."""
    reply = db.session.get(Reply, reply_id, populate_existing=True)
    if reply is None:
        raise NotFound("reply.unknown")
    if not reach_of(actor, now=now).sees(matching.owners(reply.number)):
        raise Forbidden("forbidden", state={"action": "duty.confirm"})
    if reply.state not in OPEN:
        raise Conflict("reply.settled", state={"state": reply.state}, name=reply.settled_by)
    return reply
