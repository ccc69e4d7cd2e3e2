"""Watching who holds the writer: what is said inside writing transactions, and whether others get their turn."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from sqlalchemy import event

from core.db import db, transaction
from core.models import Setting

SECONDS = 5.0
"""For a turn that ought to come at once; only a writer that is held makes a test wait so long."""


class Told:
    """Statements of each writing transaction, in order; ``longest`` is how many the longest had."""

    def __init__(self) -> None:
        self.transactions: list[list[str]] = []

    @property
    def longest(self) -> int:
        return max(map(len, self.transactions), default=0)


@contextmanager
def listening() -> Iterator[Told]:
    """What this thread's session says between the begin and the end of its writing transactions."""
    told = Told()

    def begin(connection: Any) -> None:
        if connection.get_execution_options().get("begin_immediate"):
            told.transactions.append([])
            connection.info["told"] = told.transactions[-1]

    def hear(connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if (said := connection.info.get("told")) is not None:
            said.append(statement)

    def end(connection: Any) -> None:
        connection.info.pop("told", None)

    heard = (("begin", begin), ("before_cursor_execute", hear), ("commit", end), ("rollback", end))
    for name, listener in heard:
        event.listen(db.engine, name, listener)
    try:
        yield told
    finally:
        for name, listener in heard:
            event.remove(db.engine, name, listener)


class Probe:
    """A second writer. ``wrap(f)``: before ``f`` it asks for its turn; ``turns`` says each time whether it came."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self.turns: list[bool] = []

    def wrap(self, f: Callable[..., Any]) -> Callable[..., Any]:
        def asked(*args: Any, **named: Any) -> Any:
            self.turns.append(self._ask())
            return f(*args, **named)

        return asked

    def _ask(self) -> bool:
        came = threading.Event()

        def write() -> None:
            with self._app.app_context(), transaction() as session:
                session.merge(Setting(key="probe", value=len(self.turns)))
                came.set()

        thread = threading.Thread(target=write, daemon=True)
        thread.start()
        found = came.wait(SECONDS)
        if found:
            thread.join()
        return found


def died_at(place: str, act: Callable[[], Any]) -> bool:
    """``act()`` in a process of its own that dies at that place without any clean-up; whether it came there."""
    db.session.remove()
    db.engine.dispose()
    child = os.fork()
    if child == 0:
        os.environ.update(APP_ENV="test", FAILPOINT=place)
        try:
            act()
        finally:
            os._exit(0)
    _pid, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status) == 137
