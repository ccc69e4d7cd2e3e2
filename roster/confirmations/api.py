"""JSON API of confirmations: who holds a published seat says that they will serve it, or cannot."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from core.actor import Actor
from core.api.call import When, api_call
from roster.api_blueprint import bp
from roster.api_models import HeldSeatOut, SaidVia, WordIn, held_seat
from roster.confirmations import queries, services as confirmations
from roster.models import Duty

TAGS = ["confirmations"]


class ConfirmationIn(WordIn, title="roster__confirmations__api__AnswerIn"):
    pass


class AnsweredSeatOut(HeldSeatOut, title="roster__confirmations__api__SeatOut"):
    state: Literal["waiting", "confirmed", "refused"]
    via: SaidVia | None
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
    body=ConfirmationIn,
    returns={200: AnsweredSeatOut},
    action=None,
    scopes=("roster",),
    tags=TAGS,
    summary="The holder of a published seat will serve it",
)
def confirm(seat_id: int, *, body: ConfirmationIn, actor: Actor, now: datetime) -> dict[str, Any]:
    """409 when it is another's now, or over, or ``at`` is still to come."""
    return _answer(seat_id, "confirmed", body, actor, now=now)


@api_call(
    bp,
    "POST",
    "/seats/<int:seat_id>/refuse",
    operation_id="refuse",
    body=ConfirmationIn,
    returns={200: AnsweredSeatOut},
    action=None,
    scopes=("roster",),
    tags=TAGS,
    summary="The holder of a published seat cannot serve it",
)
def refuse(seat_id: int, *, body: ConfirmationIn, actor: Actor, now: datetime) -> dict[str, Any]:
    """The seat stays theirs, unsure, until somebody else is on it; the managers of the unit are told."""
    return _answer(seat_id, "refused", body, actor, now=now)


def _answer(
    seat_id: int, state: confirmations.State, body: ConfirmationIn, actor: Actor, *, now: datetime
) -> dict[str, Any]:
    duty = confirmations.answer(
        seat_id, state, person=body.person, note=body.note or "", at=body.at, actor=actor, now=now
    )
    return _out(duty)


def _out(duty: Duty) -> dict[str, Any]:
    said = queries.answers_for([duty]).get(duty.id)
    return {
        **held_seat(duty),
        "state": said.state if said else "waiting",
        "via": said.how if said else None,
        "slip_by": said.slip_by if said else None,
        "answered_by": said.answered_by if said else "",
        "answered_at": said.answered_at if said else None,
        "note": said.note if said else "",
    }
