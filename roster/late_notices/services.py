"""Telling people of what was published without telling: each of them once, all that they do not know in one message."""

from __future__ import annotations

from datetime import datetime

from core import audit
from core.actor import Actor
from core.db import transaction
from core.errors import Conflict
from roster.campaigns import rights
from roster.campaigns.queries import locked_campaign
from roster.late_notices import queries
from roster.publishing import notices


def tell(campaign_id: int, *, actor: Actor, now: datetime) -> tuple[int, int]:
    """Tell of every silent revision that the actor might have published; answers to how many people words go out now,
    and how many have to be told by hand.

    Raises NotFound, Forbidden; Conflict ``telling.nobody`` when nobody is left to tell: somebody else has done it.
    """
    with transaction():
        campaign = locked_campaign(campaign_id)
        rights.ensure(actor, "campaign.publish", campaign, (), now=now)
        found = queries.list_for_campaign(campaign, now=now)
        mine = [each for each in found if queries.may_tell(actor, campaign, each, now=now)]
        if not mine:
            raise Conflict("telling.nobody")
        numbers = [each.revision.number for each in mine]
        ids = {person.id for each in mine for person in each.people}
        meant = notices.consequences(campaign, ids, numbers, now)
        letters = notices.composed(campaign, max(numbers), ids, meant, now=now)
        notices.put(letters)
        for each in mine:
            each.revision.told_at, each.revision.told_by = now, actor.name
        audit.record(
            actor, "campaign.tell", "campaign", campaign.id, now=now, revisions=numbers, messages=len(letters.messages)
        )
    leaves = sum(each["state"] != "held" for each in letters.messages)
    return leaves, len(ids) - leaves
