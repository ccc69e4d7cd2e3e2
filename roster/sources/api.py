"""JSON API of what rosters are made from: demand, holidays, standing chains (contract: /api/v1).

Fields are those of the import folder; POST creates or changes by the natural key.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core.actor import Actor
from core.api.call import ApiModel, Code, Day, ItemPage, ListQuery, Text, api_call, paginate
from core.prepared import think
from people import queries as people
from people.access.guard import ensure
from people.columns import bodies
from roster.api_blueprint import bp
from roster.resolver import resolver
from roster.sources import services as sources
from roster.sources.api_meets import CampaignMeetsOut, DryRunQuery, meets_for_rows, meets_on_day
from roster.sources.columns import DEMAND
from roster.sources.models import Demand, HolidayDay, HolidaySet


class DemandFields(bodies.taking(DEMAND)):  # type: ignore[misc]
    model_config = ConfigDict(title="DemandFields")


class DemandSaved(DemandFields):
    """``campaigns``: of a dry run alone."""

    model_config = ConfigDict(title="DemandSaved")

    dry_run: bool = False
    campaigns: list[CampaignMeetsOut] | None = None


class SourceQuery(ListQuery):
    unit: Code | None = None


class HolidayFields(ApiModel, title="HolidayFields"):
    date: Day
    day_class: Literal["holiday", "substitute", "weekly_rest", "ordinary"]
    name: Text = ""
    status: Literal["official", "unverified", "projected"] = "unverified"
    source: Text = ""


class HolidaySaved(HolidayFields, title="HolidaySaved"):
    """``campaigns``: of a dry run alone."""

    dry_run: bool = False
    campaigns: list[CampaignMeetsOut] | None = None


class HolidayQuery(ListQuery):
    year: Annotated[int, Field(ge=1, le=9999)] | None = None


class ChainFields(ApiModel, title="ChainFields"):
    people: Annotated[list[Code], Field(max_length=100)]


@api_call(
    bp,
    "GET",
    "/demand",
    operation_id="list_demand",
    query=SourceQuery,
    returns={200: ItemPage[DemandFields]},
    action="campaign.read",
    tags=["demand"],
    summary="How many people each unit needs",
)
def list_demand(*, query: SourceQuery) -> dict[str, Any]:
    """``unit`` keeps the rows of that unit and of those below."""
    statement = select(Demand).options(joinedload(Demand.unit))
    if query.unit:
        statement = statement.where(Demand.unit_id.in_(people.subtree_ids(people.unit_by_code(query.unit).id)))
    rows, following = paginate(statement, [Demand.id], limit=query.limit, cursor=query.cursor)
    return {"items": [_demand(row) for row in rows], "next": following}


@api_call(
    bp,
    "POST",
    "/demand",
    operation_id="save_demand",
    body=DemandFields,
    query=DryRunQuery,
    returns={201: DemandFields, 200: DemandSaved},
    action="campaign.write",
    tags=["demand"],
    idempotent=True,
    refused=409,
    summary="Set demand",
)
def save_demand(*, body: DemandFields, query: DryRunQuery, actor: Actor, now: datetime) -> Any:
    """Keyed by unit, duty, phase and shift. Existing shifts never change: with `dry_run=1` nothing is written, and the
    answer says what open campaigns would change if they followed, as the page of the demand does."""
    values = DEMAND.taken(body.model_dump())
    if query.dry_run:
        row, _is_new = sources.demand_as_saved(values, actor=actor, now=now)
        found = think("demand.meets", lambda: meets_for_rows([row], now=now))
        return {**DEMAND.given(row, {"unit_code": body.unit_code}), "dry_run": True, "campaigns": found}, 200
    row, is_new = sources.save_demand(values, actor=actor, now=now)
    return _demand(row), 201 if is_new else 200


@api_call(
    bp,
    "GET",
    "/holidays",
    operation_id="list_holidays",
    query=HolidayQuery,
    returns={200: ItemPage[HolidayFields]},
    action="campaign.read",
    tags=["holidays"],
    summary="The class of each listed date",
)
def list_holidays(*, query: HolidayQuery) -> dict[str, Any]:
    """``year`` is the year of the holiday set; dates that are not listed are weekly rest on weekends, else ordinary."""
    statement = select(HolidayDay)
    if query.year:
        statement = statement.join(HolidaySet, HolidaySet.id == HolidayDay.set_id).where(HolidaySet.year == query.year)
    rows, following = paginate(statement, [HolidayDay.on_date, HolidayDay.id], limit=query.limit, cursor=query.cursor)
    return {"items": [_holiday(row) for row in rows], "next": following}


@api_call(
    bp,
    "POST",
    "/holidays",
    operation_id="save_holiday",
    body=HolidayFields,
    query=DryRunQuery,
    returns={201: HolidayFields, 200: HolidaySaved},
    action="holiday.write",
    tags=["holidays"],
    idempotent=True,
    refused=409,
    summary="Set a date",
)
def save_holiday(*, body: HolidayFields, query: DryRunQuery, actor: Actor, now: datetime) -> Any:
    """Shifts that exist keep their phase and points. With `dry_run=1` nothing is written, and the answer says which
    days of open campaigns would be of another kind and worth, as the page of the holidays does."""
    if query.dry_run:
        ensure(actor, "holiday.write", None, now=now)
        sources.check_year(body.date)
        found = think("holiday.meets", lambda: meets_on_day(body.date, body.day_class, actor=actor, now=now))
        return {**body.model_dump(), "dry_run": True, "campaigns": found}, 200
    row, is_new = sources.save_holiday(
        on=body.date,
        day_class=body.day_class,
        name=body.name,
        status=body.status,
        source=body.source,
        actor=actor,
        now=now,
    )
    return _holiday(row), 201 if is_new else 200


@api_call(
    bp,
    "GET",
    "/units/<code>/standing-chain",
    operation_id="show_standing_chain",
    returns={200: ChainFields},
    action="onduty.read",
    tags=["units"],
    summary="Whom to call when nobody is assigned",
)
def show_standing_chain(code: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    unit = people.unit_by_code(code)
    ensure(actor, "onduty.read", unit.id, now=now)
    return {"people": [each.code for each in resolver.standing_chain(unit.id)]}


@api_call(
    bp,
    "PUT",
    "/units/<code>/standing-chain",
    operation_id="put_standing_chain",
    body=ChainFields,
    returns={200: ChainFields},
    action="policy.write",
    tags=["units"],
    summary="Set whom to call when nobody is assigned",
)
def put_standing_chain(code: str, *, body: ChainFields, actor: Actor, now: datetime) -> dict[str, Any]:
    """An empty list brings the default back: the leadership people of the unit, then of those above, by code."""
    sources.set_standing_chain(code, body.people, actor=actor, now=now)
    return {"people": [each.code for each in resolver.standing_chain(people.unit_by_code(code).id)]}


def _demand(row: Demand) -> dict[str, Any]:
    return DEMAND.given(row, {"unit_code": row.unit.code})


def _holiday(row: HolidayDay) -> dict[str, Any]:
    return {
        "date": row.on_date,
        "day_class": row.day_class,
        "name": row.name,
        "status": row.status,
        "source": row.source,
    }
