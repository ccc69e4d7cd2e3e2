"""JSON API of unannounced checks: begun, answered, read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from core.actor import Actor
from core.api.call import ApiModel, Code, ItemPage, ListQuery, Text, When, api_call, paginate
from duty.duty_checks import queries, services as checks
from duty.duty_checks.models import DutyCheck, DutyCheckAsk
from duty.duty_checks.services import CheckWanted
from notify.message_states.delivery_states import DeliveryState
from people import queries as people
from people.access import guard
from roster.api_blueprint import bp
from roster.api_models import SaidVia

TAGS = ["duty-checks"]
Note = Annotated[Text, Field(max_length=checks.LONGEST_NOTE)]


class DutyCheckIn(ApiModel, title="DutyCheckIn"):
    unit: Code
    units: Annotated[list[Code], Field(max_length=50)] = []
    """Further units."""
    who: Annotated[list[Code], Field(max_length=200)] | None = None
    """People on duty there; null: all of them."""
    note: Note = ""
    minutes: Annotated[int, Field(ge=checks.SHORTEST, le=checks.LONGEST)] = checks.LASTS
    second_yes: bool = False
    """Needed between 23:00 and 01:00."""


class CheckAnswerIn(ApiModel, title="CheckAnswerIn"):
    person: Code | None = None
    """Whom it is said for; null: the person behind the key."""
    note: Note = ""
    """Of what is noted for somebody else: how one heard it."""
    device_at: When | None = None
    """What their device took for the time."""


class CheckAnswerOut(ApiModel, title="CheckAnswerOut"):
    person: str
    units: list[str]
    duties: list[str]
    channel: str
    """How they were asked; empty: nothing carries words to them."""
    delivery: DeliveryState | None = None
    """What became of the question; null: nothing was written, or it was taken back."""
    answered_at: When | None
    after_seconds: int | None
    device_at: When | None
    via: SaidVia | None
    slip_by: str | None = None
    """Of what was said by a slip: who printed it; empty: nobody knows."""
    answered_by: str
    note: str


class DutyCheckOut(ApiModel, title="DutyCheckOut"):
    id: int
    units: list[str]
    asked_at: When
    closes_at: When
    closed_at: When | None
    asked_by: str
    note: str
    exercise: bool
    asked: int
    """How many the question has left to, or who answered."""
    answered: int
    unasked: int
    """How many it has not left to: their silence says nothing."""
    answers: list[CheckAnswerOut]


@api_call(
    bp,
    "POST",
    "/duty-checks",
    operation_id="start_duty_check",
    body=DutyCheckIn,
    returns={201: DutyCheckOut},
    action="check.run",
    tags=TAGS,
    idempotent=True,
    refused=409,
    summary="Ask everybody on duty in some units whether they are",
)
def start_duty_check(*, body: DutyCheckIn, actor: Actor, now: datetime) -> dict[str, Any]:
    """Each person gets one message with their own link. 409 when all units are named, nobody is on duty there, it is
    night and nobody said yes twice, or a unit is being checked."""
    ids = [people.unit_by_code(code).id for code in (body.unit, *body.units)]
    wanted = CheckWanted(ids, body.who, body.note, body.minutes, body.second_yes)
    return _out(checks.start(wanted, actor=actor, now=now))


@api_call(
    bp,
    "GET",
    "/duty-checks",
    operation_id="list_duty_checks",
    query=ListQuery,
    returns={200: ItemPage[DutyCheckOut]},
    action="duty.confirm",
    tags=TAGS,
    summary="Checks in one's units, the newest first",
)
def list_duty_checks(*, query: ListQuery, actor: Actor, now: datetime) -> dict[str, Any]:
    wanted = queries.reached(guard.reach(actor, "duty.confirm", now=now), actor.person_id)
    found, following = paginate(wanted, [DutyCheck.id.desc()], limit=query.limit, cursor=query.cursor)
    states = queries.delivered_each(found)
    return {"items": [_out(each, states[each.id]) for each in found], "next": following}


@api_call(
    bp,
    "GET",
    "/duty-checks/<int:check_id>",
    operation_id="get_duty_check",
    returns={200: DutyCheckOut},
    action="duty.confirm",
    tags=TAGS,
    summary="One check, with answers and times",
)
def get_duty_check(check_id: int, *, actor: Actor, now: datetime) -> dict[str, Any]:
    check = queries.by_id(check_id)
    checks.ensure_visible(check, actor, now)
    return _out(check)


@api_call(
    bp,
    "POST",
    "/duty-checks/<int:check_id>/answers",
    operation_id="answer_duty_check",
    body=CheckAnswerIn,
    returns={200: CheckAnswerOut},
    action=None,
    scopes=("roster",),
    tags=TAGS,
    summary="Somebody who was asked is on duty",
)
def answer_duty_check(check_id: int, *, body: CheckAnswerIn, actor: Actor, now: datetime) -> dict[str, Any]:
    """The first answer stands. 409 when it is over, or the person was not asked."""
    ask = checks.answer(check_id, person=body.person, note=body.note, device_at=body.device_at, actor=actor, now=now)
    return _answer(ask, _codes([ask]))


def _out(check: DutyCheck, states: Mapping[int, DeliveryState] | None = None) -> dict[str, Any]:
    """``states``: of its questions, where they were read for many checks at once."""
    states = queries.delivered(check) if states is None else states
    found = queries.counted_from(check, states)
    codes = _codes(check.asks)
    return {
        "id": check.id,
        "units": [each.unit.code for each in check.units],
        "asked_at": check.asked_at,
        "closes_at": check.closes_at,
        "closed_at": check.closed_at,
        "asked_by": check.asked_by,
        "note": check.note,
        "exercise": check.exercise,
        "asked": found.asked,
        "answered": found.answered,
        "unasked": len(found.unasked),
        "answers": [_answer(each, codes) | {"delivery": states.get(each.person_id)} for each in check.asks],
    }


def _codes(asks: list[DutyCheckAsk]) -> dict[int, str]:
    ids = {duty["unit"] for ask in asks for duty in ask.duties}
    return {unit.id: unit.code for unit in people.units(list(ids))}


def _answer(ask: DutyCheckAsk, codes: dict[int, str]) -> dict[str, Any]:
    after = None if ask.answered_at is None else round((ask.answered_at - ask.check.asked_at).total_seconds())
    return {
        "person": ask.person.code,
        "units": list(dict.fromkeys(codes[each["unit"]] for each in ask.duties)),
        "duties": [each["duty"] for each in ask.duties],
        "channel": ask.channel,
        "answered_at": ask.answered_at,
        "after_seconds": after,
        "device_at": ask.device_at,
        "via": ask.how or None,
        "slip_by": ask.slip_by,
        "answered_by": ask.answered_by,
        "note": ask.note,
    }
