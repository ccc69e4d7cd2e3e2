"""Memory that a storm of requests needed goes back to the system once it is over (glibc; elsewhere nothing is done).

glibc gives each thread an arena of its own and keeps in it what was freed.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable
from pathlib import Path

M_ARENA_MAX = -8
ARENAS = 2
QUIET = 5.0
"""Seconds in which nothing was asked."""
WORTH_IT = 24
"""Megabytes by which it must have grown since the last time."""


def keep_few_arenas() -> None:
    """Keep few arenas; to be called before threads are started."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_ARENA_MAX, ARENAS)


def megabytes() -> float:
    """That this process holds now; 0 where nobody says so."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def give_back() -> None:
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


class Keeper:
    """Looks once in a while, and gives back at the first quiet moment after the process has grown.

    ``let_go`` frees what is kept for more company than there is; its place can be given back with the rest.
    """

    def __init__(self, let_go: Callable[[], None]) -> None:
        self._let_go = let_go
        self._held: float | None = None
        self._quiet_since: float | None = None

    def look(self, now: float, *, busy: bool) -> None:
        if self._held is None:
            self._held = megabytes()
        if busy:
            self._quiet_since = None
        elif self._quiet_since is None:
            self._quiet_since = now
        elif now - self._quiet_since >= QUIET and megabytes() > self._held + WORTH_IT:
            self._let_go()
            give_back()
            self._held = megabytes()
