"""Consent: people from outside are asked before they serve a shift or a policy names them (chờ đồng ý).

Until they or a manager of theirs agree, the seat counts as empty for publishing and the step calls its unit's duty.
No answer within three days is no. Who is never asked: the people of one's own units, oneself, and nobody is asked by
an administrator. An earlier roster or policy that nobody was asked about goes on holding.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select, update

from core import audit
from core.actor import Actor
from core.db import batched, db, transaction
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.fast_path import shared_cache
from core.security import tokens
from core.text import nfc
from people import queries as people
from people.access import guard
from people.accounts import queries as account_queries
from people.links import answering, slips
from people.models import Person
from roster.campaigns.models import Campaign
from roster.consents import notices
from roster.consents.models import Consent, ConsentLink
from roster.consents.queries import latest
from roster.models import DraftAssignment, Duty, Seat, Shift

LIVES = timedelta(days=3)
LONGEST_NOTE = 500
LINK_PREFIX = "s."
"""What tells these links from those of incidents, which share ``/a/``."""


def needed(actor: Actor, person: Person, *, now: datetime) -> bool:
    """Whether this person has to be asked when ``actor`` wants them."""
    return _is_needed(actor, person.id, person.unit_id, now)


def _is_needed(actor: Actor, person_id: int, unit_id: int, now: datetime) -> bool:
    if actor.via == "system" or actor.role == "admin" or person_id == actor.person_id:
        return False
    return not guard.allowed(actor, "campaign.write", unit_id, now=now)


def ask_for_shift(
    shift_id: int, unit_id: int, came: Iterable[int], left: Iterable[int], *, actor: Actor, now: datetime
) -> None:
    """After an edit of the draft: ask those who came from outside, take back what those were asked who left."""
    known = {row.person_id: row for row in latest(Consent.shift_id == shift_id)}
    _close([known[each] for each in left if each in known], actor, now)
    homes = people.homes_of(list(came))
    concerned = [who for who, home in homes.items() if who in known or _is_needed(actor, who, home, now)]
    if not concerned:
        return
    published = set(
        db.session.scalars(select(Duty.person_id).where(Duty.shift_id == shift_id, Duty.cancelled_at.is_(None)))
    )
    seats = {
        row.person_id: row.seat_id
        for row in db.session.scalars(
            select(DraftAssignment).join(Seat, Seat.id == DraftAssignment.seat_id).where(Seat.shift_id == shift_id)
        )
    }
    for person in people.people_by_ids(concerned).values():
        if person.id not in published:
            _ask(
                known.get(person.id),
                Consent(shift_id=shift_id, seat_id=seats.get(person.id), unit_id=unit_id),
                person,
                actor=actor,
                now=now,
            )


def take_back(left: Mapping[int, Collection[int]], *, actor: Actor, now: datetime) -> None:
    """What those were asked who leave shifts of the draft (shift id → ids of people) waits for no answer any more."""
    for some in batched([shift_id for shift_id, people_ids in left.items() if people_ids]):
        rows = latest(Consent.shift_id.in_(some))
        _close([row for row in rows if row.person_id in left[row.shift_id or 0]], actor, now)


def ask_for_policy(unit_id: int, came: Iterable[int], left: Iterable[int], *, actor: Actor, now: datetime) -> None:
    """After a policy of the unit was written: ask those whom it newly names from outside."""
    of_unit = (Consent.shift_id.is_(None)) & (Consent.unit_id == unit_id)
    known = {row.person_id: row for row in latest(of_unit)}
    _close([known[each] for each in left if each in known], actor, now)
    for person in people.people_by_ids(list(came)).values():
        _ask(known.get(person.id), Consent(unit_id=unit_id), person, actor=actor, now=now)


def answer(consent_id: int, agrees: bool, *, note: str = "", actor: Actor, now: datetime) -> Consent:
    """Yes or no, once: by the person, or by a manager of theirs, who may say how they heard it (``note``). A no takes
    them off the draft.

    Raises NotFound, Forbidden; Conflict ``consent.answered``, ``consent.expired``; Invalid ``consent.note_long``.
    """
    slips.ensure_none(actor)
    said = " ".join(nfc(note).split())
    if len(said) > LONGEST_NOTE:
        raise Invalid("consent.note_long", field="note", limit=LONGEST_NOTE)
    with transaction() as session:
        shared_cache.hold_ground()
        consent = _get(consent_id)
        if actor.person_id != consent.person_id:
            _ensure_manages(actor, consent, now)
        _still_open(consent, now)
        done = session.execute(
            update(Consent)
            .where(Consent.id == consent_id, Consent.state == "asked", Consent.expires_at > now)
            .values(state="given" if agrees else "refused", answered_at=now, answered_by=actor.name, note=said)
        )
        session.refresh(consent)
        if done.rowcount != 1:  # type: ignore[attr-defined]  # two answers at once: the first one counts
            _still_open(consent, now)
        if not agrees and consent.shift_id is not None:
            _take_off(consent.shift_id, consent.person_id)
        audit.record(
            actor,
            "consent.give" if agrees else "consent.refuse",
            "consent",
            consent.id,
            now=now,
            person=consent.person_id,
            shift=consent.shift_id,
            unit=consent.unit_id,
        )
        notices.tell_asker(consent, now=now)
        return consent


def actor_of_link(link: ConsentLink) -> Actor:
    """Who answers by this link; a manager's link carries what their account may do at this moment. Raises Forbidden
    when whoever it was sent to has left."""
    if not link.person.active:
        raise Forbidden("forbidden")
    if link.person_id == link.consent.person_id:
        person = link.person
        own = Actor(name=person.full_name, role="staff", via="link", person_id=person.id, unit_id=person.unit_id)
        return answering.at(own, person, notices.addresses_of_ask(link.consent_id, person.id))
    user = account_queries.user_of_person(link.person_id)
    if user is None or not user.active:
        raise Forbidden("forbidden")
    return replace(guard.actor_of(user), via="link")


def _ask(last: Consent | None, fresh: Consent, person: Person, *, actor: Actor, now: datetime) -> None:
    if not needed(actor, person, now=now):
        # Somebody who may decide it put them there: nothing is left to ask.
        if last is not None and last.state in ("asked", "refused"):
            last.state, last.answered_at, last.answered_by = "given", now, actor.name
        return
    if last is not None and (last.state == "given" or last.state_at(now) == "asked"):
        return
    fresh.person_id, fresh.person, fresh.state = person.id, person, "asked"
    fresh.asked_by, fresh.asked_by_name, fresh.asked_by_person_id = actor.ref, actor.name, actor.person_id
    fresh.asked_at, fresh.expires_at = now, now + LIVES
    db.session.add(fresh)
    db.session.flush()
    managers = account_queries.managers_of(people.ancestor_ids(person.unit_id))
    for receiver in dict.fromkeys([person.id, *(user.person_id or 0 for user in managers)]):
        if receiver != actor.person_id:
            token = LINK_PREFIX + tokens.new_token()
            db.session.add(ConsentLink(digest=tokens.digest(token), consent_id=fresh.id, person_id=receiver))
            notices.ask(fresh, receiver, token, now=now)
    audit.record(
        actor,
        "consent.ask",
        "consent",
        fresh.id,
        now=now,
        person=person.code,
        shift=fresh.shift_id,
        unit=fresh.unit_id,
    )


def keep_open(now: datetime) -> int:
    """Give asks more time that nobody has heard of: their time begins when they leave. Answers how many it was.

    Looked at each minute, also those whose time is over for a day: a worker may have stood still.
    """
    soon, lately = now + timedelta(minutes=2), now - timedelta(days=1)
    wanted = select(Consent).where(Consent.state == "asked", Consent.expires_at <= soon, Consent.expires_at > lately)
    unheard = [each for each in db.session.scalars(wanted).all() if not notices.has_left(each.id)]
    if unheard:
        with transaction():
            for each in unheard:
                each.expires_at = now + LIVES
    return len(unheard)


def _close(rows: Iterable[Consent], actor: Actor, now: datetime) -> None:
    for row in rows:
        if row.state in ("asked", "refused"):
            row.state, row.answered_at, row.answered_by = "withdrawn", now, actor.name


def _get(consent_id: int) -> Consent:
    found = db.session.get(Consent, consent_id)
    if found is None:
        raise NotFound("consent.unknown")
    return found


def _ensure_manages(actor: Actor, consent: Consent, now: datetime) -> None:
    guard.ensure(actor, "person.write", consent.person.unit_id, now=now)


def _still_open(consent: Consent, now: datetime) -> None:
    state = consent.state_at(now)
    if state == "expired":
        raise Conflict("consent.expired", state={"state": state})
    if state == "withdrawn":
        raise Conflict("consent.withdrawn", state={"state": state})
    if state != "asked":
        raise Conflict("consent.answered", state={"state": state}, name=consent.answered_by)


def _take_off(shift_id: int, person_id: int) -> None:
    """Off the draft: the cell is empty again, for everybody who looks."""
    seats = select(Seat.id).where(Seat.shift_id == shift_id)
    row = db.session.scalar(
        select(DraftAssignment).where(DraftAssignment.seat_id.in_(seats), DraftAssignment.person_id == person_id)
    )
    if row is not None:
        db.session.delete(row)
        shift = db.session.get_one(Shift, shift_id)
        db.session.execute(
            update(Campaign).where(Campaign.id == shift.campaign_id).values(draft_version=Campaign.draft_version + 1)
        )
        db.session.flush()
        db.session.expire_all()
