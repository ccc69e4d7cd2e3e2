"""JSON API of the days that people asked for or want off; fields are those of the import folder."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import ConfigDict
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core.actor import Actor
from core.api.call import Code, ItemPage, ListQuery, api_call, paginate
from duty.time_off import services
from people.access.guard import whose_contacts
from people.columns import bodies
from people.models import Person
from roster.api_blueprint import bp
from roster.sources.columns import WISHES
from roster.sources.models import Wish


class WishFields(bodies.taking(WISHES)):  # type: ignore[misc]
    model_config = ConfigDict(title="WishFields")


class WishQuery(ListQuery):
    person: Code | None = None


@api_call(
    bp,
    "GET",
    "/wishes",
    operation_id="list_wishes",
    query=WishQuery,
    returns={200: ItemPage[WishFields]},
    action="campaign.read",
    tags=["wishes"],
    summary="What people asked for",
)
def list_wishes(*, query: WishQuery, actor: Actor, now: datetime) -> dict[str, Any]:
    """Those of the people whose directory entry the key may see in full: when somebody wants off is personal."""
    statement = select(Wish).options(joinedload(Wish.person))
    if query.person:
        statement = statement.join(Person, Person.id == Wish.person_id).where(Person.code == query.person)
    rows, following = paginate(statement, [Wish.id], limit=query.limit, cursor=query.cursor)
    seen = whose_contacts(actor, [row.person for row in rows], now=now)
    return {"items": [_wish(row) for row in rows if row.person_id in seen], "next": following}


@api_call(
    bp,
    "POST",
    "/wishes",
    operation_id="save_wish",
    body=WishFields,
    returns={201: WishFields, 200: WishFields},
    action="wish.write",
    tags=["wishes"],
    idempotent=True,
    refused=409,
    summary="Set a wish",
)
def save_wish(*, body: WishFields, actor: Actor, now: datetime) -> Any:
    """Keyed by person, date and shift. One's own counts at once and is asked for: whoever manages answers it."""
    row, is_new = services.save_wish(WISHES.taken(body.model_dump()), actor=actor, now=now)
    return _wish(row), 201 if is_new else 200


def _wish(row: Wish) -> dict[str, Any]:
    return WISHES.given(row, {"person_code": row.person.code})
