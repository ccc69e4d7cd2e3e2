"""An incident as the API tells it, written once: of the columns that a list has read, or of the incident itself.

``incidents.api.schemas.IncidentOut`` says what it looks like; a test holds both ways to it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from operator import attrgetter
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Row

from incidents.catalogue.clocks import Clock
from incidents.creation import dedup
from incidents.record.models import Incident

_OWN = ("code", "title", "description", "category", "severity", "party_state", "phase", "status", "created_by")
_PLAIN = (*_OWN, "restricted", "unit", "joined_to")
_OWN_TIMES = ("detected_at", "created_at", "acknowledged_at", "resolved_at", "closed_at")
_TIMERS = ("snoozed_until", "arrives_at", "arrived_at")
_TIMES = (*_OWN_TIMES, *_TIMERS, "due_at")
_COPIED = (*_OWN, "restricted", *_OWN_TIMES, "dedup_key", "rehearsal_id", "acknowledged_by")
_plain, _times = attrgetter(*_PLAIN), attrgetter(*_TIMES)


def summarize(incident: Incident, clocks: Sequence[Clock]) -> dict[str, Any]:
    timer, main = incident.escalation, incident.joined_to
    columns = SimpleNamespace(
        **{name: getattr(incident, name) for name in _COPIED},
        **{name: getattr(timer, name) for name in _TIMERS},
        unit=incident.unit.code,
        joined_to=main.code if main else None,
        due_at=timer.next_at,
        cycle=timer.cycle,
        since=timer.since,
    )
    return summarize_columns(columns, clocks, lambda at: at)


def summarize_columns(
    row: Row[Any] | SimpleNamespace, clocks: Sequence[Clock], said: Callable[[datetime], Any]
) -> dict[str, Any]:
    """``row``: the columns of ``listing.TOLD``; ``said``: how a moment is written."""
    told: dict[str, Any] = dict(zip(_PLAIN, _plain(row), strict=True))
    for name, moment in zip(_TIMES, _times(row), strict=True):
        told[name] = None if moment is None else said(moment)
    told["dedup_key"] = dedup.plain(row.dedup_key)
    told["rehearsal"] = row.rehearsal_id is not None
    told["acknowledged_by"] = row.acknowledged_by or None
    told["exhausted"] = row.status == "open" and row.cycle > row.since
    told["clocks"] = [
        {
            "kind": each.kind,
            "due_at": said(each.due_at),
            "state": each.state,
            "done_at": None if each.done_at is None else said(each.done_at),
            "sent_at": None if each.sent_at is None else said(each.sent_at),
        }
        for each in clocks
    ]
    return told
