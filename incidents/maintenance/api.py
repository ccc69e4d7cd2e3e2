"""JSON API of maintenance windows (contract: /api/v1/maintenance-windows)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from core.actor import Actor
from core.api.call import ApiModel, Code, ItemPage, Line, ListQuery, When, api_blueprint, api_call, paginate
from incidents.maintenance import queries, services
from incidents.maintenance.models import MaintenanceWindow
from incidents.maintenance.queries import ShownWindow
from incidents.maintenance.services import MaintenancePlan
from people import queries as people

bp = api_blueprint("maintenance_api")
WINDOWS = ["maintenance windows"]


class WindowIn(ApiModel, title="WindowIn"):
    unit: Code
    """With everything below it."""
    source: int | None = None
    """Id of an intake, else of every source and program."""
    category: Code | None = None
    starts_at: When | None = None
    """Default: now."""
    ends_at: When
    reason: Line
    confirmed: bool = False
    """Over hours in which duty is demanded: the planner confirms it, if they may."""


class WindowOut(ApiModel, title="WindowOut"):
    id: int
    unit: str
    source: int | None
    category: str | None
    is_silence: bool
    starts_at: When
    ends_at: When
    reason: str
    created_by: str
    obligatory_minutes: int
    """More than 0: it holds only once it is confirmed."""
    confirmed_at: When | None
    confirmed_by: str
    ended_at: When | None
    ended_by: str
    state: Literal["waiting", "coming", "holding", "over"]
    """waiting: for a confirmation."""
    held: int
    firing: int
    """Of those held: how many had not gone away by themselves."""


@api_call(
    bp,
    "POST",
    "/maintenance-windows",
    operation_id="plan_window",
    body=WindowIn,
    returns={201: WindowOut},
    action=services.PLAN,
    tags=WINDOWS,
    idempotent=True,
    refused=409,
    summary="Plan a maintenance window",
)
def plan_window(*, body: WindowIn, actor: Actor, now: datetime) -> Any:
    """What machines report inside it is kept and counted, nobody is called; what still fires at its end is an incident.
    Level 1, KT1, Party and State, and what is restricted is never held."""
    made = services.plan(
        MaintenancePlan(
            people.unit_by_code(body.unit).id,
            body.starts_at or now,
            body.ends_at,
            body.reason,
            intake_id=body.source,
            category=body.category,
        ),
        confirmed=body.confirmed,
        actor=actor,
        now=now,
    )
    return _told(made, now)


@api_call(
    bp,
    "GET",
    "/maintenance-windows",
    operation_id="list_windows",
    query=ListQuery,
    returns={200: ItemPage[WindowOut]},
    action="incident.read",
    tags=WINDOWS,
    summary="Maintenance windows and silences",
)
def list_windows(*, query: ListQuery, actor: Actor, now: datetime) -> Any:
    wanted = queries.within(actor, now)
    items, following = paginate(wanted, [MaintenanceWindow.id], limit=query.limit, cursor=query.cursor)
    return {"items": [_facts(each, now) for each in queries.shown(items, now)], "next": following}


@api_call(
    bp,
    "POST",
    "/maintenance-windows/<int:window_id>/confirm",
    operation_id="confirm_window",
    returns={200: WindowOut},
    action=services.CONFIRM,
    tags=WINDOWS,
    refused=409,
    summary="It may hold over hours in which duty is demanded",
)
def confirm_window(window_id: int, *, actor: Actor, now: datetime) -> Any:
    """409 when it is over."""
    return _told(services.confirm(window_id, actor=actor, now=now), now)


@api_call(
    bp,
    "POST",
    "/maintenance-windows/<int:window_id>/end",
    operation_id="end_window",
    returns={200: WindowOut},
    action=services.PLAN,
    tags=WINDOWS,
    refused=409,
    summary="It ends now",
)
def end_window(window_id: int, *, actor: Actor, now: datetime) -> Any:
    """What it holds and still fires becomes an incident within seconds. 409 when it is over."""
    return _told(services.end(window_id, actor=actor, now=now), now)


def _told(row: MaintenanceWindow, now: datetime) -> dict[str, Any]:
    [found] = queries.shown([row], now)
    return _facts(found, now)


def _facts(found: ShownWindow, now: datetime) -> dict[str, Any]:
    row = found.window
    plain = ("id", "category", "is_silence", "starts_at", "ends_at", "reason", "created_by", "obligatory_minutes")
    done = ("confirmed_at", "confirmed_by", "ended_at", "ended_by")
    is_over = row.released_at is not None or row.over_at <= now
    open_now = "waiting" if found.is_waiting else "holding" if found.is_holding else "coming"
    return {name: getattr(row, name) for name in (*plain, *done)} | {
        "unit": row.unit.code,
        "source": row.intake_id,
        "state": "over" if is_over else open_now,
        "held": found.held,
        "firing": found.firing,
    }
