"""The metronome: APScheduler runs a handful of idempotent jobs; all memory is in the database.

``flask --app app worker`` runs it. One *pulse* does what calls people (escalate, then wake the senders); it comes every
``TICK_SECONDS`` and within a tenth of a second of anybody's commit. The heartbeat is beaten at the end of a scheduled
pulse that went well, so a hung or failing pulse is silence, which pages and /readyz turn red for. Slow work (solving
rosters, housekeeping, the audit) has threads of its own and never delays a pulse. APScheduler counts by the wall clock;
a thread that counts by the steady one puts its jobs right when the wall clock jumps.
"""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from alembic.runtime.migration import MigrationContext
from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask

import incidents.arrivals
import incidents.asking
import incidents.coverage_gaps
import incidents.handover
import incidents.intakes
import incidents.jobs
import incidents.morning
import incidents.quick_log
import incidents.silence
import roster.jobs
import roster.reach_warning
from core import clock, heartbeat, idempotency, node, throttle, wake
from core.db import db
from desk import auditor
from desk.health import head_revision
from notify import delivery, senders
from people import contact_codes, door

FINISH_WITHIN = 20.0
"""Seconds between SIGTERM and the end, at most."""
JUMP = 2.0
WAKE_EVERY = 0.2
"""Seconds between looks for messages while a backlog of due steps is fired."""
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
    Job("arrivals", incidents.arrivals.look),
    Job("coverage", incidents.coverage_gaps.look),
)
"""What is looked at once a tick: changes that time alone brings, and no commit announces."""


