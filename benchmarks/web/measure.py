"""What one request costs: statements, bytes, and CPU time as multiples of a fixed piece of work done beside it."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from benchmarks.web.addresses import KEY, Address
from benchmarks.web.world.making import PASSWORD, Facts
from core.db import db
from tests.support.isolation import IsolatedClient

TURNS, SHORT_TURNS, SHORT = 3, 5, 0.05
"""How often a request is timed, and one that takes fewer CPU seconds than ``SHORT``: those vary most."""
UNIT = 10_000


@dataclass(frozen=True)
class Cost:
    """``cpu``: in calibration loops (``calibration``); ``kilobytes`` before compression."""

    statements: int
    cpu: float
    kilobytes: float


class Asker:
    """Signs everybody in once and asks for addresses."""

    def __init__(self, app: Flask, facts: Facts) -> None:
        self._app, self._facts = app, facts
        self._clients: dict[str, FlaskClient] = {}

    def ask(self, address: Address) -> tuple[int, int]:
        """(statements, bytes) of one request; one that is answered otherwise than it should is an error."""
        client = self._client(address.who)
        headers = self._headers(address.who)
        with statements(self._app) as sent:
            if address.sends is None:
                answer = client.get(address.path, headers=headers)
            else:
                answer = client.post(address.path, json=address.sends(), headers=headers)
            size = len(answer.data)
        if answer.status_code != address.status:
            raise RuntimeError(f"{address.name}: {address.path} answered {answer.status_code}")
        return len(sent), size

    def status(self, who: str, path: str) -> int:
        """Return what ``path`` is answered with for ``who``."""
        return self._client(who).get(path, headers=self._headers(who)).status_code

    def _headers(self, who: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._facts['key']}"} if who == KEY else {}

    def cost(self, address: Address) -> Cost:
        """Of a request that is not the first of its kind."""
        self.ask(address)
        count, size = self.ask(address)
        first = self._timed(address)
        turns = SHORT_TURNS if first[0] < SHORT else TURNS
        ratios = [spent / loop for spent, loop in [first, *(self._timed(address) for _ in range(turns - 1))]]
        return Cost(count, round(statistics.median(ratios), 2), round(size / 1024, 1))

    def _timed(self, address: Address) -> tuple[float, float]:
        """CPU seconds of the request, and of the loop just before and after it."""
        before = calibration()
        began = time.process_time()
        self.ask(address)
        spent = time.process_time() - began
        return spent, (before + calibration()) / 2

    def _client(self, who: str) -> FlaskClient:
        if who not in self._clients:
            client = self._clients[who] = IsolatedClient(self._app)
            login = "" if who == KEY else self._facts.get(who, "")
            if login and client.post("/login", data={"identifier": login, "password": PASSWORD}).status_code != 303:
                raise RuntimeError(f"{who} could not sign in")
        return self._clients[who]


def calibration() -> float:
    """CPU seconds of a loop of plain Python: attributes, dictionaries, strings, as pages are made of."""
    began = time.process_time()
    kept: dict[str, int] = {}
    for number in range(UNIT):
        name = f"x{number % 997}"
        kept[name] = kept.get(name, 0) + number
    "".join(sorted(kept))
    return time.process_time() - began


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """What is sent to the database inside the block."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)
