"""End a campaign: what everybody carried goes into the ledger, from which the next Tết is shared out.

The ledger keeps points as of somebody full-time and present: whoever worked half the time or was away for half the plan
carried twice what their duties were worth, and is not asked to make up for it at the next Tết.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import joinedload

from core import audit, prepared
from core.actor import Actor
from core.db import db
from core.errors import Conflict
from people.access.guard import ensure, refuse_unless
from people.models import Person
from planning.rules.fairness import FULL_CAPACITY, capacity
from planning.time.points import is_night, peaks
from roster.campaigns.models import Campaign
from roster.campaigns.queries import get_campaign, locked_campaign, require
from roster.fairness.models import LedgerEntry
from roster.models import Duty, Shift
from roster.snapshot import snapshot
from roster.solving.services import cancel_live


@dataclass
class ClosedAccount:
    """What one person carried; points in hundredths."""

    points: int = 0
    giao_thua: int = 0
    mung_1: int = 0
    nights: int = 0


def close(campaign_id: int, *, actor: Actor, now: datetime) -> int:
    """Close a published campaign whose last shift is over; answers how many people got an entry in the ledger.

    Nothing of a closed campaign is edited any more. Raises NotFound, Forbidden, Conflict (state, not over yet).
    """

    def prepare() -> _Entries:
        campaign = get_campaign(campaign_id)
        refuse_unless(actor, "campaign.publish", campaign.unit_id, now=now)
        require(campaign, "close")
        if not is_over(campaign, now):
            raise Conflict("campaign.not_over", state={"ends_on": campaign.ends_on.isoformat()}, name=campaign.name)
        return _Entries(campaign.draft_version, _entries(campaign, now))

    def act(made: _Entries) -> int:
        campaign = locked_campaign(campaign_id)
        ensure(actor, "campaign.publish", campaign.unit_id, now=now)
        state = require(campaign, "close")
        if campaign.draft_version != made.draft_version:
            raise prepared.Stale
        if made.rows:
            db.session.execute(insert(LedgerEntry), made.rows)
        campaign.state = state
        cancel_live(campaign_id, now=now)
        audit.record(actor, "campaign.close", "campaign", campaign_id, now=now, people=len(made.rows))
        return len(made.rows)

    return prepared.write(("campaign.close", campaign_id), prepare, act)


@dataclass(frozen=True)
class _Entries:
    """Rows of the ledger, and the draft they were worked out beside."""

    draft_version: int
    rows: list[dict[str, Any]]


def _entries(campaign: Campaign, now: datetime) -> list[dict[str, Any]]:
    carried = carried_by(_duties(campaign.id))
    full = _capacities(campaign.id, carried, now)
    return [
        {
            "person_id": person_id,
            "tet_year": campaign.tet_year,
            "source": f"campaign/{campaign.id}",
            "points": round(own.points * FULL_CAPACITY / full[person_id]),
            "giao_thua": own.giao_thua,
            "mung_1": own.mung_1,
            "nights": own.nights,
        }
        for person_id, own in sorted(carried.items())
    ]


def is_over(campaign: Campaign, now: datetime) -> bool:
    """Whether its last shift has ended."""
    running = select(Shift.id).where(Shift.campaign_id == campaign.id, Shift.ends_at > now).limit(1)
    return db.session.scalar(running) is None


def carried_by(duties: Iterable[tuple[Duty, Shift, str]]) -> dict[int, ClosedAccount]:
    """Person id → what their duties, given with shift and the person's work pattern, were worth."""
    found: dict[int, ClosedAccount] = {}
    for duty, shift, pattern in duties:
        own = found.setdefault(duty.person_id, ClosedAccount())
        taken = peaks(duty.starts_at, duty.ends_at)
        own.points += shift.points_by.get(pattern, shift.points)
        own.giao_thua += "giao_thua" in taken
        own.mung_1 += "mung_1" in taken
        own.nights += is_night(duty.starts_at, duty.ends_at)
    return found


def _capacities(campaign_id: int, carried: Mapping[int, ClosedAccount], now: datetime) -> dict[int, int]:
    """Person id → what they could carry against somebody full-time and present, in hundredths of a percent."""
    problem = snapshot.take(campaign_id, now=now, also=carried.keys()).problem
    return {person_id: capacity(problem, problem.person[person_id]) for person_id in carried}


def _duties(campaign_id: int) -> list[tuple[Duty, Shift, str]]:
    rows = db.session.execute(
        select(Duty, Person.work_pattern)
        .join(Person, Person.id == Duty.person_id)
        .options(joinedload(Duty.shift))
        .where(Duty.campaign_id == campaign_id, Duty.cancelled_at.is_(None))
    )
    return [(duty, duty.shift, pattern) for duty, pattern in rows]
