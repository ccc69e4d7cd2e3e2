"""A whole copy of the product, started as an operator starts it, to be looked at and attacked from outside."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.live import free_port

ROOT = Path(__file__).parents[2]
PATIENCE = 180  # seconds to give up after; nothing is measured


class WholeCopy:
    """``serve.py`` as a script's background job: interrupts ignored at the start. ``console`` has what it prints;
    ``data_dir`` need not be there yet."""

    def __init__(self, data_dir: Path, **settings: str) -> None:
        self.data_dir, self.port = data_dir, free_port()
        self.console = data_dir.with_name(f"{data_dir.name}-{self.port}.txt")
        environment = {**os.environ, "DATA_DIR": str(data_dir), "PORT": str(self.port), "DEMO": "0", **settings}
        with self.console.open("wb") as said:
            self.process = subprocess.Popen(
                [sys.executable, "serve.py"],
                cwd=ROOT,
                env=environment,
                stdout=said,
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
            )

    def readiness(self) -> dict[str, object] | None:
        """What /readyz says; None when nobody answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=PATIENCE) as answer:
                return dict(json.load(answer))
        except urllib.error.HTTPError as refused:
            return dict(json.load(refused))
        except OSError:
            return None

    def until_ready(self) -> None:
        until(lambda: (self.readiness() or {}).get("status") == "ready", f"the copy on {self.port} is ready", every=0.5)

    def children(self) -> dict[int, str]:
        """Process id → command of what was started by it and runs. Starts a program: not for a tight loop."""
        rows = (line.split(None, 2) for line in subprocess.check_output(LISTING, text=True).splitlines())
        return {int(row[0]): row[2] for row in rows if int(row[1]) == self.process.pid and "<defunct>" not in row[2]}

    def worker(self) -> int:
        """Its process id, or 0."""
        return next((pid for pid, command in self.children().items() if command.endswith("worker")), 0)

    def webs(self) -> set[int]:
        """The process ids of the web servers."""
        return {pid for pid, command in self.children().items() if command.endswith("-m server")}

    def until_another_worker_than(self, worker: int) -> None:
        until(lambda: not is_alive(worker), "the worker has ended")
        until(lambda: self.worker() not in (0, worker), "another worker runs", every=0.5)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(PATIENCE)


LISTING = ["ps", "-A", "-o", "pid=,ppid=,args="]


def until(holds: Callable[[], object], what: str, *, every: float = 0.1) -> None:
    give_up = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < give_up, f"never happened: {what}"
        time.sleep(every)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@contextmanager
def whole_copy(data_dir: Path, **settings: str) -> Iterator[WholeCopy]:
    """A copy on an empty database; stopped afterwards."""
    copy = WholeCopy(data_dir, **settings)
    try:
        yield copy
    finally:
        copy.stop()
