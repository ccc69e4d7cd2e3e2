"""Somebody who comes while another is in the middle of something."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, text

from core.db import db, transaction
from core.errors import DomainError
from core.storage import writing

LOOK_AGAIN = 0.01
PATIENCE = 60.0
"""Seconds: only a test that has failed already waits for so long."""
WAITING = text("SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")


class Somebody:
    """Work of another thread; ``said``: what came of it, or the code of its refusal. Another error fails the test."""

    def __init__(self, app: Flask, work: Callable[[], Any]) -> None:
        self._app, self._work, self.said = app, work, list[Any]()
        self._thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        with self._app.app_context():
            try:
                self.said.append(self._work())
            except DomainError as error:
                self.said.append(error.code)

    def begin(self) -> None:
        """And come as far as it can: to the end, or to a lock that another has."""
        assert not _somebody_waits(db.engine), "a wait that is not this one's"
        self._thread.start()
        gives_up = time.monotonic() + PATIENCE
        while self._thread.is_alive() and not _somebody_waits(db.engine):
            assert time.monotonic() < gives_up, "it neither ends nor waits for a lock"
            self._thread.join(LOOK_AGAIN)

    def end(self) -> list[Any]:
        assert self._thread.ident is not None, "it never came to that"
        self._thread.join()
        return self.said


def _somebody_waits(engine: Engine) -> bool:
    if engine.dialect.name == "sqlite":
        return bool(writing._turns._queue)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as line:
        return line.execute(WAITING).first() is not None


def beside(
    app: Flask, first: Callable[[], Any], second: Callable[[], Any], then: Callable[[], Any] = lambda: None
) -> list[Any]:
    """Run ``second`` while the transaction of ``first`` (and ``then``) is still open; answers what it said."""
    other = Somebody(app, second)
    try:
        with transaction():
            first()
            other.begin()
            then()
    finally:
        other.end()
    return other.said


@contextmanager
def in_the_middle(
    app: Flask, monkeypatch: pytest.MonkeyPatch, place: Any, name: str, work: Callable[[], Any], *, turn: int = 1
) -> Iterator[Somebody]:
    """Somebody who comes when ``place.name`` is called for the ``turn``-th time inside."""
    real, calls, other = getattr(place, name), count(1), Somebody(app, work)

    def called(*args: Any, **kwargs: Any) -> Any:
        if next(calls) == turn:
            other.begin()
        return real(*args, **kwargs)

    monkeypatch.setattr(place, name, called)
    try:
        yield other
    finally:
        other.end()


def after(app: Flask, work: Callable[[], Any]) -> list[Any]:
    """What somebody else does from beginning to end; answers what they said."""
    other = Somebody(app, work)
    other.begin()
    return other.end()
