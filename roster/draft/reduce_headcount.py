"""Ask less of a campaign: shifts of its draft need fewer people, the demand that other campaigns are made of stays.

The seats stay too, as ones that may be filled (``wanted``): who can take one after all is put there, and what was asked
before is remembered, to be undone. Only before the first publish: what is signed was signed against its demand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select

from core import audit
from core.actor import Actor
from core.db import db, transaction
from core.errors import Conflict
from people.access.guard import ensure
from roster.campaigns.queries import locked_campaign, require
from roster.draft import edit_log
from roster.models import Shift


@dataclass(frozen=True)
class SeatDemand:
    """What a shift asks for: people needed, people wanted (``None``: no more than needed), skill → how many."""

    headcount: int
    wanted: int | None = None
    skills: Mapping[str, int] = field(default_factory=dict)

    def less(self, number: int) -> SeatDemand:
        """So many people fewer; as many as before are still wanted."""
        left = max(0, self.headcount - number)
        skills = {skill: min(many, left) for skill, many in self.skills.items() if min(many, left)}
        return SeatDemand(left, max(self.headcount, self.wanted or 0), skills)

    def plain(self) -> list[Any]:
        return [self.headcount, self.wanted, dict(self.skills)]


def lessen(campaign_id: int, seats: Mapping[int, int], *, actor: Actor, now: datetime) -> int:
    """Shift id → people that it needs fewer. Answers how many seats need nobody any more.

    Raises NotFound, Forbidden; Conflict once the campaign is published.
    """
    with transaction():
        campaign = locked_campaign(campaign_id)
        ensure(actor, "campaign.write", campaign.unit_id, now=now)
        require(campaign, "edit")
        if campaign.revision:
            raise Conflict("demand.stands", state={"revision": campaign.revision})
        before = _asked(campaign_id, seats)
        after = {shift_id: asked.less(seats[shift_id]) for shift_id, asked in before.items()}
        write(after)
        campaign.draft_version += 1
        changes = {shift_id: (asked.plain(), after[shift_id].plain()) for shift_id, asked in before.items()}
        edit_log.note(campaign, (), demand=changes, by=actor.ref, now=now)
        gone = sum(asked.headcount - after[shift_id].headcount for shift_id, asked in before.items())
        audit.record(
            actor,
            "campaign.lessen",
            "campaign",
            campaign_id,
            now=now,
            shifts=sorted(before),
            seats=gone,
            draft_version=campaign.draft_version,
        )
        return gone


def write(asked: Mapping[int, SeatDemand]) -> None:
    """These shifts ask for that. In the caller's transaction, which also counts up the version of the draft."""
    for row in db.session.scalars(select(Shift).where(Shift.id.in_(asked))):
        now = asked[row.id]
        row.headcount, row.wanted, row.skills = now.headcount, now.wanted, dict(now.skills)


def _asked(campaign_id: int, seats: Mapping[int, int]) -> dict[int, SeatDemand]:
    rows = db.session.scalars(select(Shift).where(Shift.campaign_id == campaign_id, Shift.id.in_(seats)))
    return {row.id: SeatDemand(row.headcount, row.wanted, dict(row.skills)) for row in rows}
