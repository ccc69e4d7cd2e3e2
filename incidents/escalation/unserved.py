"""A step met a duty that nobody serves: that is written down in the transaction that met it. The incident about it is
raised afterwards (``coverage.gaps``), so that no fault of that can touch the call.

Coverage incidents and exercises notice nothing: a gap must not raise alarms about its own alarm.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import db, insert_into
from core.errors import Unavailable
from core.storage.faults import is_databases
from incidents.escalation.models import CoverageGap
from incidents.policies.rules import Policy
from incidents.record.models import Incident
from people import queries as people
from roster.models import Duty
from roster.resolver import resolver

log = logging.getLogger(__name__)
CATEGORY = "coverage"
NO_SEATS = {"ends_at": None, "raise_at": None}
NEVER = "never"
"""``gap_from`` of a duty that nobody has served before."""


@dataclass(frozen=True)
class UnservedSteps:
    """An incident that met steps which nobody serves: duties of its unit."""

    incident: Incident
    duties: frozenset[str]


def met(incident: Incident, policy: Policy, skipped: Sequence[int]) -> UnservedSteps:
    """Return what skipping these steps says about the roster."""
    if incident.category == CATEGORY or incident.rehearsal_id is not None:
        return UnservedSteps(incident, frozenset())
    return UnservedSteps(
        incident,
        frozenset(target.duty for index in skipped for target in policy.steps[index].targets if target.duty),
    )


def notice(session: Session, met_by: Sequence[UnservedSteps], *, now: datetime) -> None:
    """Write down the gaps behind the steps that were skipped, each once however many incidents meet it."""
    first: dict[tuple[int, str], Incident] = {}
    for each in met_by:
        for duty in each.duties:
            first.setdefault((each.incident.unit_id, duty), each.incident)
    # In one order: workers that write down the same gaps shall not wait for each other crosswise.
    for (_unit_id, duty), incident in sorted(first.items(), key=lambda item: item[0]):
        try:
            with session.begin_nested():
                if not is_served(incident.unit_id, duty, now):  # else another target of that step was empty
                    _write(session, incident, duty, now)
        except Exception as fault:  # whom to call comes before who is missing
            if is_databases(fault):  # which may have undone what was called, savepoint or not
                raise
            log.exception("incident %s: a gap could not be written down", incident.id)


def _write(session: Session, incident: Incident, duty: str, now: datetime) -> None:
    unit_id, gap_from = _gap(incident.unit_id, duty, now)
    values = {"noticed_at": now, "met_by": incident.code, "incident_id": None, "filled_at": None} | NO_SEATS
    row = insert_into(CoverageGap).values(unit_id=unit_id, duty=duty, gap_from=gap_from, **values)
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


def is_served(unit_id: int, duty: str, now: datetime) -> bool:
    try:
        return resolver.who_is_on(unit_id, duty, now).is_assigned
    except Unavailable:
        return False
