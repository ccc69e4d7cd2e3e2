"""Drafted incidents are written down: numbered, with their timers, first lines and entries in the audit.

Their codes are SC-<local year>-<running number>, without gaps and never given twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, select, text
from sqlalchemy.orm import Session, make_transient_to_detached

from core import audit, clock
from core.db import insert_into, is_sqlite
from core.fast_path import bulk_insert
from core.models import AuditEntry, Setting
from incidents.creation.drafting import IncidentDraft, IncidentReport
from incidents.record import secrecy, timeline
from incidents.record.models import Escalation, Incident, TimelineEntry

_KEPT = select(Setting).where(Setting.key == bindparam("key"))
_NUMBER = _KEPT.with_for_update().execution_options(populate_existing=True)
_IDS = text("SELECT nextval(pg_get_serial_sequence('incidents', 'id')) FROM generate_series(1, :count)")
_LAST_ID = select(func.coalesce(func.max(Incident.id), 0))
_BOTH = text(
    "UPDATE settings SET value = ((value #>> '{}')::integer + :count)::text::json WHERE key = :key "
    "RETURNING (value #>> '{}')::integer - :count, ARRAY(SELECT nextval(pg_get_serial_sequence('incidents', 'id')) "
    "FROM generate_series(1, :count))"
)


def number(session: Session, incidents: Sequence[Incident], now: datetime) -> None:
    """Give each its id and its code, SC-<local year>-<number>; until commit the next number is nobody else's.

    A counter, so that a number is not given twice even when rows are cleared; and without gaps. Everybody who logs
    waits for it: it is taken when all else is done that may have to wait.
    """
    if not incidents:
        return
    year = clock.local_date(now).year
    given, ids = _taken(session, len(incidents), f"incident.number.{year}")
    for place, (incident, each) in enumerate(zip(incidents, ids, strict=True), given + 1):
        incident.code, incident.id = f"SC-{year}-{place:04d}", each


def _taken(session: Session, count: int, key: str) -> tuple[int, Sequence[int]]:
    """Last number and ids, in one question where the year has begun; somebody who is logging is waited for."""
    if not is_sqlite():
        row = session.execute(_BOTH, {"key": key, "count": count}).one_or_none()
        if row is not None:
            return row[0], row[1]
    session.execute(insert_into(Setting).values(key=key, value=0).on_conflict_do_nothing())
    last = session.scalars(_NUMBER, {"key": key}).one()
    given = int(last.value)
    last.value = given + count
    if not is_sqlite():
        return given, session.scalars(_IDS, {"count": count}).all()
    first = session.scalars(_LAST_ID).one() + 1  # who writes is alone
    return given, range(first, first + count)


def store(session: Session, begun: Sequence[tuple[IncidentDraft, IncidentReport]], *, now: datetime) -> None:
    """Write them down, with their timers, first lines and entries in the audit."""
    bulk_insert.insert(
        session,
        (Incident, [{name: getattr(draft.incident, name) for name in _WRITTEN} for draft, _report in begun]),
        (Escalation, [_timer(draft, report, now) for draft, report in begun]),
        (TimelineEntry, [_first_line(draft, report, now) for draft, report in begun]),
        (AuditEntry, [_audited(draft.incident, report, now) for draft, report in begun]),
    )
    for draft, _report in begun:
        make_transient_to_detached(draft.incident)
        session.add(draft.incident)


_WRITTEN = (
    "id",
    "code",
    "version",
    "source",
    "leadership_told_by",
    "facts",
    "checklist",
    "status",
    "title",
    "description",
    "category",
    "unit_id",
    "phase",
    "dedup_key",
    "detected_at",
    "created_at",
    "created_by",
    "logged_by_id",
    "reporter",
    "rehearsal_id",
    "is_demo",
    "party_state",
    "restricted",
    "severity",
    "answers",
    "derived_severity",
    "because",
    "search_key",
    "shift_ends_at",
)


def _timer(draft: IncidentDraft, report: IncidentReport, now: datetime) -> dict[str, Any]:
    """The first step calls after its wait, as in every turn; in an exercise waits are short."""
    wait = draft.policy.wait
    if report.rehearsal is not None:
        wait = min(wait, timedelta(seconds=report.rehearsal.step_seconds))
    return {
        "incident_id": draft.incident.id,
        "policy_id": draft.policy.id,
        "step": 0,
        "cycle": 1,
        "next_at": now + wait,
        "fired": 0,
    }


def _first_line(draft: IncidentDraft, report: IncidentReport, now: datetime) -> dict[str, Any]:
    incident, wished = draft.incident, report.severity
    raised = wished if wished is not None and wished != incident.severity else None
    derived = incident.derived_severity if incident.derived_severity != incident.severity else None
    return timeline.line(
        incident,
        "logged",
        report.actor,
        now=now,
        severity=incident.severity,
        raised_from=raised,
        policy=draft.policy.number,
        rehearsal=incident.rehearsal_id is not None,
        reporter=incident.reporter,
        derived=derived,
        because=incident.because,
        restricted=incident.restricted,
        machine=report.actor.is_machine,
        **_withheld(incident, report),
    )


def _withheld(incident: Incident, report: IncidentReport) -> dict[str, Any]:
    """Return whether words were withheld: of what cannot be asked back the timeline says that it is not kept as it
    came."""
    kept, came = incident.title + incident.description, report.title + report.description
    return {"withheld": True} if secrecy.MASK in kept and secrecy.MASK not in came else {}


def _audited(incident: Incident, report: IncidentReport, now: datetime) -> dict[str, Any]:
    return audit.entry(report.actor, "incident.log", "incident", incident.code, now=now, severity=incident.severity)
