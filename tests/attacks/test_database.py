"""The database, attacked: one test for each line of what was found (1 to 4)."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from sqlalchemy import Connection, event, text

from core import clock
from core.db import db as database
from core.storage import sqlite
from desk.audit.health import database_words
from incidents.escalation import engine as jobs
from tests.support import enterprise, factories, warm
from tests.support.copies import Installation
from tests.support.reach_story import ReachStory, status
from tests.support.smtp_sink import smtp_sink, wait_until
from tests.support.worker import running_worker

ROOT = Path(__file__).parents[2]
PATIENCE = 60  # seconds after which it hangs; nothing is measured
MENDED = ((3, 44, 6), (3, 50, 7), (3, 51, 3))
"""Releases of SQLite from which on (in their own line) a write-ahead log is sound."""


def flask_command(*arguments: str | Path, umask: int = -1, **environment: Any) -> Any:
    """``flask --app app …`` in a process of its own."""
    settings = {"APP_ENV": "test", "DEMO": "0", "PYTHONUNBUFFERED": "1"} | {k: str(v) for k, v in environment.items()}
    return subprocess.run(
        [sys.executable, "-m", "flask", "--app", "app", *(str(each) for each in arguments)],
        cwd=ROOT,
        umask=umask,
        env={**os.environ, **settings},
        text=True,
        capture_output=True,
        timeout=300,
        check=False,
    )


def test_01_no_log_is_kept_by_a_library_that_may_corrupt_it(app: Flask, client: FlaskClient) -> None:
    """SQLite up to 3.51.2 can, rarely and for good, corrupt a database with a write-ahead log. Whatever library is in
    use: not both. And the page of the system says which it is."""
    with database.engine.connect() as connection:
        version = str(connection.execute(text("SELECT sqlite_version()")).scalar_one())
        mode = str(connection.execute(text("PRAGMA journal_mode")).scalar_one()).lower()
    number = tuple(int(part) for part in version.split("."))
    sound = number >= MENDED[-1] or any(number[:2] == each[:2] and number >= each for each in MENDED)
    assert sound or mode == "delete", f"SQLite {version} with journal_mode={mode}"
    said = database_words().lower()
    assert version in said and mode in said
    assert version not in client.get("/readyz").text, "strangers read no version"


@pytest.mark.rest
def test_02_a_copy_taken_under_load_brings_every_answer_back_and_calls_nobody(
    app: Flask, client: FlaskClient, runner: FlaskCliRunner, api: Any, tmp_path: Path
) -> None:
    """Incidents are logged and answered while a copy is taken. Restored elsewhere it holds everything that was answered
    before; started, it writes to nobody until somebody says so."""
    enterprise.make()
    here, there, file = tmp_path / "here", tmp_path / "there", tmp_path / "copy.backup"
    here.mkdir()
    there.mkdir()
    key = {"DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"], "SECRET_KEY": app.config["SECRET_KEY"]}
    admin = api("admin")

    def log(number: int) -> str:
        body = {"title": f"Sự cố {number}", "category": "power", "severity": 3, "unit": "BDA"}
        made = admin("POST", "/incidents", body)
        assert made.status_code == 201, made.text
        return str(made.json["code"])

    codes = [log(number) for number in range(12)]
    answered = codes[:8]
    for code in answered:
        assert admin("POST", f"/incidents/{code}/acknowledge", {"person": "AN1"}).status_code == 200
    enough, more = threading.Event(), list[str]()

    def goes_on() -> None:
        while not enough.is_set():
            more.append(log(len(more) + 100))

    load = threading.Thread(target=goes_on)
    load.start()
    try:
        beside = {**os.environ, "APP_ENV": "test", "DEMO": "0", "DATA_DIR": str(here), **key}
        said = tmp_path / "said"
        made = warm.parent().start(["--app", "app", "backup", "create", str(file)], beside, said).wait(PATIENCE)
    finally:
        enough.set()
        load.join()
    assert made == 0, said.read_text()
    assert file.is_file() and more, "the control: there was load"
    assert stat.S_IMODE(file.stat().st_mode) & 0o077 == 0, "everybody's names and numbers, open to other users"
    checked = runner.invoke(args=["backup", "verify", str(file)])
    assert checked.exit_code == 0, checked.output
    broken = tmp_path / "broken.backup"
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 0xFF
    broken.write_bytes(content)
    assert runner.invoke(args=["backup", "verify", str(broken)]).exit_code == 1

    kept = f"sqlite:///{there / 'truc-tet.sqlite3'}"
    Installation(kept, there, SECRET_KEY=app.config["SECRET_KEY"]).flask("backup", "restore", file, given="\n" * 9)

    def read_rows(query: str) -> list[Any]:
        with closing(sqlite.module().connect(there / "truc-tet.sqlite3", timeout=30)) as connection:
            return connection.execute(query).fetchall()

    states = dict(read_rows("SELECT code, status FROM incidents"))
    assert {code: states.get(code) for code in answered} == dict.fromkeys(answered, "acknowledged")
    assert set(codes) <= set(states)
    with smtp_sink() as sink:
        app.config.update(MAIL_URL=sink.url, MAIL_FROM="truc@buudien.example")
        with running_worker(app, there, DATABASE_URL=kept, TICK_SECONDS="0.2"):
            beats = set[Any]()

            def has_beaten() -> bool:
                beats.update(read_rows("SELECT beat_at FROM heartbeats WHERE name LIKE 'worker%'"))
                return len(beats) > 1  # ten seconds and fifty ticks after the first

            wait_until(has_beaten, seconds=PATIENCE, what="a worker that has beaten again")
        assert sink.arrivals == [], "a copy that was brought back writes to people by itself"
        assert jobs.escalate_due(clock.now()), "the control: where it was, somebody was to be called"


def test_03_no_click_holds_the_only_writer(app: Flask, api: Any) -> None:
    """Somebody makes a campaign of two thousand shifts. SQLite has one writer: while it is held, no call is made and
    the alarm's pulse is missed. Calls of functions are counted, not seconds: 47 for each shift that
    is written as a plain row, 393 for each that is made as an object."""
    unit = factories.make_unit("TINH")
    factories.make_person("O1", unit)
    for number in range(30):
        factories.make_demand(unit, template=f"Ca {number:02}", start=f"{number % 24:02}:00", hours=4 + number // 24)
    admin = api("admin")
    body = {"name": "Tết", "tet_year": 2020, "unit": "TINH", "starts_on": "2020-01-10", "ends_on": "2020-03-15"}
    with calls_while_the_writer_is_held() as held:
        made = admin("POST", "/campaigns", body)
    assert made.status_code == 201, made.text
    shifts = admin("GET", f"/campaigns/{made.json['id']}/shifts?limit=1").json["items"]
    with database.engine.connect() as connection:
        count = connection.execute(text("SELECT count(*) FROM seats")).scalar_one()
    assert shifts and count == 1980, "the control: two thousand shifts were made"
    assert 0 < max(held) < 80 * count, f"the writer was held for {max(held)} calls of functions, {count} shifts"


@contextmanager
def calls_while_the_writer_is_held() -> Iterator[list[int]]:
    """Calls of functions of this thread in each transaction that holds SQLite's writer."""
    held: list[int] = []
    began: list[Connection] = []

    def count(_frame: FrameType, happened: str, _of: Any) -> None:
        held[-1] += happened in ("call", "c_call")

    def begin(connection: Connection) -> None:
        if connection.get_execution_options().get("begin_immediate"):
            began.append(connection)
            held.append(0)
            sys.setprofile(count)

    def end(connection: Connection) -> None:
        if connection in began:
            sys.setprofile(None)
            began.remove(connection)

    engine, listeners = database.engine, {"begin": begin, "commit": end, "rollback": end}
    for name, listener in listeners.items():
        event.listen(engine, name, listener)
    try:
        yield held
    finally:
        sys.setprofile(None)
        for name, listener in listeners.items():
            event.remove(engine, name, listener)


