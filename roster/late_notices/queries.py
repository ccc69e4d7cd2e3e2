"""Reading revisions of which nobody was told, and whom they concern still."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import defer

from core.actor import Actor
from core.db import db
from people import queries as people
from people.models import Person
from roster.campaigns import rights
from roster.campaigns.models import Campaign
from roster.models import Duty, Revision


@dataclass(frozen=True)
class UntoldRevision:
    """A revision that was published without telling: who does not know of shifts ahead that they got or lost by it, by
    name, and the units of these shifts (ids)."""

    revision: Revision
    people: tuple[Person, ...]
    units: frozenset[int]


def list_for_campaign(campaign: Campaign, *, now: datetime) -> list[UntoldRevision]:
    """Return them by number; without those that concern nobody any more, because the shifts are over or have changed
    again."""
    silent = select(Revision).where(
        Revision.campaign_id == campaign.id, Revision.tell_reason != "", Revision.told_at.is_(None)
    )
    found = []
    lists = (defer(Revision.content), defer(Revision.proof))  # of thousands of shifts, read by nobody here
    for revision in db.session.scalars(silent.options(*lists).order_by(Revision.number)).all():
        duties = _changed(revision, now)
        if duties:
            rows = people.people_by_ids({duty.person_id for duty in duties}).values()
            ordered = sorted(rows, key=lambda row: (row.sort_key, row.code))
            found.append(UntoldRevision(revision, tuple(ordered), frozenset(duty.unit_id for duty in duties)))
    return found


def may_tell(actor: Actor, campaign: Campaign, untold: UntoldRevision, *, now: datetime) -> bool:
    """Whether the actor might have published it: then they may tell it."""
    mine = rights.reach(actor, "campaign.publish", campaign, now=now)
    return mine is None or untold.units <= mine


def _changed(revision: Revision, now: datetime) -> list[Duty]:
    """Published and cancelled duties ahead that the revision changed last; another seat of a shift is no news."""
    mine = select(Duty).where(Duty.campaign_id == revision.campaign_id, Duty.sequence == revision.number)
    rows = db.session.scalars(mine.where(Duty.ends_at > now)).all()
    sides = {(row.person_id, row.shift_id, row.cancelled_at is None) for row in rows}
    return [row for row in rows if (row.person_id, row.shift_id, row.cancelled_at is not None) not in sides]
