"""Who may do something to the campaign, shift, crew or solve that an address of the API names (``core.api.places``)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from core.actor import Actor
from people.access import guard
from roster.campaigns import rights
from roster.campaigns.queries import get_campaign
from roster.crews.queries import get_crew
from roster.draft.services import get_shift
from roster.solving.queries import get_run


def ensure_campaign(parts: Mapping[str, Any], action: str, actor: Actor, now: datetime) -> None:
    campaign = get_campaign(parts["campaign_id"])
    if action == "roster.amend":  # a part of it may be the actor's
        rights.ensure(actor, action, campaign, (), now=now)
    else:
        guard.ensure(actor, action, campaign.unit_id, now=now)


def ensure_shift(parts: Mapping[str, Any], action: str, actor: Actor, now: datetime) -> None:
    shift = get_shift(parts["shift_id"])
    rights.ensure(actor, action, shift.campaign, {shift.unit_id}, now=now)


def ensure_run(parts: Mapping[str, Any], action: str, actor: Actor, now: datetime) -> None:
    guard.ensure(actor, action, get_run(parts["run_id"]).campaign.unit_id, now=now)


def ensure_crew(parts: Mapping[str, Any], action: str, actor: Actor, now: datetime) -> None:
    guard.ensure(actor, action, get_crew(parts["crew_id"]).unit_id, now=now)
