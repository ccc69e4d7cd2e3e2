"""GET /api/v1/campaigns/{id}/fairness: the ledger per person and how even each duty is."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from core.actor import Actor
from core.api.call import ApiModel, api_blueprint, api_call
from people.access.guard import allowed, ensure
from roster.campaigns import rights
from roster.campaigns.queries import get_campaign
from roster.fairness import report

bp = api_blueprint("fairness_api")


class FairnessQuery(ApiModel):
    state: Literal["draft", "published"] | None = None
    """Left out: the draft, or for those who edit none of it what is published."""


class SpreadOut(ApiModel, title="SpreadOut"):
    """Relative loads in points of the people who may take the duty."""

    duty: str
    people: int
    lowest: float
    highest: float
    range: float
    mean: float
    deviation: float


class LedgerEntryOut(ApiModel, title="LedgerEntryOut"):
    """``capacity_percent`` = part-time share × presence; ``relative_points`` = carried + plan ÷ capacity.

    Share, capacity and wishes are for who plans the campaign: null for others, to whom everybody's capacity is 100.
    """

    code: str
    full_name: str
    unit_code: str
    share_percent: int | None
    capacity_percent: float | None
    carried_points: float
    plan_points: float
    relative_points: float
    shifts: int
    hours: float
    nights: int
    peaks: int
    wishes: int | None
    wishes_granted: int | None
    called_hours: float
    """Called out while serving at home, as the desk wrote it down; not part of ``hours``."""


class FairnessOut(ApiModel, title="FairnessOut"):
    campaign: int
    state: str
    duties: list[SpreadOut]
    people: list[LedgerEntryOut]


@api_call(
    bp,
    "GET",
    "/campaigns/<int:campaign_id>/fairness",
    operation_id="show_fairness",
    query=FairnessQuery,
    returns={200: FairnessOut},
    action="roster.read",
    tags=["campaigns"],
    summary="Who carries what, and how even it is",
)
def show_fairness(campaign_id: int, *, query: FairnessQuery, actor: Actor, now: datetime) -> dict[str, Any]:
    """People by relative load, the heaviest first. The draft is for those who edit some of it."""
    campaign = get_campaign(campaign_id)
    unit_id = campaign.unit_id
    ensure(actor, "roster.read", unit_id, now=now)
    state = rights.state_shown(actor, campaign, query.state, now=now)
    whole = bool(allowed(actor, "campaign.write", unit_id, now=now))
    found = report.ledger_for(campaign_id, source=state, now=now, whole=whole)
    return {
        "campaign": campaign_id,
        "state": state,
        "duties": [
            {
                "duty": each.duty,
                "people": each.people,
                "lowest": each.lowest / 100,
                "highest": each.highest / 100,
                "range": each.range / 100,
                "mean": round(each.mean / 100, 4),
                "deviation": round(each.deviation / 100, 4),
            }
            for each in found.spreads
        ],
        "people": [_entry(entry, whole=whole) for entry in found.entries],
    }


def _entry(entry: report.FairnessAccount, *, whole: bool) -> dict[str, Any]:
    row: dict[str, Any] = dict(zip(report.COLUMNS, report.as_row(entry), strict=True))
    return row if whole else row | dict.fromkeys(report.PRIVATE)
