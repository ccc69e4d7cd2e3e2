"""Sources that report by themselves: their keys, and what an alarm of theirs does to incidents.

An alarm is one transaction: the event as it came and what became of it stand or fall together.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import joinedload

from core import audit, tokens
from core.actor import Actor
from core.db import db, transaction
from core.errors import Conflict, Invalid, NotFound, Unavailable
from incidents import reporting, services, states
from incidents.intake_formats import Alarm
from incidents.models import INTAKE_KINDS, Incident, IncidentCategory, Intake, IntakeEvent
from people import guard, queries as people

PREFIX = "in_"
PAYLOAD_KEPT = 16_384
"""Bytes of each payload that are kept."""
KEPT_FOR = timedelta(days=30)
MOST_A_MINUTE = 600
SILENCE = "silence"
"""The key of a heartbeat's only incident."""
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)


@dataclass(frozen=True)
class Received:
    """What became of an alarm. ``outcome`` as in ``IntakeEvent``; ``key`` as the source knows it."""

    outcome: str
    key: str
    incident: Incident | None


def create(
    *, name: str, kind: str, unit_id: int, actor: Actor, now: datetime, category: str = "",
    due_by: str | None = None, every_minutes: int | None = None,
) -> tuple[Intake, str]:  # fmt: skip
    """A new source and its key, which is seen this once. Raises ``Invalid``, ``NotFound``, ``Forbidden``."""
    name = " ".join(name.split())
    with transaction() as session:
        guard.ensure(actor, "intake.manage", unit_id, now=now)
        unit = people.unit_by_id(unit_id)
        _check(name, kind, due_by, every_minutes)
        category = category or ("connectivity" if kind == "heartbeat" else "other")
        if session.get(IncidentCategory, category) is None:
            raise NotFound("category.unknown", field="category", category=category)
        secret = PREFIX + tokens.new_token()
        made = Intake(
            name=name, kind=kind, unit_id=unit.id, category=category, digest=tokens.digest(secret), created_at=now,
            created_by=actor.name, due_by=due_by or None, every_minutes=every_minutes,
        )  # fmt: skip
        session.add(made)
        session.flush()
        audit.record(actor, "intake.create", "intake", made.id, now=now, name=name, kind=kind, unit=unit.code)
        return made, secret


def _check(name: str, kind: str, due_by: str | None, every_minutes: int | None) -> None:
    if not name or len(name) > 100:
        raise Invalid("intake.name", field="name", most=100)
    if kind not in INTAKE_KINDS:
        raise Invalid("intake.kind", field="kind")
    if kind != "heartbeat" and (due_by or every_minutes):
        raise Invalid("intake.no_rhythm", field="due_by" if due_by else "every_minutes")
    if kind == "heartbeat" and bool(due_by) == bool(every_minutes):
        raise Invalid("intake.rhythm", field="due_by")
    if due_by and not _TIME.fullmatch(due_by):
        raise Invalid("intake.time", field="due_by")
    if every_minutes is not None and not 1 <= every_minutes <= 10_080:
        raise Invalid("intake.minutes", field="every_minutes", most=10_080)


def address(kind: str, key: str) -> str:
    """Where such a source sends to; PagerDuty's key travels in the body."""
    return "/v2/enqueue" if kind == "pagerduty" else f"/intake/{kind}/{key}"


def within(actor: Actor, now: datetime) -> Select[tuple[Intake]]:
    """The sources that the actor may manage, unordered."""
    ids = guard.reach(actor, "intake.manage", now=now)
    found = select(Intake).options(joinedload(Intake.unit))
    return found if ids is None else found.where(Intake.unit_id.in_(ids))


def revoke(intake_id: int, *, actor: Actor, now: datetime) -> None:
    """From now on its key opens nothing; incidents that it raised stay. Raises ``NotFound``, ``Forbidden``."""
    with transaction() as session:
        intake = by_id(intake_id)
        guard.ensure(actor, "intake.manage", intake.unit_id, now=now)
        if intake.revoked_at is None:
            intake.revoked_at = now
            audit.record(actor, "intake.revoke", "intake", intake.id, now=now, name=intake.name)
        session.flush()


def by_id(intake_id: int) -> Intake:
    intake = db.session.get(Intake, intake_id, populate_existing=True)
    if intake is None:
        raise NotFound("intake.unknown")
    return intake


