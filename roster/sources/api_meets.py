"""What a call that only asks (``dry_run``) says of open campaigns: what each would change if it followed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Literal, cast

from core.actor import Actor
from core.api.call import ApiModel
from core.calendar.holidays import DayClass
from roster.campaigns.models import Campaign
from roster.refit import of_break, of_demand
from roster.refit.deciding import decide_day
from roster.refit.of_break import DayChange
from roster.refit.of_demand import FollowingCampaign
from roster.refit.seats import Refit
from roster.sources.models import Demand


class DryRunQuery(ApiModel):
    """``dry_run``: nothing is written; the answer says in ``campaigns`` what would be different."""

    dry_run: bool = False


class DayMeetsOut(ApiModel, title="DayMeetsOut"):
    """Each list: before and after. ``points``: of all seats of that day that have not begun."""

    date: date
    phase: list[Literal["before", "during", "after"]]
    day_class: list[str]
    seats: int
    points: list[float]
    overtime_percent: list[int]


class CampaignMeetsOut(ApiModel, title="CampaignMeetsOut"):
    """``added``, ``removed``, ``kept``: seats; ``people``: how many of those removed or kept hold somebody. ``shifts``:
    whose phase or points would change; ``published``: whose points stay, because they were published; ``asks``: that
    would ask for something else than another number of seats."""

    id: int
    name: str
    days: list[DayMeetsOut] = []
    shifts: int = 0
    published: int = 0
    added: int = 0
    removed: int = 0
    kept: int = 0
    people: int = 0
    asks: int = 0


def meets_on_day(on: date, day_class: str, *, actor: Actor, now: datetime) -> list[dict[str, Any]]:
    decision = decide_day(on, cast(DayClass, day_class))
    found = of_break.effect(decision, follows=False, takes_people=False, actor=actor, now=now)
    return [
        {
            **_named(each.campaign),
            "days": [_day(day) for day in each.days],
            "shifts": len(each.values),
            "published": each.as_was,
        }
        for each in found.campaigns
    ]


def meets_for_rows(rows: Iterable[Demand], *, now: datetime) -> list[dict[str, Any]]:
    return [meets(each) for each in of_demand.effects_of_rows(rows, now=now)]


def meets(found: FollowingCampaign) -> dict[str, Any]:
    return {**_named(found.campaign), **_seats(found.refit)}


def _named(campaign: Campaign) -> dict[str, Any]:
    return {"id": campaign.id, "name": campaign.name}


def _day(change: DayChange) -> dict[str, Any]:
    return {
        "date": change.on,
        "phase": list(change.phases),
        "day_class": list(change.kinds),
        "seats": change.seats,
        "points": [each / 100 for each in change.points],
        "overtime_percent": list(change.percents),
    }


def _seats(refit: Refit) -> dict[str, int]:
    n = refit.numbers
    return {"added": n.added, "removed": n.removed, "kept": n.kept, "people": n.leaving + n.held, "asks": n.asks}
