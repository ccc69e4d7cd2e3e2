"""Lists of incidents for machines: only the columns that are told, straight into JSON.

A list of fifty is what dashboards ask for every few seconds; making objects of rows to make JSON of objects costs four
times as much. What an item looks like says ``incidents.api.summary``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import aliased

from core.actor import Actor
from core.api import pagination
from core.calendar.moments import rfc3339
from core.db import db
from incidents.api import summary
from incidents.catalogue.clocks import Clock, Targets
from incidents.record import queries
from incidents.record.models import Escalation, Incident
from incidents.record.queries import IncidentFilter
from incidents.triage import clock_status
from people.models import Unit

_Main = aliased(Incident)
TOLD: Select[Any] = (
    select(
        Incident.id,
        Incident.version,
        Incident.code,
        Incident.title,
        Incident.description,
        Incident.category,
        Incident.severity,
        Unit.code.label("unit"),
        Incident.party_state,
        Incident.phase,
        Incident.status,
        Incident.created_by,
        _Main.code.label("joined_to"),
        Incident.restricted,
        Incident.dedup_key,
        Incident.rehearsal_id,
        Incident.acknowledged_by,
        Incident.detected_at,
        Incident.created_at,
        Escalation.next_at.label("due_at"),
        Incident.acknowledged_at,
        Incident.resolved_at,
        Incident.closed_at,
        Escalation.snoozed_until,
        Escalation.arrives_at,
        Escalation.arrived_at,
        Escalation.cycle,
        Escalation.since,
        Incident.clocks_from,
        Incident.leadership_told_at,
        Incident.shift_ends_at,
    )
    .join(Escalation, Escalation.incident_id == Incident.id)
    .join(Unit, Unit.id == Incident.unit_id)
    .outerjoin(_Main, _Main.id == Incident.joined_to_id)
)
"""What ``queries.board`` narrows and ``as_json`` tells."""


_NEWEST = (Incident.created_at.desc(), Incident.id.desc())
_WIDTH = len(TOLD.column_descriptions)


def newest(
    wanted: IncidentFilter, *, limit: int, cursor: str | None, actor: Actor, now: datetime
) -> tuple[Sequence[Row[Any]], str | None]:
    """Return one page of what the actor may read, and the cursor of the next. Raises ``NotFound("cursor.unknown")``."""
    if wanted.unit_id is None and not wanted.q and not cursor and queries.reads_all(actor, now=now):
        asked = _first_page(wanted, limit)
    else:
        found = queries.board(wanted, actor=actor, now=now, told=TOLD)
        asked = pagination.page(found, _NEWEST, limit=limit, cursor=cursor)
    return pagination.cut(db.session.connection().execute(asked).all(), _WIDTH, limit)


@lru_cache(maxsize=64)
def _first_page(wanted: IncidentFilter, limit: int) -> Select[Any]:
    """Return what dashboards ask for all day: built once."""
    return pagination.page(queries.board(wanted, told=TOLD), _NEWEST, limit=limit)


def as_json(rows: Sequence[Row[Any]], following: str | None, now: datetime, targets: Mapping[int, Targets]) -> str:
    """The answer to a list: ``{"items": […], "next": …}``."""
    clocks = clock_status.clocks_by_incident([row for row in rows if not clock_status.is_untouched(row)], now, targets)
    items = ",".join([_item(row, clocks.get(row.id), now, targets) for row in rows])
    return f'{{"items":[{items}],"next":{json.dumps(following)}}}'


class _Written(NamedTuple):
    """What was told of a row, with its clocks; of an untouched one they stay as they are from ``at`` till ``until``."""

    row: tuple[Any, ...]
    targets: Targets | None
    clocks: Sequence[Clock]
    at: datetime
    until: datetime
    text: str


_told: dict[int, _Written] = {}
_MOST_TOLD = 4000
_NEVER = datetime.max.replace(tzinfo=UTC)


def _item(row: Row[Any], clocks: Sequence[Clock] | None, now: datetime, targets: Mapping[int, Targets]) -> str:
    """Somebody who asks every few seconds is told the same of most incidents: the same row, the same clocks.

    ``clocks``: None of one that is untouched; they need not even be looked at again before one of them runs out.
    """
    before, plain, wanted = _told.get(row.id), tuple(row), targets.get(row.severity)
    if before is not None and before.row == plain and before.targets == wanted:
        holds = before.at <= now <= before.until if clocks is None else before.clocks == clocks
        if holds:
            return before.text
    if clocks is None:
        clocks = clock_status.clocks_by_incident([row], now, targets).get(row.id, ())
    until = min((each.due_at for each in clocks if each.state == "running"), default=_NEVER)
    told = summary.summarize_columns(row, clocks, rfc3339)
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    if len(_told) >= _MOST_TOLD:
        _told.clear()
    _told[row.id] = _Written(plain, wanted, clocks, now, until, text)
    return text
