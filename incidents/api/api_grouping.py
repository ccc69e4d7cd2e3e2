"""JSON API of grouped alarms (contract: /api/v1)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from core.actor import Actor
from core.api.call import ApiModel, When, api_blueprint, api_call
from incidents.alarms import queries as alarms
from incidents.api_blueprint import INCIDENTS, bp as of_incidents
from incidents.grouping import settings
from incidents.grouping.rules import MOST_MINUTES
from incidents.intake import sources
from incidents.record.queries import readable

bp = api_blueprint("grouping_api")


class GroupingIn(ApiModel, title="GroupingIn"):
    minutes: Annotated[int, Field(ge=1, le=MOST_MINUTES)] | None
    """After the first alarm; null: each alarm is an incident of its own."""


class GroupingOut(ApiModel, title="GroupingOut"):
    minutes: int | None


class AlarmOut(ApiModel, title="AlarmOut"):
    title: str
    unit: str
    severity: int
    fired_at: When
    cleared_at: When | None
    times: int
    """How often it was told that it fires."""


class AlarmsOut(ApiModel, title="AlarmsOut"):
    alarms: int
    places: int
    cleared: int
    items: list[AlarmOut]


@api_call(
    of_incidents,
    "GET",
    "/incidents/<code>/alarms",
    operation_id="incident_alarms",
    returns={200: AlarmsOut},
    action="incident.read",
    tags=INCIDENTS,
    summary="The alarms that were grouped into an incident",
)
def incident_alarms(code: str, *, actor: Actor, now: datetime) -> Any:
    """Those that still fire first; none where each alarm is an incident of its own."""
    found = alarms.list_for_incident(readable(code, actor, now))
    tally = alarms.tally(found)
    plain = ("title", "severity", "fired_at", "cleared_at", "times")
    items = [{name: getattr(each, name) for name in plain} | {"unit": each.unit.code} for each in found]
    return {"alarms": tally.alarms, "places": tally.places, "cleared": tally.cleared, "items": items}


@api_call(
    bp,
    "PUT",
    "/intakes/<int:intake_id>/grouping",
    operation_id="set_grouping",
    body=GroupingIn,
    returns={200: GroupingOut},
    action="intake.manage",
    tags=["intakes"],
    refused=409,
    summary="Alarms that come close together become one incident",
)
def set_grouping(intake_id: int, *, body: GroupingIn, actor: Actor, now: datetime) -> Any:
    """409 for a heartbeat."""
    done = settings.set_minutes(sources.by_id(intake_id), body.minutes, actor=actor, now=now)
    return {"minutes": done.group_minutes or None}
