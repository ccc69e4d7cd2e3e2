"""The metronome: APScheduler runs a handful of idempotent jobs; all memory is in the database.

``flask --app app worker`` runs it. One *pulse* does what calls people (escalate, then wake the senders); it comes when
something is due, within a tenth of a second of anybody's commit, and every ``LOOK_AT_LEAST`` seconds in any case. The
heartbeat is beaten at the end of a scheduled pulse that went well, so a hung or failing pulse is silence, which pages
and /readyz turn red for; ``core.server.signs_of_life`` tells whoever started us that we do not hang. Slow work (solving
rosters, drawing papers, copies, mail, housekeeping, the audit) has threads of its own and never delays a pulse.
APScheduler counts by the wall clock: when that jumps, a thread that counts by the steady one puts its jobs right.
"""

from __future__ import annotations

import logging
import signal
import threading
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask
from sqlalchemy.exc import DBAPIError

import compliance.routes
import core.program.jobs
import desk.routes
import documents.routes
import duty.routes
import incidents.routes
import notify.routes
import people.routes
import roster.routes
from core import clock
from core.db import db
from core.program.jobs import Job, When, run as run_job, run_alive, run_named
from core.server import clock_jumps, commit_listener, signs_of_life, worker_slot
from core.server.idle_check import IdleCheck
from core.server.slow_work import SlowWork
from desk.audit import auditor, schema
from desk.backups import shelf as backups
from incidents.escalation import engine, upcoming
from notify import delivery, pause, senders
from roster.solving import jobs as solving, verifying

DATABASE_AGAIN = 1.0
FINISH_WITHIN = 20.0
"""Seconds between SIGTERM and the end, at most."""
LOOK_AT_LEAST = 5.0
"""Seconds between full looks, also when nothing was written and nothing is due by the rows that say when."""
BEAT_EVERY = timedelta(seconds=10)
"""A beat is a commit; pages turn red after 30 seconds without one."""
SLOW: dict[When, float] = {"papers": 5.0, "mail": 10.0, "backup": 60.0}
"""What may last for minutes → seconds between its turns, and before the first."""
WAKE_EVERY = 0.2  # seconds between looks for messages while a backlog of due steps is fired
PACKAGES = (incidents, notify, people, documents, roster, duty, compliance, desk)
JOBS = [*(job for package in PACKAGES for job in package.routes.JOBS), *core.program.jobs.JOBS]
log = logging.getLogger("worker")


def jobs(when: When) -> list[Job]:
    """Return them in the order in which they run."""
    return [job for job in JOBS if job.when == when]


