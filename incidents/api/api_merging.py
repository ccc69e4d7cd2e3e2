"""JSON API of incidents that are the same (contract: /api/v1)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from core.actor import Actor
from core.api.call import ApiModel, Code, Text, api_call
from incidents.api.schemas import IncidentDetail, IncidentOut, detail, summary
from incidents.api_blueprint import INCIDENTS, bp
from incidents.merging import services as merging
from incidents.record import queries
from incidents.record.queries import readable


class JoinIn(ApiModel, title="JoinIn"):
    main: Code
    """The incident that it is the same as."""
    note: Text = ""


class SplitIn(ApiModel, title="SplitIn"):
    note: Text = ""


class AlikeOut(ApiModel, title="AlikeOut"):
    items: list[IncidentOut]


@api_call(
    bp,
    "POST",
    "/incidents/<code>/join",
    operation_id="join_incident",
    body=JoinIn,
    returns={200: IncidentDetail},
    action="incident.dispatch",
    tags=INCIDENTS,
    refused=409,
    summary="It is the same as another incident",
)
def join_incident(code: str, *, body: JoinIn, actor: Actor, now: datetime) -> Any:
    """Its calls stop and it follows `main`; answers `main`. 409 when one of them is joined or finished already."""
    main = readable(body.main, actor, now)
    merging.join(readable(code, actor, now).id, main_id=main.id, actor=actor, now=now, note=body.note)
    return detail(queries.by_code(main.code))


@api_call(
    bp,
    "POST",
    "/incidents/<code>/split",
    operation_id="split_incident",
    body=SplitIn,
    returns={200: IncidentDetail},
    action="incident.dispatch",
    tags=INCIDENTS,
    refused=409,
    summary="It was not the same after all",
)
def split_incident(code: str, *, body: SplitIn, actor: Actor, now: datetime) -> Any:
    """What was open when it was joined is open again and calls from the first step."""
    return detail(merging.split(readable(code, actor, now).id, actor=actor, now=now, note=body.note))


@api_call(
    bp,
    "GET",
    "/incidents/<code>/alike",
    operation_id="alike_incidents",
    returns={200: AlikeOut},
    action="incident.read",
    tags=INCIDENTS,
    summary="Open incidents that may be the same",
)
def alike_incidents(code: str, *, actor: Actor, now: datetime) -> Any:
    found = merging.alike_to(readable(code, actor, now), actor=actor, now=now)
    return {"items": [summary(each) for each in found]}
