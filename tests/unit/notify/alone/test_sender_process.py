"""A sender process from outside, with programs that do each of what one may do: real processes, started and killed."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from notify.alone.process import ProcessDied, SenderProcess

PATIENCE = 60.0
"""Only ends a test that has failed."""


@contextmanager
def process(program: str) -> Iterator[SenderProcess]:
    started = SenderProcess((sys.executable, "-u", "-c", f"import os, sys, time\n{program}"))
    try:
        yield started
    finally:
        started.close()


def is_ready(started: SenderProcess, within: float = PATIENCE) -> bool:
    return started.is_ready(within=within, should_stop=lambda: False)


def test_it_answers_line_by_line_and_is_gone_when_nobody_tells_it_anything() -> None:
    with process("print('ready')\nfor line in sys.stdin: print('again' if 'lost' in line else 'done')") as started:
        assert is_ready(started)
        assert started.carry({"owner": "one"}, within=PATIENCE) is True
        assert started.carry({"owner": "lost"}, within=PATIENCE) is False
        assert started.carry({"owner": "two"}, within=PATIENCE) is True
    assert not is_there(started.pid)


@pytest.mark.parametrize(
    ("end", "how"), [("os.kill(os.getpid(), 9)", "ended with -9"), ("os._exit(3)", "ended with 3")]
)
def test_how_it_died_is_told(end: str, how: str) -> None:
    with process(f"print('ready')\nsys.stdin.readline()\n{end}") as started:
        assert is_ready(started)
        with pytest.raises(ProcessDied, match=how):
            started.carry({}, within=PATIENCE)
        with pytest.raises(ProcessDied, match=how):
            started.carry({}, within=PATIENCE)


def test_one_that_says_nothing_is_killed_when_its_time_is_up() -> None:
    with process("print('ready')\nsys.stdin.readline()\ntime.sleep(600)") as started:
        assert is_ready(started)
        with pytest.raises(ProcessDied, match="did not answer within"):
            started.carry({}, within=0.5)
        assert not is_there(started.pid)


def test_one_that_cannot_begin_and_one_that_nobody_waits_for_are_no_deaths() -> None:
    with process("sys.exit(1)") as started:
        assert not is_ready(started)
    with process("time.sleep(600)") as started:
        assert not started.is_ready(within=PATIENCE, should_stop=lambda: True)
        assert not is_there(started.pid)


def test_one_that_hangs_after_its_work_is_ended() -> None:
    with process("print('ready')\ntime.sleep(600)") as started:
        assert is_ready(started)
    assert not is_there(started.pid)


def is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
