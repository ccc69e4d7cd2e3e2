"""A step met a duty that nobody serves: one coverage incident per gap, and it resolves itself when somebody does.
(Seats whose people are recorded absent or have left need not be met: ``seats_at_risk``.)

Noticing is a row in the transaction that met the gap; the incident is raised afterwards, so that no fault of it can
touch the call. Coverage incidents and exercises notice nothing: a gap must not raise alarms about its own alarm.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from core.actor import SYSTEM
from core.db import db, is_sqlite, transaction
from core.errors import Unavailable
from core.storage.faults import is_databases
from incidents.creation import log as reporting
from incidents.escalation.decide import Policy
from incidents.escalation.models import CoverageGap
from incidents.record import states
from incidents.record.models import Incident
from incidents.response import lifecycle
from people import queries as people
from people.models import DutyKind
from roster.models import Duty
from roster.resolver import resolver

log = logging.getLogger(__name__)
CATEGORY = "coverage"
NO_SEATS = {"ends_at": None, "raise_at": None}
NEVER = "never"
"""``gap_from`` of a duty that nobody has served before."""


@dataclass(frozen=True)
class Met:
    """An incident that met steps which nobody serves: duties of its unit."""

    incident: Incident
    duties: frozenset[str]


def met(incident: Incident, policy: Policy, skipped: Sequence[int]) -> Met:
    """What skipping these steps says about the roster."""
    if incident.category == CATEGORY or incident.rehearsal_id is not None:
        return Met(incident, frozenset())
    return Met(
        incident,
        frozenset(target.duty for index in skipped for target in policy.steps[index].targets if target.duty),
    )


def notice(session: Session, met_by: Sequence[Met], *, now: datetime) -> None:
    """Write down the gaps behind the steps that were skipped, each once however many incidents meet it."""
    first: dict[tuple[int, str], Incident] = {}
    for each in met_by:
        for duty in each.duties:
            first.setdefault((each.incident.unit_id, duty), each.incident)
    # In one order: workers that write down the same gaps shall not wait for each other crosswise.
    for (_unit_id, duty), incident in sorted(first.items(), key=lambda item: item[0]):
        try:
            with session.begin_nested():
                if not _served(incident.unit_id, duty, now):  # else another target of that step was empty
                    _write(session, incident, duty, now)
        except Exception as fault:  # whom to call comes before who is missing
            if is_databases(fault):  # which may have undone what was called, savepoint or not
                raise
            log.exception("incident %s: a gap could not be written down", incident.id)


def _write(session: Session, incident: Incident, duty: str, now: datetime) -> None:
    unit_id, gap_from = _gap(incident.unit_id, duty, now)
    values = {"noticed_at": now, "met_by": incident.code, "incident_id": None, "filled_at": None} | NO_SEATS
    insert = sqlite.insert if is_sqlite() else postgresql.insert
    row = insert(CoverageGap).values(unit_id=unit_id, duty=duty, gap_from=gap_from, **values)
    # The same hole torn open again (who filled it was withdrawn) is a new gap.
    session.execute(
        row.on_conflict_do_update(
            index_elements=["unit_id", "duty", "gap_from"], set_=values, where=CoverageGap.filled_at.is_not(None)
        )
    )


def _gap(unit_id: int, duty: str, now: datetime) -> tuple[int, str]:
    """(the unit whose roster it is, since when): the nearest up the tree that ever rostered the kind, else the top."""
    above = people.ancestor_ids(unit_id)
    rostered = set(
        db.session.scalars(select(Duty.unit_id).where(Duty.unit_id.in_(above), Duty.duty == duty).distinct())
    )
    owner = next((each for each in above if each in rostered), above[-1])
    last = db.session.scalar(
        select(Duty.ends_at)
        .where(Duty.unit_id == owner, Duty.duty == duty, Duty.cancelled_at.is_(None), Duty.ends_at <= now)
        .order_by(Duty.ends_at.desc())
        .limit(1)
    )
    return owner, last.isoformat() if last is not None else NEVER


def look(now: datetime) -> int:
    """Raise an incident for each gap that has none, and resolve those of gaps that are filled; how many were raised."""
    raised = 0
    met_gaps = select(CoverageGap.id).where(CoverageGap.filled_at.is_(None), CoverageGap.ends_at.is_(None))
    for gap_id in db.session.scalars(met_gaps).all():
        try:
            raised += _look(gap_id, now)
        except Exception:
            db.session.rollback()
            log.exception("coverage gap %s could not be dealt with", gap_id)
    return raised


def _look(gap_id: int, now: datetime) -> bool:
    with transaction() as session:
        gap = session.scalar(
            select(CoverageGap)
            .where(CoverageGap.id == gap_id, CoverageGap.filled_at.is_(None))
            .with_for_update(skip_locked=True)
            .execution_options(populate_existing=True)
        )
        if gap is None:
            return False
        if _served(gap.unit_id, gap.duty, now):
            end(gap, "Đã có người trực.", now)
            return False
        if gap.incident_id is not None:
            return False
        kind = session.get_one(DutyKind, gap.duty)
        unit = people.unit_by_id(gap.unit_id)
        incident, created = reporting.log(
            title=f"Không có người trực: {kind.name_vi} · {unit.name}",
            category=CATEGORY,
            unit_id=gap.unit_id,
            description=f"Sự cố {gap.met_by} không có ai của loại trực này để gọi; hệ thống đã gọi bước sau.",
            dedup_key=f"coverage/{gap.unit_id}/{gap.duty}/{gap.gap_from}",
            actor=SYSTEM,
            now=now,
            by_source=True,
        )
        gap.incident_id = incident.id
        return created


def _served(unit_id: int, duty: str, now: datetime) -> bool:
    try:
        return resolver.who_is_on(unit_id, duty, now).is_assigned
    except Unavailable:
        return False


def end(gap: CoverageGap, note: str, now: datetime) -> None:
    """It is no gap any more; nor is its incident one, if anybody still works on it. Caller's transaction."""
    gap.filled_at = now
    incident = db.session.get(Incident, gap.incident_id) if gap.incident_id is not None else None
    if incident is not None and incident.status in states.UNFINISHED:
        lifecycle.resolve(incident.id, actor=SYSTEM, now=now, note=note)
