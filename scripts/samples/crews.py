"""Crews of the unit that plans the coming Tết."""

from __future__ import annotations

from datetime import datetime

from core.actor import Actor
from roster.campaigns.models import Campaign
from roster.crews import offered, queries, services
from roster.snapshot import snapshot

CREWS = 4


def prepare(campaign: Campaign, *, actor: Actor, now: datetime) -> dict[str, str]:
    """Four, dealt evenly; the facts that paths name."""
    dealt = offered.even(snapshot.take(campaign.id, now=now), campaign.unit, CREWS)
    named = [(f"Kíp {at}", members) for at, members in enumerate(dealt, start=1)]
    services.make_crews(campaign.unit.code, named, actor=actor, now=now)
    return {"crew": str(queries.crews_of([campaign.unit_id])[0].id), "crew_day": campaign.starts_on.isoformat()}
