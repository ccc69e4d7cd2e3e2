"""A node of the product that stands still in the middle of a transaction, as a paused virtual machine does."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask

from tests.support.live import free_port

ROOT = Path(__file__).parents[2]
PATIENCE = 120
"""Seconds after which a node is given up that should answer; nothing is measured."""


class Node:
    """A web server of its own on ``app``'s database."""

    def __init__(self, app: Flask, data_dir: Path, **environment: str) -> None:
        data_dir.mkdir()
        self.port, self.log = free_port(), data_dir / "web.log"
        settings = {
            "DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"],
            "DATA_DIR": str(data_dir),
            "PORT": str(self.port),
            "PUBLIC_URL": app.config["PUBLIC_URL"],
            "SECRET_KEY": app.config["SECRET_KEY"],
            "APP_ENV": "test",
            "DEMO": "0",
            **environment,
        }
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                (sys.executable, "-m", "server"), cwd=ROOT, env={**os.environ, **settings}, stdout=log, stderr=log
            )
        self._until(lambda: self.get("/healthz")[0] == 200, "the node answers")

    def get(self, path: str) -> tuple[int, dict[str, Any]]:
        """Status (0: nobody answers) and what was said."""
        return self._ask(urllib.request.Request(f"http://127.0.0.1:{self.port}{path}"))

    def post(self, path: str, said: Any) -> tuple[int, dict[str, Any]]:
        body, kind = json.dumps(said).encode(), {"Content-Type": "application/json"}
        return self._ask(urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", body, kind))

    def until_frozen(self) -> None:
        state = Path(f"/proc/{self.process.pid}/stat")
        self._until(lambda: state.read_text().rpartition(")")[2].split()[0] == "T", "the node stands still")

    def thaw(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def end(self) -> None:
        self.process.kill()
        self.process.wait(PATIENCE)

    def _ask(self, request: urllib.request.Request) -> tuple[int, dict[str, Any]]:
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as refused:
            return refused.code, json.load(refused)
        except OSError:
            return 0, {}

    def _until(self, holds: Any, what: str) -> None:
        gives_up = time.monotonic() + PATIENCE
        while not holds():
            assert time.monotonic() < gives_up, f"never happened: {what}\n{self.log.read_text()}"
            time.sleep(0.05)


@contextmanager
def node(app: Flask, data_dir: Path, **environment: str) -> Iterator[Node]:
    """Gone at the end, frozen or not."""
    made = Node(app, data_dir, **environment)
    try:
        yield made
    finally:
        made.end()


class Asking(threading.Thread):
    """Somebody who sends something and waits for what is said; ``told`` once they have ended."""

    def __init__(self, to: Node, path: str, said: Any) -> None:
        super().__init__()
        self._to, self._path, self._said = to, path, said
        self.told: tuple[int, dict[str, Any]] = (0, {})
        self.start()

    def run(self) -> None:
        self.told = self._to.post(self._path, self._said)
