"""Clients that report incidents and take them, and go on until they are answered."""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from benchmarks.faults.stack import Stack
from benchmarks.faults.world import Report

GIVE_UP_AFTER = 90.0


class Client:
    """One kept connection; the same request again, with the same Idempotency-Key, until somebody answers."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._line: http.client.HTTPConnection | None = None
        self.refused: list[int] = []
        """Statuses 5xx on the way: told to come again, and did."""

    def report(self, unit: str, title: str = "Sự cố thử", **more: Any) -> Report:
        """Report one incident; returns once it was answered 2xx."""
        body = {"title": title, "category": "other", "severity": 2, "unit": unit, **more}
        sent = time.monotonic()
        answer = self._until_answered("POST", "/incidents", body)
        return Report(answer["code"], unit, sent, time.monotonic())

    def take(self, code: str, person: str) -> float:
        """Acknowledge for ``person``; when that was answered."""
        self._until_answered("POST", f"/incidents/{code}/acknowledge", {"person": person}, known=(409,))
        return time.monotonic()

    def _until_answered(self, method: str, path: str, body: Any, known: tuple[int, ...] = ()) -> Any:
        key, ends = str(uuid4()), time.monotonic() + GIVE_UP_AFTER
        while True:
            status, answer = self.once(method, f"/api/v1{path}", body, key)
            if 200 <= status < 300 or status in known:
                return answer
            if 400 <= status < 500 and status != 429:
                raise RuntimeError(f"{method} {path}: {status} {answer}")
            if time.monotonic() > ends:
                raise TimeoutError(f"{method} {path}: nobody answered, last {status}")
            if status:
                self.refused.append(status)
            time.sleep(0.2)

    def once(self, method: str, path: str, body: Any, key: str = "") -> tuple[int, Any]:
        """(status, answer) of one try; status 0 when the line broke."""
        headers = {"Authorization": f"Bearer {self._stack.key}", "Content-Type": "application/json"}
        if key:
            headers["Idempotency-Key"] = key
        try:
            if self._line is None:
                self._line = http.client.HTTPConnection("127.0.0.1", self._stack.port, timeout=60)
            self._line.request(method, path, json.dumps(body) if body is not None else None, headers)
            answer = self._line.getresponse()
            text = answer.read()
            return answer.status, json.loads(text) if text[:1] in (b"{", b"[") else text.decode("utf-8", "replace")
        except (OSError, http.client.HTTPException, ValueError):
            if self._line is not None:
                self._line.close()
            self._line = None
            return 0, None


class Load:
    """``rate`` reports a second in total, spread over ``clients`` threads and all units, until it is stopped."""

    def __init__(self, stack: Stack, units: list[str], *, rate: float, clients: int = 4, seed: int = 1) -> None:
        self._stack, self._units, self._pause = stack, units, clients / rate
        self._stop, self._lock = threading.Event(), threading.Lock()
        self.reports: list[Report] = []
        self.refused: list[int] = []
        self.faults: list[BaseException] = []
        self._threads = [
            threading.Thread(target=self._run, args=(random.Random(seed * 1000 + each),), daemon=True)  # noqa: S311
            for each in range(clients)
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Let every client hear the answer to what it asked."""
        self._stop.set()
        for thread in self._threads:
            thread.join(GIVE_UP_AFTER + 60)
        if self.faults:
            raise self.faults[0]

    def _run(self, dice: random.Random) -> None:
        client = Client(self._stack)
        try:
            while not self._stop.wait(self._pause * dice.uniform(0.5, 1.5)):
                report = client.report(dice.choice(self._units))
                with self._lock:
                    self.reports.append(report)
        except BaseException as fault:  # told to whoever started the load
            self.faults.append(fault)
        with self._lock:
            self.refused += client.refused


@contextmanager
def under_load(stack: Stack, units: list[str], *, rate: float, seed: int) -> Iterator[Load]:
    load = Load(stack, units, rate=rate, seed=seed)
    load.start()
    try:
        yield load
    finally:
        load.stop()


def together(stack: Stack, units: list[str], count: int, clients: int = 8) -> list[Report]:
    """``count`` incidents as fast as they are taken."""
    reports: list[Report] = []
    lock, left = threading.Lock(), iter(range(count))
    faults: list[BaseException] = []

    def run() -> None:
        client = Client(stack)
        try:
            while True:
                with lock:
                    number = next(left, None)
                if number is None:
                    return
                report = client.report(units[number % len(units)], f"Sự cố thử {number}")
                with lock:
                    reports.append(report)
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=run, daemon=True) for _each in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    return reports
