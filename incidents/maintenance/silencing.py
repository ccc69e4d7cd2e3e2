"""What pages about one source show of its silence."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from core.actor import Actor
from incidents.intake.models import Intake
from incidents.maintenance import queries, rules, services, words
from people.access import guard

HOURS = (1, 2, 4, 8)
"""What is offered; the last is the most (``rules.LONGEST_SILENCE``)."""


def silencing_for(intake: Intake, actor: Actor, now: datetime) -> dict[str, Any]:
    """Its windows that are not over, and whether the reader may silence it."""
    may = guard.allowed(actor, services.PLAN, intake.unit_id, now=now)
    windows = queries.list_for_source(intake, now)
    is_obligatory = bool(may) and queries.obligatory_minutes(intake.unit_id, now, now + rules.LONGEST_SILENCE) > 0
    may_confirm = is_obligatory and guard.allowed(actor, services.CONFIRM, intake.unit_id, now=now)
    return {
        "source": intake,
        "lines": [words.line(each) for each in windows],
        "may": bool(may),
        "hours": HOURS,
        "is_obligatory": is_obligatory,
        "may_confirm": bool(may_confirm),
    }
