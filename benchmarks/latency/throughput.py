"""Taking in and listing incidents, beside Alerta: same machine, same PostgreSQL server, same gunicorn, in turns.

Both answer over HTTP with two worker processes of four threads; eight clients with kept connections ask. Both make
every answer durable (PostgreSQL as installed). Alerta takes no key (AUTH_REQUIRED is off), the product checks one with
every request. No notifications: the product's worker is not running, Alerta has no plug-ins. Alerta comes from the
package index into an environment of its own.
"""

from __future__ import annotations

import http.client
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy.engine import make_url

from benchmarks.faults import stack as stacks
from benchmarks.faults.scenarios import FIRST_ONLY
from benchmarks.faults.stack import Stack, running
from benchmarks.faults.world import ROOT as ROOT_UNIT, World
from tests.support.live import free_port
from tests.support.postgres import create_database

ENVIRONMENT = Path(tempfile.gettempdir()) / "tt-alerta"
PACKAGES = ("alerta-server==9.1.0", "psycopg2-binary", "gunicorn")
CLIENTS, PROCESSES, THREADS = 8, 2, 4
KEYS = 40
"""The product takes 600 alarms a minute from one source: several sources, as in an enterprise that has this many."""

Request = Callable[[int], tuple[str, str, Any]]
"""Number → method, path, body."""


def compare(new: int, rows: int, lists: int, rounds: int) -> dict[str, Any]:
    """Requests a second of each, in alternating rounds (medians), and their ratios."""
    with running("postgresql", World(4, FIRST_ONLY)) as stack, alerta(stack) as port:
        stack.kill_web()
        stack.start_web(PROCESSES)
        ours, theirs = _Side(stack.port, stack.key), _Side(port, "")
        keys = [_key(stack, number) for number in range(KEYS)]
        result: dict[str, Any] = {"rounds": rounds, "rows": rows}
        marks = iter(range(10**6))
        result["intake_new"] = _rounds(
            rounds, lambda: ours.rate(new, _alarm(keys, next(marks))), lambda: theirs.rate(new, _alert(next(marks)))
        )
        ours.rate(1, _alarm(keys, -1))
        theirs.rate(1, _alert(-1))
        result["intake_duplicate"] = _rounds(
            rounds, lambda: ours.rate(new, _again(keys)), lambda: theirs.rate(new, _alert_again)
        )
        result["filling"] = _fill(ours, theirs, keys, rows, 2 * rounds * new)
        listed = "/api/v1/incidents?status=open&limit=50"
        alerts = "/alerts?status=open&page-size=50"
        result["list"] = _rounds(
            rounds,
            lambda: ours.rate(lists, lambda _n: ("GET", listed, None)),
            lambda: theirs.rate(lists, lambda _n: ("GET", alerts, None)),
        )
        result["shown"] = [len(ours.get(listed)["items"]), len(theirs.get(alerts)["alerts"])]
        return result


def _rounds(count: int, ours: Callable[[], float], theirs: Callable[[], float]) -> dict[str, Any]:
    pairs = [(ours(), theirs()) for _round in range(count)]
    mine, other = (statistics.median(each) for each in zip(*pairs, strict=True))
    return {
        "ours_per_s": round(mine, 1),
        "alerta_per_s": round(other, 1),
        "times": round(mine / other, 2),
        "each": [(round(one, 1), round(two, 1)) for one, two in pairs],
    }


