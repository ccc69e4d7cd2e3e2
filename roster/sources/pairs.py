"""Pairs of people: who serves together, and who never shares a shift."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from core import audit
from core.actor import Actor
from core.db import db, transaction
from core.errors import Conflict, NotFound
from people import queries as people
from people.access.guard import ensure
from people.models import Person
from roster.sources.models import PersonPair


def save_pair(person: str, other: str, kind: str, *, actor: Actor, now: datetime) -> tuple[PersonPair, bool]:
    """The pair of two people (codes, in whatever order) and whether it is new. ``kind``: together or apart.

    Raises NotFound, Forbidden (both people must be the actor's), Conflict when it is one person twice.
    """
    with transaction() as session:
        both = sorted((people.person_by_code(person), people.person_by_code(other)), key=lambda each: each.id)
        for each in both:
            ensure(actor, "person.write", each.unit_id, now=now)
        first, second = both
        if first.id == second.id:
            raise Conflict("pair.same", field="other_code")
        row = session.scalar(select(PersonPair).filter_by(first_id=first.id, second_id=second.id))
        is_new = row is None
        row = row or PersonPair(first_id=first.id, second_id=second.id)
        row.kind = kind
        session.add(row)
        session.flush()
        audit.record(actor, "pair.save", "person", first.id, now=now, other=second.code, kind=kind)
        return row, is_new


def delete_pair(pair_id: int, *, actor: Actor, now: datetime) -> None:
    """They are like anybody else to each other again. Raises NotFound, Forbidden."""
    with transaction() as session:
        row = db.session.get(PersonPair, pair_id)
        if row is None:
            raise NotFound("pair.unknown", id=pair_id)
        for each in (row.first, row.second):
            ensure(actor, "person.write", each.unit_id, now=now)
        audit.record(actor, "pair.delete", "person", row.first_id, now=now, other=row.second.code, kind=row.kind)
        session.delete(row)


def pairs_of(person: Person) -> Sequence[PersonPair]:
    """Every pair in which the person is."""
    return db.session.scalars(
        select(PersonPair)
        .options(joinedload(PersonPair.first), joinedload(PersonPair.second))
        .where(or_(PersonPair.first_id == person.id, PersonPair.second_id == person.id))
        .order_by(PersonPair.id)
    ).all()
