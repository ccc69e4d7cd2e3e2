"""What a worker costs that has nothing to do: CPU time of its process, with and without open incidents."""

from __future__ import annotations

import os
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select, update

from app import create_app
from benchmarks.faults.scenarios import FIRST_ONLY
from benchmarks.faults.stack import Stack, running
from benchmarks.faults.world import World
from core import clock
from core.actor import SYSTEM
from core.db import db, transaction
from incidents.creation.drafting import IncidentReport
from incidents.creation.services import log_all
from incidents.escalation import engine
from incidents.record.models import Escalation
from notify.models import Message
from people.models import Unit

SETTLES = 15
"""Seconds in which what the start brought with it is over."""


def resting(kind: str, count: int, seconds: int) -> dict[str, Any]:
    """``count`` incidents have called somebody and wait for an hour; then the worker is watched for ``seconds``."""
    world = World(24, FIRST_ONLY)
    with running(kind, world) as stack:
        _call_about(stack, count)
        stack.kill_web()  # nobody asks for anything
        stack.start_worker(fresh=True)
        stack.wait_for_start()
        time.sleep(SETTLES)
        pid = stack.workers[0].pid
        began, used = time.monotonic(), cpu_seconds(pid)
        time.sleep(seconds)
        percent = 100 * (cpu_seconds(pid) - used) / (time.monotonic() - began)
        return {"incidents": count, "percent_of_a_core": round(percent, 2), "watched_seconds": seconds}


def _call_about(stack: Stack, count: int) -> None:
    """Open incidents as they stand after their first call has arrived."""
    app = create_app({"SQLALCHEMY_DATABASE_URI": stack.url, "DATA_DIR": stack.folder})
    with app.app_context():
        now = clock.now()
        units = db.session.scalars(select(Unit.id).where(Unit.parent_id.is_not(None)).order_by(Unit.id)).all()
        for first in range(0, count, 100):
            numbers = range(first, min(first + 100, count))
            reports = [
                IncidentReport(
                    title=f"Sự cố thử {number}", category="other", unit_id=units[number % len(units)], actor=SYSTEM
                )
                for number in numbers
            ]
            with transaction() as session:
                log_all(session, reports, now=now)
        while engine.escalate_due(now):
            pass
        with transaction() as session:
            session.execute(update(Message).values(state="sent", sent_at=now))
            session.execute(update(Escalation).values(next_at=now + timedelta(hours=1)))
        db.session.remove()
        db.engine.dispose()


def cpu_seconds(pid: int) -> float:
    """User and system time of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
