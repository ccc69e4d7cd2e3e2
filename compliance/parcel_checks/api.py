"""JSON API of parcel checks (contract: ``/api/v1/parcel-checks``)."""

from __future__ import annotations

import hashlib
import secrets
from datetime import date, datetime
from typing import Annotated, Any, Literal

from flask import request
from pydantic import Field

from compliance.blueprint import api_bp as bp
from compliance.parcel_checks import findings, queries, services
from compliance.parcel_checks.findings import SaidFinding
from compliance.parcel_checks.models import MOST, ParcelCheck
from compliance.parcel_checks.services import CounterNumbers
from core.actor import Actor
from core.api.call import ApiModel, Code, Count, Day, ItemPage, Line, ListQuery, When, api_call, paginate
from core.clock import local_date
from core.db import transaction
from people import queries as people
from people.access import guard

TAGS = ["points"]
Number = Annotated[int, Field(ge=0, le=MOST)]


class ParcelChecksQuery(ListQuery):
    unit: Code | None = None
    """With all below it."""
    since: Day | None = None
    until: Day | None = None


class FindingIn(ApiModel, title="FindingIn"):
    moment: Literal["before", "after"]
    """Before or after the parcel was accepted."""
    goods: Line
    category: Annotated[int, Field(ge=1, le=4)] | None = None
    """Khoản of Điều 12; without it: not known."""
    parcels: Annotated[int, Field(ge=1, le=1000)] = 1
    informed: Line | None = None
    """Which authority was told, of a refused parcel."""
    stopped: Line | None = None
    """Who stopped its carriage, after acceptance."""
    item: Line | None = None


class ParcelCheckIn(ApiModel, title="ParcelCheckIn"):
    unit: Line
    shift: str = Field(default="", max_length=60)
    """Which counter or shift counted; a point's numbers are their sum. ``office`` is whoever answers for the point."""
    day: Day | None = None
    """Without it: today."""
    checked: Number
    refused: Number = 0
    referred: Number = 0
    findings: list[FindingIn] = Field(default_factory=list, max_length=20)


class ParcelCheckOut(ApiModel, title="ParcelCheckOut"):
    unit: str
    day: date
    shift: str
    checked: Count | None
    """Null: something was found and nobody has said yet how many were looked into, or what was said is not added."""
    refused: Count
    referred: Count
    said_at: When
    saved_by: str


class ParcelChecksOut(ApiModel, title="ParcelChecksOut"):
    unit: str
    day: date
    checked: Count
    refused: Count
    referred: Count
    found_after: Count
    """Parcels in which something was found after acceptance."""
    incidents: list[str]
    counted: bool
    """False: whoever answers for the point had put another number of this shift right. Theirs stays, and they are shown
    what was sent; what was found is written down all the same."""


@api_call(
    bp,
    "GET",
    "/parcel-checks",
    operation_id="list_parcel_checks",
    query=ParcelChecksQuery,
    returns={200: ItemPage[ParcelCheckOut]},
    action="point.read",
    tags=TAGS,
    summary="Parcels checked before acceptance, by point, day and shift",
)
def list_parcel_checks(*, query: ParcelChecksQuery, actor: Actor, now: datetime) -> Any:
    """The newest day first."""
    reach = guard.reach(actor, "point.read", now=now)
    if query.unit is not None:
        below = set(people.subtree_ids(people.unit_by_code(query.unit).id))
        reach = below if reach is None else reach & below
    wanted = queries.statement(reach, query.since, query.until)
    order = [ParcelCheck.day.desc(), ParcelCheck.id.desc()]
    rows, following = paginate(wanted, order, limit=query.limit, cursor=query.cursor)
    codes = {unit_id: code for code, unit_id in people.unit_ids().items()}
    items = [
        {
            "unit": codes[row.unit_id],
            "shift": row.counter,
            **{name: getattr(row, name) for name in ("day", "checked", "refused", "referred", "said_at", "saved_by")},
        }
        for row in rows
    ]
    return {"items": items, "next": following}


@api_call(
    bp,
    "POST",
    "/parcel-checks",
    operation_id="add_parcel_check",
    body=ParcelCheckIn,
    returns={200: ParcelChecksOut},
    action="point.tell",
    idempotent=True,
    refused=409,
    tags=TAGS,
    summary="Numbers of a shift at a point, and what was found",
)
def add_parcel_check(*, body: ParcelCheckIn, actor: Actor, now: datetime) -> Any:
    """They replace those of the same shift and day, unless these were put right (``counted``). What was found after
    acceptance becomes an incident. Answers the point's day."""
    unit, day = people.unit_by_code(body.unit), body.day or local_date(now)
    services.ensure_counter(body.shift, "shift")
    found = [_found(each, body.shift, day, number, actor=actor) for number, each in enumerate(body.findings)]
    told = CounterNumbers(day, body.checked, body.shift, body.refused, body.referred)
    findings.ensure_enough(told, found)
    with transaction():
        is_counted = services.record(unit.id, told, actor=actor, now=now)
        rows = [findings.find(unit.id, each, actor=actor, now=now)[0] for each in found]
        codes = [row.incident.code for row in rows if row.incident is not None]
    numbers = queries.by_day([unit.id], day, day)[unit.id, day]
    return {
        "unit": unit.code,
        "day": day,
        "incidents": codes,
        "counted": is_counted,
        **{name: getattr(numbers, name) for name in ("checked", "refused", "referred", "found_after")},
    }


def _found(each: FindingIn, shift: str, day: date, number: int, *, actor: Actor) -> SaidFinding:
    sent = request.headers.get("Idempotency-Key")
    key = hashlib.sha256(f"{actor.ref}\n{sent}\n{number}".encode()).hexdigest()[:40] if sent else ""
    return SaidFinding(
        key=key or secrets.token_urlsafe(16),
        day=day,
        moment=each.moment,
        goods=each.goods,
        category=each.category,
        parcels=each.parcels,
        informed=each.informed or "",
        stopped=each.stopped or "",
        item=each.item or "",
        counter=shift,
        counted=True,
    )
