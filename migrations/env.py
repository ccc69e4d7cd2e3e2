"""Alembic environment: one connection, safe on SQLite.

Batch mode on SQLite copies a table and drops the old one; with foreign_keys=ON that drop deletes cascading children.
So enforcement is switched off before BEGIN, checked after, and switched on again.
"""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import Connection

for _package in ("core", "people", "notify", "roster", "incidents"):
    _folder = importlib.import_module(_package).__path__
    for _module in pkgutil.iter_modules(_folder):
        if _module.name.startswith("models"):
            importlib.import_module(f"{_package}.{_module.name}")

feed_watch = importlib.import_module("roster.feed_watch")
database = current_app.extensions["migrate"].db


def include_object(_thing: Any, name: str | None, kind: str, reflected: bool, _compare_to: Any) -> bool:
    return not (kind == "table" and reflected and name == "sqlite_sequence")


def _plain_type(kind: str, thing: Any, _context: Any) -> str | bool:
    # A migration must still run when core.db has moved on.
    return "sa.DateTime(timezone=True)" if kind == "type" and type(thing).__name__ == "UTCDateTime" else False


def run(connection: Connection) -> None:
    sqlite = connection.dialect.name == "sqlite"
    raw = connection.connection.dbapi_connection
    if sqlite and raw is not None:
        raw.execute("PRAGMA foreign_keys=OFF")
    connection.execution_options(migrating=True)
    context.configure(
        connection=connection,
        target_metadata=database.metadata,
        render_as_batch=True,
        compare_type=True,
        render_item=_plain_type,
        include_object=include_object,
        process_revision_directives=_nothing_to_say,
    )
    with context.begin_transaction():
        context.run_migrations()
        if sqlite:
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise RuntimeError(f"migration left dangling references: {broken[:5]}")
    if sqlite and raw is not None:
        raw.execute("PRAGMA foreign_keys=ON")


def _nothing_to_say(_context: Any, _revision: Any, directives: list[Any]) -> None:
    options = getattr(context.config, "cmd_opts", None)
    if getattr(options, "autogenerate", False) and directives and directives[0].upgrade_ops.is_empty():
        directives[:] = []


# A table that SQLite copies to alter it comes back without its triggers: they are made anew after each run.
with database.engine.begin() as _connection:
    feed_watch.remove(_connection)
with database.engine.connect() as _connection:
    run(_connection)
with database.engine.begin() as _connection:
    feed_watch.install(_connection)
