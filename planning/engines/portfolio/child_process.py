"""A child process that is told and answers lines of JSON, and can be killed at any moment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue
from typing import IO, Any

ROOT = Path(__file__).parents[3]
LAST_LINES, LAST_WORDS = 50, 2000  # lines, and characters of them, of a dead child's standard error that are kept

Hear = Callable[[dict[str, Any] | None, str], None]


class ChildProcess:
    """Runs `python -m module`. `hear(said, "")` is called for each line, first `{"ready": true}`, and once the child is
    gone `hear(None, end of its standard error)`; both from a thread of their own.
    """

    def __init__(self, module: str, *arguments: str, hear: Hear) -> None:
        environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
        self.process = subprocess.Popen(  # noqa: S603 - our own interpreter and our own module
            [sys.executable, "-m", module, *arguments],
            cwd=ROOT,
            env=environment,
            encoding="utf-8",
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self._hear = hear
        self._outgoing: SimpleQueue[str | None] = SimpleQueue()
        self._errors: deque[str] = deque(maxlen=LAST_LINES)
        self._threads = [
            threading.Thread(target=work, daemon=True) for work in (self._feed, self._listen, self._keep_errors)
        ]
        for thread in self._threads:
            thread.start()

    @property
    def is_alive(self) -> bool:
        return self.process.poll() is None

    def send(self, message: dict[str, Any]) -> None:
        self._outgoing.put(json.dumps(message))

    def kill(self) -> None:
        """End it now, whatever it does."""
        self.process.kill()
        self._outgoing.put(None)
        self.process.wait()
        for thread in self._threads:
            thread.join(timeout=1)
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            if stream is not None and not stream.closed:
                _close(stream)

    def _feed(self) -> None:
        stream = self.process.stdin
        while stream is not None and (text := self._outgoing.get()) is not None:
            try:
                stream.write(text + "\n")
                stream.flush()
            except (BrokenPipeError, ValueError):
                return  # the child is gone; its silence is noticed by the listener

    def _listen(self) -> None:
        try:
            for line in self.process.stdout or ():
                self._hear(json.loads(line), "")
        except ValueError:
            pass  # closed under our hands, or cut off in the middle of a line
        self._threads[2].join(timeout=1)
        self._hear(None, "".join(self._errors)[-LAST_WORDS:])

    def _keep_errors(self) -> None:
        try:
            self._errors.extend(self.process.stderr or ())
        except ValueError:
            return


def _close(stream: IO[str]) -> None:
    try:
        stream.close()
    except BrokenPipeError:
        return
