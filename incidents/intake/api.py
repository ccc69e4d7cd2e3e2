"""JSON API of sources that report by themselves (contract: /api/v1/intakes)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from core.actor import Actor
from core.api.call import ApiModel, Code, ItemPage, ListQuery, LocalTime, When, api_blueprint, api_call, paginate
from incidents.intake import sources
from incidents.intake.models import Intake
from people import queries as people

bp = api_blueprint("intakes_api")
INTAKES = ["intakes"]
Name = Annotated[
    str, StringConstraints(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]*\S[^\x00-\x1f\x7f]*$")
]


class IntakeIn(ApiModel, title="IntakeIn"):
    name: Name
    kind: Literal["pagerduty", "alertmanager", "generic", "heartbeat"]
    unit: Code
    category: Code | None = None
    """Of its incidents; default ``other``, for heartbeats ``connectivity``."""
    due_by: LocalTime | None = None
    """Heartbeats: local time by which it must be heard of each day …"""
    every_minutes: Annotated[int, Field(ge=1, le=10_080)] | None = None
    """… or the longest silence; one of the two."""


class IntakeOut(ApiModel, title="IntakeOut"):
    id: int
    name: str
    kind: str
    unit: str
    category: str
    due_by: str | None
    every_minutes: int | None
    group_minutes: int | None
    """Alarms that come so soon after the first are one incident (``PUT …/grouping``); null: each is its own."""
    created_at: When
    heard_at: When | None
    revoked_at: When | None


class NewIntakeOut(IntakeOut, title="NewIntakeOut"):
    key: str
    """Shown this once."""
    address: str
    """Where the source sends to, on this server."""


@api_call(
    bp,
    "POST",
    "/intakes",
    operation_id="create_intake",
    body=IntakeIn,
    returns={201: NewIntakeOut},
    action="intake.manage",
    tags=INTAKES,
    refused=409,
    summary="A new source that reports by itself",
)
def create_intake(*, body: IntakeIn, actor: Actor, now: datetime) -> Any:
    """409 when a heartbeat has no rhythm, or both, or another kind has one."""
    made, key = sources.create(
        sources.NewSource(
            body.name,
            body.kind,
            people.unit_by_code(body.unit).id,
            category=body.category or "",
            due_by=body.due_by,
            every_minutes=body.every_minutes,
        ),
        actor=actor,
        now=now,
    )
    return facts(made) | {"key": key, "address": sources.address(made.kind, key)}


@api_call(
    bp,
    "GET",
    "/intakes",
    operation_id="list_intakes",
    query=ListQuery,
    returns={200: ItemPage[IntakeOut]},
    action="intake.manage",
    tags=INTAKES,
    summary="Sources of the units that the key holds for",
)
def list_intakes(*, query: ListQuery, actor: Actor, now: datetime) -> Any:
    items, following = paginate(sources.within(actor, now), [Intake.id], limit=query.limit, cursor=query.cursor)
    return {"items": [facts(each) for each in items], "next": following}


@api_call(
    bp,
    "DELETE",
    "/intakes/<int:intake_id>",
    operation_id="revoke_intake",
    returns={204: None},
    action="intake.manage",
    tags=INTAKES,
    summary="Its key opens nothing any more; its incidents stay",
)
def revoke_intake(intake_id: int, *, actor: Actor, now: datetime) -> None:
    sources.revoke(intake_id, actor=actor, now=now)


def facts(intake: Intake) -> dict[str, Any]:
    """The fields of ``IntakeOut``."""
    plain = ("id", "name", "kind", "category", "due_by", "every_minutes", "created_at", "heard_at", "revoked_at")
    grouped = {"group_minutes": intake.group_minutes or None}
    return {name: getattr(intake, name) for name in plain} | {"unit": intake.unit.code} | grouped
