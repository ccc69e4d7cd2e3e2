"""JSON API of absences (contract: /api/v1/absences): who is away, and what that does to published shifts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import ConfigDict
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core.actor import Actor
from core.api.call import ApiModel, Code, ItemPage, ListQuery, api_call, paginate
from people import queries
from people.absences import effects, services
from people.absences.schemas import AffectedOut
from people.access import guard
from people.api_blueprint import bp
from people.columns import bodies
from people.columns.absences import ABSENCES
from people.models import Absence, Person


class AbsenceIn(bodies.taking(ABSENCES)):  # type: ignore[misc]
    model_config = ConfigDict(title="AbsenceIn")


class _Numbered(ApiModel):
    id: int


class AbsenceOut(bodies.giving(ABSENCES, _Numbered)):  # type: ignore[misc]
    model_config = ConfigDict(title="AbsenceOut")


class AbsenceSavedOut(AbsenceOut):
    model_config = ConfigDict(title="AbsenceSavedOut")
    affected: list[AffectedOut]
    """Published shifts to come that are not covered any more, by time."""


class AbsenceQuery(ListQuery):
    person: Code | None = None
    unit: Code | None = None


def _absence_out(absence: Absence) -> dict[str, Any]:
    return {"id": absence.id, **ABSENCES.given(absence, {"person_code": absence.person.code})}


@api_call(
    bp,
    "GET",
    "/absences",
    operation_id="list_absences",
    query=AbsenceQuery,
    returns={200: ItemPage[AbsenceOut]},
    action="person.read",
    tags=["people"],
    summary="List absences",
)
def list_absences(*, query: AbsenceQuery, actor: Actor, now: datetime) -> dict[str, Any]:
    """Those of the people whose directory entry the key may see in full: why somebody is away is personal."""
    wanted = select(Absence).options(joinedload(Absence.person))
    if query.person:
        wanted = wanted.where(Absence.person_id == queries.person_by_code(query.person).id)
    if query.unit:
        below = queries.subtree_ids(queries.unit_by_code(query.unit).id)
        wanted = wanted.join(Person, Person.id == Absence.person_id).where(Person.unit_id.in_(below))
    items, following = paginate(wanted, [Absence.from_on, Absence.id], limit=query.limit, cursor=query.cursor)
    seen = guard.whose_contacts(actor, [each.person for each in items], now=now)
    return {"items": [_absence_out(each) for each in items if each.person_id in seen], "next": following}


@api_call(
    bp,
    "POST",
    "/absences",
    operation_id="add_absence",
    body=AbsenceIn,
    returns={201: AbsenceSavedOut, 200: AbsenceSavedOut},
    action="absence.now",
    tags=["people"],
    idempotent=True,
    refused=409,
    summary="Add an absence of whole days, both ends included",
)
def add_absence(*, body: AbsenceIn, actor: Actor, now: datetime) -> tuple[dict[str, Any], int]:
    given = ABSENCES.taken(body.model_dump())
    code, first, last = given["person_code"], given["from"], given["to"]
    absence, is_new = services.add_absence(code, first, last, given["kind"], note=given["note"], now=now, actor=actor)
    told = _absence_out(absence)
    told["affected"] = effects.hit_by_absence(
        queries.person_by_code(code), first, last, covers=True, actor=actor, now=now
    )
    return told, 201 if is_new else 200


@api_call(
    bp,
    "DELETE",
    "/absences/<int:absence_id>",
    operation_id="remove_absence",
    returns={204: None},
    action="absence.write",
    tags=["people"],
    summary="Take an absence away",
)
def remove_absence(absence_id: int, *, actor: Actor, now: datetime) -> None:
    """409 for one's own that was agreed to: then it is asked for, on one's own page."""
    services.remove_absence(absence_id, now=now, actor=actor)
