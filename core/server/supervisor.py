"""Programs that are kept running, each by itself: what ends is started again, what hangs is killed first.

``look(now)`` is asked several times a second with the steady clock's time; it never waits. Who gives no sign of life is
killed after a minute, unless it works and only gets too little of the CPU (``core.server.silence``).
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence

from core.server import cpu_used, signs_of_life
from core.server.silence import Silence, Verdict

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 5.0
QUIET = 60.0
"""Seconds of running after which an end counts as the first one again."""
SILENT_AFTER = 60.0
WORDS: dict[Verdict, str] = {
    "waits": "but it works; it is waited for",
    "hangs": "and does nothing; it is killed",
    "spins": "and goes round in circles; it is killed",
    "too long": "which is too long; it is killed",
}

Process = subprocess.Popen[str]
Start = Callable[[signs_of_life.Listener], Process]
"""Starts the program with the listener's ``sender``."""


class SupervisedProgram:
    """One program. Times are those of the steady clock."""

    def __init__(self, name: str, start: Start, say: Callable[[str], None], *, silent_after: float = SILENT_AFTER):
        self.name = name
        self.process: Process | None = None
        self._start, self._say, self._silent_after = start, say, silent_after
        self._pause = 0.0
        self._due = float("-inf")
        self._started = 0.0
        self._silence = Silence(0.0, silent_after)
        self._ear: signs_of_life.Listener | None = None

    def look(self, now: float) -> None:
        """Start it when it is time, notice its end, end its silence."""
        if self.process is None:
            if now >= self._due:
                self._begin(now)
        elif self.process.poll() is not None:
            self._ended(self.process.poll(), now)
        elif self._ear is not None and self._ear.heard():
            self._silence = Silence(now, self._silent_after)
        elif self._silence.wants_a_look(now):
            self._judge(self.process, now)

    def _judge(self, process: Process, now: float) -> None:
        verdict = self._silence.judge(now, cpu_used.by_session(process.pid))
        if verdict:
            self._say(f"{self.name} gave no sign of life for {now - self._silence.since:.0f} s, {WORDS[verdict]}")
        if verdict not in ("", "waits"):
            self._silence = Silence(now, self._silent_after)
            kill(process)

    def _begin(self, now: float) -> None:
        ear = signs_of_life.Listener()
        try:
            self.process = self._start(ear)
        except OSError as fault:  # no memory, no process left: as good as an end at once
            ear.close()
            self._put_off(f"{self.name} could not be started ({fault})", now)
            return
        finally:
            ear.let_go()
        self._ear, self._started = ear, now
        self._silence = Silence(now, self._silent_after)

    def _ended(self, status: int | None, now: float) -> None:
        if self._ear is not None:
            self._ear.close()
        self.process = self._ear = None
        if now - self._started > QUIET:
            self._pause = 0.0
        self._put_off(f"{self.name} ended with status {status}", now)

    def _put_off(self, what: str, now: float) -> None:
        self._pause = min(max(2 * self._pause, FIRST_PAUSE), LONGEST_PAUSE)
        self._due = now + self._pause
        self._say(f"{what}; starting it again in {self._pause:.0f} s")


def kill(process: Process) -> None:
    """Kill it with all that it started: each kept program leads a session of its own."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def stop(processes: Sequence[Process], *, within: float, hurry: Callable[[], bool]) -> None:
    """TERM to every one that runs, then wait; KILL after ``within`` seconds, or when ``hurry()`` says so."""
    running = [each for each in processes if each.poll() is None]
    for each in running:
        each.terminate()
    until = time.monotonic() + within
    while any(each.poll() is None for each in running):
        if time.monotonic() > until or hurry():
            for each in running:
                if each.poll() is None:
                    kill(each)
        time.sleep(0.05)
