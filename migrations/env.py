"""Alembic environment: one connection, safe on SQLite.

Batch mode on SQLite copies a table and drops the old one; with foreign_keys=ON that drop deletes cascading children.
So enforcement is switched off before BEGIN, checked after, and switched on again.
"""

from __future__ import annotations

import importlib
import importlib.util
import logging
import pkgutil
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

from alembic import context
from alembic.runtime.migration import MigrationContext
from flask import current_app
from sqlalchemy import Connection

from core import clock
from core.program import prepare_lock
from desk.backups import schedule
from desk.backups.faults import CopyFault

for _package in ("core", "people", "notify", "documents", "roster", "duty", "incidents", "compliance"):
    _folder = importlib.import_module(_package).__path__
    for _module in pkgutil.walk_packages(_folder, prefix=f"{_package}."):
        if _module.name.rpartition(".")[2].startswith("models"):
            importlib.import_module(_module.name)

feed_watch = importlib.import_module("roster.feeds.watch")
database = current_app.extensions["migrate"].db


def _beside(name: str) -> ModuleType:
    """A module of this folder, which is no package."""
    spec = importlib.util.spec_from_file_location(f"migrations_{name}", Path(__file__).with_name(f"{name}.py"))
    if spec is None or spec.loader is None:
        raise ImportError(name)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


autoincrement = _beside("autoincrement")
LIMITS = ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout")
"""Of a server, or of those who serve pages: a migration takes as long as it takes."""


def include_object(_thing: Any, name: str | None, kind: str, reflected: bool, _compare_to: Any) -> bool:
    return not (kind == "table" and reflected and name == "sqlite_sequence")


def _plain_type(kind: str, thing: Any, _context: Any) -> str | Literal[False]:
    # A migration must still run when core.db has moved on.
    return "sa.DateTime(timezone=True)" if kind == "type" and type(thing).__name__ == "UTCDateTime" else False


def main() -> None:
    """Whatever changes tables is done by one node at a time; where nothing is to be done, nothing is made anew."""
    try:
        wanted = context.get_revision_argument()
    except KeyError:  # a command that only looks
        with database.engine.connect() as connection:
            _run_migrations(connection)
        return
    with prepare_lock.held(database.engine):
        with database.engine.connect() as connection:
            found = MigrationContext.configure(connection).get_current_revision()
        _refuse_what_is_newer(found)
        if found is not None and found != wanted and current_app.config["COPY_BEFORE_MIGRATION"]:
            prepare_lock.doing("copies, then migrates")
            _copy()
        prepare_lock.doing("migrates")
        with database.engine.connect() as connection:
            _bring_to(wanted, found, connection)


def _refuse_what_is_newer(found: str | None) -> None:
    """Before anything is copied or removed: the program that made these tables may be serving them."""
    if found is not None and found not in {each.revision for each in context.script.walk_revisions()}:
        raise RuntimeError(f"the database is at {found}, made by a newer version than this one: start that version")


def _bring_to(wanted: object, found: object, connection: Connection) -> None:
    sqlite = connection.dialect.name == "sqlite"
    stands = found == wanted and feed_watch.stands(connection)
    connection.rollback()
    connection.execution_options(migrating=True, begin_immediate=not stands)
    if stands:
        _run_migrations(connection)  # which are none
    elif sqlite:
        _on_sqlite(connection)
    else:
        # All or nothing, the triggers that count what feeds show included: no other node ever writes uncounted.
        with connection.begin():
            for limit in LIMITS:
                connection.exec_driver_sql(f"SET LOCAL {limit} = 0")
            feed_watch.remove(connection)
            _run_migrations(connection)
            feed_watch.install(connection)


def _on_sqlite(connection: Connection) -> None:
    raw = connection.connection.dbapi_connection
    if raw is not None:
        raw.execute("PRAGMA foreign_keys=OFF")
    with connection.begin():
        feed_watch.remove(connection)
        counted = autoincrement.counters(connection)
    _run_migrations(connection)
    # Alembic commits each migration by itself here, and leaves a reading transaction behind.
    connection.commit()
    with connection.begin():
        autoincrement.ensure(connection, counted)
        # A table that was copied to alter it has come back without its triggers.
        feed_watch.install(connection)
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise RuntimeError(f"migration left dangling references: {broken[:5]}")
    if raw is not None:
        raw.execute("PRAGMA foreign_keys=ON")


def _run_migrations(connection: Connection) -> None:
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


def _nothing_to_say(_context: Any, _revision: Any, directives: list[Any]) -> None:
    options = getattr(context.config, "cmd_opts", None)
    if getattr(options, "autogenerate", False) and directives and directives[0].upgrade_ops.is_empty():
        directives[:] = []


def _copy() -> None:
    """Before tables change that hold something: a copy. A database that has none yet is left alone."""
    try:
        taken = schedule.before_migration(now=clock.now())
    except (CopyFault, OSError) as fault:  # what the command tells without a traceback
        raise RuntimeError(f"nothing was migrated, no copy could be made before: {fault}") from fault
    if taken is not None:
        logging.getLogger("alembic").warning("a copy of everything before the migration: %s", taken)
    database.session.remove()


main()