def _fill(ours: _Side, theirs: _Side, keys: list[str], rows: int, known: int) -> dict[str, float]:
    """Until both have about ``rows`` open ones."""
    more = max(0, rows - known // 2)
    began = time.monotonic()
    ours.rate(more, _alarm(keys, -2))
    between = time.monotonic()
    theirs.rate(more, _alert(10**7))
    return {"ours_s": round(between - began, 1), "alerta_s": round(time.monotonic() - between, 1)}


def _alarm(keys: list[str], mark: int) -> Request:
    def ask(number: int) -> tuple[str, str, Any]:
        body = {"title": f"Máy {mark}-{number} không trả lời", "severity": 3, "dedup_key": f"{mark}-{number}"}
        return "POST", f"/intake/generic/{keys[number % len(keys)]}", {**body, "status": "firing"}

    return ask


def _again(keys: list[str]) -> Request:
    return lambda number: (
        "POST",
        _alarm(keys, -1)(0)[1].replace(keys[0], keys[number % len(keys)]),
        _alarm(keys, -1)(0)[2],
    )


def _alert(mark: int) -> Request:
    def ask(number: int) -> tuple[str, str, Any]:
        return (
            "POST",
            "/alert",
            {
                "resource": f"r-{mark}-{number}",
                "event": "HostDown",
                "environment": "Production",
                "severity": "major",
                "service": ["Network"],
                "text": f"Máy {mark}-{number} không trả lời",
            },
        )

    return ask


def _alert_again(_number: int) -> tuple[str, str, Any]:
    return _alert(-1)(0)


def _key(stack: Stack, number: int) -> str:
    made = stack.call("POST", "/intakes", {"name": f"Nguồn {number}", "kind": "generic", "unit": ROOT_UNIT})
    return str(made["key"])


class _Side:
    """One of the two, asked by ``CLIENTS`` threads with kept connections."""

    def __init__(self, port: int, key: str) -> None:
        self._port = port
        self._headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {key}"} if key else {})}

    def rate(self, count: int, request: Request) -> float:
        """Requests a second; raises when one is refused."""
        if not count:
            return 0.0
        left, lock, faults = iter(range(count)), threading.Lock(), list[BaseException]()

        def run() -> None:
            line = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
            try:
                while True:
                    with lock:
                        number = next(left, None)
                    if number is None:
                        return
                    self._ask(line, *request(number))
            except BaseException as fault:
                faults.append(fault)

        threads = [threading.Thread(target=run) for _each in range(CLIENTS)]
        began = time.monotonic()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if faults:
            raise faults[0]
        return count / (time.monotonic() - began)

    def get(self, path: str) -> Any:
        line = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        return json.loads(self._ask(line, "GET", path, None))

    def _ask(self, line: http.client.HTTPConnection, method: str, path: str, body: Any) -> bytes:
        line.request(method, path, json.dumps(body) if body is not None else None, self._headers)
        answer = line.getresponse()
        text = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{method} {path}: {answer.status} {text[:300]!r}")
        return text


@contextmanager
def alerta(stack: Stack) -> Iterator[int]:
    """Alerta on the same database server, in a database of its own; its port."""
    python = ENVIRONMENT / "bin" / "python"
    if not (ENVIRONMENT / "bin" / "gunicorn").exists():
        subprocess.run([sys.executable, "-m", "venv", str(ENVIRONMENT)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "-q", *PACKAGES], check=True)
    server = make_url(stack.url)
    create_database(server, "alerta", "template1")
    port, host = free_port(), server.query["host"]
    settings = {
        **os.environ,
        "DATABASE_URL": f"postgresql://postgres@/alerta?host={host}",
        "SECRET_KEY": "only for this run",
        "AUTH_REQUIRED": "False",
        "PLUGINS": "",
        "ALERTA_SVR_CONF_FILE": os.devnull,
    }
    # Its workers would each make the tables at once: one does so first.
    subprocess.run(
        [str(python), "-c", "import alerta; alerta.create_app()"], env=settings, cwd=stack.folder, check=True
    )
    command = (
        str(ENVIRONMENT / "bin" / "gunicorn"),
        "alerta:create_app()",
        "--bind",
        f"127.0.0.1:{port}",
        "--worker-class",
        "gthread",
        "--workers",
        str(PROCESSES),
        "--threads",
        str(THREADS),
        "--no-control-socket",
        "--keep-alive",
        "5",
        "--log-level",
        "warning",
    )
    with (stack.folder / "alerta.log").open("ab") as log:
        process = subprocess.Popen(command, cwd=stack.folder, env=settings, stdout=log, stderr=log)
    try:
        side = _Side(port, "")
        stacks.wait(lambda: _answers(side), "Alerta", 60)
        yield port
    finally:
        process.terminate()
        process.wait(30)


def _answers(side: _Side) -> bool:
    try:
        return "alerts" in side.get("/alerts?page-size=1")
    except (OSError, RuntimeError, http.client.HTTPException):
        return False
