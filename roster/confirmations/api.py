"""JSON API of confirmations: who holds a published seat says that they will serve it, or cannot."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from core.actor import Actor
from core.api.call import ApiModel, Code, Text, When, api_call
from roster.api_blueprint import bp
from roster.confirmations import queries, services as confirmations
from roster.models import Duty

TAGS = ["confirmations"]


class AnswerIn(ApiModel, title="roster__confirmations__api__AnswerIn"):
    person: Code | None = None
    """Whom it is said for; null: the person behind the key."""
    note: Annotated[Text, Field(max_length=confirmations.LONGEST_NOTE)] | None = None
    """Why they cannot; of what is noted for somebody else: how one heard it."""
    at: When | None = None
    """When it was said; null: now."""


class SeatOut(ApiModel, title="roster__confirmations__api__SeatOut"):
    id: int
    shift: int
    duty: str
    unit: str
    person: str
    starts_at: When
    ends_at: When
    state: Literal["waiting", "confirmed", "refused"]
    via: Literal["page", "link", "slip", "phone", "api"] | None
    slip_by: str | None = None
    """Of what was said by a slip: who printed it; empty: nobody knows."""
    answered_by: str
    answered_at: When | None
    note: str


@api_call(
    bp,
    "POST",
    "/seats/<int:seat_id>/confirm",
    operation_id="confirm",
    body=AnswerIn,
    returns={200: SeatOut},
    action=None,
    scopes=("roster",),
    tags=TAGS,
    summary="The holder of a published seat will serve it",
)
def confirm(seat_id: int, *, body: AnswerIn, actor: Actor, now: datetime) -> dict[str, Any]:
    """409 when it is another's now, or over, or ``at`` is still to come."""
    return _answer(seat_id, "confirmed", body, actor, now)


@api_call(
    bp,
    "POST",
    "/seats/<int:seat_id>/refuse",
    operation_id="refuse",
    body=AnswerIn,
    returns={200: SeatOut},
    action=None,
    scopes=("roster",),
    tags=TAGS,
    summary="The holder of a published seat cannot serve it",
)
def refuse(seat_id: int, *, body: AnswerIn, actor: Actor, now: datetime) -> dict[str, Any]:
    """The seat stays theirs, unsure, until somebody else is on it; the managers of the unit are told."""
    return _answer(seat_id, "refused", body, actor, now)


def _answer(seat_id: int, state: confirmations.State, body: AnswerIn, actor: Actor, now: datetime) -> dict[str, Any]:
    duty = confirmations.answer(
        seat_id, state, person=body.person, note=body.note or "", at=body.at, actor=actor, now=now
    )
    return _out(duty)


def _out(duty: Duty) -> dict[str, Any]:
    said = queries.of_duties([duty]).get(duty.id)
    return {
        "id": duty.seat_id,
        "shift": duty.shift_id,
        "duty": duty.duty,
        "unit": duty.unit.code,
        "person": duty.person.code,
        "starts_at": duty.starts_at,
        "ends_at": duty.ends_at,
        "state": said.state if said else "waiting",
        "via": said.how if said else None,
        "slip_by": said.slip_by if said else None,
        "answered_by": said.answered_by if said else "",
        "answered_at": said.answered_at if said else None,
        "note": said.note if said else "",
    }
