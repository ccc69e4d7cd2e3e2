"""Who may do something to what an address of the API names (``core.api.places``)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from compliance.coordination import queries as coordination
from compliance.reports import queries as reports, sending
from compliance.visits import queries as visits
from core.actor import Actor
from people.access import guard


def ensure_coordination(parts: Mapping[str, Any], action: str, actor: Actor, now: datetime) -> None:
    guard.ensure(actor, action, coordination.one(int(parts["entry_id"])).unit_id, now=now)


def ensure_inspection(parts: Mapping[str, Any], action: str, actor: Actor, now: datetime) -> None:
    guard.ensure(actor, action, visits.one(int(parts["visit_id"])).unit_id, now=now)


def ensure_report(parts: Mapping[str, Any], action: str, actor: Actor, now: datetime) -> None:
    """A report, or what was sent of one."""
    if "sent_id" in parts:
        guard.ensure(actor, action, sending.unit_of(int(parts["sent_id"])), now=now)
    else:
        guard.ensure(actor, action, reports.report_by_id(int(parts["report_id"])).unit_id, now=now)


def ensure_request(parts: Mapping[str, Any], action: str, actor: Actor, now: datetime) -> None:
    guard.ensure(actor, action, reports.request_by_id(int(parts["request_id"])).unit_id, now=now)


CHECKS = {
    "coordination": ensure_coordination,
    "inspections": ensure_inspection,
    "reports": ensure_report,
    "report-requests": ensure_request,
}
"""By the first part of an address."""
