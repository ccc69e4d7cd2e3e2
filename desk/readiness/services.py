"""How ready the next seven days are, as somebody may see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.actor import Actor
from core.errors import Forbidden
from desk.readiness import judging, names, reading
from desk.readiness.judging import Readiness
from desk.readiness.names import ReadinessNames
from people import queries as people
from people.access import guard
from people.models import Unit
from roster.campaigns import queries as campaigns

ACTION = "reach.report"


@dataclass(frozen=True)
class ReadinessView:
    """``units``: ids that it is counted over, None = all."""

    readiness: Readiness
    names: ReadinessNames
    units: set[int] | None
    now: datetime


def view_readiness(
    actor: Actor, *, now: datetime, unit: Unit | None = None, campaign_id: int | None = None
) -> ReadinessView:
    """Return how ready the units are that ``actor`` answers for, of those ``unit`` and what is below it; of one
    campaign.

    Raises NotFound ``campaign.unknown``; Forbidden for a unit elsewhere.
    """
    if campaign_id is not None:
        campaigns.get_campaign(campaign_id)
    units = guard.reach(actor, ACTION, now=now)
    if unit is not None:
        below = set(people.subtree_ids(unit.id))
        if units is not None and unit.id not in units:
            raise Forbidden("forbidden", state={"action": ACTION})
        units = below if units is None else units & below
    whole = reading.is_whole(units)
    # A list of all units in every statement is no question, only work.
    units = None if whole else units
    facts = reading.facts(units, now=now, campaign_id=campaign_id)
    found = judging.judge(facts, units, whole=whole)
    return ReadinessView(found, names.read_names(each for item in found.items for each in item.troubles), units, now)
