"""Whether there is anything to look for: something was written since the last look, or a moment has come.

A look says before it that it ``begins``, and after it how long nothing can come due. What is written
meanwhile is ``news``, so that nothing is missed.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from core import clock


class IdleCheck:
    """Any thread may bring news; one thread looks. ``longest``: seconds after which it looks in any case."""

    def __init__(self, longest: float) -> None:
        self._longest = longest
        self._news, self._until = True, float("-inf")
        self._aside = threading.local()

    def listen(self) -> None:
        """Also to what this process commits itself, but for what it does ``aside``."""
        event.listen(Session, "after_commit", self._committed)

    def deafen(self) -> None:
        if event.contains(Session, "after_commit", self._committed):
            event.remove(Session, "after_commit", self._committed)

    def _committed(self, _session: Any) -> None:
        if not getattr(self._aside, "quiet", False):
            self.news()

    def news(self) -> None:
        self._news = True

    def is_over(self) -> bool:
        return self._news or clock.monotonic() >= self._until

    def begin(self) -> None:
        """From here on the look sees what is written; so what comes now is news again."""
        self._news = False

    def rest(self, seconds: float) -> None:
        self._until = clock.monotonic() + min(seconds, self._longest)

    @contextmanager
    def aside(self) -> Iterator[None]:
        """What is committed inside is no news to ourselves."""
        self._aside.quiet = True
        try:
            yield
        finally:
            self._aside.quiet = False
