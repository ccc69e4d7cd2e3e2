"""Ghi bổ sung: duty that was served and stood on no roster is entered afterwards, attested, as a revision of its own.

Only what was empty is filled: nothing that is recorded of the past changes, and nobody is told. The ledger, calendars
and prints read it like any other duty.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import joinedload

from core import audit
from core.actor import Actor
from core.db import db, transaction
from core.errors import Conflict, Invalid, NotFound
from core.fast_path import shared_cache
from people import queries as people
from people.access import guard
from people.models import Person
from roster.campaigns import demand_expansion, services as campaigns
from roster.campaigns.models import Campaign
from roster.campaigns.queries import get_campaign, locked_campaign, require, revision
from roster.draft import edit_log
from roster.draft.services import write_seats
from roster.models import DraftAssignment, Duty, Revision, Seat, Shift
from roster.publishing import duty_rows, revision_content
from roster.snapshot import snapshot
from roster.snapshot.sitting import DraftCell

LONGEST_TEXT = 500
LONGEST_NAME = 120
OFFERED = 200
"""Empty seats that are listed at once, the latest first."""


@dataclass(frozen=True)
class SupplementShift:
    """A shift that the roster does not have: as the demand of that unit (code) and kind has it on the local day."""

    unit: str
    duty: str
    shift: str
    on: date


@dataclass(frozen=True)
class Attested:
    """Who says that it was so, and why it was not on the roster."""

    name: str
    position: str
    reason: str


def supplement(
    campaign_id: int, served: int | SupplementShift, *, person: str, attested: Attested, actor: Actor, now: datetime
) -> Revision:
    """``person`` (code) has served that seat (id), or that shift. Its times are the shift's; the campaign is published.

    Raises NotFound (campaign, seat, person, unit); Forbidden; Invalid ``supplement.*`` of what attests it; Conflict
    ``supplement.unit``, ``supplement.on``, ``supplement.shift`` (the demand knows no such shift), ``supplement.draft``,
    ``supplement.not_over``, ``supplement.filled``, ``supplement.full``, ``supplement.on_it``, and
    ``campaign.cannot_publish`` once the campaign is closed.
    """
    guard.refuse_unless(actor, "campaign.publish", get_campaign(campaign_id).unit_id, now=now)
    said = _tidy(attested)
    with transaction() as session:
        shared_cache.hold_ground()
        campaign = locked_campaign(campaign_id)
        guard.ensure(actor, "campaign.publish", campaign.unit_id, now=now)
        require(campaign, "publish")
        if campaign.state != "published":
            raise Conflict("supplement.draft", state={"campaign_state": campaign.state}, name=campaign.name)
        who = people.person_by_code(person.strip())
        seat = _seat(campaign, served, now) if isinstance(served, SupplementShift) else _named(campaign, served)
        _refuse(seat, who, now)
        row = _fill(campaign, seat, who, said, actor=actor, now=now)
        session.add(row)
        session.flush()
        revision_content.hold(row)
        session.flush()
        audit.record(
            actor,
            "duty.supplement",
            "campaign",
            campaign_id,
            now=now,
            seat=seat.id,
            person=who.code,
            revision=row.number,
            attested_by=said.name,
            attested_as=said.position,
            reason=said.reason,
        )
        return row


def empty_seats(campaign_id: int, *, now: datetime) -> Sequence[Seat]:
    """Seats of shifts that are over that nobody is recorded on, with their shifts, the latest first."""
    held = exists().where(Duty.seat_id == Seat.id, Duty.cancelled_at.is_(None))
    wanted = select(Seat).join(Shift).where(Shift.campaign_id == campaign_id, Shift.ends_at <= now, ~held)
    wanted = wanted.options(joinedload(Seat.shift).joinedload(Shift.unit))
    return db.session.scalars(wanted.order_by(Shift.starts_at.desc(), Seat.id).limit(OFFERED)).all()


def _tidy(attested: Attested) -> Attested:
    limits = (("attested_by", attested.name, LONGEST_NAME), ("attested_as", attested.position, LONGEST_NAME))
    found = []
    for field, given, limit in (*limits, ("reason", attested.reason, LONGEST_TEXT)):
        tidy = " ".join(given.split())
        if not tidy:
            raise Invalid(f"supplement.{field}", field=field)
        if len(tidy) > limit:
            raise Invalid("supplement.long", field=field, limit=limit)
        found.append(tidy)
    return Attested(*found)


def _named(campaign: Campaign, seat_id: int) -> Seat:
    seat = db.session.get(Seat, seat_id, options=[joinedload(Seat.shift)])
    if seat is None or seat.shift.campaign_id != campaign.id:
        raise NotFound("seat.unknown", id=seat_id)
    return seat


def _seat(campaign: Campaign, served: SupplementShift, now: datetime) -> Seat:
    """The first empty seat of that shift, which is made where the roster does not have it."""
    unit = people.unit_by_code(served.unit)
    if not people.is_within(unit.id, campaign.unit_id):
        raise Conflict("supplement.unit", field="unit", unit=campaign.unit.name)
    if not campaign.starts_on <= served.on <= campaign.ends_on:
        raise Conflict("supplement.on", field="on", first=campaign.starts_on, last=campaign.ends_on)
    planned = demand_expansion.shift_as_asked(unit.id, served.duty, served.shift, served.on, campaign=campaign)
    if planned is None:
        raise Conflict("supplement.shift", field="shift", unit=unit.name)
    if planned["ends_at"] > now:
        raise Conflict("supplement.not_over", state={"ends_at": planned["ends_at"].isoformat()})
    same = {name: planned[name] for name in ("unit_id", "duty", "template", "starts_at", "ends_at")}
    wanted = select(Shift).filter_by(campaign_id=campaign.id, **same)
    shift = db.session.scalar(wanted)
    if shift is None:
        campaigns.add_shifts(campaign.id, [planned])
        shift = db.session.scalars(wanted).one()
    seats = db.session.scalars(select(Seat).filter_by(shift_id=shift.id).order_by(Seat.position)).all()
    held = set(db.session.scalars(select(Duty.seat_id).where(Duty.shift_id == shift.id, Duty.cancelled_at.is_(None))))
    free = next((seat for seat in seats if seat.id not in held), None)
    if free is None:
        raise Conflict("supplement.full", state={"shift": shift.id})
    return free


def _refuse(seat: Seat, who: Person, now: datetime) -> None:
    if seat.shift.ends_at > now:
        raise Conflict("supplement.not_over", state={"ends_at": seat.shift.ends_at.isoformat()})
    held = select(Duty).where(Duty.shift_id == seat.shift_id, Duty.cancelled_at.is_(None))
    for duty in db.session.scalars(held.options(joinedload(Duty.person))):
        if duty.seat_id == seat.id:
            raise Conflict("supplement.filled", state={"person": duty.person.code}, name=duty.person.full_name)
        if duty.person_id == who.id:
            raise Conflict("supplement.on_it", state={"seat": duty.seat_id}, name=who.full_name)


def _fill(campaign: Campaign, seat: Seat, who: Person, said: Attested, *, actor: Actor, now: datetime) -> Revision:
    last = revision(campaign.id, campaign.revision)
    campaign.revision += 1
    campaign.draft_version += 1
    shift, cell = seat.shift, DraftCell(who.id, False, None)
    rows = {row.person_id: row for row in db.session.scalars(select(Duty).where(Duty.seat_id == seat.id))}
    duty_rows.write_seat(shift, seat.id, cell, rows, number=campaign.revision, now=now)
    db.session.flush()
    beside = select(DraftAssignment.seat_id).join(Seat).where(Seat.shift_id == shift.id)
    own = db.session.scalars(beside.where(DraftAssignment.person_id == who.id, Seat.id != seat.id)).all()
    there = snapshot.DraftCell(0, False, None)  # nobody: whatever the draft had there is written anew
    write_seats(dict.fromkeys((seat.id, *own), there), (seat.id, *own), {seat.id: cell}, "manual", actor=actor, now=now)
    edit_log.carry_over(campaign, last.number, {seat.id, *own})
    content = _content(campaign, last.content, shift)
    return Revision(
        campaign_id=campaign.id,
        number=campaign.revision,
        kind="supplement",
        attested_by=said.name,
        attested_as=said.position,
        published_at=now,
        published_by=actor.name,
        note=said.reason,
        accept_gaps=last.accept_gaps,
        content=content,
        proof=last.proof,
        content_hash=revision_content.hash_of(campaign, content),
    )


def _content(campaign: Campaign, last: Sequence[dict[str, Any]], shift: Shift) -> list[Any]:
    """As it was signed last, with that shift as it is now, in order of time."""
    seats = list(db.session.scalars(select(Seat.id).filter_by(shift_id=shift.id).order_by(Seat.position)))
    held = select(Duty).where(Duty.shift_id == shift.id, Duty.cancelled_at.is_(None))
    now_on = {row.seat_id: row for row in db.session.scalars(held)}
    on = people.people_by_ids({row.person_id for row in now_on.values()})
    rows = {row["shift"]: row for row in last} | {shift.id: revision_content.shift_content(shift, seats, now_on, on)}
    return [rows[each.id] for each in snapshot.shift_rows(campaign.id, seats=False) if each.id in rows]
