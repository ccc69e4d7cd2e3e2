"""A whole copy of the product, started as an operator starts it, to be attacked from outside."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.support.live import free_port
from tests.support.smtp_sink import wait_until

ROOT = Path(__file__).parents[2]
PATIENCE = 90  # seconds to give up after; nothing is measured


class WholeCopy:
    """``port``, ``pid`` of what was started, and what an operator sees of it."""

    def __init__(self, data_dir: Path) -> None:
        self.port = free_port()
        environment = {**os.environ, "DATA_DIR": str(data_dir), "PORT": str(self.port), "DEMO": "0"}
        self.process = subprocess.Popen([sys.executable, "serve.py"], cwd=ROOT, env=environment)

    def readiness(self) -> dict[str, Any]:
        """What /readyz says; empty when nobody answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5) as answer:
                return dict(json.load(answer))
        except urllib.error.HTTPError as refused:
            return dict(json.load(refused))
        except OSError:
            return {}

    def until_ready(self) -> None:
        wait_until(lambda: self.readiness().get("status") == "ready", seconds=PATIENCE, what="a copy that is ready")

    def children(self) -> dict[int, str]:
        """Process id → command of what was started by it and runs."""
        command = ["ps", "-A", "-o", "pid=,ppid=,args="]
        rows = (line.split(None, 2) for line in subprocess.check_output(command, text=True).splitlines())
        return {int(row[0]): row[2] for row in rows if int(row[1]) == self.process.pid and "<defunct>" not in row[2]}

    def worker(self) -> int:
        """Its process id, or 0."""
        return next((pid for pid, command in self.children().items() if command.endswith("worker")), 0)

    def web(self) -> int:
        """The process id of the web server, or 0."""
        return next((pid for pid, command in self.children().items() if not command.endswith("worker")), 0)


@contextmanager
def whole_copy(data_dir: Path) -> Iterator[WholeCopy]:
    """A copy on an empty database, ready; stopped afterwards."""
    copy = WholeCopy(data_dir)
    try:
        copy.until_ready()
        yield copy
    finally:
        copy.process.terminate()
        copy.process.wait(PATIENCE)
