"""JSON API of what moves a running incident beside its steps."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from core.actor import Actor
from core.api.call import ApiModel, Code, Line, Text, When, api_call
from incidents.api.schemas import IncidentDetail, detail
from incidents.api_blueprint import INCIDENTS, bp, person_named
from incidents.record import queries
from incidents.response import responders

View = Callable[..., Any]


class ReassignIn(ApiModel, title="ReassignIn"):
    to: Code
    """Who shall take it; the holder keeps it until they accept."""
    note: Text = ""


class MoreIn(ApiModel, title="MoreIn"):
    people: Annotated[list[Code], Field(max_length=20)] = []
    duties: Annotated[list[Code], Field(max_length=10)] = []
    """The people who serve these duty kinds now."""
    note: Text = ""


class ArrivalIn(ApiModel, title="ArrivalIn"):
    at: When
    note: Text = ""


class SnoozeIn(ApiModel, title="SnoozeIn"):
    until: When
    reason: Line = ""
    note: Text = ""
    """The same as ``reason``, by the name that all other calls have for it; one of the two is needed."""


class HandoverAnswerIn(ApiModel, title="incidents__response__api__AnswerIn"):
    accept: bool
    note: Text = ""


class PlainIn(ApiModel, title="PlainIn"):
    note: Text = ""


def _call(operation_id: str, path: str, body: type[ApiModel], summary: str) -> Callable[[View], View]:
    return api_call(
        bp,
        "POST",
        f"/incidents/<code>/{path}",
        operation_id=operation_id,
        summary=summary,
        body=body,
        returns={200: IncidentDetail},
        action="incident.act",
        refused=409,
        tags=INCIDENTS,
    )


@_call("reassign_incident", "reassign", ReassignIn, "Ask somebody else to take it")
def reassign_incident(code: str, *, body: ReassignIn, actor: Actor, now: datetime) -> Any:
    """Answered by ``POST …/asks/{id}``. For the holder, and for people who may dispatch."""
    person_id = person_named(body.to, "to").id
    return detail(responders.reassign(_id(code), person_id=person_id, note=body.note, actor=actor, now=now))


@_call("call_more_people", "call-more", MoreIn, "Call further people now; the steps stay as they are")
def call_more_people(code: str, *, body: MoreIn, actor: Actor, now: datetime) -> Any:
    ids = [person_named(each, f"people.{n}").id for n, each in enumerate(body.people)]
    done = responders.call_more(_id(code), person_ids=ids, duties=body.duties, note=body.note, actor=actor, now=now)
    return detail(done)


@_call("expect_arrival", "arrival", ArrivalIn, "When the holder will be there")
def expect_arrival(code: str, *, body: ArrivalIn, actor: Actor, now: datetime) -> Any:
    return detail(responders.expect_arrival(_id(code), at=body.at, note=body.note, actor=actor, now=now))


@_call("arrived", "arrived", PlainIn, "The holder is there")
def arrived(code: str, *, body: PlainIn, actor: Actor, now: datetime) -> Any:
    return detail(responders.arrive(_id(code), note=body.note, actor=actor, now=now))


@_call("still_on_it", "alive", PlainIn, "The holder is still on it")
def still_on_it(code: str, *, body: PlainIn, actor: Actor, now: datetime) -> Any:
    return detail(responders.still_on_it(_id(code), note=body.note, actor=actor, now=now))


@_call("snooze_incident", "snooze", SnoozeIn, "Put it off until a time within the policy's limit")
def snooze_incident(code: str, *, body: SnoozeIn, actor: Actor, now: datetime) -> Any:
    """It returns by itself: to the holder first, then to the policy. 409 while nobody has it."""
    reason = body.reason or body.note
    return detail(responders.snooze(_id(code), until=body.until, reason=reason, actor=actor, now=now))


@_call("unsnooze_incident", "unsnooze", PlainIn, "It is put off no longer")
def unsnooze_incident(code: str, *, body: PlainIn, actor: Actor, now: datetime) -> Any:
    return detail(responders.end_snooze(_id(code), note=body.note, actor=actor, now=now))


@_call("answer_ask", "asks/<int:ask>", HandoverAnswerIn, "Answer a question that was put to a person")
def answer_ask(code: str, ask: int, *, body: HandoverAnswerIn, actor: Actor, now: datetime) -> Any:
    """By the person's own key; for somebody else it takes the right to dispatch."""
    return detail(responders.answer(_id(code), ask, accept=body.accept, note=body.note, actor=actor, now=now))


def _id(code: str) -> int:
    return queries.by_code(code).id
