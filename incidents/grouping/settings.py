"""Whether a source groups its alarms, and for how long."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from core import audit
from core.actor import Actor
from core.db import db, transaction
from core.errors import Conflict, Invalid, NotFound
from incidents.grouping.rules import MOST_MINUTES
from incidents.intake.models import Intake
from people.access import guard


def ensure_place(parts: Mapping[str, Any], action: str, actor: Actor, now: datetime) -> None:
    """Ensure for the API that the actor may do ``action`` to the source that an address names."""
    if "intake_id" in parts:
        intake = db.session.get(Intake, int(parts["intake_id"]))
        if intake is None:
            raise NotFound("intake.unknown")
        guard.ensure(actor, action, intake.unit_id, now=now)


def set_minutes(intake: Intake, minutes: int | None, *, actor: Actor, now: datetime) -> Intake:
    """``minutes`` after the first alarm during which others join it; None: each is an incident of its own.

    Groups that are open stay groups. Raises ``Invalid``, ``Forbidden``, and ``Conflict`` for a heartbeat, which raises
    one alarm only.
    """
    with transaction() as session:
        intake = session.get_one(Intake, intake.id, with_for_update=True, populate_existing=True)
        guard.ensure(actor, "intake.manage", intake.unit_id, now=now)
        if intake.kind == "heartbeat":
            raise Conflict("grouping.heartbeat", state={"id": intake.id, "kind": intake.kind})
        if minutes is not None and not 1 <= minutes <= MOST_MINUTES:
            raise Invalid("grouping.minutes", field="minutes", most=MOST_MINUTES)
        if (intake.group_minutes or None) != minutes:
            intake.group_minutes = minutes or 0
            audit.record(actor, "intake.group", "intake", intake.id, now=now, minutes=minutes)
        session.flush()
        return intake
