"""JSON API of duty hours: what people of a campaign served and what it is worth, and closing it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from core.actor import Actor
from core.api.call import ApiModel, Code, Count, Day, ItemPage, ListQuery, Text, When, api_call, paginate
from duty.timekeeping import listing, services, sums
from duty.timekeeping.models import HoursClosing
from duty.timekeeping.reckoning import WorkPiece
from people import queries as people
from people.access import guard
from people.models import Person
from roster.api_blueprint import bp
from roster.campaigns.queries import get_campaign
from roster.presence import serving

TAGS = ["hours"]
Month = Annotated[str, Field(pattern=r"^[12][0-9]{3}-(0[1-9]|1[0-2])$", examples=["2020-01"])]


class HoursQuery(ListQuery):
    unit: Code | None = None
    """With those below it."""
    person: Code | None = None
    """Only this person, with the pieces."""
    state: Literal["served", "planned"] = "served"
    """Duties that are over, or all that is published."""


class PieceOut(ApiModel, title="PieceOut"):
    """``percent`` of an ordinary hour, at least, by ``basis``; ``called``: a call-out from home."""

    starts_at: When
    ends_at: When
    day: Literal["ordinary", "weekly_rest", "substitute", "holiday"]
    night: bool
    overtime: bool
    called: bool
    hours: float
    percent: int
    converted: float
    basis: str


class NoteOut(ApiModel, title="NoteOut"):
    """A warning with its source."""

    code: Literal["after_overtime", "substitute", "long_day"]
    first: Day
    last: Day
    hours: float
    basis: str


class MonthOut(ApiModel, title="MonthOut"):
    """What the head of the unit closed; ``changed``: it is not so any more."""

    month: str
    number: Count
    closed_at: When
    closed_by: str
    hours: float
    converted: float
    changed: bool


class PersonHoursOut(ApiModel, title="PersonHoursOut"):
    """Hours; ``ordinary``, ``rest`` and ``holiday`` are on site by class of day, ``called`` stands beside them.
    ``converted``: hours times percent. ``rest_owed``: a warning, see ``notes``. ``pieces``: null in lists."""

    person: str
    name: str
    unit: str
    onsite: float
    ordinary: float
    rest: float
    holiday: float
    called: float
    night: float
    normal: float
    overtime: float
    converted: float
    converted_overtime: float
    rest_owed: float
    to_come: Count
    notes: list[NoteOut]
    closed: list[MonthOut]
    pieces: list[PieceOut] | None


@api_call(
    bp,
    "GET",
    "/campaigns/<int:campaign_id>/hours",
    operation_id="list_hours",
    query=HoursQuery,
    returns={200: ItemPage[PersonHoursOut]},
    action=None,  # whoever asks sees their own
    scopes=("roster",),
    tags=TAGS,
    summary="What people served, and what it is worth",
)
def list_hours(campaign_id: int, *, query: HoursQuery, actor: Actor, now: datetime) -> dict[str, Any]:
    """By code; of those for whom the caller answers, and of the person behind the key."""
    campaign = get_campaign(campaign_id)
    units, own = guard.reach(actor, "hours.read", now=now), actor.person_id
    if query.unit is not None:
        top = people.unit_by_code(query.unit)
        guard.ensure(actor, "hours.read", top.id, now=now)
        units, own = set(people.subtree_ids(top.id)), None
    wanted = serving.select_people(campaign_id, units, person_id=own)
    if query.person is not None:
        person = people.person_by_code(query.person)
        guard.ensure(actor, "hours.read", person.unit_id, now=now, person_id=person.id)
        wanted = wanted.where(Person.id == person.id)
    found, following = paginate(wanted, [Person.code], limit=query.limit, cursor=query.cursor)
    rows = listing.rows(campaign, found, now=now, planned=query.state == "planned")
    return {"items": [_person(each, whole=query.person is not None) for each in rows], "next": following}


class CloseIn(ApiModel, title="CloseIn"):
    unit: Code
    """With those below it."""
    month: Month | None = None
    """Null: each month of the campaign."""
    reason: Annotated[Text, Field(max_length=services.LONGEST_REASON)] | None = None
    """Needed where something is closed that was closed before."""


class ClosingOut(ApiModel, title="ClosingOut"):
    id: int
    unit: str
    month: str
    number: Count
    closed_at: When
    closed_by: str
    reason: str
    people: Count
    hours: float
    converted: float
    hash: str


class ClosedOut(ApiModel, title="ClosedOut"):
    closings: list[ClosingOut]


@api_call(
    bp,
    "POST",
    "/campaigns/<int:campaign_id>/hours/close",
    operation_id="close_unit_hours",
    body=CloseIn,
    returns={200: ClosedOut},
    action=None,  # it is the unit in the body that is answered for, wherever the campaign belongs
    scopes=("roster",),
    tags=TAGS,
    summary="Close the hours of a unit",
)
def close_unit_hours(campaign_id: int, *, body: CloseIn, actor: Actor, now: datetime) -> dict[str, Any]:
    """409 when nothing is to be closed (with who closed it and when), or a duty is not over yet."""
    month = date.fromisoformat(f"{body.month}-01") if body.month is not None else None
    made = services.close(campaign_id, body.unit, month, reason=body.reason or "", actor=actor, now=now)
    units = {each.id: each.code for each in people.units({row.unit_id for row in made})}
    return {"closings": [_closing(each, units[each.unit_id]) for each in made]}


def _person(row: listing.TimekeepingRow, *, whole: bool) -> dict[str, Any]:
    person, total = row.hours.person, row.hours.sums
    return {
        "person": person.code,
        "name": person.full_name,
        "unit": person.unit.code,
        "onsite": _hours(total.on_site),
        "ordinary": _hours(total.by_day("ordinary")),
        "rest": _hours(total.by_day("rest")),
        "holiday": _hours(total.by_day("holiday")),
        "called": _hours(total.called),
        "night": _hours(total.night),
        "normal": _hours(total.normal),
        "overtime": _hours(total.overtime),
        "converted": _converted(total.worth),
        "converted_overtime": _converted(total.worth_overtime),
        "rest_owed": _hours(row.hours.rest_owed),
        "to_come": sum(each.form == "onsite" for each in row.hours.to_come),
        "notes": [
            {
                "code": each.code,
                "first": each.first,
                "last": each.last,
                "hours": _hours(each.minutes),
                "basis": each.basis,
            }
            for each in row.hours.notes
        ],
        "closed": [_month(month, each) for month, each in row.closed.items()],
        "pieces": list(_pieces(row.hours.pieces)) if whole else None,
    }


def _pieces(pieces: Iterable[WorkPiece]) -> Iterable[dict[str, Any]]:
    for each in pieces:
        yield {
            "starts_at": each.starts_at,
            "ends_at": each.ends_at,
            "day": each.day_class,
            "night": each.night,
            "overtime": each.overtime,
            "called": each.called,
            "hours": _hours(each.minutes),
            "percent": each.rate.percent,
            "converted": _converted(each.worth),
            "basis": each.rate.basis,
        }


def _month(month: date, each: listing.ClosedMonth) -> dict[str, Any]:
    return {
        "month": f"{month:%Y-%m}",
        "number": each.closing.number,
        "closed_at": each.closing.closed_at,
        "closed_by": each.closing.closed_by,
        "hours": _hours(each.before.on_site + each.before.called),
        "converted": _converted(each.before.worth),
        "changed": each.is_changed,
    }


def _closing(row: HoursClosing, unit: str) -> dict[str, Any]:
    total = sums.Sums(line for each in row.figures for line in sums.parse_lines(each["lines"]))
    return {
        "id": row.id,
        "unit": unit,
        "month": f"{row.month:%Y-%m}",
        "number": row.number,
        "closed_at": row.closed_at,
        "closed_by": row.closed_by,
        "reason": row.reason,
        "people": len(row.figures),
        "hours": _hours(total.on_site + total.called),
        "converted": _converted(total.worth),
        "hash": row.figures_hash,
    }


def _hours(minutes: int) -> float:
    return round(minutes / 60, 2)


def _converted(worth: int) -> float:
    return round(worth / 6000, 2)
