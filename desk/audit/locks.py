"""Who holds what others wait for, on PostgreSQL: a node that stands still is found by its name, process and machine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text

from core.db import db, is_sqlite

LONG = timedelta(seconds=10)
"""So long a transaction lasts that others wait for before it is said to be wrong: less than it is let pause."""
_HELD = text(
    """
    SELECT holder.pid, coalesce(holder.application_name, ''), coalesce(host(holder.client_addr), ''),
           holder.xact_start, coalesce(min(wanted.relation::regclass::text), ''), count(DISTINCT waiting.pid)
    FROM pg_stat_activity AS waiting
    CROSS JOIN LATERAL unnest(pg_blocking_pids(waiting.pid)) AS before (pid)
    JOIN pg_stat_activity AS holder ON holder.pid = before.pid
    LEFT JOIN pg_locks AS wanted ON wanted.pid = waiting.pid AND wanted.relation IS NOT NULL
         AND (wanted.locktype = 'tuple' OR NOT wanted.granted)
    WHERE waiting.datname = current_database() AND waiting.wait_event_type = 'Lock'
      AND cardinality(pg_blocking_pids(holder.pid)) = 0
      AND coalesce(holder.xact_start <= :before, true)
    GROUP BY holder.pid, holder.application_name, holder.client_addr, holder.xact_start
    ORDER BY holder.xact_start, holder.pid
    """
)


@dataclass(frozen=True)
class BlockingLock:
    """Somebody's transaction that others wait for, and nobody it: the server's process ``pid``, by ``application`` at
    ``address`` ("": this machine), begun at ``since`` (None: the server does not tell us); ``table`` is what is waited
    for ("": no row of one)."""

    pid: int
    application: str
    address: str
    since: datetime | None
    table: str
    waiting: int

    def __str__(self) -> str:
        return ", ".join(each for each in (self.application or f"pid {self.pid}", self.address, self.table) if each)


def held(*, now: datetime) -> Sequence[BlockingLock]:
    """Return those that have lasted for too long at ``now``; none on SQLite, where whoever waits for the writer is told
    so."""
    if is_sqlite():
        return []
    return [BlockingLock(*row) for row in db.session.execute(_HELD, {"before": now - LONG})]
