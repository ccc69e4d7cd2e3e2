"""Alarms inside a window: held, counted, and let go when it is over.

The order of locks is that of alarms: their source, then windows, then incidents. A window is held while something is
put into it, so that nothing can be put into one that has just let go of what it had.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from core import audit
from core.actor import SYSTEM, Actor
from core.db import db, transaction
from core.fast_path import bulk_insert
from incidents.alarms import along
from incidents.alarms.along import Details
from incidents.alarms.models import IncidentDetails
from incidents.creation import dedup, services as creation
from incidents.creation.drafting import IncidentReport, title_of
from incidents.grouping import services as grouping
from incidents.intake.models import Intake, IntakeEvent
from incidents.maintenance import judging, queries, rules
from incidents.maintenance.models import HeldAlarm, MaintenanceWindow
from incidents.maintenance.rules import HoldingWindow
from incidents.record import timeline
from incidents.record.models import Incident
from incidents.triage import derivation
from people import queries as people

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class HeldReport:
    """What came: as a report with the key that its incident would have; of a source, or of a program (None)."""

    report: IncidentReport
    key: str | None
    intake_id: int | None = None
    own_key: str = ""
    form: str = ""
    details: Details = ()


def hold(session: Session, told: Sequence[HeldReport], *, now: datetime, stamp: str | None) -> dict[int, int]:
    """Keep what falls into a window: place → window. What an open incident is about already goes to that one."""
    windows = [each for each in queries.standing(stamp) if rules.is_running(each, now)]
    # What has no title is refused where it is logged: nobody could be told so later.
    facts = {place: _facts(each) for place, each in enumerate(told) if title_of(each.report)} if windows else {}
    fitting = {place: found for place, each in facts.items() if (found := rules.holding(windows, each, now))}
    if not fitting:
        return {}
    open_now = dedup.meant(session, [told[place].key for place in fitting])
    pairs = [(told[place].intake_id or 0, told[place].own_key) for place in fitting]
    known = grouping.known_alarms(session, pairs)
    there = [each for each in _held(session, {each.id for each in fitting.values()}) if each.may_hold]
    placed: dict[int, int] = {}
    for place in fitting:
        each = told[place]
        window = rules.holding(there, facts[place], now)
        if window and each.key not in open_now and (each.intake_id or 0, each.own_key) not in known:
            placed[place] = window.id
    _keep(session, {place: (told[place], window_id) for place, window_id in placed.items()}, now)
    return placed


def would_hold(told: HeldReport, now: datetime) -> HoldingWindow | None:
    """The window into which such an alarm would fall. Nothing is kept: for pages that only ask."""
    return rules.holding(queries.standing(None), _facts(told), now)


def is_held(session: Session, key: str) -> bool:
    """Whether what has that key waits in a window for its end."""
    waiting = (HeldAlarm.dedup_key == key) & HeldAlarm.incident_id.is_(None) & HeldAlarm.cleared_at.is_(None)
    return session.scalars(select(HeldAlarm.id).where(waiting)).first() is not None


def _facts(told: HeldReport) -> rules.MaintenanceAlarm:
    report, kind = told.report, derivation.kind_of(told.report.category)
    return rules.MaintenanceAlarm(
        units=people.ancestor_ids(report.unit_id),
        intake_id=told.intake_id,
        category=kind.code,
        level=_level(report.severity, report.category),
        restricted=report.restricted or kind.restricted,
        party_state=report.party_state,
        title=f"{report.title} {report.description}",
    )


def _held(session: Session, ids: Collection[int]) -> list[HoldingWindow]:
    """As they are now, until commit nobody else's."""
    rows = select(MaintenanceWindow).where(MaintenanceWindow.id.in_(ids)).order_by(MaintenanceWindow.id)
    rows = rows.with_for_update().execution_options(populate_existing=True)
    return [queries.plain(row) for row in session.scalars(rows)]


