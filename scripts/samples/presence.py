"""For the screens: operations asks for check-in, emergency for readiness; whoever serves on site now is there."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from core import clock
from core.actor import Actor
from core.db import db, transaction
from duty.attendance import services
from people.models import DutyKind
from roster.models import Duty


def prepare(*, actor: Actor) -> None:
    """As if both had been switched on two days ago. Nobody is missing: else the worker would call them."""
    now = clock.now()
    with transaction() as session:
        session.get_one(DutyKind, "operations").check_in_since = now - timedelta(days=2)
        session.get_one(DutyKind, "emergency").ready_since = now - timedelta(days=2)
    running = select(Duty.id).where(
        Duty.duty == "operations",
        Duty.form == "onsite",
        Duty.cancelled_at.is_(None),
        Duty.starts_at > now - timedelta(days=2),
        Duty.starts_at <= now,
        Duty.ends_at > now,
    )
    here = db.session.scalars(running).all()
    if here:
        services.say_for_many(here, "check_in", note="gặp ở bàn trực", actor=actor, now=now)
