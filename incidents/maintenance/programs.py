"""Reports of programs with a key of the API of their own; what people report, by whatever way, is never held."""

from __future__ import annotations

from datetime import datetime

from core.db import transaction
from incidents.creation import dedup
from incidents.creation.drafting import IncidentReport
from incidents.maintenance import held_alarms, queries, rules
from incidents.record import access


def hold(report: IncidentReport, *, now: datetime, stamp: str | None) -> int | None:
    """The window that keeps it, or None: it is to be logged. What answers questions was asked of a person.

    ``stamp``: what the call saw of what is standing. Raises ``Invalid``, ``NotFound``, ``Forbidden`` as
    logging it would.
    """
    if not report.actor.is_machine or report.answers or report.rehearsal is not None:
        return None
    if not any(rules.is_running(each, now) for each in queries.standing(stamp)):
        return None
    with transaction() as session:
        access.ensure_log(report.actor, report.unit_id, now=now)
        key = dedup.dedup_key(report.dedup_key, None, by_source=False)
        held = held_alarms.hold(session, [held_alarms.HeldReport(report, key)], now=now, stamp=stamp)
        return held.get(0)
