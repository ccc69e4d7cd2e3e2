"""What the worker does: each package's ``routes.py`` lists its jobs; when they run is the worker's own affair."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from flask import current_app

from core import clock
from core.api import idempotency
from core.db import db
from core.observability import heartbeat
from core.security import throttle
from core.server import signs_of_life, worker_slot

When = Literal["calling", "tick", "mail", "papers", "housekeeping", "audit", "morning", "backup"]
"""``calling``: in every pulse, before the senders are woken (who are woken while it escalates, too). ``tick``: once a
tick, for changes that time alone brings and no commit announces. ``mail``: fetches mail, beside all else because
servers may be slow. ``papers``: draws many documents, which takes minutes. ``housekeeping``: forgets what has served
its time. ``audit`` and ``morning`` run together, ``morning`` not while sending is paused."""

log = logging.getLogger("worker")


@dataclass(frozen=True)
class Job:
    """``run(now)`` must be idempotent and safe beside the same job of another worker."""

    when: When
    name: str
    run: Callable[[datetime], Any]


JOBS = (
    Job("housekeeping", "throttles", lambda now: throttle.forget_before(now - timedelta(days=2))),
    Job("housekeeping", "answers", lambda now: idempotency.forget_before(now - idempotency.KEPT)),
    Job("housekeeping", "heartbeats", lambda now: heartbeat.forget_before(now - heartbeat.KEPT)),
    Job("housekeeping", "slots", lambda _now: worker_slot.forget_idle(current_app.config["DATA_DIR"])),
)
"""What no package above owns."""


def run(job: Job) -> bool:
    """Run one job; whatever goes wrong is logged, and tried again the next time."""
    return run_named(job.name, job.run)


def run_named(name: str, work: Callable[[datetime], Any]) -> bool:
    try:
        work(clock.now())
        return True
    except Exception:
        log.exception("job %s failed", name)
        return False
    finally:
        db.session.rollback()


def run_alive(job: Job) -> bool:
    """Run one job of a pulse, then give a sign of life: when the database is away it fails, and does not hang."""
    done = run(job)
    signs_of_life.sign()
    return done
