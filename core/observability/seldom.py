"""What would be said again and again is said once a minute, with how often it was true."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, field

from core import clock

EVERY = 60.0


@dataclass
class _Said:
    at: float = float("-inf")
    unsaid: int = 0


@dataclass
class Seldom:
    """One line a minute for each ``key``; the others are counted. Any thread may call."""

    every: float = EVERY
    _said: dict[str, _Said] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def say(self, log: logging.Logger, level: int, key: str, what: str) -> None:
        now = clock.monotonic()
        with self._lock:
            said = self._said.setdefault(key, _Said())
            if now - said.at < self.every:
                said.unsaid += 1
                return
            unsaid, said.unsaid, said.at = said.unsaid, 0, now
        log.log(level, "%s%s", what, f" ({unsaid} more like it were not written down)" if unsaid else "")
