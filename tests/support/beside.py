"""Somebody who comes while another is in the middle of something."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

import pytest
from flask import Flask

from core.db import transaction
from core.errors import DomainError

HEAD_START = 0.5
"""Seconds that the second one gets before the first goes on: enough to pass a lock that is not there."""


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
        """And come as far as it can."""
        self._thread.start()
        self._thread.join(HEAD_START)

    def end(self) -> list[Any]:
        self._thread.join()
        return self.said


def beside(
    app: Flask, first: Callable[[], Any], second: Callable[[], Any], then: Callable[[], Any] = lambda: None
) -> list[Any]:
    """Run ``second`` while the transaction of ``first`` (and ``then``) is still open; answers what it said."""
    other = Somebody(app, second)
    with transaction():
        first()
        other.begin()
        then()
    return other.end()


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
    yield other
    other.end()


def after(app: Flask, work: Callable[[], Any]) -> list[Any]:
    """What somebody else does from beginning to end; answers what they said."""
    other = Somebody(app, work)
    other.begin()
    return other.end()
