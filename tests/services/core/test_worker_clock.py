"""The wall clock jumps; APScheduler, which counts by it, must not fall silent for as long as the jump was."""

from __future__ import annotations

import threading
from datetime import UTC, timedelta
from pathlib import Path

import pytest
from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask

from core import clock
from tests.support.smtp_sink import wait_until
from worker import Worker


@pytest.fixture
def worker(app: Flask, tmp_path: Path) -> Worker:
    app.config["DATA_DIR"] = tmp_path
    return Worker(app)


@pytest.mark.parametrize("hours", [-2, 2])
def test_after_a_jump_every_job_runs_at_once(worker: Worker, hours: int) -> None:
    ran = threading.Event()
    scheduler = BackgroundScheduler(timezone=UTC)
    # As a jump back of two hours leaves it: the next tick seems two hours away.
    job = scheduler.add_job(ran.set, "interval", seconds=1, next_run_time=clock.wall() + timedelta(hours=2))
    scheduler.start()
    try:
        worker.mend_jump(scheduler)
        assert job.next_run_time > clock.wall() + timedelta(hours=1), "the first look has nothing to compare with"
        worker._jumps._before = (clock.wall() - timedelta(hours=hours), clock.monotonic())
        worker.mend_jump(scheduler)
        wait_until(ran.is_set, what="the tick")
    finally:
        scheduler.shutdown()
        worker.slot.release()


def test_a_clock_that_runs_well_moves_nothing(worker: Worker) -> None:
    scheduler = BackgroundScheduler(timezone=UTC)
    scheduler.start(paused=True)
    planned = clock.wall() + timedelta(hours=2)
    job = scheduler.add_job(print, "interval", seconds=1, next_run_time=planned)
    for _look in range(3):
        worker.mend_jump(scheduler)
    assert job.next_run_time == planned
    scheduler.shutdown()
    worker.slot.release()


def test_the_audit_is_one_of_the_workers_jobs_and_waits_a_minute(worker: Worker) -> None:
    scheduler = worker._scheduler()
    scheduler.start(paused=True)
    audit = scheduler.get_job("audit")
    assert audit is not None
    assert timedelta(seconds=50) < audit.next_run_time - clock.wall() <= timedelta(seconds=60)
    scheduler.shutdown()
    worker.slot.release()
