"""Alarms that fire: each is an incident, or joins the one of its source and category that began a short while ago.

The caller holds the sources (``incidents.intake.ingest.hold``), so of one source nothing is judged side by side; the
incidents that are joined are held here, for people act on them at the same moment.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from core.actor import Actor
from core.fast_path import bulk_insert
from incidents.alarms.along import Details
from incidents.alarms.models import IncidentAlarm
from incidents.creation import dedup, services as creation
from incidents.creation.drafting import IncidentReport, title_of
from incidents.endings import services as endings
from incidents.grouping import apart, rules
from incidents.grouping.answering import Answering
from incidents.intake.models import Intake
from incidents.record import states, timeline, transitions
from incidents.record.models import Incident, Page
from incidents.triage import classification, derivation
from people import queries as people

_Main = aliased(Incident)

Place = int
"""Where an alarm stands among those that are told together."""


@dataclass(frozen=True)
class Firing:
    """An alarm that fires: of which source, by which key of its own, what it says, and what came along in whose
    manner. ``is_apart``: it may be about anything, and in a group of others nobody would look for it."""

    intake: Intake
    key: str
    report: IncidentReport
    form: str = ""
    details: Details = ()
    is_apart: bool = False


def log_all(
    session: Session, told: Sequence[Firing], *, now: datetime, guarded: bool = True, stamp: str | None = None
) -> list[tuple[Incident, bool]]:
    """``creation.log_all`` for what sources tell; what joins a group is not created."""
    if all(each.intake.group_minutes is None for each in told):
        return creation.log_all(session, [each.report for each in told], now=now, guarded=guarded, stamp=stamp)
    plan = _plan(session, told, now)
    own = [place for place in range(len(told)) if place not in plan.members and place not in plan.followers]
    reports = [_as_first(told, place, plan) for place in own]
    logged = creation.log_all(session, reports, now=now, guarded=guarded, stamp=stamp) if reports else []
    done = dict(zip(own, logged, strict=True))
    for place, first in plan.followers.items():
        done[place] = done[first][0], False
    for place, incident in plan.members.items():
        done[place] = incident, False
    _keep(session, told, plan, {place: incident for place, (incident, _created) in done.items()}, now=now)
    return [done[place] for place in range(len(told))]


@dataclass
class _Plan:
    """``members`` join an incident that is there; ``firsts`` begin a group, and ``followers`` join that (→ its first);
    ``apart`` is of a group (→ it), and told as what none may hold. ``known``: the rows of those told before."""

    known: dict[tuple[int, str], IncidentAlarm]
    members: dict[Place, Incident] = field(default_factory=dict)
    followers: dict[Place, Place] = field(default_factory=dict)
    firsts: list[Place] = field(default_factory=list)
    apart: dict[Place, Incident] = field(default_factory=dict)


def _plan(session: Session, told: Sequence[Firing], now: datetime) -> _Plan:
    known = known_alarms(session, [(each.intake.id, each.key) for each in told])
    groups = _open_groups(session, {each.intake.id for each in told if each.intake.group_minutes})
    held = transitions.all_exclusively(session, {target for _row, target in known.values()} | set(groups))
    there = {each.id: each for each in held.values() if each.status in states.UNFINISHED}
    plan = _Plan({pair: row for pair, (row, target) in known.items() if target in there})
    alone = dedup.meant(session, [each.report.dedup_key for each in told])
    open_now = {key: source for key, source in groups.items() if key in there}
    answering = Answering(now)
    for place, each in enumerate(told):
        pair = each.intake.id, each.key
        if pair in plan.known:
            group = there[known[pair][1]]
            (plan.apart if apart.is_of_its_own(each.report, group, alone) else plan.members)[place] = group
        elif each.report.dedup_key not in alone and _may_group(each):
            mine = [there[key] for key, source in open_now.items() if source == each.intake.id]
            joined = _joined(mine, each, answering, now)
            if joined is not None:
                plan.members[place] = joined
                continue
            first = next((one for one in plan.firsts if _is_alike(told[one], each, answering)), None)
            if first is None:
                plan.firsts.append(place)
            else:
                plan.followers[place] = first
    rows = {place: plan.known[told[place].intake.id, told[place].key] for place in plan.apart}
    leaving = [(group, told[place].report, rows[place]) for place, group in plan.apart.items()]
    apart.let_go(session, leaving, alone, now=now)
    return plan


def open_about(session: Session, told: Firing) -> Incident | None:
    """The open incident that such an alarm is about already. Nothing is held: for pages that only ask."""
    own = dedup.meant(session, [told.report.dedup_key])
    known = known_alarms(session, [(told.intake.id, told.key)])
    groups = [session.get_one(Incident, target) for _row, target in known.values()]
    for group in groups:
        if not apart.is_of_its_own(told.report, group, own):
            return group
    left = {group.id for group in groups}
    return next((session.get_one(Incident, each) for each in own.values() if each not in left), None)


def open_group(session: Session, told: Firing, now: datetime) -> Incident | None:
    """The open incident that such an alarm would join. Nothing is held: for pages that only ask."""
    if not _may_group(told):
        return None
    groups = (session.get_one(Incident, each) for each in _open_groups(session, {told.intake.id}))
    return _joined(groups, told, Answering(now), now)


def known_alarms(
    session: Session, pairs: Sequence[tuple[int, str]]
) -> dict[tuple[int, str], tuple[IncidentAlarm, int]]:
    """(source, key) → its row in an open incident, and the incident that is worked on: that one, or the one that it
    was joined to."""
    found = session.execute(
        select(IncidentAlarm, func.coalesce(_Main.id, Incident.id))
        .join(Incident, Incident.id == IncidentAlarm.incident_id)
        .outerjoin(_Main, _Main.id == Incident.joined_to_id)
        .where(
            IncidentAlarm.intake_id.in_({source for source, _key in pairs}),
            IncidentAlarm.dedup_key.in_({key for _source, key in pairs}),
            or_(Incident.status.in_(states.UNFINISHED), _Main.status.in_(states.UNFINISHED)),
        )
        .order_by(IncidentAlarm.id)
        .execution_options(populate_existing=True)
    )
    return {(row.intake_id, row.dedup_key): (row, target) for row, target in found}


def _open_groups(session: Session, intakes: set[int]) -> dict[int, int]:
    """Open groups of these sources, the newest first: incident → source."""
    mine = select(IncidentAlarm.incident_id, IncidentAlarm.intake_id).join(Incident).distinct()
    mine = mine.where(IncidentAlarm.intake_id.in_(intakes), Incident.status.in_(states.UNFINISHED))
    return dict(session.execute(mine.order_by(IncidentAlarm.incident_id.desc())).tuples().all()) if intakes else {}


def _may_group(told: Firing) -> bool:
    return bool(told.intake.group_minutes) and not told.is_apart and apart.may_group(told.report)


def _joined(groups: Iterable[Incident], told: Firing, answering: Answering, now: datetime) -> Incident | None:
    """Return which of its source's open groups takes it."""
    since = now - timedelta(minutes=told.intake.group_minutes or 0)
    for group in groups:
        # What became restricted or Party and State's meanwhile takes no more.
        apart = group.restricted or group.party_state or group.category != told.report.category
        if group.created_at > since and not apart and _same_people(group.unit_id, told.report, answering):
            return group
    return None