def exclusively(intake_id: int) -> Intake:
    """The source, until commit nobody else's: what it says and that it is silent are never judged side by side."""
    intake = db.session.scalar(
        select(Intake).where(Intake.id == intake_id).with_for_update().execution_options(populate_existing=True)
    )
    if intake is None:
        raise NotFound("intake.unknown")
    return intake


def by_key(secret: str, kind: str) -> Intake | None:
    """The source of that kind behind a key; None for unknown, foreign and revoked ones."""
    found = db.session.scalar(select(Intake).where(Intake.digest == tokens.digest(secret)))
    return found if found is not None and found.kind == kind and found.revoked_at is None else None


def receive(intake_id: int, alarm: Alarm, raw: bytes, *, now: datetime) -> Received:
    """Raise, acknowledge or resolve what the alarm is about; what is done already is no error.

    Raises ``Unavailable`` when the source sends more than it may: tools try that again, and drop what else they are
    told.
    """
    with transaction() as session:
        intake = exclusively(intake_id)
        _ensure_slow_enough(intake, now)
        key = alarm.key or secrets.token_hex(16)
        done = _done(intake, alarm, key, now)
        intake.heard_at = now
        session.add(_event(intake, alarm.action, done, raw, now))
        session.flush()
        return done


def _ensure_slow_enough(intake: Intake, now: datetime) -> None:
    recent = select(func.count()).select_from(IntakeEvent).where(
        IntakeEvent.intake_id == intake.id, IntakeEvent.at > now - timedelta(minutes=1)
    )  # fmt: skip
    if (db.session.scalar(recent) or 0) >= MOST_A_MINUTE:
        raise Unavailable("intake.too_many", most=MOST_A_MINUTE, retry_after=30)


def _done(intake: Intake, alarm: Alarm, key: str, now: datetime) -> Received:
    own = Actor(name=intake.name, role="staff", via="system", unit_id=intake.unit_id)
    kept = f"intake/{intake.id}/{key}"
    if alarm.action == "trigger":
        known = alarm.category and db.session.get(IncidentCategory, alarm.category)
        incident, created = reporting.log(
            title=alarm.title, description=alarm.description, category=known.code if known else intake.category,
            severity=alarm.severity, unit_id=intake.unit_id, dedup_key=kept, by_source=True, actor=own, now=now,
        )  # fmt: skip
        return Received("created" if created else "known", key, incident)
    open_one = _open_with(kept)
    if open_one is None:
        return Received("heard" if intake.kind == "heartbeat" else "ignored", key, None)
    try:
        if alarm.action == "resolve":
            services.resolve(open_one.id, actor=own, now=now)
            return Received("resolved", key, open_one)
        services.acknowledge(open_one.id, actor=own, now=now)
        return Received("acknowledged", key, open_one)
    except Conflict:  # somebody has it already, or was faster
        return Received("known", key, open_one)


def _open_with(kept: str) -> Incident | None:
    return db.session.scalar(
        select(Incident).where(Incident.dedup_key == kept, Incident.status.in_(states.UNFINISHED)).limit(1)
    )


def _event(intake: Intake, action: str, done: Received, raw: bytes, now: datetime) -> IntakeEvent:
    return IntakeEvent(
        intake_id=intake.id, at=now, action=action, outcome=done.outcome, dedup_key=done.key, size=len(raw),
        incident_id=done.incident.id if done.incident else None,
        payload=raw[:PAYLOAD_KEPT].decode("utf-8", "replace").replace("\x00", "\ufffd"),
    )  # fmt: skip


def raise_silence(intake: Intake, title: str, *, now: datetime) -> None:
    """A heartbeat stayed silent; the caller holds the source."""
    done = _done(intake, Alarm("trigger", SILENCE, title), SILENCE, now)
    db.session.add(_event(intake, "trigger", done, b"", now))


def note_beat(intake_id: int, raw: bytes, *, now: datetime) -> Received:
    """A heartbeat was heard: its silence, if one was raised, is over."""
    return receive(intake_id, Alarm("resolve", SILENCE), raw, now=now)


def forget_before(moment: datetime) -> int:
    """Housekeeping: drop events from before ``moment``; answers how many."""
    with transaction() as session:
        return int(session.execute(delete(IntakeEvent).where(IntakeEvent.at < moment)).rowcount)  # type: ignore[attr-defined]
