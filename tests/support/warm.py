"""Worker processes without the two seconds in which Python reads the program: forked from a parent that has read it.

The parent (``python -m tests.support.warm``) is a process of its own, without threads and without a connection to any
database; it forks one child per line of its standard input and writes down how each ended. Every child gets its own
environment and log, and what a process makes up when it starts is made up anew. ``serve.py`` in tests/journeys
starts the program cold.
"""

from __future__ import annotations

import atexit
import itertools
import json
import os
import secrets
import select
import signal
import subprocess
import sys
import tempfile
import time
from functools import lru_cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


class Forked:
    """What tests need of ``subprocess.Popen``, for a process that somebody else has started."""

    def __init__(self, pid: int, ending: Path) -> None:
        self.pid, self._ending = pid, ending

    def poll(self) -> int | None:
        """As ``Popen`` says it: the exit status, minus the signal that ended it, None while it runs."""
        return int(self._ending.read_text()) if self._ending.exists() else None

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def wait(self, timeout: float) -> int:
        ends = time.monotonic() + timeout
        while (status := self.poll()) is None:
            if time.monotonic() > ends:
                raise subprocess.TimeoutExpired(str(self.pid), timeout)
            time.sleep(0.01)
        return status


class Parent:
    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="tt-warm-")
        command = [sys.executable, "-m", "tests.support.warm", self._folder.name]
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        atexit.register(self.close)

    def start(self, arguments: list[str], environment: dict[str, str], log: Path) -> Forked:
        """Run ``flask ARGUMENTS`` with exactly this environment; both streams are added to ``log``."""
        assert self._process.stdin is not None and self._process.stdout is not None
        log.touch()  # whoever reads it may be quicker than the fork that opens it
        self._process.stdin.write(json.dumps([arguments, environment, str(log)]) + "\n")
        pid, number = self._process.stdout.readline().split()
        return Forked(int(pid), Path(self._folder.name) / number)

    def close(self) -> None:
        """Ends with the parent's standard input; children are their tests' own affair."""
        if self._process.stdin is not None and not self._process.stdin.closed:
            self._process.stdin.close()
            self._process.wait()
            self._folder.cleanup()


@lru_cache
def parent() -> Parent:
    """One for each process of the test run, started when it is first wanted."""
    return Parent()


def _read_the_program() -> None:
    import app
    import cli
    import worker

    assert app and cli and worker


def _become(arguments: list[str], environment: dict[str, str], log: str) -> None:
    """In the child: a program that has just been started."""
    from flask.cli import main

    from core.server import commit_listener
    from core.storage import writing

    os.environ.clear()
    os.environ.update(environment)
    out = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    for stream in (1, 2):
        os.dup2(out, stream)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.close(out)
    writing.WAKE_SENDER = commit_listener.WAKE_SENDER = secrets.token_hex(8)
    sys.argv = ["flask", *arguments]
    status: Any = 1
    try:
        main()
        status = 0
    except SystemExit as end:
        status = end.code
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status if isinstance(status, int) else 1 if status else 0)


def _write_endings(folder: Path, numbers: dict[int, str]) -> None:
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        number = numbers.pop(pid)
        (kept := folder / f"{number}.new").write_text(str(os.waitstatus_to_exitcode(status)))
        kept.rename(folder / number)


def serve(folder: Path) -> None:
    """Fork for each line until there are no more. A child that ends wakes us through ``ear``.

    Children are numbered: in half an hour of tests the same pid comes again, and with it another's ending."""
    _read_the_program()
    numbers: dict[int, str] = {}
    counted = itertools.count(1)
    ear, bell = os.pipe()
    os.set_blocking(bell, False)
    signal.set_wakeup_fd(bell)
    signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
    while True:
        ready, _, _ = select.select([0, ear], [], [])
        if ear in ready:
            os.read(ear, 512)
            _write_endings(folder, numbers)
        if 0 in ready:
            line = sys.stdin.readline()
            if not line:
                return
            pid = os.fork()
            if pid == 0:
                signal.set_wakeup_fd(-1)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                os.close(ear)
                os.close(bell)
                _become(*json.loads(line))
            numbers[pid] = str(next(counted))
            print(pid, numbers[pid], flush=True)


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
