"""Work that may last for minutes, beside all else: each kind in a thread of its own that rests between its turns.

A scheduler would warn of each turn that is left out meanwhile. Rests are counted by the steady clock: a wall clock that
jumps ends none and lengthens none.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

log = logging.getLogger("worker")


class SlowWork:
    """``stop`` ends the rests; what is being done goes on to its end."""

    def __init__(self, stop: threading.Event) -> None:
        self._stop, self._threads = stop, list[threading.Thread]()

    def add(self, name: str, work: Callable[[], None], *, every: float, first: float) -> None:
        """``work`` after ``first`` seconds, and ``every`` so many seconds after it has ended."""
        self._threads.append(
            threading.Thread(target=self._run, args=(name, work, first, every), name=name, daemon=True)
        )

    def start(self) -> None:
        for each in self._threads:
            each.start()

    def join(self, left: Callable[[], float]) -> None:
        """Wait until all have ended, as long as there are seconds ``left``."""
        for each in self._threads:
            if each.ident is not None:
                each.join(left())

    def alive(self) -> int:
        return sum(each.is_alive() for each in self._threads)

    def _run(self, name: str, work: Callable[[], None], first: float, every: float) -> None:
        rest = first
        while not self._stop.wait(rest):
            rest = every
            try:
                work()
            except Exception:
                log.exception("this turn of %s did not reach its end; the next one tries again", name)
