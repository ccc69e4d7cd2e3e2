"""JSON API of who is there: the holder of a published seat came, left, or stands ready."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from core.actor import Actor
from core.api.call import ApiModel, When, api_call
from duty.attendance import services
from roster.api_blueprint import bp
from roster.api_models import HeldSeatOut, SaidVia, WordIn, held_seat
from roster.models import Duty
from roster.presence import queries
from roster.presence.models import Presence

TAGS = ["presence"]


class PresenceIn(WordIn, title="PresenceIn"):
    pass


class SaidOut(ApiModel, title="SaidOut"):
    at: When
    said_at: When
    said_by: str
    via: SaidVia
    slip_by: str | None = None
    """Of what was said by a slip: who printed it; empty: nobody knows."""
    note: str


class PresenceOut(HeldSeatOut, title="PresenceOut"):
    state: Literal["here", "left", "missing", "expected", "silent", "ready", "confirmed", "not_ready", "ahead"]
    """missing: a quarter of an hour after the start and not here; expected: can check in; silent: over, nothing said;
    confirmed: elsewhere and asked nothing more."""
    check_in: SaidOut | None
    check_out: SaidOut | None
    ready: SaidOut | None


@api_call(
    bp,
    "POST",
    "/seats/<int:seat_id>/check-in",
    operation_id="check_in",
    body=PresenceIn,
    returns={200: PresenceOut},
    action=None,
    scopes=("roster",),
    tags=TAGS,
    summary="The holder of a published seat on site has come",
)
def check_in(seat_id: int, *, body: PresenceIn, actor: Actor, now: datetime) -> dict[str, Any]:
    """From an hour before the start until the end, of kinds of duty that ask for it. What was said first stands."""
    return _say(seat_id, "check_in", body, actor, now=now)


@api_call(
    bp,
    "POST",
    "/seats/<int:seat_id>/check-out",
    operation_id="check_out",
    body=PresenceIn,
    returns={200: PresenceOut},
    action=None,
    scopes=("roster",),
    tags=TAGS,
    summary="The holder of a published seat on site has left",
)
def check_out(seat_id: int, *, body: PresenceIn, actor: Actor, now: datetime) -> dict[str, Any]:
    """Also before the end, or up to twelve hours after it. To check in again takes it back."""
    return _say(seat_id, "check_out", body, actor, now=now)


@api_call(
    bp,
    "POST",
    "/seats/<int:seat_id>/ready",
    operation_id="ready",
    body=PresenceIn,
    returns={200: PresenceOut},
    action=None,
    scopes=("roster",),
    tags=TAGS,
    summary="The holder of a published seat elsewhere than on site stands ready",
)
def ready(seat_id: int, *, body: PresenceIn, actor: Actor, now: datetime) -> dict[str, Any]:
    """From twelve hours before the start until the end, of kinds of duty that ask for it."""
    return _say(seat_id, "ready", body, actor, now=now)


def _say(seat_id: int, kind: str, body: PresenceIn, actor: Actor, *, now: datetime) -> dict[str, Any]:
    duty = services.say(seat_id, kind, person=body.person, at=body.at, note=body.note or "", actor=actor, now=now)
    return _out(duty, now)


def _out(duty: Duty, now: datetime) -> dict[str, Any]:
    [line] = queries.lines_of([duty], now=now)
    return {
        **held_seat(duty),
        "state": line.state,
        "check_in": _said(line.word.check_in),
        "check_out": _said(line.word.check_out),
        "ready": _said(line.word.ready),
    }


def _said(row: Presence | None) -> dict[str, Any] | None:
    if row is None:
        return None
    return {
        "at": row.at,
        "said_at": row.said_at,
        "said_by": row.said_by,
        "via": row.how,
        "slip_by": row.slip_by,
        "note": row.note,
    }
