"""JSON API of what the catalogue brings to one incident: level, restriction, facts, checklist, who was told."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from core.actor import Actor
from core.api.call import ApiModel, Code, Line, Text, api_call
from incidents.api.schemas import Answers, IncidentDetail, detail
from incidents.api_blueprint import INCIDENTS
from incidents.catalogue.api import bp
from incidents.policies.schemas import Level
from incidents.record import queries
from incidents.triage import classification, clock_status, followup

Fact = str | bool | int | float | None


class FactsIn(ApiModel, title="FactsIn"):
    facts: Annotated[dict[Code, Fact], Field(min_length=1, max_length=30)]
    """Field → value; null takes it away, fields that are not named stay. Times are RFC 3339 or local
    ``YYYY-MM-DDTHH:MM``."""


class ClassifyIn(ApiModel, title="ClassifyIn"):
    category: Code
    answers: Answers = {}
    severity: Level | None = None
    """Chosen by hand; null: what category and answers say."""
    party_state: bool = False
    note: Text = ""


class RestrictIn(ApiModel, title="RestrictIn"):
    restricted: bool
    reason: Line


class CheckIn(ApiModel, title="CheckIn"):
    item: Code
    done: bool = True


class NewsGivenIn(ApiModel, title="incidents__catalogue__api__ToldIn"):
    whom: Line
    note: Text = ""


@api_call(
    bp,
    "PUT",
    "/incidents/<code>/facts",
    operation_id="put_facts",
    body=FactsIn,
    returns={200: IncidentDetail},
    action="incident.act",
    tags=INCIDENTS,
    refused=409,
    summary="Write down what is known by now",
)
def put_facts(code: str, *, body: FactsIn, actor: Actor, now: datetime) -> Any:
    """409 with a fault for each field that cannot be used; nothing is kept then."""
    return detail(followup.set_facts(queries.by_code(code).id, body.facts, actor=actor, now=now))


@api_call(
    bp,
    "POST",
    "/incidents/<code>/classify",
    operation_id="classify_incident",
    body=ClassifyIn,
    returns={200: IncidentDetail},
    action="incident.act",
    tags=INCIDENTS,
    refused=409,
    summary="Another category, other answers, another level",
)
def classify_incident(code: str, *, body: ClassifyIn, actor: Actor, now: datetime) -> Any:
    done = classification.reclassify(
        queries.by_code(code).id,
        classification.Classification(
            body.category, body.answers, severity=body.severity, party_state=body.party_state
        ),
        note=body.note,
        actor=actor,
        now=now,
    )
    return detail(done)


@api_call(
    bp,
    "POST",
    "/incidents/<code>/restrict",
    operation_id="restrict_incident",
    body=RestrictIn,
    returns={200: IncidentDetail},
    action="incident.close",
    tags=INCIDENTS,
    refused=409,
    summary="Show it to those only who need it, or to all",
)
def restrict_incident(code: str, *, body: RestrictIn, actor: Actor, now: datetime) -> Any:
    done = classification.restrict(
        queries.by_code(code).id, restricted=body.restricted, reason=body.reason, actor=actor, now=now
    )
    return detail(done)


@api_call(
    bp,
    "POST",
    "/incidents/<code>/checklist",
    operation_id="check_item",
    body=CheckIn,
    returns={200: IncidentDetail},
    action="incident.act",
    tags=INCIDENTS,
    refused=409,
    summary="Tick an item of the checklist, or take it back",
)
def check_item(code: str, *, body: CheckIn, actor: Actor, now: datetime) -> Any:
    return detail(followup.check(queries.by_code(code).id, body.item, done=body.done, actor=actor, now=now))


@api_call(
    bp,
    "POST",
    "/incidents/<code>/leadership-told",
    operation_id="tell_leadership",
    body=NewsGivenIn,
    returns={200: IncidentDetail},
    action="incident.act",
    tags=INCIDENTS,
    refused=409,
    summary="The leadership has been told by word of mouth",
)
def tell_leadership(code: str, *, body: NewsGivenIn, actor: Actor, now: datetime) -> Any:
    """409 when that was written down already."""
    incident_id = queries.by_code(code).id
    return detail(clock_status.tell_leadership(incident_id, whom=body.whom, note=body.note, actor=actor, now=now))
