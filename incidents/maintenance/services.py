"""What people do with windows: plan one, confirm it, end it early."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit
from core.actor import Actor
from core.db import db, transaction
from core.errors import Conflict, Invalid, NotFound
from core.fast_path import shared_cache
from core.security import throttle
from incidents.catalogue.models import IncidentCategory
from incidents.intake.models import Intake
from incidents.maintenance import notices, rules
from incidents.maintenance.models import MaintenanceWindow
from incidents.maintenance.queries import obligatory_minutes
from incidents.record import secrecy
from people import queries as people
from people.access import guard

PLAN, CONFIRM = "maintenance.plan", "maintenance.confirm"
LONGEST_REASON = 200
HOURS_OF_A_SILENCE = round(rules.LONGEST_SILENCE.total_seconds() / 3600)
A_MOMENT_AGO = timedelta(minutes=5)
"""A form takes its time: what was to begin so long ago begins now."""
TAPPED_TWICE = timedelta(minutes=1)


def watch() -> None:
    """What is kept of windows holds until one is written."""
    shared_cache.watch(MaintenanceWindow.__tablename__)


@dataclass(frozen=True)
class MaintenancePlan:
    """Hours of work at a unit and all below it, or of a source, or of a category of them."""

    unit_id: int
    starts_at: datetime
    ends_at: datetime
    reason: str
    intake_id: int | None = None
    category: str | None = None
    is_silence: bool = False


def plan(wanted: MaintenancePlan, *, confirmed: bool = False, actor: Actor, now: datetime) -> MaintenanceWindow:
    """Return the window that is planned.

    Over hours in which duty is demanded it holds only once somebody who may has confirmed it; ``confirmed``: the
    planner does so, if they may. Raises ``Invalid``, ``NotFound``, ``Forbidden``.
    """
    unit_id, intake_id, category, ends_at = wanted.unit_id, wanted.intake_id, wanted.category, wanted.ends_at
    with transaction() as session:
        guard.ensure(actor, PLAN, unit_id, now=now)
        unit = people.unit_by_id(unit_id)
        _check_scope(session, unit_id, intake_id, category)
        starts_at = now if now - A_MOMENT_AGO <= wanted.starts_at < now else wanted.starts_at
        reason = " ".join(wanted.reason.split())
        is_lent = not guard.may_by_role(actor, PLAN, unit_id)
        _check_times(starts_at, ends_at, now, is_short=wanted.is_silence or is_lent)
        if is_lent and ends_at > now + rules.LONGEST_SILENCE:  # what a shift lends must not outlive it by days
            raise Invalid("maintenance.lent", field="ends_at", hours=HOURS_OF_A_SILENCE)
        _check_reason(reason)
        throttle.hold(throttle.key_of("maintenance", str(unit_id)))
        scope = {"unit_id": unit_id, "intake_id": intake_id, "category": category, "is_silence": wanted.is_silence}
        known = _tapped_twice(session, starts_at, ends_at, reason, scope=scope)
        if known is not None:
            return known
        made = MaintenanceWindow(
            **scope,
            starts_at=starts_at,
            ends_at=ends_at,
            reason=reason,
            created_at=now,
            created_by=actor.name,
            obligatory_minutes=obligatory_minutes(unit_id, starts_at, ends_at),
            confirmed_by="",
            ended_by="",
        )
        if confirmed and made.obligatory_minutes and guard.allowed(actor, CONFIRM, unit_id, now=now):
            made.confirmed_at, made.confirmed_by = now, actor.name
        session.add(made)
        session.flush()
        told = {"unit": unit.code, "source": intake_id, "category": category, "until": ends_at.isoformat()}
        audit.record(
            actor, "maintenance.plan", "maintenance", made.id, now=now, confirmed=made.confirmed_at is not None, **told
        )
        if made.obligatory_minutes and made.confirmed_at is None:
            notices.tell_who_may_confirm(made, but=actor.person_id, now=now)
        return made


def _tapped_twice(
    session: Session, starts_at: datetime, ends_at: datetime, reason: str, *, scope: Mapping[str, Any]
) -> MaintenanceWindow | None:
    """The same once more: two that lie over each other would not both be over when somebody ends one."""
    wanted = select(MaintenanceWindow).filter_by(**scope, reason=reason, released_at=None, ended_at=None)
    for known in session.scalars(wanted):
        if max(abs(known.starts_at - starts_at), abs(known.ends_at - ends_at)) < TAPPED_TWICE:
            return known
    return None


def silence(
    intake_id: int, *, hours: int, reason: str, actor: Actor, now: datetime, confirmed: bool = True
) -> MaintenanceWindow:
    """One source holds still from now on. Raises ``Invalid``, ``NotFound``, ``Forbidden``."""
    intake = db.session.get(Intake, intake_id)
    if intake is None:
        raise NotFound("intake.unknown")
    until = now + timedelta(hours=hours)
    wanted = MaintenancePlan(intake.unit_id, now, until, reason, intake_id=intake.id, is_silence=True)
    return plan(wanted, confirmed=confirmed, actor=actor, now=now)


def confirm(window_id: int, *, actor: Actor, now: datetime) -> MaintenanceWindow:
    """It may hold over hours in which duty is demanded; again is no error. Raises ``Conflict`` when it is over."""
    with transaction() as session:
        window = _to_change(session, window_id, CONFIRM, actor, now=now)
        if window.confirmed_at is None:
            window.confirmed_at, window.confirmed_by = now, actor.name
            audit.record(actor, "maintenance.confirm", "maintenance", window.id, now=now)
            notices.take_back(window.id, now=now)
        session.flush()
        return window


def end(window_id: int, *, actor: Actor, now: datetime) -> MaintenanceWindow:
    """It ends now: what it holds and still fires calls within seconds. Raises ``Conflict`` when it is over."""
    with transaction() as session:
        window = _to_change(session, window_id, PLAN, actor, now=now)
        window.ended_at, window.ended_by = now, actor.name
        notices.take_back(window.id, now=now)
        audit.record(actor, "maintenance.end", "maintenance", window.id, now=now)
        session.flush()
        return window


def _to_change(session: Session, window_id: int, action: str, actor: Actor, *, now: datetime) -> MaintenanceWindow:
    window = exclusively(session, window_id)
    guard.ensure(actor, action, window.unit_id, now=now)
    _ensure_not_over(window, now)
    return window


def exclusively(session: Session, window_id: int) -> MaintenanceWindow:
    """The window, until commit nobody else's to change. Raises ``NotFound``."""
    held = select(MaintenanceWindow).where(MaintenanceWindow.id == window_id).with_for_update()
    window = session.scalar(held.execution_options(populate_existing=True))
    if window is None:
        raise NotFound("maintenance.unknown")
    return window


