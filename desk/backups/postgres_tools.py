"""PostgreSQL's own programs: which of those here fits the server, and running them without showing secrets."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

from sqlalchemy.engine import URL

from desk.backups.faults import CopyFault, ToolMissing

DEBIAN = Path("/usr/lib/postgresql")
"""Debian and Ubuntu keep the programs of each version here."""


def program(name: str, *, server: int, folder: str | None) -> str:
    """The path of ``pg_dump``, ``pg_restore`` or ``psql`` that is not older than the server. Raises ``ToolMissing``."""
    found = {path: _version(path) for path in dict.fromkeys(_candidates(name, folder))}
    fitting = [path for path, version in found.items() if version >= server]
    if fitting:
        return min(fitting, key=lambda path: found[path])
    remedy = f"install postgresql-client-{server}, or set PG_BIN to the folder of PostgreSQL's programs"
    if not found:
        raise ToolMissing(f"{name} is not on this machine: {remedy}")
    newest = max(found.values())
    raise ToolMissing(f"{name} is of version {newest}, the server of version {server}: {remedy}")


def run(command: list[str], url: URL) -> str:
    """Its output. Raises ``CopyFault`` with what it complained of."""
    done = subprocess.run(  # noqa: S603 (a program of PostgreSQL, arguments of ours)
        command, env=environment(url), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise CopyFault(f"{Path(command[0]).name}: {done.stderr.strip()[-500:] or f'status {done.returncode}'}")
    return done.stdout


def environment(url: URL) -> dict[str, str]:
    """How to reach the database, for a program of PostgreSQL: a command line is everybody's to read."""
    options: Mapping[str, str | None] = {
        "PGHOST": url.host,
        "PGPORT": str(url.port) if url.port else None,
        "PGUSER": url.username,
        "PGPASSWORD": str(url.password) if url.password is not None else None,
        "PGDATABASE": url.database,
    }
    query = {f"PG{name.upper()}": str(value) for name, value in url.query.items()}
    given = {name: value for name, value in {**options, **query}.items() if value}
    return {**os.environ, **given, "PGAPPNAME": "truc-tet backup"}


def _candidates(name: str, folder: str | None) -> Iterator[str]:
    if folder:
        yield from (str(path) for path in [Path(folder) / name] if os.access(path, os.X_OK))
        return
    on_path = shutil.which(name)
    if on_path:
        yield on_path
    yield from (str(path) for path in sorted(DEBIAN.glob(f"*/bin/{name}")) if os.access(path, os.X_OK))


def _version(path: str) -> int:
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
    found = re.search(r"\(PostgreSQL\) (\d+)", said)
    return int(found[1]) if found else 0
