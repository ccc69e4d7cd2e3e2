"""Sources that report by themselves: who they are and their keys. What they say: ``incidents.intake.ingest``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from core import audit
from core.actor import Actor
from core.db import db, transaction
from core.errors import Invalid, NotFound
from core.security import tokens
from core.sweeping import forget
from incidents.catalogue.models import IncidentCategory
from incidents.intake.models import INTAKE_KINDS, Intake, IntakeEvent
from people import queries as people
from people.access import guard

PREFIX = "in_"
KEPT_FOR = timedelta(days=30)
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)


@dataclass(frozen=True)
class NewSource:
    """What reports by itself. ``category``: of its incidents ("": by kind); a heartbeat is due by a time of day
    (``HH:MM``) or every so many minutes."""

    name: str
    kind: str
    unit_id: int
    category: str = ""
    due_by: str | None = None
    every_minutes: int | None = None


def create(new: NewSource, *, actor: Actor, now: datetime) -> tuple[Intake, str]:
    """Return a new source and its key, which is seen this once. Raises ``Invalid``, ``NotFound``, ``Forbidden``."""
    name, kind = " ".join(new.name.split()), new.kind
    with transaction() as session:
        guard.ensure(actor, "intake.manage", new.unit_id, now=now)
        unit = people.unit_by_id(new.unit_id)
        _check(name, kind, new.due_by, new.every_minutes)
        category = new.category or ("connectivity" if kind == "heartbeat" else "other")
        if session.get(IncidentCategory, category) is None:
            raise NotFound("category.unknown", field="category", category=category)
        secret = PREFIX + tokens.new_token()
        made = Intake(
            name=name,
            kind=kind,
            unit_id=unit.id,
            category=category,
            digest=tokens.digest(secret),
            created_at=now,
            created_by=actor.name,
            due_by=new.due_by or None,
            every_minutes=new.every_minutes,
        )
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
    """Return where such a source sends to; PagerDuty's key travels in the body."""
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
    return found if found is not None and is_of(found, kind) else None


def is_of(intake: Intake, kind: str) -> bool:
    """Whether it may still send, to the door of that kind."""
    return intake.kind == kind and intake.revoked_at is None


def forget_before(moment: datetime) -> int:
    """Housekeeping: drop events from before ``moment``; answers how many."""
    return forget(IntakeEvent, IntakeEvent.at < moment)


def intake_events(intake_id: int, limit: int) -> list[IntakeEvent]:
    """Return what a source sent last, the newest first."""
    sent = select(IntakeEvent).options(joinedload(IntakeEvent.incident)).where(IntakeEvent.intake_id == intake_id)
    return list(db.session.scalars(sent.order_by(IntakeEvent.id.desc()).limit(limit)))


def last_payload(intake_id: int) -> str:
    """Return the payload of the newest event that had one; empty when there is none."""
    sent = select(IntakeEvent.payload).where(IntakeEvent.intake_id == intake_id, IntakeEvent.payload != "")
    return db.session.scalar(sent.order_by(IntakeEvent.id.desc()).limit(1)) or ""
