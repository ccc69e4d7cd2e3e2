"""JSON API of people (contract: /api/v1): units, people, duty kinds. POST creates or changes by code."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core.actor import Actor
from core.api.call import ApiModel, Code, ItemPage, Line, ListQuery, Text, api_call, paginate
from people import queries, services
from people.absences import effects
from people.absences.schemas import AffectedOut
from people.access import guard
from people.api_blueprint import bp
from people.columns import bodies
from people.columns.people import PEOPLE
from people.columns.units import UNITS
from people.models import DutyKind, Person, Unit

# --- units ---------------------------------------------------------------------------------------------------------


class UnitIn(bodies.taking(UNITS)):  # type: ignore[misc]
    model_config = ConfigDict(title="UnitIn")
    head_code: Code | None = None
    """Whom steps of escalation policies call as head of the unit; null: nobody."""


class UnitOut(bodies.giving(UNITS)):  # type: ignore[misc]
    model_config = ConfigDict(title="UnitOut")
    head_code: str | None


class UnitListQuery(ListQuery):
    q: Text = ""


def _units_out(units: Sequence[Unit]) -> list[dict[str, Any]]:
    heads = queries.head_codes([unit.id for unit in units])
    return [
        UNITS.given(unit, {"parent_code": unit.parent.code if unit.parent else None})
        | {"head_code": heads.get(unit.id)}
        for unit in units
    ]


@api_call(
    bp,
    "GET",
    "/units",
    operation_id="list_units",
    query=UnitListQuery,
    returns={200: ItemPage[UnitOut]},
    action="unit.read",
    tags=["people"],
    summary="List units",
)
def list_units(*, query: UnitListQuery) -> dict[str, Any]:
    wanted = select(Unit).options(joinedload(Unit.parent))
    for word in queries.search_words(query.q):
        wanted = wanted.where(Unit.search_key.contains(word, autoescape=True))
    items, following = paginate(wanted, [Unit.code], limit=query.limit, cursor=query.cursor)
    return {"items": _units_out(items), "next": following}


@api_call(
    bp,
    "POST",
    "/units",
    operation_id="save_unit",
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


class PersonIn(bodies.taking(PEOPLE)):  # type: ignore[misc]
    model_config = ConfigDict(title="PersonIn")


class PersonOut(bodies.giving(PEOPLE)):  # type: ignore[misc]
    model_config = ConfigDict(title="PersonOut")


class PersonSavedOut(PersonOut):
    model_config = ConfigDict(title="PersonSavedOut")
    affected: list[AffectedOut]
    """Published shifts to come that this call took from the person, who left, or lost the duty or the unit. By time."""


class PersonQuery(ListQuery):
    q: Text = ""
    unit: Code | None = None
    duty: Code | None = None
    active: Literal["yes", "no", "any"] = "yes"


def _person_out(person: Person, in_full: bool) -> dict[str, Any]:
    elsewhere = {
        "unit_code": person.unit.code,
        "email": person.email,
        "phone": person.phone,
        "duties": [each.duty for each in person.duties],
    }
    return PEOPLE.given(person, elsewhere, in_full=in_full)


@api_call(
    bp,
    "GET",
    "/people",
    operation_id="list_people",
    query=PersonQuery,
    returns={200: ItemPage[PersonOut]},
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
    operation_id="save_person",
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
    hit = () if was is None else effects.hit_by_standing(person, was, covers=True, actor=actor, now=now)
    return _person_out(person, True) | {"affected": hit}, 201 if is_new else 200


# --- duty kinds ----------------------------------------------------------------------------------------------------


class DutyKindIn(ApiModel, title="DutyKindIn"):
    code: Code
    name_vi: Line
    name_en: Line | None = None
    letter: Annotated[str, Field(pattern=r"^[^\s\x00-\x1f\x7f-\x9f]{1,3}$")]
    obligatory: bool = False
    asks_check_in: bool | None = None
    """Whether those who serve it on site check in; null: as it was."""
    asks_ready: bool | None = None
    """Whether those who serve it elsewhere say that they are ready; null: as it was."""


class DutyKindOut(ApiModel, title="DutyKindOut"):
    code: str
    name_vi: str
    name_en: str
    letter: str
    obligatory: bool
    asks_check_in: bool
    asks_ready: bool


@api_call(
    bp,
    "GET",
    "/duty-kinds",
    operation_id="list_duty_kinds",
    query=ListQuery,
    returns={200: ItemPage[DutyKindOut]},
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
    operation_id="save_duty_kind",
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
