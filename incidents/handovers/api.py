"""JSON API of hand-over minutes: written, signed, accepted, read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from core.actor import Actor
from core.api.call import ApiModel, Code, Count, ItemPage, ListQuery, Text, When, api_call, paginate
from incidents.api_blueprint import bp
from incidents.handovers import acceptance, content, queries, services as handovers
from incidents.handovers.content import ChecklistItem, TypedMinutes
from incidents.handovers.models import Handover
from people import queries as people
from people.access import guard
from people.models import Person

TAGS = ["handovers"]
State = Literal["prepared", "signed", "accepted"]


class HandoverItem(ApiModel, title="HandoverItem"):
    what: Text
    state: Literal["fine", "attention", "none"] | None = None
    """In order; look at this, with a note; there is none here. null: nobody said yet."""
    note: Text = ""


class HandoverIn(ApiModel, title="HandoverIn"):
    seat: Count
    """Of the duty that ends."""
    person: Code | None = None
    """The outgoing person; null: whoever holds the seat."""
    items: Annotated[list[HandoverItem], Field(max_length=content.MOST_ITEMS)] = []
    notes: Text = ""
    undone: Text = ""


class SignIn(ApiModel, title="SignIn"):
    how: Text = ""
    """Of what is noted for the outgoing person: how one heard it."""


class AcceptIn(ApiModel, title="AcceptIn"):
    person: Code | None = None
    """The incoming person; null: the person behind the key."""
    incidents: list[Annotated[str, Field(max_length=40)]] | None = None
    """Codes that one knows to come along; 409 when others do. null: whatever comes along."""
    how: Text = ""


class HandoverIncident(ApiModel, title="HandoverIncident"):
    code: str
    title: str
    severity: int
    restricted: bool
    since: When
    note: str
    note_by: str
    todo: list[str]
    """What of its checklist is not done."""


class HandoverNoteOut(ApiModel, title="HandoverNoteOut"):
    at: When
    who: str
    kind: Literal["note", "declined", "late"]
    text: str


class HandoverOut(ApiModel, title="HandoverOut"):
    id: int
    number: str
    unit: str
    duty: str
    seat: int
    starts_at: When
    changes_at: When
    outgoing: str
    """Name; as for all people here, because minutes outlive rosters."""
    incoming: list[str]
    """Codes of those who may accept, by the roster as it is now."""
    state: State
    items: list[HandoverItem]
    notes: str
    undone: str
    incidents: list[HandoverIncident]
    """Open when it was signed; before, what goes along now."""
    hash: str
    """SHA-256 of what was signed."""
    signed_at: When | None
    signed_by: str
    accepted_at: When | None
    accepted_by: str
    moved: list[str]
    """Codes of the incidents that went to the incoming person."""
    remarks: list[HandoverNoteOut]


class HandoverQuery(ListQuery):
    unit: Code | None = None
    """With everything below it."""
    state: State | None = None


@api_call(
    bp,
    "GET",
    "/handovers",
    operation_id="list_handovers",
    query=HandoverQuery,
    returns={200: ItemPage[HandoverOut]},
    action="incident.read",
    tags=TAGS,
    summary="Hand-over minutes, the newest last",
)
def list_handovers(*, query: HandoverQuery, actor: Actor, now: datetime) -> dict[str, Any]:
    within = guard.reach(actor, "incident.read", now=now)
    if query.unit is not None:
        below = set(people.subtree_ids(people.unit_by_code(query.unit).id))
        within = below if within is None else within & below
    wanted = queries.listed(within, state=query.state or "")
    items, following = paginate(wanted, [Handover.id], limit=query.limit, cursor=query.cursor)
    coming = queries.incoming_each(items)
    return {"items": [_out(each, coming[each.id]) for each in items], "next": following}


@api_call(
    bp,
    "GET",
    "/handovers/<int:handover_id>",
    operation_id="get_handover",
    returns={200: HandoverOut},
    action="incident.read",
    tags=TAGS,
    summary="One set of minutes",
)
def get_handover(handover_id: int, *, actor: Actor, now: datetime) -> dict[str, Any]:
    row = queries.by_id(handover_id)
    guard.ensure(actor, "incident.read", row.unit_id, now=now)
    return _out(row)


@api_call(
    bp,
    "POST",
    "/handovers",
    operation_id="write_handover",
    body=HandoverIn,
    returns={201: HandoverOut},
    action=None,
    scopes=("incidents",),
    tags=TAGS,
    idempotent=True,
    summary="Write the minutes of a change of shift",
)
def write_handover(*, body: HandoverIn, actor: Actor, now: datetime) -> dict[str, Any]:
    """By who leaves, or for them by who may dispatch. Until it is signed, writing again replaces what was written."""
    items = tuple(ChecklistItem(each.what, each.state or "", each.note) for each in body.items)
    typed = TypedMinutes(items, body.notes, body.undone)
    return _out(handovers.prepare(body.seat, typed, person=body.person, actor=actor, now=now))


@api_call(
    bp,
    "POST",
    "/handovers/<int:handover_id>/sign",
    operation_id="sign_handover",
    body=SignIn,
    returns={200: HandoverOut},
    action=None,
    scopes=("incidents",),
    tags=TAGS,
    summary="Sign: from now on nothing of it changes",
)
def sign_handover(handover_id: int, *, body: SignIn, actor: Actor, now: datetime) -> dict[str, Any]:
    return _out(handovers.sign(handover_id, how=body.how, actor=actor, now=now))


@api_call(
    bp,
    "POST",
    "/handovers/<int:handover_id>/accept",
    operation_id="accept_handover",
    body=AcceptIn,
    returns={200: HandoverOut},
    action=None,
    scopes=("incidents",),
    tags=TAGS,
    summary="Take over the shift and its incidents",
)
def accept_handover(handover_id: int, *, body: AcceptIn, actor: Actor, now: datetime) -> dict[str, Any]:
    """409 with who and when if somebody has accepted it."""
    row = acceptance.accept(handover_id, person=body.person, seen=body.incidents, how=body.how, actor=actor, now=now)
    return _out(row)


def _out(row: Handover, coming: Sequence[Person] | None = None) -> dict[str, Any]:
    coming = queries.incoming(row) if coming is None else coming
    kept = handovers.incidents_of(row)
    return {
        "id": row.id,
        "number": row.label,
        "unit": row.unit.code,
        "duty": row.duty,
        "seat": row.seat_id,
        "starts_at": row.starts_at,
        "changes_at": row.changes_at,
        "outgoing": row.outgoing_name,
        "incoming": [each.code for each in coming],
        "state": row.state,
        "items": [
            {"what": each.what, "state": each.state or None, "note": each.note}
            for each in content.items_of(row.content)
        ],
        "notes": row.content["notes"],
        "undone": row.content["undone"],
        "incidents": [
            {
                "code": each.code,
                "title": each.title,
                "severity": each.severity,
                "restricted": each.restricted,
                "since": datetime.fromisoformat(each.since),
                "note": each.note,
                "note_by": each.note_by,
                "todo": list(each.todo),
            }
            for each in kept
        ],
        "hash": row.content_hash,
        "signed_at": row.signed_at,
        "signed_by": row.signed_by,
        "accepted_at": row.accepted_at,
        "accepted_by": row.accepted_name,
        "moved": row.moved,
        "remarks": [{"at": each.at, "who": each.who, "kind": each.kind, "text": each.text} for each in row.notes],
    }
