"""The blueprint of the calls of roster, which several files of the API share, and what they ask first."""

from __future__ import annotations

from datetime import datetime

from core.actor import Actor
from core.api.call import api_blueprint
from people.access.guard import ensure
from roster.campaigns.models import Campaign
from roster.campaigns.queries import get_campaign

bp = api_blueprint("roster_api")


def readable(campaign_id: int, actor: Actor, now: datetime) -> Campaign:
    campaign = get_campaign(campaign_id)
    ensure(actor, "campaign.read", campaign.unit_id, now=now)
    return campaign
