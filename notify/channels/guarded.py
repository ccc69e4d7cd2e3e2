"""Letting a library that connects by itself connect only where it may, and only as long as it may.

An audit hook sees every connection of this thread before it is made, and every packet that is sent without one, with
the very address, whatever library makes it. Outside ``guarded`` the hook does nothing; but the interpreter asks it at
each ``id()``, so it is there only where such a library has been used.
"""

from __future__ import annotations

import contextlib
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from notify.addresses import Network, may_reach

_here = threading.local()
_LEAVING = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})


class ForbiddenNetwork(OSError):
    """The connection leads into a network that is not allowed."""


class _Watch:
    def __init__(self, allowed: tuple[Network, ...]) -> None:
        self.allowed = allowed
        self.lines: list[socket.socket] = []
        self.refused = ""
        self.late = False

    def look(self, line: Any, address: Any) -> None:
        where = str(address[0]) if isinstance(address, tuple) else str(address)
        if self.late or not may_reach(where, self.allowed):
            self.refused = f"{where} is in a network that is not allowed"
            raise ForbiddenNetwork(self.refused)
        self.lines.append(line)

    def cut(self) -> None:
        self.late = True
        for line in self.lines:
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if event in _LEAVING:
        watch: _Watch | None = getattr(_here, "watch", None)
        # A message on a line that is connected names no address: it was looked at when the line was made.
        if watch is not None and arguments[1] is not None:
            watch.look(*arguments[:2])


@cache
def _watch_lines() -> None:
    """For good: no hook can be taken away again."""
    sys.addaudithook(_hook)


@contextmanager
def guarded(allowed: tuple[Network, ...], within: float) -> Iterator[_Watch]:
    """Within the block this thread connects to allowed addresses only; after ``within`` seconds its lines are cut.

    The yielded watch says what was ``refused`` and whether time ran out (``late``).
    """
    _watch_lines()
    watch = _Watch(allowed)
    timer = threading.Timer(within, watch.cut)
    timer.daemon = True
    _here.watch = watch
    timer.start()
    try:
        yield watch
    finally:
        timer.cancel()
        _here.watch = None
