"""GET /api/v1/readiness: whether the next seven days will go well, and what is left to do."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from pydantic import Field

from core.actor import Actor
from core.api.call import ApiModel, Code, When, api_blueprint, api_call
from core.api.types import MAX_NUMBER
from desk.readiness import remedies, services, words
from desk.readiness.judging import ReadinessDay, ReadinessItem, Why
from desk.readiness.services import ReadinessView
from people import queries as people

bp = api_blueprint("readiness_api")


class ReadinessQuery(ApiModel):
    """``unit``: with all below it; ``campaign``: only its shifts."""

    unit: Code | None = None
    campaign: int | None = Field(default=None, ge=1, le=MAX_NUMBER)


class ReadinessRemedyOut(ApiModel, title="desk__readiness__api__RemedyOut"):
    text: str
    url: str


class ReadinessItemOut(ApiModel, title="ReadinessItemOut"):
    """``severity``: ``must`` be done, ``unsure``, or ``should``; ``unit``: its code where it is about one alone, null
    of several or of the whole enterprise; ``shifts``: ids; ``count``: of seats, people, units or shifts, as ``title``
    says; ``since``: from when on it is so; ``due``: by when it must be mended.
    """

    code: str
    severity: Literal["must", "unsure", "should"]
    title: str
    count: int
    points: int
    unit: str | None
    units: list[str]
    people: list[str]
    shifts: list[int]
    since: When | None
    due: When | None
    remedy: ReadinessRemedyOut


class ReadinessDayOut(ApiModel, title="ReadinessDayOut"):
    """Published seats of shifts that begin on that day: how many, without anybody, unsure, and those that begin within
    72 hours and wait for an answer."""

    on: date
    seats: int
    missing: int
    unsure: int
    waiting: int


class UnjudgedOut(ApiModel, title="UnjudgedOut"):
    """``why``: there is ``nothing`` to look at yet; it is of the whole enterprise and the asker answers for a part
    (``elsewhere``); no gateway is set up in a copy for trials (``unconnected``); nothing ever left (``untried``);
    something else must be mended first (``after``)."""

    code: str
    why: Why


class ReadinessOut(ApiModel, title="ReadinessOut"):
    """``score``: 100 minus the points of all items; ``units``: with demand, over which it is counted; ``fine``: codes
    of what was looked at and found well.
    """

    score: int = Field(ge=0, le=100)
    at: When
    units: int
    items: list[ReadinessItemOut]
    days: list[ReadinessDayOut]
    fine: list[str]
    unjudged: list[UnjudgedOut]


@api_call(
    bp,
    "GET",
    "/readiness",
    operation_id="show_readiness",
    query=ReadinessQuery,
    returns={200: ReadinessOut},
    action=services.ACTION,
    tags=["readiness"],
    summary="Whether the next seven days will go well",
)
def show_readiness(*, query: ReadinessQuery, actor: Actor, now: datetime) -> dict[str, Any]:
    """Of the units that the asker answers for; items by what they cost, the most first."""
    unit = people.unit_by_code(query.unit) if query.unit is not None else None
    seen = services.view_readiness(actor, now=now, unit=unit, campaign_id=query.campaign)
    found = seen.readiness
    return {
        "score": found.score,
        "at": now,
        "units": found.wanting,
        "items": [_item(each, seen, actor) for each in found.items],
        "days": [_day(each) for each in found.days],
        "fine": list(found.fine),
        "unjudged": [{"code": code, "why": why} for code, why in found.unjudged.items()],
    }


def _item(item: ReadinessItem, seen: ReadinessView, actor: Actor) -> dict[str, Any]:
    units = [each.code for each in seen.names.units_named(item)]
    remedy = remedies.remedy_for(item, seen.names, actor=actor, now=seen.now)
    return {
        "code": item.code,
        "severity": item.severity,
        "title": words.title(item, seen.names, seen.now),
        "count": item.count,
        "points": item.points,
        "unit": units[0] if len(units) == 1 else None,
        "units": units,
        "people": [each.code for each in seen.names.people_named(item)],
        "shifts": sorted({each.shift_id for each in item.troubles if each.shift_id is not None}),
        "since": item.since,
        "due": item.due,
        "remedy": {"text": remedy.text, "url": remedy.url},
    }


def _day(each: ReadinessDay) -> dict[str, Any]:
    return {
        "on": each.day,
        "seats": each.seats,
        "missing": each.missing,
        "unsure": each.unsure,
        "waiting": each.waiting,
    }
