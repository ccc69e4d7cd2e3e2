"""JSON API of those outside: /authorities and the calls to them, /coordination."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from pydantic import Field

from compliance.blueprint import api_bp as bp
from compliance.coordination import queries, services
from compliance.coordination.models import Coordination
from compliance.coordination.queries import Tested
from compliance.coordination.services import CoordinationRequest, CoordinationStep
from core import clock
from core.actor import Actor
from core.api.call import ApiModel, Code, Count, Day, ItemPage, Line, ListQuery, Text, When, api_call, paginate
from core.db import db
from core.errors import NotFound
from incidents.catalogue import directory
from incidents.catalogue.models import Authority, AuthorityRole
from people import queries as people
from people.access import guard

TAGS = ["coordination"]


class AuthorityIn(ApiModel, title="AuthorityIn"):
    name: Line
    formerly: Text = Field(default="", max_length=200)
    """What it was called before."""
    role: AuthorityRole
    unit: Code | None = None
    """Which it serves, with everything below; null: the whole enterprise."""
    phone: Line
    phone_24h: Text = Field(default="", max_length=40)
    contact: Text = Field(default="", max_length=200)
    valid_from: Day | None = None
    valid_to: Day | None = None


class AuthorityOut(ApiModel, title="AuthorityOut"):
    id: int
    name: str
    formerly: str
    role: str
    unit: str | None
    phone: str
    phone_24h: str
    contact: str
    valid_from: date | None
    valid_to: date | None
    tested_at: When | None
    """Of the last call; null: nobody has rung."""
    answered: bool | None
    tested: bool
    """Answered within the last thirty days."""


class AuthoritiesOut(ApiModel, title="AuthoritiesOut"):
    items: list[AuthorityOut]


class CallIn(ApiModel, title="CallIn"):
    answered: bool
    at: When | None = None
    rang_by: Text = Field(default="", max_length=200)
    remark: Text = ""


class CoordinationQuery(ListQuery):
    unit: Code | None = None
    """With everything below it."""
    state: Literal["open", "answered", "handed_over", "closed"] | None = None


class CoordinationIn(ApiModel, title="CoordinationIn"):
    unit: Code
    authority: Count | None = None
    name: Text = Field(default="", max_length=200)
    """Of the authority, when it is not in the directory."""
    number: Line
    dated_on: Day
    received_at: When
    scope: Text
    due_at: When | None = None
    incident: Text = Field(default="", max_length=40)


class StepBody(ApiModel, title="StepBody"):
    version: Count
    do: Literal["answer", "hand_over", "close"]
    at: When | None = None
    text: Text = ""
    number: Text = Field(default="", max_length=200)
    to: Text = Field(default="", max_length=200)


class CoordinationOut(ApiModel, title="CoordinationOut"):
    id: int
    version: int
    unit: str
    name: str
    number: str
    dated_on: date
    received_at: When
    scope: str
    due_at: When | None
    incident: str | None
    state: str
    phase: str | None
    answer: str
    answer_number: str
    answered_at: When | None
    handed_over: str
    handed_to: str
    handed_over_at: When | None
    closed_at: When | None


@api_call(
    bp,
    "GET",
    "/authorities",
    operation_id="list_authorities",
    returns={200: AuthoritiesOut},
    action="coordination.read",
    tags=TAGS,
    summary="Authorities that hold today, with the last call to each",
)
def list_authorities(*, actor: Actor, now: datetime) -> Any:
    within = guard.reach(actor, "coordination.read", now=now)
    rows = queries.tested(queries.authorities(within, clock.local_date(now)), now)
    return {"items": [_authority(each) for each in rows]}


@api_call(
    bp,
    "POST",
    "/authorities",
    operation_id="add_authority",
    body=AuthorityIn,
    returns={201: AuthorityOut},
    action="directory.write",
    tags=TAGS,
    refused=409,
    summary="Add an authority to the directory",
)
def add_authority(*, body: AuthorityIn, actor: Actor, now: datetime) -> Any:
    typed = {name: str(value) if value is not None else "" for name, value in body.model_dump().items()}
    row = directory.save_authority(None, typed, actor=actor, now=now)
    return _authority(Tested(row, None, False)), 201


@api_call(
    bp,
    "POST",
    "/authorities/<int:authority_id>/calls",
    operation_id="ring_authority",
    body=CallIn,
    returns={201: AuthorityOut},
    action="coordination.write",
    tags=TAGS,
    refused=409,
    summary="Somebody rang the authority to see whether it answers",
)
def ring_authority(authority_id: int, *, body: CallIn, actor: Actor, now: datetime) -> Any:
    row = db.session.get(Authority, authority_id)
    if row is None:
        raise NotFound("directory.no_authority")
    services.rang(
        row, answered=body.answered, remark=body.remark, at=body.at, rang_by=body.rang_by, actor=actor, now=now
    )
    return _authority(queries.tested([row], now)[0]), 201


@api_call(
    bp,
    "GET",
    "/coordination",
    operation_id="list_coordination",
    query=CoordinationQuery,
    returns={200: ItemPage[CoordinationOut]},
    action="coordination.read",
    tags=TAGS,
    summary="Written requests of authorities, in the order in which they were written down",
)
def list_coordination(*, query: CoordinationQuery, actor: Actor, now: datetime) -> Any:
    wanted = queries.statement(guard.reach(actor, "coordination.read", now=now))
    if query.unit is not None:
        wanted = wanted.where(Coordination.unit_id.in_(people.subtree_ids(people.unit_by_code(query.unit).id)))
    if query.state is not None:
        wanted = wanted.where(Coordination.state == query.state)
    rows, following = paginate(wanted, [Coordination.id], limit=query.limit, cursor=query.cursor)
    return {"items": [_entry(row) for row in rows], "next": following}


@api_call(
    bp,
    "POST",
    "/coordination",
    operation_id="add_coordination",
    body=CoordinationIn,
    returns={201: CoordinationOut},
    action="coordination.write",
    tags=TAGS,
    idempotent=True,
    refused=409,
    summary="A written request has come",
)
def add_coordination(*, body: CoordinationIn, actor: Actor, now: datetime) -> Any:
    given = CoordinationRequest(
        body.unit,
        body.authority,
        body.name,
        body.number,
        body.dated_on,
        body.received_at,
        body.scope,
        body.due_at,
        body.incident,
    )
    return _entry(services.receive(given, actor=actor, now=now)), 201


@api_call(
    bp,
    "GET",
    "/coordination/<int:entry_id>",
    operation_id="get_coordination",
    returns={200: CoordinationOut},
    action="coordination.read",
    tags=TAGS,
    summary="A written request and what was done",
)
def get_coordination(entry_id: int, *, actor: Actor, now: datetime) -> Any:
    row = queries.one(entry_id)
    guard.ensure(actor, "coordination.read", row.unit_id, now=now)
    return _entry(row)


@api_call(
    bp,
    "POST",
    "/coordination/<int:entry_id>/steps",
    operation_id="step_coordination",
    body=StepBody,
    returns={200: CoordinationOut},
    action="coordination.write",
    tags=TAGS,
    refused=409,
    summary="It was answered, handed over or closed",
)
def step_coordination(entry_id: int, *, body: StepBody, actor: Actor, now: datetime) -> Any:
    given = CoordinationStep(body.do, body.at, body.text, body.number, body.to)
    return _entry(services.step(entry_id, body.version, given, actor=actor, now=now))


def _authority(each: Tested) -> dict[str, Any]:
    row = each.row
    kept = [name for name in AuthorityOut.model_fields if name not in ("unit", "tested_at", "answered", "tested")]
    return {
        **{name: getattr(row, name) for name in kept},
        "unit": row.unit.code if row.unit else None,
        "tested_at": each.call.at if each.call else None,
        "answered": each.call.answered if each.call else None,
        "tested": each.fresh,
    }


def _entry(row: Coordination) -> dict[str, Any]:
    kept = [name for name in CoordinationOut.model_fields if name not in ("unit", "incident")]
    return {
        **{name: getattr(row, name) for name in kept},
        "unit": row.unit.code,
        "incident": row.incident.code if row.incident else None,
    }
