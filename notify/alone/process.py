"""A sender process, seen from outside: started, told what to carry, listened to, and killed when its time is up.

It says a word for each line that it is told: what it says is ``notify.alone.child``'s. Nothing is asked twice of one
that has died, and it dies with whoever started it.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from core import clock

ROOT = Path(__file__).parents[2]
COMMAND = (sys.executable, "-m", "notify.alone.begin")
READY, DONE, AGAIN = "ready", "done", "again"
LOOK_EVERY = 0.2


class ProcessDied(Exception):
    """The process ended before it answered, or its time was up and it was killed; in words, how."""


class SenderProcess:
    """``should_stop``: nobody waits any longer for one that has not begun."""

    def __init__(self, command: tuple[str, ...] = COMMAND) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own command
            [*command, str(os.getpid())], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
        )
        self._heard = b""

    @property
    def pid(self) -> int:
        return self._process.pid

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def is_ready(self, *, within: float, should_stop: Callable[[], bool]) -> bool:
        """Wait until it has read the program; False when it never will."""
        try:
            return self._answer(within, should_stop) == READY
        except ProcessDied:
            return False

    def carry(self, order: dict[str, Any], *, within: float) -> bool:
        """Have it carry one claim; False when the database failed it and nothing is noted. Raises ``ProcessDied``."""
        try:
            self._stdin.write(json.dumps(order).encode() + b"\n")
        except OSError:
            raise ProcessDied(self._how()) from None
        return self._answer(within, lambda: False) == DONE

    def close(self) -> None:
        """Let it go; one that does not is killed."""
        with contextlib.suppress(OSError):
            self._stdin.close()
        try:
            self._process.wait(timeout=LOOK_EVERY * 10)
        except subprocess.TimeoutExpired:
            self._kill()
        self._stdout.close()

    def _answer(self, within: float, should_stop: Callable[[], bool]) -> str:
        ends = clock.monotonic() + within
        while b"\n" not in self._heard:
            if should_stop() or clock.monotonic() > ends:
                self._kill()
                raise ProcessDied(
                    f"the process that carried it alone did not answer within {within:.0f} s and was killed"
                )
            if select.select([self._stdout], [], [], LOOK_EVERY)[0]:
                heard = os.read(self._stdout.fileno(), 4096)
                if not heard:
                    raise ProcessDied(self._how())
                self._heard += heard
        word, _newline, self._heard = self._heard.partition(b"\n")
        return word.decode("utf-8", "replace")

    def _how(self) -> str:
        try:
            status = self._process.wait(timeout=LOOK_EVERY * 10)
        except subprocess.TimeoutExpired:
            self._kill()
            return "the process that carried it alone closed its mouth and was killed"
        return f"the process that carried it alone ended with {status}"

    def _kill(self) -> None:
        self._process.kill()
        self._process.wait()

    @property
    def _stdin(self) -> Any:
        return self._process.stdin

    @property
    def _stdout(self) -> Any:
        return self._process.stdout
