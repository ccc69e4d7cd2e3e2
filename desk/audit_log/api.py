"""GET /api/v1/audit: who did what, when, to what and from where."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from core.actor import Actor, Via
from core.api.call import ApiModel, ItemPage, Line, ListQuery, When, api_blueprint, api_call, paginate
from core.models import AuditEntry
from desk.audit_log import naming, queries, scope

bp = api_blueprint("audit_api")
Word = Annotated[str, StringConstraints(max_length=60), Field(pattern=r"^[A-Za-z][A-Za-z0-9_.-]*$")]


class AuditQuery(ListQuery):
    """``who``: a login, the name of an account or key, or a person's code; ``kind``: an area (accounts, people, roster,
    incidents, letters, system) or an action (``campaign.publish``); ``about``: the code of an incident, unit or person,
    or a login; ``thing`` and ``thing_id``: as answered; ``since`` ≤ ``at`` < ``until``."""

    who: Line | None = None
    kind: Word | None = None
    about: Line | None = None
    thing: Word | None = None
    thing_id: Line | None = None
    since: When | None = None
    until: When | None = None


class AuditEntryOut(ApiModel, title="AuditEntryOut"):
    """``actor``: a reference that never changes (``user:3``), ``name`` who that is today; ``via`` how they came in;
    ``origin``: the network address, "" where nobody asked over the network; ``sentence``: the action in the language
    of the request; ``thing_name``: as the thing is called today, its id when it is gone."""

    id: int
    at: When
    actor: str
    name: str
    via: Via
    origin: str
    action: str
    sentence: str
    thing: str
    thing_id: str
    thing_name: str
    detail: dict[str, Any]


@api_call(
    bp,
    "GET",
    "/audit",
    operation_id="list_audit",
    query=AuditQuery,
    returns={200: ItemPage[AuditEntryOut]},
    action=scope.ACTION,
    tags=["audit"],
    summary="Who did what, when, to what and from where",
)
def list_audit(*, query: AuditQuery, actor: Actor, now: datetime) -> dict[str, Any]:
    """The newest first, about things of the units that the asker answers for; what belongs to no unit is shown to those
    who answer for the whole enterprise."""
    asked = queries.AuditFilter(
        who=query.who or "",
        kind=query.kind or "",
        about=query.about or "",
        thing=query.thing or "",
        thing_id=query.thing_id or "",
        since=query.since,
        until=query.until,
    )
    wanted = queries.statement(asked, actor=actor, now=now)
    found, following = paginate(wanted, queries.KEYS, limit=query.limit, cursor=query.cursor)
    return {"items": [_out(each) for each in naming.lines(found)], "next": following}


def _out(line: naming.AuditEntryLine) -> dict[str, Any]:
    entry: AuditEntry = line.entry
    return {
        "id": entry.id,
        "at": entry.at,
        "actor": entry.actor,
        "name": line.who,
        "via": entry.via,
        "origin": entry.origin,
        "action": entry.action,
        "sentence": line.said,
        "thing": entry.thing,
        "thing_id": entry.thing_id,
        "thing_name": line.name,
        "detail": entry.detail,
    }
