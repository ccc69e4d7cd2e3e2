"""What everybody else waits for while somebody presses a button of a whole province.

A real web server and a real worker; incidents are reported all the while, and beside each click are read: how long it
took, how long the longest wait of another writer was (SQLite), how late the worker's pulse was, and how late letters
of first calls came. ``idle`` says what the machine itself does to those numbers meanwhile: nobody clicks.
"""

from __future__ import annotations

import io
import itertools
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, create_engine, text

from benchmarks.faults import stack as stacks
from benchmarks.faults.judge import calls_in
from benchmarks.faults.load import Client
from benchmarks.faults.scenarios import FIRST_ONLY
from benchmarks.faults.stack import Stack, running
from benchmarks.faults.world import Report, World
from benchmarks.latency import province
from core.storage import sqlite

EVERY = 0.5
"""Seconds between reports."""
UNITS = 60
"""Enough that nobody gets so many calls a minute that they share one letter, which comes later by design."""
LOOK_EVERY = 0.02
IDLE_SECONDS = 10
PUBLIC = "Thử"


@dataclass
class Watch:
    """What is seen from outside while a click runs."""

    stack: Stack
    codes: Iterator[str]
    """The units to report from, in turns."""
    wait: float = 0.0
    beat: float = 0.0
    reports: list[Report] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def looking(self) -> Iterator[None]:
        with ThreadPoolExecutor() as threads:
            watching = [threads.submit(each) for each in (self._report, self._beats, self._probe)]
            try:
                yield
            finally:
                self._stop.set()
        for each in watching:
            each.result()

    def _report(self) -> None:
        client = Client(self.stack)
        while not self._stop.wait(EVERY):
            self.reports.append(client.report(next(self.codes)))

    def _beats(self) -> None:
        """The longest time without a heartbeat."""
        engine = create_engine(self.stack.url)
        while not self._stop.wait(LOOK_EVERY * 5):
            self.beat = max(self.beat, _age(engine))
        engine.dispose()

    def _probe(self) -> None:
        """The longest time that another process waits for SQLite's writer."""
        if not self.stack.is_sqlite:
            return
        line = sqlite.module().connect(self.stack.url.removeprefix("sqlite:///"), isolation_level=None, timeout=0)
        while not self._stop.wait(LOOK_EVERY):
            asked = time.monotonic()
            while not _got(line):
                self.wait = max(self.wait, time.monotonic() - asked)
                time.sleep(0.005)
            line.execute("ROLLBACK")
        line.close()

    def latest_letter(self) -> float:
        """The longest from an answered report to its first letter."""
        wanted = {report.code for report in self.reports}
        stacks.wait(lambda: wanted <= self._came().keys(), "the letters", 300)
        came = self._came()
        return max((came[each.code] - each.answered for each in self.reports), default=0.0)

    def slowest_report(self) -> float:
        return max((each.answered - each.sent for each in self.reports), default=0.0)

    def _came(self) -> dict[str, float]:
        found: dict[str, float] = {}
        for arrival in list(self.stack.sink.arrivals):
            for code, _step in calls_in(arrival):
                found[code] = min(arrival.at, found.get(code, arrival.at))
        return found


def measure(kind: str) -> dict[str, Any]:
    """Every click once, one after the other."""
    world = World(UNITS, FIRST_ONLY)
    turns = itertools.cycle(world.codes)
    with running(kind, world) as stack:
        stack.start_worker()
        stack.wait_for_beat()
        found = {}
        for name, click in _clicks(stack):
            watch = Watch(stack, turns)
            with watch.looking():
                began = time.monotonic()
                click()
                took = time.monotonic() - began
            found[name] = {
                "took": took,
                "writer_wait": watch.wait if stack.is_sqlite else None,
                "pulse_age": watch.beat,
                "report": watch.slowest_report(),
                "letter": watch.latest_letter(),
            }
            print(f"{name}: {_rounded(found[name])}", flush=True)
    return {"clicks": {name: _rounded(each) for name, each in found.items()}, **_worst(found)}


def _clicks(stack: Stack) -> Iterator[tuple[str, Callable[[], Any]]]:
    folder = _zip(province.files())
    yield "idle", lambda: time.sleep(IDLE_SECONDS)
    yield "import, preview", lambda: stack.call("POST", "/import?dry_run=1", folder)
    yield "import, confirm", lambda: stack.call("POST", "/import", folder)
    plan = {
        "name": "Tết",
        "tet_year": province.TET_YEAR,
        "unit": province.ROOT,
        "starts_on": str(province.FIRST),
        "ends_on": str(province.LAST),
    }
    made: list[int] = []
    yield "make a campaign", lambda: made.append(stack.call("POST", "/campaigns", plan)["id"])
    at = f"/campaigns/{made[0]}"
    yield "solve, and its roster is written", lambda: _solve(stack, at)
    first = next(stacks.shifts(stack, made[0]))
    edit = {"people": first["people"][:1], "pin": True, "override_reason": PUBLIC}
    yield "pin a person", lambda: stack.call("PUT", f"/shifts/{first['id']}/people", edit)
    yield "publish", lambda: stack.call("POST", f"{at}/publish", {"note": PUBLIC, "accept_gaps": PUBLIC})
    yield "points table", lambda: stack.call("PUT", "/points", {"night": 1.75})
    second: list[int] = []
    yield "make a second campaign", lambda: second.append(stack.call("POST", "/campaigns", plan)["id"])
    yield "points table, a draft is valued anew", lambda: stack.call("PUT", "/points", {"night": 1.5})
    yield "delete a campaign", lambda: stack.call("DELETE", f"/campaigns/{second[0]}")


def _solve(stack: Stack, at: str) -> None:
    run = stack.call("POST", f"{at}/solve", {"seconds": 5, "seed": 1})["id"]
    live = ("queued", "running")
    stacks.wait(lambda: stack.call("GET", f"/solve-runs/{run}")["status"] not in live, "the roster", 1200)


def _zip(files: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as folder:
        for name, data in files.items():
            folder.writestr(name, data)
    return content.getvalue()


def _age(engine: Engine) -> float:
    """Seconds since the worker's last beat, by this machine's clock."""
    with engine.connect() as line:
        at = line.execute(text("SELECT max(beat_at) FROM heartbeats WHERE name LIKE 'worker/%'")).scalar_one()
    seen = datetime.fromisoformat(at) if isinstance(at, str) else at
    return max(datetime.now(UTC) - (seen if seen.tzinfo else seen.replace(tzinfo=UTC)), timedelta(0)).total_seconds()


def _got(line: Any) -> bool:
    try:
        line.execute("BEGIN IMMEDIATE")
    except sqlite.module().OperationalError:
        return False
    return True


def _rounded(each: dict[str, float | None]) -> dict[str, float | None]:
    return {name: None if value is None else round(value, 2) for name, value in each.items()}


def _worst(found: dict[str, dict[str, Any]]) -> dict[str, Any]:
    clicked = [each for name, each in found.items() if name != "idle"]
    waits = [each["writer_wait"] for each in clicked if each["writer_wait"] is not None]
    return {
        "writer_wait": round(max(waits), 2) if waits else None,
        "pulse_age": round(max(each["pulse_age"] for each in clicked), 2),
        "letter": round(max(each["letter"] for each in clicked), 2),
    }
