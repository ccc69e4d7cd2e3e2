"""JSON API of plans and backlogs (contract: ``/api/v1/plans``, ``/api/v1/volumes``)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import Field
from sqlalchemy import select

from compliance.blueprint import api_bp as bp
from compliance.plans import queries, services, volumes
from compliance.plans.models import MOST_ITEMS, Backlog, NetworkPlan
from compliance.plans.services import PlanText
from core.actor import Actor
from core.api.call import ApiModel, Code, Count, Day, ItemPage, Line, ListQuery, When, api_call, paginate
from core.clock import local_date
from people import queries as people
from people.access import guard

TAGS = ["plans"]
Year = Annotated[int, Field(ge=1900, le=2199)]
Number = Annotated[int, Field(ge=0, le=services.MOST)]
Long = Annotated[str, Field(max_length=services.LONGEST)]


class PlansQuery(ListQuery):
    unit: Code | None = None
    """With all below it."""
    tet_year: Year | None = None


class PlanIn(ApiModel, title="PlanIn"):
    unit: Line
    tet_year: Year | None = None
    """Without it the Tết that is on or comes next."""
    extra_shifts: Number = 0
    vehicles: Number = 0
    temporary_staff: Number = 0
    peak_days: list[Day] = Field(default_factory=list, max_length=services.MOST_DAYS)
    power_backup: Long = ""
    line_backup: Long = ""
    note: Long = ""
    submit: bool = False


class PlanOut(ApiModel, title="PlanOut"):
    unit: str
    tet_year: int
    extra_shifts: Count
    vehicles: Count
    temporary_staff: Count
    peak_days: list[date]
    power_backup: str
    line_backup: str
    note: str
    state: str
    reason: str
    version: int
    saved_at: When
    submitted_at: When | None
    decided_at: When | None


class VolumesQuery(ListQuery):
    unit: Code | None = None
    since: Day | None = None
    until: Day | None = None


class VolumeIn(ApiModel, title="VolumeIn"):
    unit: Line
    day: Day | None = None
    items: Annotated[int, Field(ge=0, le=MOST_ITEMS)]


class VolumeOut(ApiModel, title="VolumeOut"):
    unit: str
    day: date
    items: Count
    incident: str | None = None
    """Of the overload that it is."""


@api_call(
    bp,
    "GET",
    "/plans",
    operation_id="list_plans",
    query=PlansQuery,
    returns={200: ItemPage[PlanOut]},
    action="point.read",
    tags=TAGS,
    summary="Plans of network and labour, the newest first",
)
def list_plans(*, query: PlansQuery, actor: Actor, now: datetime) -> Any:
    wanted = select(NetworkPlan)
    reach = _reach(query.unit, actor, now)
    if reach is not None:
        wanted = wanted.where(NetworkPlan.unit_id.in_(reach))
    if query.tet_year is not None:
        wanted = wanted.where(NetworkPlan.tet_year == query.tet_year)
    rows, following = paginate(wanted, [NetworkPlan.id.desc()], limit=query.limit, cursor=query.cursor)
    return {"items": [_plan(row) for row in rows], "next": following}


@api_call(
    bp,
    "POST",
    "/plans",
    operation_id="save_plan",
    body=PlanIn,
    returns={200: PlanOut},
    action="plan.write",
    idempotent=True,
    refused=409,
    tags=TAGS,
    summary="Write a unit's plan, and hand it in",
)
def save_plan(*, body: PlanIn, actor: Actor, now: datetime) -> Any:
    """What was accepted stays until it is returned."""
    unit, year = people.unit_by_code(body.unit), body.tet_year or queries.tet_year(now)
    said = PlanText(**body.model_dump(exclude={"unit", "tet_year", "submit"}))
    row = services.save(unit.id, year, said, actor=actor, now=now)
    if body.submit:
        row = services.submit(unit.id, year, actor=actor, now=now)
    return _plan(row)


@api_call(
    bp,
    "GET",
    "/volumes",
    operation_id="list_volumes",
    query=VolumesQuery,
    returns={200: ItemPage[VolumeOut]},
    action="point.read",
    tags=TAGS,
    summary="Items left undelivered, by unit and day, the newest day first",
)
def list_volumes(*, query: VolumesQuery, actor: Actor, now: datetime) -> Any:
    wanted = select(Backlog)
    reach = _reach(query.unit, actor, now)
    if reach is not None:
        wanted = wanted.where(Backlog.unit_id.in_(reach))
    if query.since is not None:
        wanted = wanted.where(Backlog.day >= query.since)
    if query.until is not None:
        wanted = wanted.where(Backlog.day <= query.until)
    order = [Backlog.day.desc(), Backlog.unit_id]
    rows, following = paginate(wanted, order, limit=query.limit, cursor=query.cursor)
    codes = {unit_id: code for code, unit_id in people.unit_ids().items()}
    items = [{"unit": codes[row.unit_id], "day": row.day, "items": row.items} for row in rows]
    return {"items": items, "next": following}


@api_call(
    bp,
    "POST",
    "/volumes",
    operation_id="save_volume",
    body=VolumeIn,
    returns={200: VolumeOut},
    action="plan.write",
    idempotent=True,
    refused=409,
    tags=TAGS,
    summary="What lay undelivered in a unit at the end of a day",
)
def save_volume(*, body: VolumeIn, actor: Actor, now: datetime) -> Any:
    """Today's over the unit's limit opens an incident of overload."""
    unit, day = people.unit_by_code(body.unit), body.day or local_date(now)
    incident = volumes.tell(unit.id, day, body.items, actor=actor, now=now)
    return {"unit": unit.code, "day": day, "items": body.items, "incident": incident.code if incident else None}


def _reach(unit: str | None, actor: Actor, now: datetime) -> set[int] | None:
    reach = guard.reach(actor, "point.read", now=now)
    if unit is None:
        return reach
    below = set(people.subtree_ids(people.unit_by_code(unit).id))
    return below if reach is None else reach & below


def _plan(row: NetworkPlan) -> dict[str, Any]:
    names = [name for name in PlanOut.model_fields if name not in ("unit", "peak_days")]
    return {
        **{name: getattr(row, name) for name in names},
        "unit": people.unit_by_id(row.unit_id).code,
        "peak_days": [date.fromisoformat(day) for day in row.peak_days],
    }