def _is_alike(first: Firing, told: Firing, answering: Answering) -> bool:
    if (first.intake.id, first.report.category) != (told.intake.id, told.report.category):
        return False
    return _same_people(first.report.unit_id, told.report, answering)


def _same_people(unit_id: int, report: IncidentReport, answering: Answering) -> bool:
    """Else those whom a rule meant to call, by putting it at a unit of theirs, would never hear of it."""
    return answering.is_same(unit_id, report.unit_id, category=report.category, level=level_of(report))


def _as_first(told: Sequence[Firing], place: Place, plan: _Plan) -> IncidentReport:
    """A group begins with the level of the worst that is told with its first."""
    report = told[place].report
    levels = [level_of(told[each].report) for each, first in plan.followers.items() if first == place]
    worst = min([level_of(report), *levels])
    return report if worst == level_of(report) else replace(report, severity=worst)


def level_of(report: IncidentReport) -> int:
    return report.severity or derivation.kind_of(report.category).default_severity


def _keep(
    session: Session, told: Sequence[Firing], plan: _Plan, where: dict[Place, Incident], *, now: datetime
) -> None:
    """The rows of all that belong to a group, and what their incidents learn by them."""
    begun = set(plan.firsts)
    joining, units = defaultdict[int, list[Place]](list), _units(session, plan.members.values())
    rows, new = dict(plan.known), set[Place]()
    for place, each in enumerate(told):
        pair, is_news = (each.intake.id, each.key), True
        if place in plan.apart:
            continue
        if pair in rows:
            is_news = _told_again(rows[pair], each.report)
        elif place in begun or place in plan.followers or place in plan.members:
            rows[pair] = _row(where[place], each, now)
            new.add(place)
        if place in plan.members and is_news:
            joining[where[place].id].append(place)
    fresh = [rows[told[place].intake.id, told[place].key] for place in sorted(new)]
    bulk_insert.insert(session, (IncidentAlarm, [{name: getattr(row, name) for name in _WRITTEN} for row in fresh]))
    said = [(place, where[place]) for place in [*plan.members, *plan.followers]]
    for kind, are_new in (("alarm_joined", True), ("reported_again", False)):
        counted = [
            (incident, told[place].report.actor, title_of(told[place].report))
            for place, incident in sorted(said, key=lambda one: one[0])
            if (place in new) == are_new
        ]
        if counted:
            timeline.count(session, kind, counted, now=now)
    for incident_id, places in joining.items():
        _learn(session, where[places[0]], [told[place].report for place in places], units[incident_id], now=now)
    session.flush()