class Worker:
    """One process: a pulse, senders, solver thread, ear for commits. ``run()`` returns the exit status."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.stop = threading.Event()
        self._pulsing = threading.Lock()
        self._clocks: tuple[datetime, float] | None = None
        self._status = 0
        self._woken = float("-inf")
        self._more = False
        """Steps are left that are due: the next pulse follows at once."""
        self._calling = tuple(replace(job, run=self._escalate) if job.name == "escalate" else job for job in CALLING)
        with app.app_context():
            self._wanted = head_revision()
        self.slot = node.take_slot(app.config["DATA_DIR"])
        self.senders = senders.Senders(app, self.slot.prefix, self.stop)

    def run(self) -> int:
        with self.app.app_context():
            if self._schema_differs():
                return 1
            freed = delivery.free_leases(self.slot.prefix, now=clock.now())
            if freed:
                log.warning("%s messages of a worker that died are due again", freed)
        scheduler = self._scheduler()
        ear = threading.Thread(target=self._listen, name="ear", daemon=True)
        watch = threading.Thread(target=self._watch_clock, args=(scheduler,), name="clock", daemon=True)
        self.senders.start()
        with self.app.app_context():
            self._wake_senders()  # what a predecessor left goes before anything new is worked out
        ear.start()
        scheduler.start()
        watch.start()
        log.info("worker %s runs", self.slot.prefix)
        self.stop.wait()
        return self._finish(scheduler)

    def pulse(self, *, beat: bool = True) -> None:
        """Do what is due now; never raises. Only a scheduled pulse beats: a beat is a commit, and commits wake."""
        with self._pulsing, self.app.app_context():
            try:
                self._more = True
                while self._more:
                    self._pulse(beat)
            except Exception:
                log.exception("this pulse did not reach its end; the next one tries again")

    def _pulse(self, beat: bool) -> None:
        self._more = False
        if self.stop.is_set():
            return
        if beat and self._schema_differs():
            self._status = 1
            self.stop.set()
            return
        failed = [job.name for job in (self._calling + EACH_TICK if beat else self._calling) if not _run(job)]
        self.senders.revive()
        due = self._wake_senders()
        if beat and not failed:
            heartbeat.beat("worker", now=clock.now(), slot=self.slot.prefix, senders=self.senders.alive(), due=due)

    def _escalate(self, now: datetime) -> None:
        fired = incidents.jobs.escalate_due(now, called=self._wake_now_and_then)
        self._more = fired > 0 and bool(incidents.jobs.due(clock.now()))

    def _wake_now_and_then(self) -> None:
        """During a long backlog: senders carry what is written while the rest is worked out."""
        if clock.monotonic() >= self._woken + WAKE_EVERY:
            self._wake_senders()

    def _wake_senders(self) -> bool:
        """Whether there was anything to send."""
        due = delivery.due_channels(now=clock.now())
        if due:
            self.senders.wake(due)
        self._woken = clock.monotonic()
        return bool(due)

    def _schema_differs(self) -> bool:
        fault = schema_fault(self._wanted)
        if fault:
            log.error("%s", fault)
        return bool(fault)

    def _watch_clock(self, scheduler: BackgroundScheduler) -> None:
        while not self.stop.wait(JUMP / 2):
            self.mend_jump(scheduler)

    def mend_jump(self, scheduler: BackgroundScheduler) -> None:
        """After a jump of the wall clock every job is due now: set back by two hours, none would run for two hours."""
        wall, steady = clock.wall(), clock.monotonic()
        before, self._clocks = self._clocks, (wall, steady)
        if before is None:
            return
        jump = (wall - before[0]).total_seconds() - (steady - before[1])
        if abs(jump) > JUMP:
            log.warning("the wall clock jumped by %+.1f s", jump)
            for job in scheduler.get_jobs():
                job.modify(next_run_time=wall)

    def _listen(self) -> None:
        with self.app.app_context():
            engine = db.engine
        wake.watch(engine, lambda: self.pulse(beat=False), self.stop)

    def _solve(self) -> None:
        with self.app.app_context():
            _run(Job("solve", lambda now: roster.jobs.run_queued_solves(now, should_stop=self.stop.is_set)))

    def _housekeeping(self) -> None:
        with self.app.app_context():
            _run(Job("housekeeping", housekeeping))
            _run(Job("reach", roster.reach_warning.warn))

    def _audit(self) -> None:
        with self.app.app_context():
            _run(Job("audit", auditor.inspect))
            _run(Job("morning", incidents.morning.tell))

    def _scheduler(self) -> BackgroundScheduler:
        scheduler = BackgroundScheduler(
            timezone=UTC, job_defaults={"max_instances": 1, "coalesce": True, "misfire_grace_time": None}
        )
        tick = self.app.config["TICK_SECONDS"]
        at_once = {"next_run_time": clock.wall()}
        scheduler.add_job(self.pulse, "interval", seconds=tick, id="pulse", **at_once)
        scheduler.add_job(self._solve, "interval", seconds=max(tick, 1.0), id="solve", **at_once)
        # Not at once: after downtime the first minute belongs to what is overdue.
        in_a_minute = clock.wall() + timedelta(minutes=1)
        scheduler.add_job(self._housekeeping, "interval", minutes=10, id="housekeeping", next_run_time=in_a_minute)
        scheduler.add_job(self._audit, "interval", seconds=auditor.EVERY, id="audit")
        return scheduler

    def _finish(self, scheduler: BackgroundScheduler) -> int:
        ends = clock.monotonic() + FINISH_WITHIN
        log.info("stopping: nothing new is claimed")
        done = threading.Thread(target=scheduler.shutdown, name="shutdown", daemon=True)
        done.start()
        self.senders.join(lambda: max(0.0, ends - clock.monotonic()))
        done.join(max(0.0, ends - clock.monotonic()))
        late = done.is_alive() or self.senders.alive() > 0
        if not late:
            with self.app.app_context():
                delivery.free_leases(self.slot.prefix, now=clock.now())
        log.log(logging.WARNING if late else logging.INFO, "stopped%s", " with work unfinished" if late else "")
        return self._status


def housekeeping(now: datetime) -> None:
    """Forget what has served its time."""
    throttle.forget_before(now - timedelta(days=2))
    door.forget_before(now)
    idempotency.forget_before(now - idempotency.KEPT)
    incidents.intakes.forget_before(now - incidents.intakes.KEPT_FOR)
    incidents.quick_log.forget_before(now)
    contact_codes.forget_before(now - contact_codes.KEPT)


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


def _run(job: Job) -> bool:
    """Run one job; whatever goes wrong is logged and tried again at the next pulse."""
    try:
        job.run(clock.now())
        return True
    except Exception:
        log.exception("job %s failed", job.name)
        return False
    finally:
        db.session.rollback()


def run(app: Flask) -> int:
    """Run until SIGTERM or SIGINT; the exit status."""
    logging.basicConfig(handlers=app.logger.handlers, level=logging.WARNING)
    log.setLevel(logging.INFO)
    worker = Worker(app)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: worker.stop.set())
    return worker.run()