class Worker:
    """One process: a pulse, senders, solver thread, ear for commits. ``run()`` returns the exit status."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.stop = threading.Event()
        self._pulsing = threading.Lock()
        self._jumps = clock_jumps.Jumps()
        self._status = 0
        self._woken = float("-inf")
        self._idle, self._solves = IdleCheck(LOOK_AT_LEAST), IdleCheck(LOOK_AT_LEAST)
        self._beaten: datetime | None = None
        self._unheard = False
        """We have beaten, and have not heard of it yet."""
        self._more = False
        """Steps are left that are due: the next pulse follows at once."""
        self._calling = [replace(job, run=self._escalate) if job.name == "escalate" else job for job in jobs("calling")]
        with app.app_context():
            self._wanted = schema.needed()
        self.slot = worker_slot.take_slot(app.config["DATA_DIR"])
        self.senders = senders.Senders(app, self.slot.prefix, self.stop)
        self.slow = SlowWork(self.stop)
        self.slow.add("solve", self._solve, every=max(app.config["TICK_SECONDS"], 1.0), first=0)
        for when, every in SLOW.items():
            self.slow.add(when, partial(self._beside, when), every=every, first=every)

    def run(self) -> int:
        if not self._find_database():
            return self._status
        for idle in (self._idle, self._solves):
            idle.listen()
        scheduler = self._scheduler()
        ear = threading.Thread(target=self._listen, name="ear", daemon=True)
        watch = threading.Thread(target=self._watch_clock, args=(scheduler,), name="clock", daemon=True)
        self.senders.start()
        with self.app.app_context():
            self._wake_senders()  # what a predecessor left goes before anything new is worked out
        ear.start()
        scheduler.start()
        watch.start()
        self.slow.start()
        log.info("worker %s runs", self.slot.prefix)
        self.stop.wait()
        return self._finish(scheduler)

    def _find_database(self) -> bool:
        """Wait until the database answers; False when we are stopped first, or cannot work with it."""
        while not self.stop.is_set():
            signs_of_life.sign()
            try:
                with self.app.app_context():
                    if self._schema_differs():
                        self._status = 1
                        return False
                    freed = delivery.free_leases(self.slot.prefix, now=clock.now())
                    worker_slot.forget_idle(self.app.config["DATA_DIR"])
                    backups.tidy()
            except DBAPIError:
                log.exception("waiting for the database")
                self.stop.wait(DATABASE_AGAIN)
                continue
            if freed:
                log.warning("%s messages of a worker that died are due again", freed)
            return True
        return False

    def tick(self) -> None:
        """A pulse, unless nothing was written since the last one and nothing is due. Behind one that hangs it waits."""
        with self._pulsing:
            signs_of_life.sign()
            if not self._idle.is_over():
                return
        self.pulse()

    def pulse(self, *, beat: bool = True) -> None:
        """Do what is due now; never raises. A woken one beats only when it goes on: a beat is a commit, and commits
        wake, but a busy hour in which something is always due must not look like a worker that hangs."""
        with self._pulsing, self.app.app_context():
            try:
                if beat:
                    self._idle.begin()
                self._more, whole = True, beat
                while self._more:
                    self._pulse(whole)
                    whole = beat or self._may_beat(clock.now())
                if beat:
                    self._idle.rest(upcoming.seconds_until_next(clock.now()))
                    db.session.rollback()
            except Exception:
                self._idle.news()
                log.exception("this pulse did not reach its end; the next one tries again")

    def _heard(self) -> None:
        """Somebody committed something: what calls people is looked at here, the rest with the next tick.

        On SQLite our own beat is heard too. Something else may have come with it, so people are looked at all the same.
        """
        ours, self._unheard = self._unheard, False
        self.pulse(beat=False)
        if not ours:
            self._solves.news()
            self._idle.news()

    def _pulse(self, beat: bool) -> None:
        self._more = False
        if self.stop.is_set():
            return
        if beat and self._may_beat(clock.now()) and self._schema_differs():
            self._status = 1
            self.stop.set()
            return
        failed, due = self._call(beat) if pause.current() is None else ([], False)
        if failed:
            self._idle.news()
        elif beat and self._may_beat(clock.now()):
            self._beat(clock.now(), due)

    def _may_beat(self, now: datetime) -> bool:
        return self._beaten is None or abs(now - self._beaten) >= BEAT_EVERY

    def _beat(self, now: datetime, due: bool) -> None:
        self._beaten = now
        self._unheard = db.engine.dialect.name == "sqlite"
        with self._idle.aside(), self._solves.aside():
            self.slot.beat(now=now, senders=self.senders.alive(), due=due)

    def _call(self, beat: bool) -> tuple[list[str], bool]:
        """Names of jobs that failed; whether there was anything to send."""
        due = [*self._calling, *jobs("tick")] if beat else self._calling
        failed = [job.name for job in due if not run_alive(job)]
        self.senders.revive()
        return failed, self._wake_senders()

    def _escalate(self, now: datetime) -> None:
        fired = engine.escalate_due(now, called=self._wake_now_and_then)
        self._more = fired > 0 and bool(engine.due(clock.now()))

    def _wake_now_and_then(self) -> None:
        """During a long backlog: senders carry what is written while the rest is worked out."""
        signs_of_life.sign()
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
        fault = schema.fault(self._wanted)
        if fault:
            log.error("%s", fault)
        return bool(fault)

    def _watch_clock(self, scheduler: BackgroundScheduler) -> None:
        while not self.stop.wait(clock_jumps.LEAST / 2):
            self.mend_jump(scheduler)

    def mend_jump(self, scheduler: BackgroundScheduler) -> None:
        """After a jump of the wall clock every job is due now: set back by two hours, none would run for two hours."""
        jump = self._jumps.since_last_look()
        if jump:
            log.warning("the wall clock jumped by %+.1f s", jump)
            self._idle.news()
            for job in scheduler.get_jobs():
                job.modify(next_run_time=clock.wall())

    def _listen(self) -> None:
        with self.app.app_context():
            waiting = db.engine
        commit_listener.watch(waiting, self._heard, self.stop)

    def _solve(self) -> None:
        if not self._solves.is_over():
            return
        # Looking for work opens a writer's turn, which is no news to anybody.
        with self.app.app_context(), self._idle.aside(), self._solves.aside():
            self._solves.begin()
            self._solves.rest(LOOK_AT_LEAST)
            run_named("solve", lambda now: solving.run_queued_solves(now, should_stop=self.stop.is_set))
            run_named("recheck", lambda now: verifying.recheck_all(now, should_stop=self.stop.is_set))

    def _beside(self, when: When) -> None:
        with self.app.app_context():
            for job in jobs(when):
                run_job(job)

    def _audit(self) -> None:
        with self.app.app_context():
            self._beside("audit")
            if pause.current() is None:
                self._beside("morning")

    def _scheduler(self) -> BackgroundScheduler:
        scheduler = BackgroundScheduler(
            timezone=UTC, job_defaults={"max_instances": 1, "coalesce": True, "misfire_grace_time": None}
        )
        at_once, every = clock.wall(), self.app.config["TICK_SECONDS"]
        scheduler.add_job(self.tick, "interval", seconds=every, id="pulse", next_run_time=at_once)
        # Not at once: after downtime the first minute belongs to what is overdue.
        in_a_minute = clock.wall() + timedelta(minutes=1)
        scheduler.add_job(self._beside, "interval", ["housekeeping"], minutes=10, next_run_time=in_a_minute)
        scheduler.add_job(self._audit, "interval", seconds=auditor.EVERY, id="audit")
        return scheduler

    def _finish(self, scheduler: BackgroundScheduler) -> int:
        ends = clock.monotonic() + FINISH_WITHIN
        log.info("stopping: nothing new is claimed")
        done = threading.Thread(target=scheduler.shutdown, name="shutdown", daemon=True)
        done.start()
        self.senders.join(lambda: max(0.0, ends - clock.monotonic()))
        self.slow.join(lambda: max(0.0, ends - clock.monotonic()))
        done.join(max(0.0, ends - clock.monotonic()))
        late = done.is_alive() or self.senders.alive() + self.slow.alive() > 0
        with self.app.app_context(), suppress(DBAPIError):  # away: leases and heartbeats end by time
            self.slot.forget_beats()
            # Also what hangs: nobody has died of it, and whoever comes next need not wait for its lease.
            delivery.free_leases(self.slot.prefix, now=clock.now(), died=False)
        log.log(logging.WARNING if late else logging.INFO, "stopped%s", " with work unfinished" if late else "")
        return self._status


def run(app: Flask) -> int:
    """Run until SIGTERM or SIGINT; the exit status."""
    signs_of_life.attach()
    logging.basicConfig(handlers=app.logger.handlers, level=logging.WARNING)
    log.setLevel(logging.INFO)
    worker = Worker(app)
    signs_of_life.begun()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: worker.stop.set())
    return worker.run()
