"""Hearing of other processes' commits within a tenth of a second, so that due work need not wait for the next tick.

SQLite counts foreign commits in ``PRAGMA data_version``; PostgreSQL is told by NOTIFY (``core.db.transaction`` sends it
with every transaction that wrote). Missing a call costs a tick, never more: deadlines are columns.
"""

from __future__ import annotations

import logging
import selectors
import threading
from collections.abc import Callable

import psycopg
from sqlalchemy import Engine

from core.observability import outages
from core.storage import postgresql, sqlite
from core.storage.writing import WAKE_CHANNEL, WAKE_SENDER

LOOK_EVERY = 0.1
STOP_WITHIN = 1.0
RETRY_AFTER = 1.0
log = logging.getLogger(__name__)


def watch(engine: Engine, on_commit: Callable[[], None], stop: threading.Event) -> None:
    """Call ``on_commit`` in this thread after each foreign commit (several may share one call) until ``stop`` is set.

    Loses the database and finds it again; never raises for that. ``on_commit`` must not raise.
    """
    is_sqlite = engine.dialect.name == "sqlite"
    listen = _watch_sqlite if is_sqlite else _watch_postgresql
    lost = sqlite.dbapi(engine).Error if is_sqlite else psycopg.Error
    while not stop.is_set():
        try:
            listen(engine, on_commit, stop)
        except (lost, OSError) as error:
            log.warning("not told of commits for a moment: %s", error, exc_info=outages.known(error) is not None)
            stop.wait(RETRY_AFTER)


def _watch_sqlite(engine: Engine, on_commit: Callable[[], None], stop: threading.Event) -> None:
    connection = sqlite.connect(engine, timeout=5)
    try:
        known = None  # so the first look calls: what was committed before it, nobody else noticed
        while not stop.is_set():
            version = connection.execute("PRAGMA data_version").fetchone()[0]
            if version != known:
                on_commit()
            known = version
            stop.wait(LOOK_EVERY)
    finally:
        connection.close()


def _watch_postgresql(engine: Engine, on_commit: Callable[[], None], stop: threading.Event) -> None:
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True, **postgresql.arguments("worker", engine.url.query)) as connection:
        connection.execute(f"LISTEN {WAKE_CHANNEL}")
        on_commit()  # what was committed before we listened
        with selectors.DefaultSelector() as line:
            # Psycopg itself looks up ten times a second while it waits, which is most of what an idle worker costs.
            line.register(connection, selectors.EVENT_READ)
            while not stop.is_set():
                line.select(STOP_WITHIN)
                if any(call.payload != WAKE_SENDER for call in connection.notifies(timeout=0)):
                    on_commit()
