"""Putting a copy of a PostgreSQL database in place: in one transaction, so that nobody ever sees half of it.

The tables that are there become a schema of another name; the dump goes into a new one. psql runs it all.
"""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, cast

from flask import current_app
from sqlalchemy import Engine, text

from core.db import db
from desk.backups import postgres_copy, postgres_tools as tools, sequences
from desk.backups.faults import CopyFault
from desk.backups.manifest import Manifest
from notify import pause

PIECE = 1024 * 1024
MOVED = re.compile(postgres_copy.ASIDE + r"\d{8}t\d{6}(\d{6})?z")
KEPT = 2
"""How many schemas of what was there before a restore stay, each as large as the database."""


def check(path: Path, manifest: Manifest) -> None:
    """Raises ``CopyFault``."""
    server = int(manifest.database_version.split(".")[0])
    postgres_copy.check(path, server=server, folder=current_app.config["PG_BIN"], engine=db.engine)


class PostgresTarget:
    """The database that DATABASE_URL names."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        with engine.connect() as connection:
            self.server = postgres_copy.server_version(connection)[1]
            self.tables = set(
                connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).scalars()
            )

    def __str__(self) -> str:
        return f"the database {self.engine.url.database}"

    def has_data(self) -> bool:
        """Whether anybody would miss it."""
        with self.engine.connect() as connection:
            return any(
                connection.execute(text(f"SELECT 1 FROM public.{name} LIMIT 1")).scalar()  # noqa: S608 (our own names)
                for name in ("people", "users", "incidents")
                if name in self.tables
            )

    def put(self, fresh: Path, manifest: Manifest, now: datetime) -> str:
        """Move what is there aside and restore ``fresh``, paused; the schema where it lies ("" when there was none)."""
        aside = f"{postgres_copy.ASIDE}{now.astimezone(UTC):%Y%m%dt%H%M%S%fz}" if self.tables else ""
        before = f"BEGIN;\n{_moving(aside)}"
        self.engine.dispose()
        self._run(fresh, before, _after(aside, manifest, now))
        return aside

    def put_back(self, aside: str) -> None:
        """Put it back as it was before ``put``."""
        with self.engine.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            new = f"ALTER SCHEMA {aside} RENAME TO public" if aside else "CREATE SCHEMA public"
            connection.execute(text(new))

    def forget_old(self) -> list[str]:
        """Names of what earlier restores moved aside and is removed now: the newest ``KEPT`` stay."""
        with self.engine.connect() as connection:
            found = connection.execute(text("SELECT nspname FROM pg_namespace")).scalars().all()
        aside = sorted((each for each in found if MOVED.fullmatch(each)), reverse=True)
        for name in aside[KEPT:]:
            with self.engine.begin() as connection:
                connection.execute(text(f"DROP SCHEMA {name} CASCADE"))
        return aside[KEPT:]

    def _run(self, fresh: Path, before: str, after: str) -> None:
        """psql reads what goes before, the dump as pg_restore words it, and what comes after; only then COMMIT."""
        folder, environment = current_app.config["PG_BIN"], tools.environment(self.engine.url)
        psql = [tools.program("psql", server=self.server, folder=folder), "-X", "-q", "-v", "ON_ERROR_STOP=1"]
        restore = [
            tools.program("pg_restore", server=self.server, folder=folder),
            "--no-owner",
            "--no-privileges",
            "--file=-",
            str(fresh),
        ]
        with tempfile.TemporaryFile() as told, tempfile.TemporaryFile() as said:
            writing = subprocess.Popen(  # noqa: S603 (programs of PostgreSQL, arguments of ours)
                psql, env=environment, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=told
            )
            reading = subprocess.Popen(restore, env=environment, stdout=subprocess.PIPE, stderr=said)  # noqa: S603
            _feed(writing, reading, before, after)
            for process, words in ((reading, said), (writing, told)):
                if process.wait():
                    raise CopyFault(f"{Path(str(cast(list[str], process.args)[0])).name}: {_end_of(words)}")


def _feed(writing: subprocess.Popen[bytes], reading: subprocess.Popen[bytes], before: str, after: str) -> None:
    target, source = cast(IO[bytes], writing.stdin), cast(IO[bytes], reading.stdout)
    try:
        target.write(before.encode())
        while piece := source.read(PIECE):
            target.write(piece)
        # A dump that ended early must not be committed.
        target.write(after.encode() if reading.wait() == 0 else b"ROLLBACK;\n")
        target.close()
    except BrokenPipeError:
        source.close()
    writing.wait()


def _moving(aside: str) -> str:
    if not aside:
        return ""
    return f"ALTER SCHEMA public RENAME TO {aside};\nCREATE SCHEMA public;\n"


def _after(aside: str, manifest: Manifest, now: datetime) -> str:
    """Nothing leaves until somebody has chosen; nobody counts as alive; numbers go on behind those given."""
    value = json.dumps(pause.value(now, manifest.created_at))
    return (
        f"INSERT INTO public.settings (key, value) VALUES ('{pause.KEY}', '{value}') "  # noqa: S608 (our own words)
        "ON CONFLICT (key) DO UPDATE SET value = excluded.value;\n"
        "DELETE FROM public.heartbeats;\n"
        f"{sequences.raise_postgresql(aside or None)}\nCOMMIT;\n"
    )


def _end_of(words: IO[bytes]) -> str:
    words.seek(0)
    return words.read().decode("utf-8", "replace").strip()[-500:]
