"""Several nodes that start at the same moment on one database: all of them start, and what is made is made once.

A node prepares the database before its programs run (``flask prepare``, as ``serve.py`` calls it): here these run as
processes of their own; two whole copies are started together in the last story.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import text

from core.db import db
from roster.feeds import watch
from tests.support import warm
from tests.support.copies import PATIENCE, Installation, empty_database
from tests.support.older import at_revision
from tests.support.whole_copy import ROOT, until, whole_copy

pytestmark = pytest.mark.both_dbs("locks of the database, or of a file, between programs")
ROUNDS = 3
HOLDER = """
import sys, time
from sqlalchemy import create_engine
from core.program import prepare_lock
with prepare_lock.held(create_engine(sys.argv[1])):
    prepare_lock.doing("copies, then migrates")
    print("holds it", flush=True)
    time.sleep(600)
"""


class Node:
    """One that prepares the database at ``url``; on SQLite all have one folder, else each has its own."""

    def __init__(self, url: str, folder: Path, number: int, *options: str, **settings: str) -> None:
        data_dir = folder / ("one" if url.startswith("sqlite") else f"node-{number}")
        self.house = Installation(url, data_dir, SECRET_KEY="k" * 40, **settings)
        self.console = folder / f"console-{number}.txt"
        environment = {**self.house.environment, "PORT": str(8100 + number)}
        self.process = warm.parent().start(["--app", "app", "prepare", *options], environment, self.console)

    def says(self) -> str:
        return self.console.read_text()

    def waits_for(self) -> str:
        """What it said that it waits for, or ''."""
        found = re.search(r"prepare: waiting for (.+)", self.says())
        return found[1] if found else ""

    def ends(self) -> str:
        """What it said, once it has ended well."""
        assert self.process.wait(PATIENCE) == 0, self.says()
        assert "Traceback" not in self.says()
        return self.says()


Together = Callable[..., list[Node]]


@pytest.fixture
def together(tmp_path: Path) -> Iterator[Together]:
    """Nodes that are started at the same moment on a database; gone at the end."""
    started: list[Node] = []

    def start(url: str, *options: str, count: int = 2, **settings: str) -> list[Node]:
        folder = tmp_path / f"at-{len(started)}"
        folder.mkdir()
        started.extend(Node(url, folder, number, *options, **settings) for number in range(count))
        return started[-count:]

    yield start
    for each in started:
        each.process.send_signal(9)


def address(app: Flask) -> str:
    return str(app.config["SQLALCHEMY_DATABASE_URI"])


def counted() -> int:
    with db.engine.connect() as connection:
        assert watch.stands(connection)
        return int(connection.execute(text("SELECT version FROM feed_stamps")).scalar_one())


@contextmanager
def to_migrate(app: Flask, dialect: str, folder: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a database to which the newest migration is still to be done; it is the one in use inside."""
    scripts = ScriptDirectory(app.extensions["migrate"].directory)
    newest = scripts.get_revision(scripts.get_current_head() or "")
    server = request.getfixturevalue("pg_server") if dialect == "postgresql" else None
    folder.mkdir()
    with at_revision(str(newest.down_revision), folder, server) as older:
        yield address(older)


def test_nodes_that_start_together_all_start_each_time(app: Flask, together: Together) -> None:
    before = counted()
    for _round in range(ROUNDS):
        for node in together(address(app)):
            assert "/first/" in node.ends()
    assert counted() == before, "nothing had changed, nothing was made anew"


def test_with_a_migration_one_copies_and_migrates_and_the_others_wait(
    app: Flask, together: Together, tmp_path: Path, dialect: str, request: pytest.FixtureRequest
) -> None:
    with to_migrate(app, dialect, tmp_path / "older", request) as url:
        before = counted()
        nodes = together(url, count=3)
        told = [node.ends() for node in nodes]
        assert counted() == before + 1
    assert sum("a copy of everything before the migration" in each for each in told) == 1
    assert len({path for node in nodes for path in node.house.data_dir.glob("backups/*")}) == 1


def test_whoever_waits_says_for_whom_and_what_they_do_and_goes_on_when_they_die(app: Flask, together: Together) -> None:
    command = [sys.executable, "-c", HOLDER, address(app)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as first:
        assert first.stdout is not None and first.stdout.readline() == "holds it\n"
        waiting = together(address(app))
        for node in waiting:
            until(node.waits_for, "it says that it waits")
            assert re.match(rf"\S+ \({first.pid}\): copies, then migrates", node.waits_for())
            assert node.process.poll() is None
        first.kill()
    for node in waiting:
        assert "prepare: it is our turn" in node.ends()


def test_what_one_who_died_while_it_copied_left_undone_is_done_by_the_next(
    app: Flask, together: Together, tmp_path: Path, dialect: str, request: pytest.FixtureRequest
) -> None:
    with to_migrate(app, dialect, tmp_path / "older", request) as url:
        before = counted()
        (dying,) = together(url, count=1, FAILPOINT="backup.made")
        assert dying.process.wait(PATIENCE) == 137
        for node in together(url):
            node.ends()
        assert counted() == before + 1


def test_of_nodes_that_find_an_empty_database_one_makes_the_demo(
    app: Flask, together: Together, tmp_path: Path
) -> None:
    with empty_database(address(app), tmp_path, "empty") as url:
        told = [node.ends() for node in together(url, "--demo", count=2, DEMO="1")]
    assert sum("Dữ liệu mẫu / demo" in each for each in told) == 1
    assert all("Mật khẩu / password" in each for each in told)


def test_two_whole_copies_start_together_and_serve(app: Flask, tmp_path: Path) -> None:
    """On one server; on SQLite, where a folder has one copy, each has its own folder and both have one file."""
    with empty_database(address(app), tmp_path, "two") as url, ExitStack() as running:
        settings = {"DATABASE_URL": url, "SECRET_KEY": "k" * 40}
        copies = [running.enter_context(whole_copy(tmp_path / name, **settings)) for name in ("an", "binh")]
        for copy in copies:
            copy.until_ready()
            assert len(copy.webs()) == 2 and copy.worker()