def ensure_place(parts: Mapping[str, Any], action: str, actor: Actor, now: datetime) -> None:
    """Ensure for the API that the actor may do ``action`` to the window that an address names."""
    window = db.session.get(MaintenanceWindow, int(parts["window_id"]))
    if window is None:
        raise NotFound("maintenance.unknown")
    guard.ensure(actor, action, window.unit_id, now=now)


def _ensure_not_over(window: MaintenanceWindow, now: datetime) -> None:
    if window.over_at <= now or window.released_at is not None:
        at = window.over_at
        raise Conflict("maintenance.over", state={"id": window.id, "over_at": at, "by": window.ended_by})


def _check_scope(session: Session, unit_id: int, intake_id: int | None, category: str | None) -> None:
    if category is not None and session.get(IncidentCategory, category) is None:
        raise NotFound("category.unknown", field="category", category=category)
    if intake_id is None:
        return
    intake = session.get(Intake, intake_id)
    if intake is None:
        raise NotFound("intake.unknown", field="source")
    # A source above reports about units below it, too, where a rule of it says so.
    if not people.is_within(intake.unit_id, unit_id) and not people.is_within(unit_id, intake.unit_id):
        raise Invalid("maintenance.source_elsewhere", field="source")


def _check_times(starts_at: datetime, ends_at: datetime, now: datetime, *, is_short: bool) -> None:
    longest = rules.LONGEST_SILENCE if is_short else rules.LONGEST
    if starts_at < now:
        raise Invalid("maintenance.past", field="starts_at")
    if starts_at > now + rules.AHEAD:
        raise Invalid("maintenance.far", field="starts_at", days=rules.AHEAD.days)
    if ends_at <= starts_at:
        raise Invalid("maintenance.order", field="ends_at")
    if ends_at - starts_at > longest:
        raise Invalid("maintenance.long", field="ends_at", hours=round(longest.total_seconds() / 3600))


def _check_reason(reason: str) -> None:
    if not reason or len(reason) > LONGEST_REASON:
        raise Invalid("maintenance.reason", field="reason", most=LONGEST_REASON)
    marks = secrecy.found_about_state(reason)
    if marks is not None:
        raise Invalid("incident.secret", field="reason", words=marks)
