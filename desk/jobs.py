"""What the worker does, and in what order; when, is the worker's own affair."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from alembic.runtime.migration import MigrationContext

import incidents.coverage.gaps
import incidents.coverage.seats_at_risk
import incidents.creation.quick_log
import incidents.escalation.engine
import incidents.escalation.gone_since
import incidents.escalation.requests
import incidents.escalation.upcoming
import incidents.intake.heartbeats
import incidents.intake.sources
import incidents.response.arrivals
import incidents.response.handover
from core import clock
from core.api import idempotency
from core.db import db
from core.observability import heartbeat
from core.security import throttle
from core.server import signs_of_life
from notify import delivery, erasing
from people.attempts import limits as door
from people.contact import verification

log = logging.getLogger("worker")


@dataclass(frozen=True)
class Job:
    """``run(now)`` must be idempotent and safe beside the same job of another worker."""

    name: str
    run: Callable[[datetime], Any]


CALLING = (
    Job("silence", incidents.intake.heartbeats.raise_silent),
    Job("escalate", incidents.escalation.engine.escalate_due),
    Job("ask", incidents.escalation.requests.ask_due),
    Job("clamp", lambda now: delivery.clamp(now=now)),
    Job("ladders", lambda now: delivery.pass_ladders(now=now)),
)
"""What a pulse does, in order, before it wakes the senders (who are woken while it escalates, too)."""
EACH_TICK = (
    Job("handover", incidents.response.handover.look),
    Job("gone since", incidents.escalation.gone_since.look),
    Job("arrivals", incidents.response.arrivals.look),
    Job("coverage", incidents.coverage.gaps.look),
    Job("at risk", incidents.coverage.seats_at_risk.look),
)
"""What is looked at once a tick: changes that time alone brings, and no commit announces."""


def housekeeping(now: datetime) -> None:
    """Forget what has served its time."""
    throttle.forget_before(now - timedelta(days=2))
    door.forget_before(now)
    idempotency.forget_before(now - idempotency.KEPT)
    incidents.intake.sources.forget_before(now - incidents.intake.sources.KEPT_FOR)
    incidents.creation.quick_log.forget_before(now)
    verification.forget_before(now - verification.KEPT)
    erasing.sweep(now=now)
    heartbeat.forget_before(now - heartbeat.KEPT)


def until_next() -> float:
    """Seconds until something comes due."""
    now = clock.now()
    moment = incidents.escalation.upcoming.next_moment(now)
    db.session.rollback()
    return float("inf") if moment is None else (moment - now).total_seconds()


def schema_fault(wanted: str | None) -> str:
    """What is wrong between this program and the database's tables, or ''."""
    found = MigrationContext.configure(db.session.connection()).get_current_revision()
    db.session.rollback()
    if found == wanted:
        return ""
    return (
        f"the database is at schema version {found or 'none'}, this worker needs {wanted}: "
        "run `flask --app app db upgrade` with this version of the program, then start the worker again"
    )


def run_job(job: Job) -> bool:
    """Run one job; whatever goes wrong is logged and tried again at the next pulse."""
    try:
        job.run(clock.now())
        return True
    except Exception:
        log.exception("job %s failed", job.name)
        return False
    finally:
        db.session.rollback()


def run_alive(job: Job) -> bool:
    """Run one job of a pulse, then give a sign of life: when the database is away it fails, and does not hang."""
    done = run_job(job)
    signs_of_life.sign()
    return done
