"""Trying a body out: what it would be read as, which rule fits, which incident it would make, who would be called."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from core.db import db
from incidents.alarms import queries as alarms
from incidents.creation import drafting
from incidents.creation.drafting import DraftingLookUp
from incidents.escalation import preview
from incidents.escalation.preview import Preview, Scenario
from incidents.grouping import services as grouping
from incidents.intake import ingest, places, rules
from incidents.intake.formats import UNREADABLE, Alarm
from incidents.intake.ingest import ClaimedSource, IntakeDelivery
from incidents.intake.models import Intake
from incidents.intake.rules import IntakeRule
from incidents.intake_rules import services as ruling
from incidents.maintenance import held_alarms, queries as windows, words as window_words
from incidents.record.models import Incident
from incidents.triage import derivation
from people import queries as people
from people.models import Unit


@dataclass(frozen=True)
class RuleTrial:
    """``read``: as it came; ``alarm``: after the rules; ``place`` and ``rule``: the one that fits, from 1.

    ``incident``: what it would become, never written; None when it raises nothing. ``running``: the open incident that
    it is about, or that it would join (``joins``); ``others``: other alarms of that one still fire. ``is_held``: it
    is, or would be, kept by a window, and ``window`` says by which. ``case`` and ``shown``: who is called when, from
    now.
    """

    read: Alarm
    alarm: Alarm
    place: int | None
    rule: IntakeRule | None
    incident: Incident | None = None
    unit: Unit | None = None
    running: Incident | None = None
    joins: bool = False
    others: bool = False
    is_held: bool = False
    window: str = ""
    case: Scenario | None = None
    shown: Preview | None = None


def try_alarm(source: Intake, alarm: Alarm, now: datetime) -> RuleTrial:
    """Nothing is written and nobody is called."""
    own = ruling.list_rules(source)
    judged = rules.judge(own, alarm)
    unit_id = places.unit_id(source, judged.units)
    held = ClaimedSource(source, derivation.kind_of(source.category), 0, now, None)
    report = ingest.report_of(IntakeDelivery(held, judged.alarm, unit_id=unit_id))
    read = RuleTrial(
        alarm,
        judged.alarm,
        None if judged.place is None else judged.place + 1,
        None if judged.place is None else own[judged.place],
    )
    told = grouping.Firing(source, judged.alarm.key or "", report, is_apart=judged.alarm.form == UNREADABLE)
    if judged.alarm.action == "drop":
        return read
    running = grouping.open_about(db.session(), told) if judged.alarm.key is not None else None
    if judged.alarm.action != "trigger":
        return _trial_of_known(read, told, running)
    incident = drafting.draft(report, None, DraftingLookUp(None), now).incident
    read = replace(read, incident=incident, unit=people.unit_by_id(unit_id), running=running)
    return read if running is not None else _trial_of_new(read, told, now)


def _trial_of_known(read: RuleTrial, told: grouping.Firing, running: Incident | None) -> RuleTrial:
    """It is taken, or over."""
    if running is None:
        is_over = read.alarm.action == "resolve"
        return replace(read, is_held=is_over and held_alarms.is_held(db.session(), told.report.dedup_key or ""))
    firing = [each for each in alarms.list_for_incident(running) if each.cleared_at is None]
    return replace(read, running=running, others=any(each.dedup_key != told.key for each in firing))


def _trial_of_new(read: RuleTrial, told: grouping.Firing, now: datetime) -> RuleTrial:
    """Kept by a window, else part of what is open, else an incident: in the order in which it would be asked."""
    report = told.report
    window = held_alarms.would_hold(held_alarms.HeldReport(report, report.dedup_key, told.intake.id, told.key), now)
    if window is not None:
        [shown] = windows.shown([windows.by_id(window.id)], now)
        return replace(read, is_held=True, window=window_words.line(shown))
    group = grouping.open_group(db.session(), told, now)
    if group is not None:
        return replace(read, running=group, joins=True)
    drafted = read.incident
    if drafted is None:
        return read
    case = Scenario(report.unit_id, drafted.severity, drafted.category, now)
    return replace(read, case=case, shown=preview.preview(case))
