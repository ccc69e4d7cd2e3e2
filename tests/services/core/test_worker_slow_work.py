"""What lasts for minutes in the worker: no pulse waits for it, and nobody is warned of its turns."""

from __future__ import annotations

import logging
import threading
from pathlib import Path

import pytest
from flask import Flask

import worker as program
from core.server.slow_work import SlowWork
from roster.solving import jobs as solving
from tests.support.whole_copy import until
from worker import Worker


def test_while_a_solve_runs_pulses_go_on_and_nobody_is_warned_of_its_turns(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    app.config.update(DATA_DIR=tmp_path, TICK_SECONDS=0.25)
    begun, ends, pulses = threading.Event(), threading.Event(), list[int]()

    def solve(*_given: object, **_more: object) -> None:
        begun.set()
        ends.wait(60)

    monkeypatch.setattr(solving, "run_queued_solves", solve)
    monkeypatch.setattr(Worker, "tick", lambda _self: pulses.append(1))
    mine = Worker(app)
    runs = threading.Thread(target=mine.run)
    with caplog.at_level(logging.WARNING, "apscheduler"):
        runs.start()
        assert begun.wait(60)
        before = len(pulses)
        until(lambda: len(pulses) > before + 12, "twelve pulses during the solve")
        ends.set()
        mine.stop.set()
        runs.join()
    mine.slot.release()
    assert "maximum number of running instances" not in caplog.text


def test_a_pulse_that_hangs_is_still_warned_of(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    app.config.update(DATA_DIR=tmp_path, TICK_SECONDS=0.05)
    ends = threading.Event()
    monkeypatch.setattr(Worker, "tick", lambda _self: ends.wait(60))
    mine = Worker(app)
    runs = threading.Thread(target=mine.run)
    with caplog.at_level(logging.WARNING, "apscheduler"):
        runs.start()
        until(lambda: "maximum number of running instances" in caplog.text, "somebody is warned")
        ends.set()
        mine.stop.set()
        runs.join()
    mine.slot.release()


def test_a_turn_that_fails_is_logged_and_the_next_one_comes(caplog: pytest.LogCaptureFixture) -> None:
    stop, turns = threading.Event(), list[int]()
    slow = SlowWork(stop)

    def work() -> None:
        turns.append(1)
        if len(turns) == 1:
            raise ValueError("once")

    slow.add("mail", work, every=0.01, first=0)
    slow.start()
    until(lambda: len(turns) > 1, "a second turn")
    stop.set()
    slow.join(lambda: 60.0)
    assert slow.alive() == 0
    assert "this turn of mail did not reach its end" in caplog.text


def test_every_kind_of_slow_work_has_jobs() -> None:
    assert all(program.jobs(when) for when in program.SLOW)
