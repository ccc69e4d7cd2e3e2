"""Programs that are kept running: pauses, silence, and each by itself."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from core.server import signs_of_life, supervisor
from core.server.supervisor import Kept

said: list[str] = []


class Ended:
    """A process that ends at once."""

    pid = 0

    def poll(self) -> int:
        return 1


def start_ending(_ear: signs_of_life.Listener) -> Any:
    return Ended()


@pytest.fixture
def sleeper() -> Iterator[list[subprocess.Popen[str]]]:
    """A list of the processes that were started; gone at the end."""
    started: list[subprocess.Popen[str]] = []
    yield started
    for each in started:
        if each.poll() is None:
            supervisor.kill(each)
        each.wait(30)


def starts_of(program: Kept, seconds: range) -> list[int]:
    """The seconds at which it was started, looked at once a second; it always ends at once."""
    starts, runs = [], False
    for second in seconds:
        program.look(float(second))
        if program.process is not None and not runs:
            starts.append(second)
        runs = program.process is not None
    return starts


def test_pauses_grow_from_one_second_to_five() -> None:
    program = Kept("it", start_ending, said.append)
    starts = starts_of(program, range(60))
    # A look to notice the end, then the pause: 1, 2, 4, 5, 5 …
    assert [later - sooner - 1 for sooner, later in zip(starts, starts[1:], strict=False)][:6] == [1, 2, 4, 5, 5, 5]


def test_after_a_quiet_minute_the_pause_is_short_again() -> None:
    process = Ended()
    lives = {"status": None}
    process.poll = lambda: lives["status"]  # type: ignore[method-assign,assignment,return-value]
    program = Kept("it", lambda _ear: process, said.append, silent_after=1e9)  # type: ignore[arg-type,return-value]
    program._pause = 5.0
    program.look(0.0)
    program.look(supervisor.QUIET + 1)
    lives["status"] = 1  # type: ignore[assignment]
    program.look(supervisor.QUIET + 2)
    assert "in 1 s" in said[-1]


def test_who_gives_no_sign_of_life_is_killed_and_who_does_is_left_alone(sleeper: list[subprocess.Popen[str]]) -> None:
    def start(ear: signs_of_life.Listener) -> subprocess.Popen[str]:
        os.write(ear.sender, b".")
        ready = [sys.executable, "-c", "import signal; signal.pause()"]
        sleeper.append(subprocess.Popen(ready, text=True, start_new_session=True, pass_fds=(ear.sender,)))
        return sleeper[-1]

    program = Kept("it", start, said.append, silent_after=60)
    program.look(0.0)
    program.look(59.0)  # its sign is heard
    program.look(118.0)
    assert sleeper[0].poll() is None
    program.look(120.0)
    assert sleeper[0].wait(30) < 0
    program.look(121.0)
    program.look(123.0)
    assert len(sleeper) == 2


def test_a_listener_who_is_gone_or_does_not_listen_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    ear = signs_of_life.Listener()
    monkeypatch.setattr(signs_of_life, "_line", [])
    monkeypatch.setenv(signs_of_life.VARIABLE, str(os.dup(ear.sender)))
    signs_of_life.attach()
    for _each in range(70_000):  # more than a pipe holds
        signs_of_life.sign()
    assert ear.heard()
    assert not ear.heard()
    ear.let_go()
    ear.close()
    signs_of_life.sign()
    os.close(signs_of_life._line[0])
