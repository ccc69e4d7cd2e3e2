"""Reading what came in: what waits at the desk and who it may be; what was understood lately."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from core.actor import Actor
from core.db import db
from core.errors import Conflict, Forbidden, NotFound
from people import queries as people
from people.access import guard
from people.models import Person
from roster.asks import registry as asks
from roster.asks.registry import Ask
from roster.replies import matching
from roster.replies.matching import Owners
from roster.replies.models import OPEN, Reply

SHOWN, LOOKED_AT = 50, 1000
LATELY = timedelta(days=2)
"""So long what was understood is shown: whoever is asked about it looks here."""
NOBODY = Owners((), False)


@dataclass(frozen=True)
class Line:
    """``maybe``: who it may be and what waits for their answer, of those whom the reader may answer for."""

    reply: Reply
    maybe: Sequence[tuple[Person, Sequence[Ask]]]


@dataclass(frozen=True)
class Reach:
    """Units (ids) for whose people the reader may note what they say; None: all. ``strangers``: also what is from
    nobody known, which only those read who answer for the whole enterprise."""

    units: Collection[int] | None
    strangers: bool

    def sees(self, owners: Owners) -> bool:
        if not owners.people:
            return self.strangers
        return any(self.answers_for(each) for each in owners.people)

    def answers_for(self, person: Person) -> bool:
        return self.units is None or person.unit_id in self.units


def reach_of(actor: Actor, *, now: datetime) -> Reach:
    units = guard.reach(actor, "duty.confirm", now=now)
    tops = [unit.id for depth, unit in people.unit_tree() if depth == 0]
    return Reach(units, units is None or any(each in units for each in tops))


def waiting(actor: Actor, *, chosen: tuple[int, Person] | None = None, now: datetime) -> list[Line]:
    """What waits at the desk, the newest first, at most ``SHOWN``; ``chosen``: (reply id, whom the reader takes for its
    sender)."""
    reach = reach_of(actor, now=now)
    rows = db.session.scalars(
        select(Reply).where(Reply.state.in_(OPEN)).order_by(Reply.id.desc()).limit(LOOKED_AT)
    ).all()
    owners = matching.owners_of({each.number for each in rows})
    seen = [each for each in rows if reach.sees(owners.get(each.number, NOBODY))][:SHOWN]
    lines = []
    for reply in seen:
        persons = list(owners.get(reply.number, NOBODY).people)
        if chosen is not None and chosen[0] == reply.id and chosen[1] not in persons:
            persons.append(chosen[1])
        mine = [each for each in persons if reach.answers_for(each)]
        lines.append(Line(reply, [(each, asks.waiting_for(each, now=now)) for each in mine]))
    return lines


def counted(actor: Actor, *, now: datetime) -> int:
    """How many wait at the desk that the reader sees."""
    numbers = db.session.scalars(select(Reply.number).where(Reply.state.in_(OPEN)).limit(LOOKED_AT)).all()
    if not numbers:
        return 0
    reach, owners = reach_of(actor, now=now), matching.owners_of(numbers)
    return sum(reach.sees(owners.get(each, NOBODY)) for each in numbers)


def understood(actor: Actor, *, now: datetime) -> list[Reply]:
    """What was answered, asked back or settled lately, of people whom the reader may answer for; the newest first."""
    reach = reach_of(actor, now=now)
    done = (
        select(Reply)
        .options(joinedload(Reply.person))
        .where(Reply.state.in_(("answered", "asked", "refused", "settled")), Reply.came_at > now - LATELY)
    )
    rows = db.session.scalars(done.order_by(Reply.id.desc()).limit(500)).all()
    return [each for each in rows if (reach.answers_for(each.person) if each.person else reach.strangers)][:SHOWN]


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
