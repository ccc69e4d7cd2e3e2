"""Programs that are kept running: pauses, silence, and each by itself."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from core.server import cpu_used, signs_of_life, silence, supervisor
from core.server.supervisor import SupervisedProgram

ROOT = Path(__file__).parents[4]
BURNS = "while True: pass"
needs_proc = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="CPU time is read from /proc")
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


def starts_of(program: SupervisedProgram, seconds: range) -> list[int]:
    """The seconds at which it was started, looked at once a second; it always ends at once."""
    starts, runs = [], False
    for second in seconds:
        program.look(float(second))
        if program.process is not None and not runs:
            starts.append(second)
        runs = program.process is not None
    return starts


def test_pauses_grow_from_one_second_to_five() -> None:
    program = SupervisedProgram("it", start_ending, said.append)
    starts = starts_of(program, range(60))
    # A look to notice the end, then the pause: 1, 2, 4, 5, 5 …
    assert [later - sooner - 1 for sooner, later in zip(starts, starts[1:], strict=False)][:6] == [1, 2, 4, 5, 5, 5]


def test_after_a_quiet_minute_the_pause_is_short_again() -> None:
    process = Ended()
    lives = {"status": None}
    process.poll = lambda: lives["status"]  # type: ignore[method-assign,assignment,return-value]
    program = SupervisedProgram("it", lambda _ear: process, said.append, silent_after=1e9)  # type: ignore[arg-type,return-value]
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

    program = SupervisedProgram("it", start, said.append, silent_after=60)
    program.look(0.0)
    program.look(59.0)  # its sign is heard
    program.look(65.0)
    program.look(118.0)
    assert sleeper[0].poll() is None
    program.look(120.0)
    assert sleeper[0].wait(30) < 0
    program.look(121.0)
    program.look(123.0)
    assert len(sleeper) == 2


def kept(sleeper: list[subprocess.Popen[str]], *command: str, silent_after: float = 60) -> SupervisedProgram:
    """A program that runs ``python COMMAND``."""

    def start(ear: signs_of_life.Listener) -> subprocess.Popen[str]:
        told = {**os.environ, signs_of_life.VARIABLE: str(ear.sender)}
        sleeper.append(
            subprocess.Popen(
                [sys.executable, *command],
                cwd=ROOT,
                env=told,
                text=True,
                start_new_session=True,
                pass_fds=(ear.sender,),
                stdout=subprocess.DEVNULL,
            )
        )
        return sleeper[-1]

    return SupervisedProgram("it", start, said.append, silent_after=silent_after)


def until(holds: Callable[[], object]) -> None:
    gives_up = time.monotonic() + 120
    while not holds():
        assert time.monotonic() < gives_up
        time.sleep(0.02)


def used_by(sleeper: list[subprocess.Popen[str]]) -> float:
    return cpu_used.by_session(sleeper[-1].pid) or 0.0


@needs_proc
@pytest.mark.parametrize(
    "command",
    [BURNS, f"import os, time\nif os.fork():\n    time.sleep(600)\n{BURNS}"],
    ids=["itself", "a child of it"],
)
def test_who_is_silent_and_works_is_waited_for_until_it_goes_round_in_circles(
    sleeper: list[subprocess.Popen[str]], monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    program = kept(sleeper, "-c", command)
    program.look(0.0)
    program.look(6.0)
    until(lambda: used_by(sleeper) > silence.LEAST_WORK + 0.5)
    program.look(61.0)
    assert sleeper[0].poll() is None and "it works; it is waited for" in said[-1]
    monkeypatch.setattr(silence, "MOST_WORK", used_by(sleeper))
    until(lambda: used_by(sleeper) > silence.MOST_WORK + silence.LEAST_WORK + 0.5)
    program.look(122.0)
    assert sleeper[0].wait(30) < 0 and "circles" in said[-1]


@needs_proc
def test_of_a_program_that_is_forked_from_another_counts_what_it_used_since() -> None:
    """And children that have ended meanwhile belong to it."""
    parent = (
        "import os, time\n"
        "def burn(seconds):\n"
        "    until = time.process_time() + seconds\n"
        "    while time.process_time() < until: pass\n"
        "burn(1.0)\n"
        "if not (child := os.fork()):\n"
        "    os.setsid()\n"
        "    if not (grandchild := os.fork()):\n"
        "        burn(0.3)\n"
        "        os._exit(0)\n"
        "    os.waitpid(grandchild, 0)\n"
        "    print('ready', flush=True)\n"
        "    time.sleep(600)\n"
        "print(child, flush=True)\n"
        "os.waitpid(child, 0)\n"
    )
    with subprocess.Popen([sys.executable, "-c", parent], stdout=subprocess.PIPE, text=True) as started:
        assert started.stdout is not None
        child = int(started.stdout.readline())
        assert started.stdout.readline() == "ready\n"
        used = cpu_used.by_session(child)
        os.kill(child, 9)
    assert used is not None and 0.2 < used < 1.0


def test_where_nothing_tells_of_cpu_time_silence_is_all_there_is(
    sleeper: list[subprocess.Popen[str]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(cpu_used, "PROC", tmp_path)
    program = kept(sleeper, "-c", BURNS)
    for moment in (0.0, 6.0, 59.0):
        program.look(moment)
    assert sleeper[0].poll() is None
    program.look(61.0)
    assert sleeper[0].wait(30) < 0 and "gave no sign of life for 61 s" in said[-1]


@pytest.mark.rest
def test_on_a_machine_with_too_much_to_do_who_reads_the_program_says_so_all_the_time(
    sleeper: list[subprocess.Popen[str]],
) -> None:
    """Four busy loops beside it for each processor: to read it takes more than twice as long as one may be silent.

    Each loop is a session of its own: Linux may share out the CPU by sessions."""
    loops = [
        subprocess.Popen([sys.executable, "-c", BURNS], start_new_session=True)
        for _each in range(4 * (os.cpu_count() or 2))
    ]
    try:
        program, told = kept(sleeper, "-c", "import app", silent_after=8), len(said)
        program.look(time.monotonic())
        process = sleeper[0]

        def ended() -> bool:
            program.look(time.monotonic())
            return process.poll() is not None

        until(ended)
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()
    assert process.poll() == 0, said[told:]


def test_to_import_is_a_sign_until_the_work_has_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    ear = signs_of_life.Listener()
    monkeypatch.setattr(signs_of_life, "_line", [])
    monkeypatch.setenv(signs_of_life.VARIABLE, str(os.dup(ear.sender)))
    signs_of_life.attach()
    assert ear.heard()
    for heard in (True, False):
        with pytest.raises(ImportError):
            __import__(f"nothing_that_is_there_{heard}")
        assert ear.heard() is heard
        signs_of_life.begun()
        assert ear.heard()
    ear.let_go()
    ear.close()
    os.close(signs_of_life._line[0])


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
    signs_of_life.begun()
    os.close(signs_of_life._line[0])
