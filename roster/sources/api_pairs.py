"""JSON API of pairs of people: who serves together, and who never shares a shift."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core.actor import Actor
from core.api.call import ApiModel, Code, ItemPage, ListQuery, api_call, paginate
from people.access.guard import whose_contacts
from people.models import Person
from roster.api_blueprint import bp
from roster.sources import pairs
from roster.sources.models import PersonPair


class PairIn(ApiModel, title="PairIn"):
    person_code: Code
    other_code: Code
    kind: Literal["together", "apart"]


class PairOut(PairIn, title="PairOut"):
    id: int


class PairQuery(ListQuery):
    person: Code | None = None


@api_call(
    bp,
    "GET",
    "/pairs",
    operation_id="list_pairs",
    query=PairQuery,
    returns={200: ItemPage[PairOut]},
    action="person.read",
    tags=["people"],
    summary="Who serves together, and who never shares a shift",
)
def list_pairs(*, query: PairQuery, actor: Actor, now: datetime) -> dict[str, Any]:
    """Those of people whose directory entries the key may see in full: who avoids whom is personal."""
    statement = select(PersonPair).options(joinedload(PersonPair.first), joinedload(PersonPair.second))
    if query.person:
        own = select(Person.id).where(Person.code == query.person)
        statement = statement.where(PersonPair.first_id.in_(own) | PersonPair.second_id.in_(own))
    rows, following = paginate(statement, [PersonPair.id], limit=query.limit, cursor=query.cursor)
    seen = whose_contacts(actor, [each for row in rows for each in (row.first, row.second)], now=now)
    return {"items": [_pair(row) for row in rows if {row.first_id, row.second_id} <= seen], "next": following}


@api_call(
    bp,
    "POST",
    "/pairs",
    operation_id="save_pair",
    body=PairIn,
    returns={201: PairOut, 200: PairOut},
    action="person.write",
    tags=["people"],
    idempotent=True,
    summary="Set a pair",
)
def save_pair(*, body: PairIn, actor: Actor, now: datetime) -> Any:
    """Two people are one pair whichever is named first."""
    row, is_new = pairs.save_pair(body.person_code, body.other_code, body.kind, actor=actor, now=now)
    return _pair(row), 201 if is_new else 200


@api_call(
    bp,
    "DELETE",
    "/pairs/<int:pair_id>",
    operation_id="delete_pair",
    returns={204: None},
    action="person.write",
    tags=["people"],
    summary="Take a pair away",
)
def delete_pair(pair_id: int, *, actor: Actor, now: datetime) -> None:
    pairs.delete_pair(pair_id, actor=actor, now=now)


def _pair(row: PersonPair) -> dict[str, Any]:
    return {"id": row.id, "person_code": row.first.code, "other_code": row.second.code, "kind": row.kind}