def _keep(session: Session, placed: dict[int, tuple[HeldReport, int]], now: datetime) -> None:
    keys = {each.key for each, _window in placed.values() if each.key is not None}
    unreleased = HeldAlarm.window_id.in_(select(MaintenanceWindow.id).where(MaintenanceWindow.released_at.is_(None)))
    waiting = select(HeldAlarm).where(HeldAlarm.dedup_key.in_(keys), HeldAlarm.incident_id.is_(None), unreleased)
    rows = {_whose(row): row for row in session.scalars(waiting.order_by(HeldAlarm.id))} if keys else {}
    for each, window_id in placed.values():
        new = _row(each, window_id, now)
        row = rows.get(_whose(new)) if each.key is not None else None
        if row is not None:
            _told_again(row, each.report, window_id)
            continue
        rows[_whose(new)] = new
        session.add(new)
    for window_id in sorted({window for _each, window in placed.values()}):
        actor = next(each.report.actor for each, window in placed.values() if window == window_id)
        count = sum(window == window_id for _each, window in placed.values())
        audit.record(actor, "maintenance.hold", "maintenance", window_id, now=now, alarms=count)
    session.flush()


def _whose(row: HeldAlarm) -> tuple[object, ...]:
    """Return what is the same told again: programs choose keys freely, and none may move what another's window
    holds."""
    return (row.dedup_key,) if row.intake_id is not None else (row.dedup_key, row.told_by, row.unit_id)


def _told_again(row: HeldAlarm, report: IncidentReport, window_id: int) -> None:
    """It is counted once, by the window that holds it longest, with the worst level that it had."""
    row.window_id, row.times, row.cleared_at = window_id, row.times + 1, None
    level = _level(report.severity, report.category)
    if level < _level(row.severity, row.category):
        row.severity = level


def _level(severity: int | None, category: str) -> int:
    return severity or derivation.kind_of(category).default_severity


def _row(told: HeldReport, window_id: int, now: datetime) -> HeldAlarm:
    report = told.report
    return HeldAlarm(
        window_id=window_id,
        intake_id=told.intake_id,
        own_key=told.own_key,
        dedup_key=told.key,
        unit_id=report.unit_id,
        category=report.category,
        severity=report.severity,
        title=title_of(report),
        description=report.description.strip(),
        form=told.form,
        details=[list(pair) for pair in told.details],
        told_by=report.actor.name,
        fired_at=now,
        detected_at=report.detected_at,
        times=1,
    )


def _pending(windows: Iterable[int]) -> ColumnElement[bool]:
    return HeldAlarm.window_id.in_(list(windows)) & HeldAlarm.incident_id.is_(None)


def clear(session: Session, keys: Collection[str], *, now: datetime, stamp: str | None) -> set[str]:
    """These went away by themselves while they were held: which of the keys. Nobody hears of them."""
    if not keys or not queries.standing(stamp):
        return set()
    waiting = HeldAlarm.dedup_key.in_(keys) & HeldAlarm.incident_id.is_(None) & HeldAlarm.cleared_at.is_(None)
    gone = update(HeldAlarm).where(waiting).values(cleared_at=now).returning(HeldAlarm.dedup_key)
    return {str(key) for key in session.scalars(gone)}


def release_due(now: datetime) -> int:
    """What is over lets go: whatever still fires becomes an incident; how many. Safe beside other workers.

    So does what holds no longer without a confirmation, which it still waits for.
    """
    judging.judge_soon(now)
    running = select(MaintenanceWindow).where(MaintenanceWindow.released_at.is_(None)).order_by(MaintenanceWindow.id)
    rows = db.session.scalars(running).all()
    over = [row.id for row in rows if row.over_at <= now]
    idle = [row.id for row in rows if row.over_at > now and not queries.plain(row).may_hold]
    full = select(HeldAlarm.window_id).where(_pending(idle), HeldAlarm.cleared_at.is_(None)).distinct()
    return sum(_safely(window_id, now) for window_id in [*over, *(db.session.scalars(full) if idle else ())])


def _safely(window_id: int, now: datetime) -> int:
    """One window's fault must not keep what another holds."""
    try:
        return _release(window_id, now)
    except Exception:
        db.session.rollback()
        log.exception("window %s could not let go; it is tried again", window_id)
        return 0


