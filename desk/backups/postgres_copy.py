"""The copy of a PostgreSQL database: pg_dump, of one moment in which the rows are counted too."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import Connection, Engine, text

from desk.backups import postgres_tools as tools
from desk.backups.faults import CopyFault
from desk.backups.sqlite_copy import COUNTED

ASIDE = "before_restore_"
"""Schemas of that name hold what a restore has moved aside: no part of a copy."""


def copy(engine: Engine, target: Path, folder: str | None) -> tuple[str, str, Mapping[str, int]]:
    """Dump what is committed at this moment; (version of the server, revision of the tables, rows of what matters)."""
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        # It waits for pg_dump, however long that takes, and holds no row that others want.
        connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
        moment = connection.execute(text("SELECT pg_export_snapshot()")).scalar_one()
        version, server = server_version(connection)
        command = [
            tools.program("pg_dump", server=server, folder=folder),
            "--format=custom",
            "--no-owner",
            "--no-privileges",
            f"--exclude-schema={ASIDE}*",
            f"--snapshot={moment}",
            f"--file={target}",
        ]
        target.touch(0o600)
        tools.run(command, engine.url)
        found = (version, _schema(connection), _counts(connection))
        connection.rollback()
    return found


def check(path: Path, *, server: int, folder: str | None, engine: Engine) -> None:
    """Raises ``CopyFault`` when pg_restore cannot read the dump or misses tables in it."""
    listed = tools.run([tools.program("pg_restore", server=server, folder=folder), "--list", str(path)], engine.url)
    missing = [name for name in COUNTED if f" TABLE DATA public {name} " not in listed]
    if missing:
        raise CopyFault(f"the dump has no rows of {', '.join(missing)}")


def server_version(connection: Connection) -> tuple[str, int]:
    """("16.2", 16)"""
    version = str(connection.execute(text("SHOW server_version")).scalar_one()).split()[0]
    return version, int(version.split(".")[0])


def _schema(connection: Connection) -> str:
    if connection.execute(text("SELECT to_regclass('alembic_version')")).scalar_one() is None:
        return ""
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or "")


def _counts(connection: Connection) -> Mapping[str, int]:
    return {
        name: connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one()  # noqa: S608 (our own names)
        for name in COUNTED
        if connection.execute(text("SELECT to_regclass(:name)"), {"name": name}).scalar_one() is not None
    }
