"""What the worker does, and in what order; when, is the worker's own affair."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from alembic.runtime.migration import MigrationContext

import incidents.arrivals
import incidents.asking
import incidents.coverage_gaps
import incidents.gone_since
import incidents.handover
import incidents.intakes
import incidents.jobs
import incidents.quick_log
import incidents.seats_at_risk
import incidents.silence
import incidents.upcoming
from core import clock, heartbeat, idempotency, life, throttle
from core.db import db
from notify import delivery, erasing
from people import contact_codes, door

log = logging.getLogger("worker")


@dataclass(frozen=True)
class Job:
    """``run(now)`` must be idempotent and safe beside the same job of another worker."""

    name: str
    run: Callable[[datetime], Any]


CALLING = (
    Job("silence", incidents.silence.raise_silent),
    Job("escalate", incidents.jobs.escalate_due),
    Job("ask", incidents.asking.ask_due),
    Job("clamp", lambda now: delivery.clamp(now=now)),
    Job("ladders", lambda now: delivery.pass_ladders(now=now)),
)
"""What a pulse does, in order, before it wakes the senders (who are woken while it escalates, too)."""
EACH_TICK = (
    Job("handover", incidents.handover.look),
    Job("gone since", incidents.gone_since.look),
    Job("arrivals", incidents.arrivals.look),
    Job("coverage", incidents.coverage_gaps.look),
    Job("at risk", incidents.seats_at_risk.look),
)
"""What is looked at once a tick: changes that time alone brings, and no commit announces."""


def housekeeping(now: datetime) -> None:
    """Forget what has served its time."""
    throttle.forget_before(now - timedelta(days=2))
    door.forget_before(now)
    idempotency.forget_before(now - idempotency.KEPT)
    incidents.intakes.forget_before(now - incidents.intakes.KEPT_FOR)
    incidents.quick_log.forget_before(now)
    contact_codes.forget_before(now - contact_codes.KEPT)
    erasing.sweep(now=now)
    heartbeat.forget_before(now - heartbeat.KEPT)


def until_next() -> float:
    """Seconds until something comes due."""
    now = clock.now()
    moment = incidents.upcoming.next_moment(now)
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
    life.sign()
    return done
