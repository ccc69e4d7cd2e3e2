"""First come, first served: how the threads of one process share SQLite's one write lock.

SQLite has no queue. A writer that finds the lock taken looks again after up to a tenth of a second, and a thread that
writes one transaction after the other takes it back in between: the others starve. So threads queue here, and only the
first of the queue asks SQLite.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager


class Late(Exception):
    """The turn did not come in time."""


class Turns:
    """A lock that is handed over in the order in which it was asked for."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._taken = False
        self._queue: deque[threading.Lock] = deque()

    @contextmanager
    def mine(self, seconds: float) -> Iterator[None]:
        """Have the turn inside the block. Raises ``Late`` when it did not come within ``seconds``."""
        self._take(seconds)
        try:
            yield
        finally:
            self._pass_on()

    def _take(self, seconds: float) -> None:
        with self._guard:
            if not self._taken:
                self._taken = True
                return
            called = threading.Lock()
            called.acquire()
            self._queue.append(called)
        if called.acquire(timeout=seconds):
            return
        with self._guard:
            if called in self._queue:
                self._queue.remove(called)
                raise Late
        # Called in the very moment in which it gave up: then it is its turn.

    def _pass_on(self) -> None:
        with self._guard:
            if self._queue:
                self._queue.popleft().release()
            else:
                self._taken = False
