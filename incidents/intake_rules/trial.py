"""Trying a body out: what it would be read as, which rule fits, which incident it would make, who would be called."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.db import db
from incidents.creation import dedup, drafting
from incidents.creation.drafting import LookUp
from incidents.escalation import preview
from incidents.escalation.preview import Preview, Scenario
from incidents.intake import ingest, places, rules
from incidents.intake.formats import Alarm
from incidents.intake.ingest import Arrival, Source
from incidents.intake.rules import Rule
from incidents.intake_rules import services as ruling
from incidents.record.models import Incident, Intake
from incidents.triage import derivation
from people import queries as people
from people.models import Unit


@dataclass(frozen=True)
class Trial:
    """``read``: as it came; ``alarm``: after the rules; ``place`` and ``rule``: the one that fits, from 1.

    ``incident``: what it would become, never written; None when it raises nothing. ``running``: the open incident that
    it is about. ``case`` and ``shown``: who is called when, from now.
    """

    read: Alarm
    alarm: Alarm
    place: int | None
    rule: Rule | None
    incident: Incident | None = None
    unit: Unit | None = None
    running: Incident | None = None
    case: Scenario | None = None
    shown: Preview | None = None


def of(source: Intake, alarm: Alarm, now: datetime) -> Trial:
    """Nothing is written and nobody is called."""
    own = ruling.of(source)
    judged = rules.judge(own, alarm)
    told = judged.alarm
    place = None if judged.place is None else judged.place + 1
    rule = None if judged.place is None else own[judged.place]
    running = _running(source, told)
    if told.action != "trigger":
        return Trial(alarm, told, place, rule, running=running)
    unit_id = places.unit_id(source, judged.units)
    held = Source(source, derivation.kind_of(source.category), 0, now, None)
    report = ingest.report_of(Arrival(held, told, unit_id=unit_id))
    incident = drafting.draft(report, None, LookUp(None), now).incident
    case = Scenario(unit_id, incident.severity, incident.category, now)
    unit = people.unit_by_id(unit_id)
    shown = None if running is not None else preview.preview(case)
    return Trial(alarm, told, place, rule, incident, unit, running, case, shown)


def _running(source: Intake, alarm: Alarm) -> Incident | None:
    if alarm.key is None:
        return None
    found = dedup.open_with(db.session(), {ingest.kept_key(source, alarm.key)})
    return db.session.get(Incident, next(iter(found.values()))) if found else None
