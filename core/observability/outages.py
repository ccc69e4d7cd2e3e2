"""Known outages in the log: one line a minute, with how often it was true. What nobody knows keeps its traceback.

A filter of the log's handler, so that it holds for everything that reports: jobs, senders, the ear for commits,
requests.
"""

from __future__ import annotations

import logging

import psycopg
from sqlalchemy import exc

from core import clock

EVERY = 60.0
_SQLITE = {
    5: "locked",
    6: "locked",
    8: "read only",
    10: "cannot be read or written",
    13: "out of disk space",
    14: "cannot be opened",
}
"""Primary result codes that say something about the place and not about our statement."""
_POSTGRESQL = {
    "08": "away",
    "25P03": "locked for too long by a transaction of ours",
    "53": "out of resources",
    "55P03": "locked",
    "57P": "stopping or starting",
    "58": "cannot read or write",
}
"""Beginnings of SQLSTATE, the same."""


def known(error: BaseException | None) -> str | None:
    """Return what ails the database, in a word or two; None when that is not what ``error`` says."""
    if isinstance(error, exc.TimeoutError):
        return "without a free connection"
    if isinstance(error, exc.DBAPIError):
        return known(error.orig) or ("away" if error.connection_invalidated else None)
    if isinstance(error, psycopg.Error):
        return _postgresql_outage(error)
    code = getattr(error, "sqlite_errorcode", None)
    return _SQLITE.get(code & 0xFF) if isinstance(code, int) else None


def _postgresql_outage(error: psycopg.Error) -> str | None:
    state = error.sqlstate
    if state is None:  # the server did not come to say anything
        return "away" if isinstance(error, psycopg.OperationalError) else None
    return next((words for beginning, words in _POSTGRESQL.items() if state.startswith(beginning)), None)


class OncePerMinute(logging.Filter):
    """On a handler: turns the reports of a known outage into one line and holds the others back."""

    def __init__(self) -> None:
        super().__init__()
        self._said: dict[str, tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        # The handler holds its lock only later: two threads may both speak in the first moment, and no harm is done.
        error = record.exc_info[1] if record.exc_info else None
        what = known(error)
        if what is None:
            return True
        now = clock.monotonic()
        at, unsaid = self._said.get(what, (float("-inf"), 0))
        if now - at < EVERY:
            self._said[what] = (at, unsaid + 1)
            return False
        self._said[what] = (now, 0)
        reason = str(getattr(error, "orig", error)).strip().partition("\n")[0]
        more = f"; {unsaid} more like it since the last line" if unsaid else ""
        record.msg = f"the database is {what} ({record.getMessage()}): {reason}{more}"
        record.args, record.exc_info, record.exc_text = (), None, None
        return True