def test_04_who_copies_the_files_acknowledges_nothing(app: Flask, client: FlaskClient, db: Any, tmp_path: Path) -> None:
    """Somebody with another account on the machine copies the database, finds the links of last night's calls in the
    bodies of messages long delivered, and acknowledges with them in another's name."""
    with ExitStack() as stack:
        story = ReachStory(app, stack)
        stack.callback(story.close)
        incident = story.log()
        story.pulse()
        story.at(5)
        story.pulse()
        link = re.search(r"/a/[\w-]+", story.mail.arrivals[0].body).group()  # type: ignore[union-attr]
        stolen = tmp_path / "stolen.sqlite3"
        db.session.rollback()
        file = app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///")
        with closing(sqlite.module().connect(file)) as source, closing(sqlite.module().connect(stolen)) as target:
            assert source.execute("SELECT count(*) FROM messages WHERE state = 'sent'").fetchone()[0] >= 1
            source.backup(target)
            tables = [row[0] for row in target.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            dump = "\n".join(str(row) for table in tables for row in target.execute(f'SELECT * FROM "{table}"'))
        assert link.removeprefix("/a/") not in dump, "the link of a call that was delivered"
        assert client.post(link, data={"do": "take"}).status_code == 200
        assert status(incident) == "acknowledged", "the control: whoever was called still takes it by that link"

    kept = tmp_path / "data"
    made = flask_command("db", "upgrade", umask=0o022, DATA_DIR=kept)
    assert made.returncode == 0, made.stderr
    known = [kept, *kept.rglob("*")]
    assert {"truc-tet.sqlite3", "secret-key"} <= {each.name for each in known}
    opened = [f"{each.name} {stat.S_IMODE(each.stat().st_mode):o}" for each in known if each.stat().st_mode & 0o077]
    assert opened == []