def _release(window_id: int, now: datetime) -> int:
    with transaction() as session:
        of_it = select(HeldAlarm.intake_id).where(HeldAlarm.window_id == window_id, HeldAlarm.intake_id.is_not(None))
        held = select(Intake).where(Intake.id.in_(of_it.distinct())).order_by(Intake.id).with_for_update()
        sources = {intake.id: intake for intake in session.scalars(held.execution_options(populate_existing=True))}
        running = select(MaintenanceWindow.id).where(MaintenanceWindow.released_at.is_(None))
        windows = {each.id: each for each in _held(session, set(session.scalars(running)))}
        if window_id not in windows:
            return 0  # another worker was faster
        waiting = select(HeldAlarm).where(_pending([window_id]), HeldAlarm.cleared_at.is_(None)).order_by(HeldAlarm.id)
        rows = session.scalars(waiting.execution_options(populate_existing=True)).all()
        mine = [row for row in rows if row.intake_id is None or row.intake_id in sources]
        others = [each for each in windows.values() if each.id != window_id]
        let_go = [row for row in mine if not _moved(row, others, now)]
        window = session.get_one(MaintenanceWindow, window_id)
        done = _log(session, window, let_go, sources, now=now)
        # If a source came meanwhile, it is taken with the next look.
        if window.over_at <= now and len(mine) == len(rows):
            window.released_at = now
            audit.record(SYSTEM, "maintenance.release", "maintenance", window_id, now=now, incidents=done)
        session.flush()
        return done


def _moved(row: HeldAlarm, others: Sequence[HoldingWindow], now: datetime) -> bool:
    """Another window that still runs goes on holding it."""
    report = _report(row)
    found = rules.holding(others, _facts(HeldReport(report, row.dedup_key, row.intake_id)), now)
    if found is not None:
        row.window_id = found.id
    return found is not None


def _log(
    session: Session, window: MaintenanceWindow, rows: Sequence[HeldAlarm], sources: dict[int, Intake], *, now: datetime
) -> int:
    of_sources = [row for row in rows if row.intake_id is not None]
    told = [grouping.Firing(sources[row.intake_id], row.own_key, _report(row)) for row in of_sources if row.intake_id]
    programs = [row for row in rows if row.intake_id is None]
    done = grouping.log_all(session, told, now=now) if told else []
    done += creation.log_all(session, [_report(row) for row in programs], now=now) if programs else []
    met = dict[int, tuple[Incident, datetime]]()
    came_along = list[dict[str, Any]]()
    for row, (incident, created) in zip([*of_sources, *programs], done, strict=True):
        row.incident_id = incident.id
        kept = along.row(incident, row.form, row.details) if created else None
        came_along += [kept] if kept else []
        met.setdefault(incident.id, (incident, row.fired_at))
    bulk_insert.insert(session, (IncidentDetails, came_along))
    for incident, at in met.values():
        facts = {"since": at.isoformat(), "window": window.id}
        timeline.write(session, incident, "was_held", SYSTEM, now=now, note=window.reason, **facts)
        _lead_there(session, [row for row in of_sources if row.incident_id == incident.id])
    return sum(created for _incident, created in done)


def _lead_there(session: Session, rows: Sequence[HeldAlarm]) -> None:
    """From what a source sent to the incident that it became at last."""
    if not rows:
        return
    keys, since = {row.own_key for row in rows}, min(row.fired_at for row in rows)
    held = (IntakeEvent.outcome == "held") & IntakeEvent.incident_id.is_(None) & IntakeEvent.dedup_key.in_(keys)
    mine = IntakeEvent.intake_id.in_({row.intake_id for row in rows}) & (IntakeEvent.at >= since)
    session.execute(update(IntakeEvent).where(mine, held).values(incident_id=rows[0].incident_id))


def _report(row: HeldAlarm) -> IncidentReport:
    return IncidentReport(
        title=row.title,
        description=row.description,
        category=row.category,
        severity=row.severity,
        unit_id=row.unit_id,
        detected_at=row.detected_at or row.fired_at,
        dedup_key=row.dedup_key,
        by_source=row.intake_id is not None,
        actor=Actor(name=row.told_by, role="staff", via="system", unit_id=row.unit_id),
    )
