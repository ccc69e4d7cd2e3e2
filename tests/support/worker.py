"""A real worker process, to be watched, stopped and killed."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask

from tests.support import warm

PATIENCE = 150
"""Seconds after which a worker that should end is given up; nothing is measured."""


class WorkerProcess:
    def __init__(self, app: Flask, data_dir: Path, **environment: str) -> None:
        self.log = data_dir / "worker.log"
        settings = {
            "DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"],
            "DATA_DIR": str(data_dir),
            "MAIL_URL": app.config["MAIL_URL"] or "",
            "MAIL_FROM": app.config["MAIL_FROM"],
            "PUBLIC_URL": app.config["PUBLIC_URL"],
            "SECRET_KEY": app.config["SECRET_KEY"],
            "APP_ENV": "test",
            "DEMO": "0",
            **environment,
        }
        self.process = warm.parent().start(["--app", "app", "worker"], {**os.environ, **settings}, self.log)

    def kill(self) -> None:
        """As a power cut would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(PATIENCE)

    def terminate(self) -> int:
        """SIGTERM; the exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)

    def wait(self) -> int:
        """The exit status of a worker that ends by itself."""
        return self.process.wait(PATIENCE)


@contextmanager
def running_worker(app: Flask, data_dir: Path, **environment: Any) -> Iterator[WorkerProcess]:
    """A worker on ``app``'s database and mail gateway; gone at the end. ``environment`` adds settings."""
    worker = WorkerProcess(app, data_dir, **{name: str(value) for name, value in environment.items()})
    try:
        yield worker
    finally:
        if worker.process.poll() is None:
            worker.kill()