_WRITTEN = ("incident_id", "intake_id", "dedup_key", "title", "unit_id", "severity", "fired_at", "times")


def _row(incident: Incident, told: Firing, now: datetime) -> IncidentAlarm:
    return IncidentAlarm(
        incident_id=incident.id,
        intake_id=told.intake.id,
        dedup_key=told.key,
        title=title_of(told.report),
        unit_id=told.report.unit_id,
        severity=level_of(told.report),
        fired_at=told.report.detected_at or now,
        times=1,
    )


def _told_again(row: IncidentAlarm, report: IncidentReport) -> bool:
    """Whether it is worse than it was told before; a level that somebody has since chosen by hand stays else."""
    is_worse = level_of(report) < row.severity
    row.times, row.severity = row.times + 1, min(row.severity, level_of(report))
    row.cleared_at = row.acknowledged_at = None
    return is_worse


def _units(session: Session, incidents: Iterable[Incident]) -> dict[int, set[int]]:
    """Incident → the units at which its alarms fired so far."""
    wanted = {incident.id: {incident.unit_id} for incident in incidents}
    where = select(IncidentAlarm.incident_id, IncidentAlarm.unit_id).where(IncidentAlarm.incident_id.in_(wanted))
    for incident_id, unit_id in session.execute(where.distinct()) if wanted else ():
        wanted[incident_id].add(unit_id)
    return wanted


def _learn(
    session: Session, incident: Incident, told: Sequence[IncidentReport], units: set[int], *, now: datetime
) -> None:
    """Its level is the worst alarm's; for a worse one, or a new place, its people are called anew."""
    before, worst = incident.severity, min(told, key=level_of)
    session.flush()
    if level_of(worst) < before:
        classification.worsen(session, incident, replace(worst, severity=level_of(worst), answers=None), now=now)
    places, is_worse = {report.unit_id for report in told} - units, incident.severity < before
    if not is_worse and not places:
        return
    standing = rules.CallState(incident.status == "open", _begun_at(session, incident))
    if rules.calls_anew(standing, is_worse=is_worse, is_elsewhere=bool(places), now=now):
        _call_anew(session, incident, worst.actor, now, worse=is_worse, places=sorted(places))


def _begun_at(session: Session, incident: Incident) -> datetime | None:
    """When the present calls began; None when the first of them is still to come."""
    called = (Page.incident_id == incident.id, Page.cycle >= incident.escalation.since, Page.purpose == "call")
    return session.scalar(select(func.min(Page.created_at)).where(*called))


def _call_anew(
    session: Session, incident: Incident, who: Actor, now: datetime, *, worse: bool, places: Sequence[int]
) -> None:
    """From the first step, also when somebody has it: they took less than it is now."""
    held = incident.acknowledged_by
    transitions.open_again(incident)
    transitions.end_asks(incident, "handover", "reassign", "arrival", now=now)
    escalation = incident.escalation
    escalation.step, escalation.cycle, escalation.next_at = 0, escalation.cycle + 1, now
    escalation.since = escalation.cycle
    names, level = [people.unit_by_id(each).name for each in places], incident.severity if worse else None
    timeline.write(session, incident, "called_anew", who, now=now, places=names, level=level, person=held)
    if held:
        endings.reopened(session, incident, by=(), now=now)
