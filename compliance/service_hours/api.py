"""JSON API of opening hours (contract: ``/api/v1/service-hours``)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated, Any

from pydantic import Field

from compliance.blueprint import api_bp as bp
from compliance.service_hours import queries, services
from compliance.service_hours.services import TypedHours
from core.actor import Actor
from core.api.call import ApiModel, Code, Day, Line, ListQuery, LocalTime, api_call
from core.clock import local_date
from core.errors import Invalid
from people import queries as people
from people.access import guard

TAGS = ["points"]
MOST_DAYS = 92


class ServiceHoursQuery(ListQuery):
    unit: Code
    since: Day | None = None
    until: Day | None = None


class ServiceHoursDayOut(ApiModel, title="ServiceHoursDayOut"):
    day: date
    opens: str | None
    """Null: closed, or (with `known` false) nobody has said."""
    closes: str | None
    last_acceptance: str | None
    known: bool


class ServiceHoursOut(ApiModel, title="ServiceHoursOut"):
    unit: str
    items: list[ServiceHoursDayOut]


class ServiceHoursIn(ApiModel, title="ServiceHoursIn"):
    """Of a weekday (0: Monday) or of a day, exactly one of the two."""

    unit: Line
    weekday: Annotated[int, Field(ge=0, le=6)] | None = None
    day: Day | None = None
    closed: bool = False
    opens: LocalTime | None = None
    closes: LocalTime | None = None
    last_acceptance: LocalTime | None = None


@api_call(
    bp,
    "GET",
    "/service-hours",
    operation_id="list_service_hours",
    query=ServiceHoursQuery,
    returns={200: ServiceHoursOut},
    action="point.read",
    tags=TAGS,
    summary="Opening hours of a point, day by day",
)
def list_service_hours(*, query: ServiceHoursQuery, actor: Actor, now: datetime) -> Any:
    """What holds there, its own or said above it; two weeks unless asked for others, at most 92 days."""
    unit = people.unit_by_code(query.unit)
    guard.ensure(actor, "point.read", unit.id, now=now)
    since = query.since or local_date(now)
    until = min(query.until or since + timedelta(days=13), since + timedelta(days=MOST_DAYS - 1))
    days = [since + timedelta(days=number) for number in range(max((until - since).days + 1, 0))]
    found = queries.hours_by_day([unit.id], days)
    return {
        "unit": unit.code,
        "items": [
            {
                "day": day,
                "known": hours is not None,
                **{
                    name: (getattr(hours, name) or None) if hours else None
                    for name in ("opens", "closes", "last_acceptance")
                },
            }
            for (_unit, day), hours in found.items()
        ],
    }


@api_call(
    bp,
    "POST",
    "/service-hours",
    operation_id="save_service_hours",
    body=ServiceHoursIn,
    returns={200: ServiceHoursOut},
    action="point.settle",
    refused=409,
    tags=TAGS,
    summary="Say when a unit's points are open on a weekday or a day",
)
def save_service_hours(*, body: ServiceHoursIn, actor: Actor, now: datetime) -> Any:
    """Of the unit and all below it that say nothing themselves. Without times and not closed: no longer said."""
    unit = people.unit_by_code(body.unit)
    on = body.day if body.weekday is None else body.weekday
    if on is None or (body.day is not None and body.weekday is not None):
        raise Invalid("hours.weekday_or_day", field="day")
    said = TypedHours(on, body.opens or "", body.closes or "", body.last_acceptance or "", body.closed)
    services.save(unit.id, [said], actor=actor, now=now)
    day = on if isinstance(on, date) else _next(on, local_date(now))
    return list_service_hours(query=ServiceHoursQuery(unit=unit.code, since=day, until=day), actor=actor, now=now)


def _next(weekday: int, today: date) -> date:
    return today + timedelta(days=(weekday - today.weekday()) % 7)
