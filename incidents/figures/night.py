"""The night before a morning: what was logged, what is still open, what the coming day lacks."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from core.db import db
from incidents.alarms import queries as alarms
from incidents.alarms.tally import AlarmTally
from incidents.endings.morning_hour import planned_at
from incidents.maintenance import queries as maintenance
from incidents.maintenance.queries import ShownWindow
from incidents.record import queries as record, states
from incidents.record.models import Incident, TimelineEntry
from incidents.triage import clock_status, words as triage_words
from people import queries as people
from people.models import Unit
from roster.coverage import unsure
from roster.coverage.unsure import UnsureSeat
from roster.reachability import report
from roster.reachability.report import Lacking, Short

NIGHT = timedelta(hours=13, minutes=30)
"""Back from the message: from 17:00, the end of ordinary work, when it is sent at 06:30."""


@dataclass(frozen=True)
class Night:
    """What one reader is told, about ``unit`` and below."""

    unit: Unit
    since: datetime
    logged: Sequence[Incident]
    older: Sequence[Incident]
    """Unfinished, logged before the night."""
    overdue: Mapping[int, str]
    """Incident → what is overdue (``triage_words.LATE``)."""
    by_itself: Collection[int]
    """Those that no person resolved: the source said that it is over."""
    alarms: Mapping[int, AlarmTally]
    """Of those that are a group of alarms."""
    people: Sequence[Lacking]
    shifts: Sequence[Short]
    unsure: Sequence[UnsureSeat]
    windows: Sequence[ShownWindow]
    """Maintenance and silences that kept alarms back, or could have."""

    @property
    def open(self) -> list[Incident]:
        return [each for each in [*self.logged, *self.older] if each.status == "open"]

    @property
    def held(self) -> list[Incident]:
        return [each for each in [*self.logged, *self.older] if each.status == "acknowledged"]

    @property
    def done(self) -> list[Incident]:
        return [each for each in self.logged if each.status not in states.UNFINISHED]


def night_of(unit: Unit, *, now: datetime) -> Night:
    """Return what happened in ``unit`` and below since the evening, and what its coming day lacks."""
    planned = planned_at(now)
    inside, since = set(people.subtree_ids(unit.id)), (min(now, planned) if planned else now) - NIGHT
    # What was joined to another one is that one.
    real = select(Incident).where(
        Incident.unit_id.in_(inside), Incident.rehearsal_id.is_(None), Incident.joined_to_id.is_(None)
    )
    order = Incident.severity, record.kt1_first(), Incident.id
    logged = db.session.scalars(real.where(Incident.created_at >= since).order_by(*order))
    older = real.where(Incident.created_at < since, Incident.status.in_(states.UNFINISHED))
    new, old = logged.all(), db.session.scalars(older.order_by(*order)).all()
    late = {
        incident_id: next((what for what in triage_words.LATE if what in overdue), "")
        for incident_id, found in clock_status.clocks_by_incident([*new, *old], now).items()
        if (overdue := {triage_words.lateness(each) for each in found if each.is_overdue})
    }
    return Night(
        unit,
        since,
        new,
        old,
        late,
        _by_itself([each.id for each in new if each.status not in states.UNFINISHED]),
        alarms.tallies([*new, *old]),
        report.lacking(inside, now=now, days=1),
        report.short(inside, now=now, days=1),
        unsure.coming(inside, now=now, days=1),
        maintenance.between(inside, since, now),
    )


def _by_itself(incident_ids: Sequence[int]) -> set[int]:
    """Where the last who said that it is over was a machine."""
    said = select(TimelineEntry.incident_id, TimelineEntry.params).where(
        TimelineEntry.incident_id.in_(incident_ids), TimelineEntry.kind == "resolved"
    )
    last = dict(db.session.execute(said.order_by(TimelineEntry.id)).tuples().all()) if incident_ids else {}
    return {each for each, params in last.items() if params.get("machine")}
