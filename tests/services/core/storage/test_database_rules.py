"""What a commit stands for: on the disk, in line with other writers, and dated by one clock."""

from __future__ import annotations

import importlib.util
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, text

from app import create_app
from core import clock
from core.db import db as database, transaction
from core.storage import sqlite

ROOT = Path(__file__).parents[4]


def pragma(name: str) -> object:
    return database.session.execute(text(f"PRAGMA {name}")).scalar_one()


def test_a_commit_on_sqlite_is_on_the_disk_and_keeps_what_belongs_together(tmp_path: Path) -> None:
    made = create_app({"TESTING": True, "SQLALCHEMY_DATABASE_URI": f"sqlite:///{tmp_path / 'own.sqlite3'}"})
    with made.app_context():
        used = sqlite.dbapi(database.engine).sqlite_version_info
        # FULL, and EXTRA where a removed file is the commit
        on_disk = {"wal": 2, "delete": 3}[sqlite.journal_for(used)]
        assert pragma("journal_mode") == sqlite.journal_for(used)
        assert (pragma("synchronous"), pragma("foreign_keys")) == (on_disk, 1)
        database.session.remove()
        database.engine.dispose()


def test_a_writer_on_sqlite_has_the_lock_from_its_first_statement(app: Flask) -> None:
    other = sqlite.connect(database.engine, timeout=0)
    with transaction() as session:
        session.execute(text("SELECT 1 FROM incidents"))
        with pytest.raises(sqlite.dbapi(database.engine).OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
    other.execute("BEGIN IMMEDIATE")
    other.execute("ROLLBACK")
    other.close()


def test_readers_on_sqlite_do_not_wait_for_a_writer(app: Flask) -> None:
    other = sqlite.connect(database.engine, timeout=0)
    other.execute("BEGIN IMMEDIATE")
    try:
        assert database.session.execute(text("SELECT count(*) FROM incidents")).scalar_one() == 0
    finally:
        other.execute("ROLLBACK")
        other.close()


@pytest.mark.both_dbs("commits, writers and clocks are each database's own")
def test_nodes_on_one_postgresql_share_its_clock(app: Flask, dialect: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hosts_clock = datetime.now(UTC) - timedelta(hours=2)
    monkeypatch.setattr(clock, "wall", lambda: hosts_clock)
    assert (clock.now() == hosts_clock) is (dialect == "sqlite")
    assert clock.now().utcoffset() == timedelta(0)


def test_every_table_on_sqlite_counts_its_ids_and_never_gives_one_twice(app: Flask) -> None:
    made = dict(
        database.session.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'table'")).tuples().all()
    )
    tables = database.metadata.tables.items()
    counted = [name for name, table in tables if [column.name for column in table.primary_key] == ["id"]]
    assert len(counted) > 40
    assert not [name for name in counted if "id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT" not in made[name]]


def test_a_table_that_a_migration_copied_goes_on_counting_and_loses_nothing_that_hung_on_it(tmp_path: Path) -> None:
    spec = importlib.util.spec_from_file_location("autoincrement", ROOT / "migrations" / "autoincrement.py")
    assert spec is not None and spec.loader is not None
    autoincrement = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(autoincrement)
    engine = create_engine(f"sqlite:///{tmp_path / 'copied.sqlite3'}", module=sqlite.module())
    with engine.connect() as connection, connection.begin():
        run = connection.exec_driver_sql
        run("CREATE TABLE units (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, name TEXT)")
        run("INSERT INTO units (name) VALUES ('a'), ('b')")
        run("DELETE FROM units WHERE id = 2")
        before = autoincrement.counters(connection)
        # What batch mode leaves: the word is gone, and the counter with the old table.
        run("DROP TABLE units")
        run("CREATE TABLE units (id INTEGER NOT NULL, name TEXT, CONSTRAINT pk_units PRIMARY KEY (id))")
        run("CREATE UNIQUE INDEX uq_named ON units (name) WHERE name <> ''")
        run("CREATE TRIGGER no_change BEFORE UPDATE ON units BEGIN SELECT RAISE(ABORT, 'kept'); END")
        run("INSERT INTO units (id, name) VALUES (1, 'a')")
        autoincrement.ensure(connection, before)
        run("INSERT INTO units (name) VALUES ('c')")
        assert run("SELECT id, name FROM units ORDER BY id").all() == [(1, "a"), (3, "c")]
        hanging = run("SELECT name FROM sqlite_master WHERE tbl_name = 'units' AND type <> 'table'").scalars().all()
        assert sorted(hanging) == ["no_change", "uq_named"]
    engine.dispose()
