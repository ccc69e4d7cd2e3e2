"""Slips: personal addresses that are shown to somebody else, on paper or in a text to be copied, to be handed over.

Whoever prints one could answer in its owner's name. So it takes their password, it is written down, the owner hears of
it where they read, each of those who print has a slip of their own, and what is answered by it says whose slip it was
(docs/decisions/0078).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select

from core import audit
from core.actor import Actor
from core.db import batched, db, transaction
from core.errors import Conflict, NotFound
from core.models import AuditEntry
from core.security import sealing, tokens
from people.access import guard
from people.links import services as links, slip_notices
from people.links.models import LinkDevice, PersonalLink
from people.models import Person
from people.sign_in import proof


@dataclass(frozen=True)
class PrintedSlips:
    """``urls``: person id → address; ``told``: ids of those whom a message tells of it. Nobody is told of their own."""

    urls: Mapping[int, str]
    told: Collection[int]


def print_each(persons: Collection[Person], *, actor: Actor, now: datetime) -> PrintedSlips:
    """The same address each time that the same somebody prints it, until it is taken back.

    Raises Forbidden, ``ProofNeeded``, and shows nothing then.
    """
    for person in persons:
        guard.ensure(actor, "reach.write", person.unit_id, now=now, person_id=person.id)
    proof.ensure(actor, now=now)
    with transaction() as session:
        kept = _kept([each.id for each in persons], actor)
        fresh = {each.id: tokens.new_short_token() for each in persons if not kept.get(each.id)}
        rows = [links.row_of(person_id, token, now=now, by=actor) for person_id, token in sorted(fresh.items())]
        if rows:
            session.execute(insert(PersonalLink), rows)
        shown = [audit.entry(actor, "link.show", "person", each.id, now=now) for each in persons]
        if shown:
            session.execute(insert(AuditEntry), shown)
        told = slip_notices.tell([each for each in persons if each.id != actor.person_id], actor=actor, now=now)
        return PrintedSlips({each.id: links.url(fresh.get(each.id) or kept[each.id]) for each in persons}, told)


def ensure_none(actor: Actor) -> None:
    """What takes the person's own word is not said by a slip. Raises Conflict ``slip.not_enough``."""
    if actor.via == "slip":
        raise Conflict("slip.not_enough")


def end_one(link_id: int, person: Person, *, actor: Actor, now: datetime) -> None:
    """The owner takes back one of their addresses, with what was got by it. Raises NotFound ``link.unknown``."""
    with transaction():
        if link_id not in {each.id for each in links.links_of(person.id)}:
            raise NotFound("link.unknown")
        _end([link_id], person, actor, now)


def end_printed_by(ref: str, person: Person, *, actor: Actor, now: datetime) -> None:
    """The slips of this person that somebody (``Actor.ref``) has printed, and what went to addresses that they gave."""
    with transaction():
        theirs = [each.id for each in links.links_of(person.id) if links.is_of(each, ref)]
        _end(theirs, person, actor, now)


def forget_device(digest: str, person: Person, *, actor: Actor, now: datetime) -> None:
    """A browser that was taken for the owner's is asked again. Raises NotFound ``link.unknown``."""
    with transaction() as session:
        row = session.get(LinkDevice, digest)
        if row is None or row.link_id not in {each.id for each in links.links_of(person.id)}:
            raise NotFound("link.unknown")
        session.delete(row)
        audit.record(actor, "link.forget", "person", person.id, now=now, link=row.link_id)


def _end(ids: list[int], person: Person, actor: Actor, now: datetime) -> None:
    if ids:
        links.end_some(ids, {person.id}, now)
        audit.record(actor, "link.end", "person", person.id, now=now, links=len(ids))


def _kept(person_ids: Collection[int], actor: Actor) -> dict[int, str]:
    """Person id → the token of the live slip that this actor has printed, while it can still be read."""
    mine = PersonalLink.channel == "", PersonalLink.printed_ref == actor.ref, PersonalLink.ended_at.is_(None)
    wanted = select(PersonalLink).where(*mine).order_by(PersonalLink.id)
    return {
        row.person_id: sealing.token_in(row.sealed)
        for some in batched(sorted(person_ids))
        for row in db.session.scalars(wanted.where(PersonalLink.person_id.in_(some)))
    }
