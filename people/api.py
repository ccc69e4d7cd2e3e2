"""JSON API of people (contract: /api/v1): units, people, duty kinds. POST creates or changes by code."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core.actor import Actor
from core.api.call import ApiModel, Code, Line, ListQuery, Page, Text, api_call, paginate
from people import queries, services
from people.absences import effects
from people.access import guard
from people.api_blueprint import bp
from people.api_fields import AffectedOut, Email, Few, Hours, Phone, Short, Skill
from people.models import DutyKind, Person, Unit

# --- units ---------------------------------------------------------------------------------------------------------


class UnitIn(ApiModel):
    code: Code
    name: Line
    kind: Code
    parent_code: Code | None = None
    phone: Phone = ""
    address: Short = ""
    serves_party_state: bool = False
    head_code: Code | None = None
    """Whom steps of escalation policies call as head of the unit; null: nobody."""


class UnitOut(ApiModel):
    code: str
    parent_code: str | None
    name: str
    kind: str
    phone: str
    address: str
    serves_party_state: bool
    head_code: str | None


class UnitQuery(ListQuery):
    q: Text = ""


def _units_out(units: Sequence[Unit]) -> list[dict[str, Any]]:
    heads = queries.head_codes([unit.id for unit in units])
    plain = UnitOut.model_fields.keys() - {"parent_code", "head_code"}
    return [
        {name: getattr(unit, name) for name in plain}
        | {"parent_code": unit.parent.code if unit.parent else None, "head_code": heads.get(unit.id)}
        for unit in units
    ]


@api_call(
    bp,
    "GET",
    "/units",
    query=UnitQuery,
    returns={200: Page[UnitOut]},
    action="unit.read",
    tags=["people"],
    summary="List units",
)
def list_units(*, query: UnitQuery) -> dict[str, Any]:
    wanted = select(Unit).options(joinedload(Unit.parent))
    for word in queries.search_words(query.q):
        wanted = wanted.where(Unit.search_key.contains(word, autoescape=True))
    items, following = paginate(wanted, [Unit.code], limit=query.limit, cursor=query.cursor)
    return {"items": _units_out(items), "next": following}


@api_call(
    bp,
    "POST",
    "/units",
    body=UnitIn,
    returns={201: UnitOut, 200: UnitOut},
    action="unit.write",
    tags=["people"],
    idempotent=True,
    summary="Create a unit, or change the one with this code",
)
def save_unit(*, body: UnitIn, actor: Actor, now: datetime) -> tuple[dict[str, Any], int]:
    unit, is_new = services.save_unit(body.code, _given(body), now=now, actor=actor)
    return _units_out([unit])[0], 201 if is_new else 200


def _given(body: ApiModel) -> dict[str, Any]:
    """Fields that were sent, without the code; what was not sent stays as it is."""
    return body.model_dump(exclude_unset=True, exclude={"code"})


# --- people --------------------------------------------------------------------------------------------------------


class PersonIn(ApiModel):
    code: Code
    full_name: Line
    unit_code: Code
    position: Short = ""
    email: Email = ""
    phone: Phone = ""
    duties: Annotated[list[Code], Field(max_length=50)] = []
    max_shifts: Few | None = None
    no_night: bool = False
    active: bool = True
    work_pattern: Code = "shift"
    overtime_month: Hours | None = None
    overtime_year: Hours | None = None
    skills: Annotated[list[Skill], Field(max_length=20)] = []
    share: Annotated[int, Field(ge=1, le=100)] = 100
    no_overtime: bool = False
    min_shifts: Few | None = None
    limits: Annotated[dict[Text, int], Field(max_length=40)] = {}


class PersonOut(ApiModel):
    code: str
    full_name: str
    unit_code: str
    position: str
    email: str | None
    phone: str | None
    duties: list[str]
    max_shifts: int | None
    no_night: bool | None
    active: bool
    work_pattern: str
    overtime_month: float | None
    overtime_year: float | None
    skills: list[str]
    share: int | None
    no_overtime: bool | None
    min_shifts: int | None
    limits: dict[str, int] | None


class PersonSavedOut(PersonOut):
    affected: list[AffectedOut]
    """Published shifts to come that this call took from the person, who left, or lost the duty or the unit. By time."""


class PersonQuery(ListQuery):
    q: Text = ""
    unit: Code | None = None
    duty: Code | None = None
    active: Literal["yes", "no", "any"] = "yes"


def _person_out(person: Person, in_full: bool) -> dict[str, Any]:
    plain = ("code", "full_name", "position", "max_shifts", "min_shifts", "active", "work_pattern", "skills")
    return {
        **{name: getattr(person, name) for name in plain},
        "unit_code": person.unit.code,
        "email": person.email if in_full else None,
        "phone": person.phone if in_full else None,
        "duties": sorted(each.duty for each in person.duties),
        "no_night": person.no_night if in_full else None,
        "overtime_month": _hours(person.overtime_month_minutes) if in_full else None,
        "overtime_year": _hours(person.overtime_year_minutes) if in_full else None,
        "limits": dict(person.limits) if in_full else None,
        "share": person.share if in_full else None,
        "no_overtime": person.no_overtime if in_full else None,
    }


def _hours(minutes: int | None) -> float | None:
    return None if minutes is None else round(minutes / 60, 2)


@api_call(
    bp,
    "GET",
    "/people",
    query=PersonQuery,
    returns={200: Page[PersonOut]},
    action="person.read",
    tags=["people"],
    summary="List people",
)
def list_people(*, query: PersonQuery, actor: Actor, now: datetime) -> dict[str, Any]:
    """By given name in the Vietnamese order; ``q`` needs no diacritics. ``email``, ``phone``, ``no_night``,
    ``no_overtime``, ``share`` and the overtime are null where the key may not see them."""
    unit_id = queries.unit_by_code(query.unit).id if query.unit else None
    active = {"yes": True, "no": False, "any": None}[query.active]
    wanted = queries.people_statement(query.q, unit_id, active, query.duty)
    items, following = paginate(wanted, [Person.sort_key, Person.id], limit=query.limit, cursor=query.cursor)
    seen = guard.whose_contacts(actor, items, now=now)
    return {"items": [_person_out(person, person.id in seen) for person in items], "next": following}


@api_call(
    bp,
    "POST",
    "/people",
    body=PersonIn,
    returns={201: PersonSavedOut, 200: PersonSavedOut},
    action="person.write",
    tags=["people"],
    idempotent=True,
    summary="Create a person, or change the one with this code",
)
def save_person(*, body: PersonIn, actor: Actor, now: datetime) -> tuple[dict[str, Any], int]:
    known = queries.find_person(body.code)
    was = effects.standing_of(known) if known is not None else None
    person, is_new = services.save_person(body.code, _given(body), now=now, actor=actor)
    hit = () if was is None else effects.of_standing(person, was, covers=True, actor=actor, now=now)
    return _person_out(person, True) | {"affected": hit}, 201 if is_new else 200


# --- duty kinds ----------------------------------------------------------------------------------------------------


class DutyKindIn(ApiModel):
    code: Code
    name_vi: Line
    name_en: Line | None = None
    letter: Annotated[str, Field(pattern=r"^[^\s\x00-\x1f\x7f-\x9f]{1,3}$")]
    obligatory: bool = False


class DutyKindOut(ApiModel):
    code: str
    name_vi: str
    name_en: str
    letter: str
    obligatory: bool


@api_call(
    bp,
    "GET",
    "/duty-kinds",
    query=ListQuery,
    returns={200: Page[DutyKindOut]},
    action="roster.read",
    tags=["people"],
    summary="List duty kinds",
)
def list_duty_kinds(*, query: ListQuery) -> dict[str, Any]:
    items, following = paginate(
        select(DutyKind), [DutyKind.position, DutyKind.code], limit=query.limit, cursor=query.cursor
    )
    return {"items": items, "next": following}


@api_call(
    bp,
    "POST",
    "/duty-kinds",
    body=DutyKindIn,
    returns={201: DutyKindOut, 200: DutyKindOut},
    action="dutykind.write",
    tags=["people"],
    idempotent=True,
    summary="Create a duty kind, or change the one with this code",
)
def save_duty_kind(*, body: DutyKindIn, actor: Actor, now: datetime) -> tuple[DutyKind, int]:
    kind, is_new = services.save_duty_kind(body.code, _given(body), now=now, actor=actor)
    return kind, 201 if is_new else 200
