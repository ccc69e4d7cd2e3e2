"""Whether a campaign lets swaps that break no rule pass by themselves."""

from __future__ import annotations

from datetime import datetime

from core import audit
from core.actor import Actor
from core.db import transaction
from people.access import guard
from roster.campaigns.queries import locked_campaign


def let_pass(campaign_id: int, lets: bool, *, actor: Actor, now: datetime) -> None:
    """From now on; asks that are open stay as they were put. Raises NotFound, Forbidden."""
    with transaction():
        campaign = locked_campaign(campaign_id)
        guard.ensure(actor, "campaign.write", campaign.unit_id, now=now)
        if campaign.swaps_pass != lets:
            campaign.swaps_pass = lets
            audit.record(actor, "campaign.swaps_pass", "campaign", campaign_id, now=now, passes=lets)
