"""What no group may hold: an alarm that never joins one, or leaves it when it is told as such later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from core.actor import Actor
from incidents.alarms.models import IncidentAlarm
from incidents.alarms.queries import OF_A_SOURCE
from incidents.creation.drafting import IncidentReport
from incidents.grouping import rules
from incidents.record import timeline
from incidents.record.models import Incident
from incidents.triage import derivation


def may_group(report: IncidentReport) -> bool:
    kind = derivation.kind_of(report.category)
    return rules.may_group(
        kind.code,
        restricted=report.restricted or kind.restricted,
        legal=kind.legal,
        party_state=report.party_state,
        title=f"{report.title} {report.description}",
    )


def is_of_its_own(report: IncidentReport, group: Incident, own: Mapping[str, int]) -> bool:
    """Whether an alarm of the group has an incident of its own by now (``own``: key → open incident), or has to."""
    return _has_left(report, group, own) or not may_group(report)


def _has_left(report: IncidentReport, group: Incident, own: Mapping[str, int]) -> bool:
    return own.get(report.dedup_key or "", group.id) != group.id


def let_go(
    session: Session,
    leaving: Sequence[tuple[Incident, IncidentReport, IncidentAlarm]],
    own: Mapping[str, int],
    *,
    now: datetime,
) -> None:
    """Each (of which group, what it says, its row there) takes its key along, so that what it began goes by another.
    What it said before stays in the list of the group, and is over there when the alarm is."""
    said = list[tuple[Incident, Actor, str]]()
    for group, report, row in leaving:
        began = session.get_one(Incident, row.incident_id)  # joined to another, if it is not the group
        if began.dedup_key == report.dedup_key:
            # No source's key ends with a space (``incidents.intake.cleaning.key_of``).
            began.dedup_key = f"{OF_A_SOURCE}{row.intake_id}/group {began.id} "
        if not _has_left(report, group, own):
            said.append((group, report.actor, row.title))
    if said:
        timeline.count(session, "alarm_apart", said, now=now)
        session.flush()
