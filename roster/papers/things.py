"""A campaign as a thing that documents are about: ``campaign:3``."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from flask import url_for

from core.actor import Actor
from core.errors import NotFound
from people import queries as people
from people.access import guard
from roster.campaigns import queries as campaigns
from roster.campaigns.models import Campaign

WORD = "campaign"


def number_in(about: str) -> int:
    """The id after the colon, as we write it: under another name a thing would have other documents. Raises
    ``NotFound("documents.about_unknown")``."""
    key = about.partition(":")[2]
    if not (key.isascii() and key.isdecimal() and len(key) < 10 and key == str(int(key))):
        raise NotFound("documents.about_unknown", field="about")
    return int(key)


def campaign_of(about: str) -> Campaign:
    """Raises NotFound."""
    return campaigns.get_campaign(number_in(about))


def owner(about: str, actor: Actor, now: datetime) -> tuple[str, int]:
    """Return whose a campaign's papers are: where the actor's own unit serves in it, that unit's. There they have their
    rights, and each kind asks again where its document belongs."""
    campaign = campaign_of(about)
    guard.refuse_unless(actor, "roster.read", campaign.unit_id, now=now)
    own = actor.unit_id
    return campaign.name, own if own is not None and people.is_within(own, campaign.unit_id) else campaign.unit_id


def visible(abouts: Iterable[str], actor: Actor, now: datetime) -> set[str]:
    known = {
        f"{WORD}:{each.id}"
        for each in campaigns.latest_first()
        if guard.allowed(actor, "roster.read", each.unit_id, now=now)
    }
    return known & set(abouts)


def address(about: str) -> str:
    return url_for("roster.campaign", campaign_id=number_in(about))
