"""JSON API of swaps: ask others to take a published seat, answer, decide."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field
from sqlalchemy import select

from core.actor import Actor
from core.api.call import ApiModel, Code, ItemPage, ListQuery, Text, View, When, api_call, paginate
from core.api.types import MAX_NUMBER
from core.errors import Invalid
from duty.swaps import carrying, deciding, queries, rights, services as swaps
from duty.swaps.lines.line import SwapLine
from duty.swaps.models import Swap
from duty.swaps.services import SwapWanted
from notify.message_states.delivery_states import DeliveryState
from people import queries as people
from people.access import guard
from roster.api_blueprint import bp
from roster.dividing.parting import SplitSpan

TAGS = ["swaps"]
Id = Annotated[int, Field(ge=1, le=MAX_NUMBER)]
Note = Annotated[Text, Field(max_length=swaps.LONGEST_NOTE)]
State = Literal["asked", "accepted", "approved", "declined", "rejected", "cancelled", "expired", "void"]


class SwapIn(ApiModel, title="SwapIn"):
    seat: Id
    """A published seat of ``person``."""
    kind: Literal["swap", "cover", "drop"]
    """swap: for ``for_seat`` of ``with_``; cover: for nothing; drop: the same, and the managers hear of it at once."""
    with_: Annotated[Code | None, Field(alias="with")] = None
    """Who is asked; null: everybody who could take it without breaking a rule (at most 20, the best first)."""
    for_seat: Id | None = None
    from_: Annotated[When | None, Field(alias="from")] = None
    """With ``to``: only this part of the shift, which becomes a shift of its own."""
    to: When | None = None
    note: Note | None = None
    """For those who are asked; of what is asked for somebody else: how one heard it."""
    person: Code | None = None
    """Whom it is asked for; null: the person behind the key."""


class SwapAnswerIn(ApiModel, title="roster__swaps__api__AnswerIn"):
    person: Code | None = None
    """Whom it is said for; null: the person behind the key."""
    note: Note | None = None


class ApproveIn(ApiModel, title="ApproveIn"):
    taker: Code | None = None
    """Which of those who said yes; needed where several did."""
    override_reason: Note | None = None


class RejectIn(ApiModel, title="RejectIn"):
    note: Note


class LoadOut(ApiModel, title="LoadOut"):
    shifts: int
    minutes: int
    points: float


class SideOut(ApiModel, title="SideOut"):
    person: str
    before: LoadOut
    after: LoadOut


class AskedOut(ApiModel, title="AskedOut"):
    person: str
    turn_at: When
    delivery: DeliveryState | None
    """What became of the question; null: nobody was due, nothing reaches them, or it was taken back."""
    answer: Literal["accepted", "declined"] | None
    answered_at: When | None


class SwapOut(ApiModel, title="SwapOut"):
    id: int
    kind: Literal["swap", "cover", "drop"]
    campaign: int
    seat: int
    person: str
    for_seat: int | None
    chained: int | None
    """The other ask of a chain of two: both move together or not at all."""
    starts_at: When
    """Of what changes hands."""
    ends_at: When
    note: str
    state: State
    passes: bool
    """The first lawful yes moves the seat; else somebody decides."""
    asked: list[AskedOut]
    asked_at: When
    expires_at: When
    """It runs out then only if the question has left to somebody; else when the shift begins."""
    taker: str | None
    revision: int | None
    """The revision that it became."""
    closed_at: When | None
    closed_by: str
    check: list[SideOut] | None
    """What it would mean for both, with the one who was asked, or the first who said yes; null where several were asked
    and nobody has, and when it is over."""


class SwapQuery(ListQuery):
    campaign: Id | None = None
    person: Code | None = None
    """Who asked."""


@api_call(
    bp,
    "POST",
    "/swaps",
    operation_id="ask_swap",
    body=SwapIn,
    returns={201: SwapOut},
    action=None,
    scopes=("roster",),
    tags=TAGS,
    idempotent=True,
    refused=409,
    summary="Ask others to take a published seat",
)
def ask_swap(*, body: SwapIn, actor: Actor, now: datetime) -> dict[str, Any]:
    """By its holder, or for them by whoever may note what they said. 409 when the seat is another's, too near, already
    asked for, or nobody could take it."""
    if (body.from_ is None) != (body.to is None):
        raise Invalid("swap.part", field="to" if body.to is None else "from")
    span = SplitSpan(body.from_, body.to) if body.from_ is not None and body.to is not None else None
    wanted = SwapWanted(body.kind, body.with_, body.for_seat, span, body.note or "")
    return _out(swaps.ask(body.seat, wanted, person=body.person, actor=actor, now=now), now)


@api_call(
    bp,
    "GET",
    "/swaps",
    operation_id="list_swaps",
    query=SwapQuery,
    returns={200: ItemPage[SwapOut]},
    action=None,
    scopes=("roster",),
    tags=TAGS,
    summary="Asks, the newest first: one's own, and those of the units that one answers for",
)
def list_swaps(*, query: SwapQuery, actor: Actor, now: datetime) -> dict[str, Any]:
    wanted = select(Swap).where(queries.visible_to(actor.person_id, guard.reach(actor, "duty.confirm", now=now)))
    if query.campaign is not None:
        wanted = wanted.where(Swap.campaign_id == query.campaign)
    if query.person is not None:
        wanted = wanted.where(Swap.person_id == people.person_by_code(query.person).id)
    rows, following = paginate(wanted, [Swap.id.desc()], limit=query.limit, cursor=query.cursor)
    lines = {line.swap.id: line for line in queries.lines_of([row.id for row in rows], now=now)}
    return {"items": [_line(lines[row.id], None) for row in rows], "next": following}


@api_call(
    bp,
    "GET",
    "/swaps/<int:swap_id>",
    operation_id="get_swap",
    returns={200: SwapOut},
    action=None,
    scopes=("roster",),
    tags=TAGS,
    summary="One ask",
)
def get_swap(swap_id: int, *, actor: Actor, now: datetime) -> dict[str, Any]:
    return _out(rights.readable(swap_id, actor=actor, now=now), now)


def _call(operation_id: str, word: str, body: type[ApiModel], summary: str) -> Callable[[View], View]:
    return api_call(
        bp,
        "POST",
        f"/swaps/<int:swap_id>/{word}",
        operation_id=operation_id,
        summary=summary,
        body=body,
        returns={200: SwapOut},
        action=None,
        scopes=("roster",),
        tags=TAGS,
        refused=409,
    )


@_call("accept_swap", "accept", SwapAnswerIn, "Say yes")
def accept_swap(swap_id: int, *, body: SwapAnswerIn, actor: Actor, now: datetime) -> dict[str, Any]:
    """409 when it is over (who and when is said), asks somebody else, or breaks a rule by now."""
    return _out(deciding.accept(swap_id, person=body.person, note=body.note or "", actor=actor, now=now), now)


@_call("decline_swap", "decline", SwapAnswerIn, "Say no")
def decline_swap(swap_id: int, *, body: SwapAnswerIn, actor: Actor, now: datetime) -> dict[str, Any]:
    return _out(deciding.decline(swap_id, person=body.person, note=body.note or "", actor=actor, now=now), now)


@_call("approve_swap", "approve", ApproveIn, "Let it pass: the seat moves as a revision of its own")
def approve_swap(swap_id: int, *, body: ApproveIn, actor: Actor, now: datetime) -> dict[str, Any]:
    """By managers of the unit; by leadership and operations on duty for shifts of the day."""
    swap = deciding.approve(swap_id, taker=body.taker, override_reason=body.override_reason, actor=actor, now=now)
    return _out(swap, now)


@_call("reject_swap", "reject", RejectIn, "Do not let it pass")
def reject_swap(swap_id: int, *, body: RejectIn, actor: Actor, now: datetime) -> dict[str, Any]:
    return _out(deciding.reject(swap_id, note=body.note, actor=actor, now=now), now)


@_call("cancel_swap", "cancel", SwapAnswerIn, "Take it back")
def cancel_swap(swap_id: int, *, body: SwapAnswerIn, actor: Actor, now: datetime) -> dict[str, Any]:
    return _out(swaps.cancel(swap_id, note=body.note or "", actor=actor, now=now), now)


def _out(swap: Swap, now: datetime) -> dict[str, Any]:
    line = queries.line(swap, now=now)
    return _line(line, carrying.sides(line, now=now) if line.is_open else None)


def _line(line: SwapLine, sides: list[dict[str, Any]] | None) -> dict[str, Any]:
    swap = line.swap
    return {
        "id": swap.id,
        "kind": swap.kind,
        "campaign": swap.campaign_id,
        "seat": swap.seat_id,
        "person": swap.person.code,
        "for_seat": swap.for_seat_id,
        "chained": line.chained.swap.id if line.chained is not None else None,
        "starts_at": line.starts_at,
        "ends_at": line.ends_at,
        "note": swap.note,
        "state": line.state,
        "passes": swap.passes,
        "asked": [
            {
                "person": each.person.code,
                "turn_at": each.turn_at,
                "delivery": line.delivered(each),
                "answer": each.answer,
                "answered_at": each.answered_at,
            }
            for each in swap.asked
        ],
        "asked_at": swap.asked_at,
        "expires_at": swap.expires_at,
        "taker": swap.taker.code if swap.taker is not None else None,
        "revision": swap.revision,
        "closed_at": swap.closed_at,
        "closed_by": swap.closed_by,
        "check": sides,
    }
