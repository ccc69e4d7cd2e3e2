"""What the server of PostgreSQL is told as a connection begins: who comes, and how long it bears with whom.

A node that stands still (a paused virtual machine, a process that somebody stopped) holds the locks of its transaction,
and its lines stay open: without a limit of the server's everybody else waits for as long as it does.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine import Connection

OURS = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}
"""A server that vanished without a word is given up within seconds: somebody who waits for it cannot call anybody."""
ITS_OWN = {
    "tcp_keepalives_idle": "10s",
    "tcp_keepalives_interval": "5s",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": "20s",
}
"""The same of the server's side: of a node that vanished, or reads no more, its locks are taken back."""
OF_REQUESTS = {"lock_timeout": "4s", "statement_timeout": "60s", "idle_in_transaction_session_timeout": "60s"}
"""Nobody waits for a page for longer; who meets the first is tried again (``core.tried_again``). Whoever only reads may
think for a minute in between. All else takes the time that it takes: copies, migrations, searches."""
WRITERS_PAUSE = {"web": 15, "worker": 60}
WRITERS_PAUSE_ELSE = 300
"""Seconds between two statements of a transaction that writes, by program: then it is undone, for others wait."""
LONGEST_NAME = 63
"""Bytes of an application_name."""


def introduce(engine: Engine, program: Callable[[], str]) -> None:
    """Tell the server with each connection who comes; ``program`` says it at that moment."""

    @event.listens_for(engine, "do_connect")
    def _connect(_dialect: Any, _record: Any, _positional: Any, given: dict[str, Any]) -> None:
        given.update(arguments(program(), given))

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        if connection.get_execution_options().get("begin_immediate"):
            seconds = WRITERS_PAUSE.get(program(), WRITERS_PAUSE_ELSE)
            connection.exec_driver_sql(f"SET LOCAL idle_in_transaction_session_timeout = '{seconds}s'")


def forgive_lost_lines(engine: Engine) -> None:
    """What was begun on a line that has ended is undone: to undo it once more is no error, and hides none."""
    undo = engine.dialect.do_rollback

    def rollback(line: Any) -> None:
        try:
            undo(line)
        except engine.dialect.loaded_dbapi.Error:
            if not line.closed:
                raise

    engine.dialect.do_rollback = rollback  # type: ignore[method-assign, assignment]


def arguments(program: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments for a connection of ``program``; what DATABASE_URL says (``given``) is the operator's word,
    and holds."""
    limits = {**ITS_OWN, **(OF_REQUESTS if program == "web" else {})}
    options = " ".join(f"-c {each}={value}" for each, value in limits.items())
    said = {"application_name": name(program), **OURS}
    missing = {each: value for each, value in said.items() if each not in given}
    return {**missing, "options": f"{options} {given.get('options', '')}".strip()}


def name(program: str) -> str:
    """Return what pg_stat_activity and ``/readyz`` call it: program, process and machine."""
    return f"truc-tet {program} {os.getpid()}@{socket.gethostname()}"[:LONGEST_NAME]
