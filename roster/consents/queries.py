"""Reading consents: who has not agreed yet, and what waits for whose answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Select, or_, select

from core.actor import Actor
from core.db import db
from core.errors import NotFound
from core.fast_path import shared_cache
from core.security import tokens
from people import queries as people
from people.access import guard
from people.models import Person
from roster.consents.models import Consent, ConsentLink, state_at
from roster.models import Shift
from roster.snapshot.snapshot import Snapshot


class _Wait(NamedTuple):
    shift_id: int
    person_id: int
    state: str
    expires_at: datetime


def _waits(campaign_id: int) -> Sequence[_Wait]:
    """Who has not agreed, kept until anybody answers or is asked: a grid asks twice at each look."""
    memory, key = shared_cache.kept_now(shared_cache.PLAN), ("waits", campaign_id)
    if key not in memory:
        rows = latest(Consent.shift_id.in_(select(Shift.id).where(Shift.campaign_id == campaign_id)))
        memory[key] = [
            _Wait(row.shift_id or 0, row.person_id, row.state, row.expires_at)
            for row in rows
            if row.state in ("asked", "refused")
        ]
    found: Sequence[_Wait] = memory[key]
    return found


def waiting_seats(campaign_id: int) -> set[tuple[int, int]]:
    """(shift id, person id) of those of the draft who have not agreed: asked, refused or not answered in time."""
    return {(each.shift_id, each.person_id) for each in _waits(campaign_id)}


def waiting_codes(campaign_id: int, shift_id: int) -> list[str]:
    """Codes of those of one shift, for answers of the API."""
    ids = {person for shift, person in waiting_seats(campaign_id) if shift == shift_id}
    return sorted(row.code for row in people.people_by_ids(ids).values())


def waiting_in_policies(unit_id: int) -> frozenset[int]:
    """Ids of people whom the unit's policies name and who have not agreed to be called by them."""
    of_unit = (Consent.shift_id.is_(None)) & (Consent.unit_id == unit_id)
    return frozenset(row.person_id for row in latest(of_unit) if row.state in ("asked", "refused"))


def states_of(campaign_id: int, *, now: datetime) -> dict[tuple[int, int], str]:
    """(shift id, person id) → asked, refused or expired, for pages."""
    return {(each.shift_id, each.person_id): state_at(each.state, each.expires_at, now) for each in _waits(campaign_id)}


def without_waiting(taken: Snapshot) -> Snapshot:
    """The draft as it may be published: seats of those who have not agreed are empty."""
    waiting = waiting_seats(taken.campaign_id)
    if not waiting:
        return taken
    held = {
        seat
        for shift, seats in taken.seats.items()
        for seat in seats
        if seat in taken.cells and (shift, taken.cells[seat].person_id) in waiting
    }
    return replace(taken, cells={seat: cell for seat, cell in taken.cells.items() if seat not in held})


def by_token(token: str) -> ConsentLink:
    """The ask behind a secret address, and whose address it is. Raises NotFound."""
    link = db.session.get(ConsentLink, tokens.digest(token))
    if link is None:
        raise NotFound("consent.unknown")
    return link


def asked_of(person_id: int, *, now: datetime) -> Sequence[Consent]:
    """Return what this person is asked and has not answered, the oldest first."""
    wanted = select(Consent).where(Consent.person_id == person_id, Consent.state == "asked", Consent.expires_at > now)
    return db.session.scalars(wanted.order_by(Consent.id)).all()


def open_for(actor: Actor, *, now: datetime) -> int:
    """How many asks wait for the actor's answer."""
    return sum(each.state_at(now) == "asked" for each in listed(actor, now=now)[0])


def listed(actor: Actor, *, now: datetime) -> tuple[Sequence[Consent], Sequence[Consent]]:
    """(to be answered by the actor, asked by the actor), the newest first; those of the last weeks."""
    recent = select(Consent).where(Consent.asked_at > now - timedelta(days=30)).order_by(Consent.id.desc())
    units = guard.reach(actor, "person.write", now=now)
    mine = [Consent.person_id == actor.person_id] if actor.person_id is not None else []
    if units is None:
        theirs: Select[tuple[Consent]] = recent
    else:
        of_people = Consent.person_id.in_(select(Person.id).where(Person.unit_id.in_(units)))
        theirs = recent.where(or_(*mine, of_people))
    asked = recent.where(Consent.asked_by == actor.ref)
    return db.session.scalars(theirs.limit(200)).all(), db.session.scalars(asked.limit(200)).all()


def latest(condition: object) -> list[Consent]:
    """The last ask of each shift (or unit) and person."""
    rows = db.session.scalars(select(Consent).where(condition).order_by(Consent.id))  # type: ignore[arg-type]
    return list({(row.shift_id, row.unit_id, row.person_id): row for row in rows}.values())
