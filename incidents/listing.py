"""Lists of incidents for machines: only the columns that are told, straight into JSON.

A list of fifty is what dashboards ask for every few seconds; making objects of rows to make JSON of objects costs four
times as much. ``incidents.api_models.IncidentOut`` says what an item looks like; a test holds both to it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from operator import attrgetter
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import aliased

from core.api_types import rfc3339
from incidents import reporting, timing
from incidents.clocks import Clock
from incidents.models import Escalation, Incident
from people.models import Unit

_main = aliased(Incident)
_PLAIN = (
    "code", "title", "description", "category", "severity", "unit", "party_state", "phase", "status", "created_by",
    "joined_to", "restricted",
)  # fmt: skip
_TIMES = (
    "detected_at", "created_at", "due_at", "acknowledged_at", "resolved_at", "closed_at", "snoozed_until", "arrives_at",
    "arrived_at",
)  # fmt: skip
_plain, _times = attrgetter(*_PLAIN), attrgetter(*_TIMES)
TOLD: Select[Any] = (
    select(
        Incident.id, Incident.version, Incident.code, Incident.title, Incident.description, Incident.category,
        Incident.severity, Unit.code.label("unit"), Incident.party_state, Incident.phase, Incident.status,
        Incident.created_by, _main.code.label("joined_to"), Incident.restricted, Incident.dedup_key,
        Incident.rehearsal_id, Incident.acknowledged_by, Incident.detected_at, Incident.created_at,
        Escalation.next_at.label("due_at"), Incident.acknowledged_at, Incident.resolved_at, Incident.closed_at,
        Escalation.snoozed_until, Escalation.arrives_at, Escalation.arrived_at, Escalation.cycle, Escalation.since,
        Incident.clocks_from, Incident.leadership_told_at, Incident.shift_ends_at,
    )
    .join(Escalation, Escalation.incident_id == Incident.id)
    .join(Unit, Unit.id == Incident.unit_id)
    .outerjoin(_main, _main.id == Incident.joined_to_id)
)  # fmt: skip
"""What ``queries.board`` narrows and ``as_json`` tells."""


def as_json(rows: Sequence[Row[Any]], following: str | None, now: datetime) -> str:
    """The answer to a list: ``{"items": […], "next": …}``."""
    clocks = timing.of_all(rows, now)
    items = ",".join(_item(row, tuple(clocks.get(row.id, ()))) for row in rows)
    return f'{{"items": [{items}], "next": {json.dumps(following)}}}'


@lru_cache(maxsize=1000)
def _item(row: Row[Any], clocks: tuple[Clock, ...]) -> str:
    """Whoever asks every few seconds is told the same of most incidents: the same row, the same clocks."""
    told: dict[str, Any] = dict(zip(_PLAIN, _plain(row), strict=True))
    for name, moment in zip(_TIMES, _times(row), strict=True):
        told[name] = None if moment is None else rfc3339(moment)
    told["dedup_key"] = reporting.plain(row.dedup_key)
    told["rehearsal"] = row.rehearsal_id is not None
    told["acknowledged_by"] = row.acknowledged_by or None
    told["exhausted"] = row.status == "open" and row.cycle > row.since
    told["clocks"] = [
        {
            "kind": each.kind, "due_at": rfc3339(each.due_at), "state": each.state,
            "done_at": None if each.done_at is None else rfc3339(each.done_at),
        }
        for each in clocks
    ]  # fmt: skip
    return json.dumps(told, ensure_ascii=False)
