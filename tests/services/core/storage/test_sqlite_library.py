"""Which SQLite is used and with which journal: the sound one with its log, an unsound one never with it."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import text

from app import create_app
from core.db import db, transaction
from core.models import Setting
from core.server import commit_listener
from core.storage import sqlite
from desk.audit.health import database_words

UNSOUND = not sqlite.has_sound_wal(sqlite3.sqlite_version_info)
only_with_an_unsound_python = pytest.mark.skipif(not UNSOUND, reason="this Python's SQLite is sound")


@pytest.mark.parametrize(
    ("version", "sound"),
    [
        ("3.6.23", False),
        ("3.7.0", False),
        ("3.44.5", False),
        ("3.44.6", True),
        ("3.45.1", False),
        ("3.46.1", False),
        ("3.50.6", False),
        ("3.50.7", True),
        ("3.51.2", False),
        ("3.51.3", True),
        ("3.53.4", True),
        ("4.0.0", True),
    ],
)
def test_a_library_that_can_corrupt_its_log_gets_a_rollback_journal(version: str, sound: bool) -> None:
    numbers = tuple(int(part) for part in version.split("."))
    assert sqlite.journal_for(numbers) == ("wal" if sound else "delete")


def made_with(driver: str, folder: Path, **settings: Any) -> Flask:
    """The product on a file of its own, by the library of that choice."""
    url = f"sqlite:///{folder / 'own.sqlite3'}"
    return create_app(
        {"TESTING": True, "SQLALCHEMY_DATABASE_URI": url, "SQLITE_DRIVER": driver, "DEMO": False, **settings}
    )


def test_the_product_runs_on_a_sound_library_wherever_one_is_installed(app: Flask) -> None:
    found = sqlite.state(db.session.connection())
    assert found is not None and found.is_sound
    if sqlite.module() is not sqlite3:
        assert (found.driver, found.mode) == ("pysqlite3", "wal")


@only_with_an_unsound_python
def test_with_an_unsound_library_everything_works_and_no_log_is_kept(tmp_path: Path) -> None:
    app = made_with("python", tmp_path)
    with app.app_context():
        upgrade()
        version = text("PRAGMA data_version")
        before = db.session.scalar(version)
        db.session.rollback()
        heard = threading.Event()
        stop = threading.Event()
        ear = threading.Thread(target=commit_listener.watch, args=(db.engine, heard.set, stop))
        ear.start()
        heard.wait(30)
        heard.clear()
        with transaction() as session:
            session.add(Setting(key="written", value=1))
        assert heard.wait(30), "the worker hears of commits in this mode, too"
        stop.set()
        ear.join()
        assert db.session.scalar(version) == before, "one's own commits do not count"
        assert db.session.execute(text("PRAGMA journal_mode")).scalar_one() == "delete"
        assert db.session.execute(text("PRAGMA synchronous")).scalar_one() == 3, "EXTRA: the folder is synced as well"
        db.session.remove()
        db.engine.dispose()
    assert not list(tmp_path.glob("*-wal")) and not list(tmp_path.glob("*-journal"))


def left_in_wal(folder: Path) -> Path:
    """A database as the product left it until now, with a commit that only its log holds."""
    file = folder / "own.sqlite3"
    program = sqlite3.connect(file, isolation_level=None)
    program.execute("PRAGMA journal_mode=WAL")
    program.execute("PRAGMA wal_autocheckpoint=0")
    program.execute("CREATE TABLE kept (what TEXT)")
    program.execute("INSERT INTO kept VALUES ('an incident')")
    for suffix in ("", "-wal"):  # as a power cut leaves it
        target = folder / f"cut.sqlite3{suffix}"
        target.write_bytes((folder / f"own.sqlite3{suffix}").read_bytes())
    program.close()
    (folder / "own.sqlite3").unlink()
    for suffix in ("", "-wal"):
        (folder / f"cut.sqlite3{suffix}").rename(folder / f"own.sqlite3{suffix}")
    return file


@only_with_an_unsound_python
def test_a_file_left_in_wal_mode_is_converted_at_start_and_loses_nothing(tmp_path: Path) -> None:
    left_in_wal(tmp_path)
    app = made_with("python", tmp_path)
    with app.app_context():
        assert db.session.execute(text("PRAGMA journal_mode")).scalar_one() == "delete"
        assert db.session.execute(text("SELECT what FROM kept")).scalar_one() == "an incident"
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "CONVERT_WITHIN", 0.0)


PRODUCTION = {"APP_ENV": "production", "SECRET_KEY": "x" * 40, "PUBLIC_URL": "https://truc.example"}


@only_with_an_unsound_python
def test_production_does_not_start_on_a_log_that_it_cannot_convert_and_says_what_to_do(
    tmp_path: Path, impatient: None
) -> None:
    file = left_in_wal(tmp_path)
    with closing(sqlite3.connect(file)) as another_program:
        another_program.execute("SELECT * FROM kept").fetchall()
        with pytest.raises(sqlite.UnsoundJournal, match=r"Stop every program .* pysqlite3 >= 0\.6\.1"):
            made_with("python", tmp_path, **PRODUCTION)
    made_with("python", tmp_path, **PRODUCTION)  # alone with the file it converts it and starts


@only_with_an_unsound_python
def test_a_log_that_cannot_be_converted_is_a_fault_that_every_watchdog_hears_of(
    tmp_path: Path, impatient: None
) -> None:
    app = made_with("python", tmp_path)
    with app.app_context():
        upgrade()
        db.session.remove()
        db.engine.dispose()
    file = tmp_path / "own.sqlite3"
    with closing(sqlite3.connect(file, isolation_level=None)) as another_program:
        another_program.execute("PRAGMA journal_mode=WAL")
        another_program.execute("SELECT count(*) FROM settings").fetchall()
        answer = app.test_client().get("/readyz")
        with app.app_context():
            db.engine.dispose()
    assert answer.status_code == 503
    assert "database_unsound" in answer.json["reasons"]
    assert answer.json["database"] == "SQLite"


def test_the_page_names_library_and_journal_and_readyz_no_version(app: Flask, client: Any) -> None:
    found = str(sqlite.state(db.session.connection()))
    assert "journal_mode=" in found and database_words() == found
    assert client.get("/readyz").json["database"] == "SQLite"
