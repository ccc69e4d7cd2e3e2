"""Whose the shifts of a campaign are to change: who may do it in the campaign's unit changes all of them, a unit's own
manager those of that unit and below, in a campaign of a higher unit too.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Literal

from sqlalchemy import select

from core.actor import Actor
from core.db import db
from core.errors import Forbidden
from people import queries as people
from people.access import guard
from roster.campaigns.models import Campaign
from roster.models import Shift

Shown = Literal["draft", "published"]


def may(actor: Actor, action: str, campaign: Campaign, unit_id: int, *, now: datetime) -> bool:
    """Whether the actor may do it to a shift of that unit."""
    return any(guard.allowed(actor, action, each, now=now) for each in (campaign.unit_id, unit_id))


def reach(actor: Actor, action: str, campaign: Campaign, *, now: datetime) -> set[int] | None:
    """Ids of the units with shifts of the campaign in which the actor may do it; ``None``: in all of it."""
    if guard.allowed(actor, action, campaign.unit_id, now=now):
        return None
    found = guard.reach(actor, action, now=now)
    if not found:
        return found
    return found & set(db.session.scalars(select(Shift.unit_id).where(Shift.campaign_id == campaign.id).distinct()))


def sees_draft(actor: Actor, campaign: Campaign, *, now: datetime) -> bool:
    """A draft is for those who edit some of it, before the first revision too: others would take it for what holds."""
    return reach(actor, "campaign.write", campaign, now=now) != set()


def state_shown(actor: Actor, campaign: Campaign, asked: Shown | None, *, now: datetime) -> Shown:
    """Return what a list shows: what was asked for, else the draft, or what is published where the draft is not theirs.

    Raises Forbidden ``campaign.draft_of_planners`` where they ask for a draft by name.
    """
    if asked == "draft":
        ensure_sees_draft(actor, campaign, now=now)
    return asked or ("draft" if sees_draft(actor, campaign, now=now) else "published")


def source(actor: Actor, campaign: Campaign, asked: str | None, *, now: datetime) -> Shown:
    """Return what pages show: as far as the actor may see it; editors of an open campaign see the draft unasked."""
    if not sees_draft(actor, campaign, now=now):
        return "published"
    if asked == "published":
        return "published" if campaign.revision else "draft"
    return "draft" if asked == "draft" or edits(actor, campaign, now=now) else "published"


def edits(actor: Actor, campaign: Campaign, *, now: datetime) -> bool:
    """Whether the actor may change some of its draft now."""
    return campaign.state != "closed" and reach(actor, "campaign.write", campaign, now=now) != set()


def ensure_sees_draft(actor: Actor, campaign: Campaign, *, now: datetime) -> None:
    """Raise Forbidden ``campaign.draft_of_planners``."""
    if not sees_draft(actor, campaign, now=now):
        raise Forbidden("campaign.draft_of_planners", state={"revision": campaign.revision})


def ensure(
    actor: Actor, action: str, campaign: Campaign, unit_ids: Collection[int], *, now: datetime, asks: bool = False
) -> None:
    """Raise Forbidden unless the actor may do it to shifts of all these units; ``shift.other_unit`` names the first
    that is not theirs, where others are.

    Without units: unless they may do it anywhere in the campaign. ``asks``: only ask, as ``guard.refuse_unless``.
    """
    asked = guard.refuse_unless if asks else guard.ensure
    mine = reach(actor, action, campaign, now=now)
    if not mine:  # all of it, or nothing: what is said then is said of the campaign's unit
        asked(actor, action, campaign.unit_id, now=now)
        return
    others = sorted(set(unit_ids) - mine)
    if others:
        raise Forbidden("shift.other_unit", state={"action": action}, unit=people.unit_by_id(others[0]).name)
    for each in sorted(set(unit_ids)):
        asked(actor, action, each, now=now)
