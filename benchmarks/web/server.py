"""A server that runs as a process of its own, asked over one kept connection; what each request costs in CPU time."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from benchmarks.faults.stack import ROOT, wait
from benchmarks.web import cpu

SECRET = "only for this run"  # noqa: S105


class Cost(NamedTuple):
    """CPU milliseconds of one request: of the web server, and of a database server beside it (0: there is none)."""

    web: float
    database: float


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


@dataclass
class Running:
    process: subprocess.Popen[bytes]
    port: int
    database: int | None
    """Process of its database's server."""
    line: http.client.HTTPConnection | None = None

    def wait(self, path: str) -> None:
        """Until ``path`` is answered, in whatever way. Nothing else has been asked then."""
        wait(lambda: self.process.poll() is not None or self._is_up(path), "a server", 60)
        if self.process.poll() is not None:
            raise RuntimeError("a server ended by itself")

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        if self.line is None:
            self.line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        self.line.request("GET", path, headers=dict(headers or {}))
        answer = self.line.getresponse()
        body = answer.read()
        if answer.status not in (200, 304):
            raise RuntimeError(f"{path} answered {answer.status}: {body[:300]!r}")
        return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, body)

    def cost(self, path: str, headers: Mapping[str, str] | None = None, *, times: int = 1) -> Cost:
        """Of one of ``times`` requests, one after the other."""
        before = self._used()
        for _each in range(times):
            self.get(path, headers)
        after = self._used()
        web, database = ((late - early) * 1000 / times for early, late in zip(before, after, strict=True))
        return Cost(web, database)

    def stop(self) -> None:
        if self.line is not None:
            self.line.close()
        stop(self.process)

    def _used(self) -> tuple[float, float]:
        return cpu.seconds(self.process.pid), cpu.seconds(self.database) if self.database else 0.0

    def _is_up(self, path: str) -> bool:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            line.request("GET", path)
            return bool(line.getresponse().status)
        except (OSError, http.client.HTTPException):
            return False
        finally:
            line.close()


def product(url: str, folder: Path, port: int, database: int | None) -> Running:
    """A fresh process of the product's web server, as an operator starts one."""
    settings = {
        **os.environ,
        "DATABASE_URL": url,
        "DATA_DIR": str(folder),
        "PORT": str(port),
        "DEMO": "0",
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "SECRET_KEY": SECRET,
        "APP_ENV": "development",
    }
    with (folder / "web.log").open("ab") as log:
        process = subprocess.Popen((sys.executable, "-m", "server"), cwd=ROOT, env=settings, stdout=log, stderr=log)
    return Running(process, port, database)


def stop(process: subprocess.Popen[bytes]) -> None:
    """As an operator would; whoever has not ended after 20 s is killed."""
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(20)
