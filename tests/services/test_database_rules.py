"""What a commit stands for: on the disk, in line with other writers, and dated by one clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from core import clock, sqlite
from core.db import db as database, transaction


def pragma(name: str) -> object:
    return database.session.execute(text(f"PRAGMA {name}")).scalar_one()


def test_a_commit_on_sqlite_is_on_the_disk_and_keeps_what_belongs_together(app: Flask) -> None:
    used = sqlite.dbapi(database.engine).sqlite_version_info
    on_disk = {"wal": 2, "delete": 3}[sqlite.journal_for(used)]  # FULL, and EXTRA where a removed file is the commit
    assert pragma("journal_mode") == sqlite.journal_for(used)
    assert (pragma("synchronous"), pragma("foreign_keys")) == (on_disk, 1)


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


@pytest.mark.both_dbs
def test_nodes_on_one_postgresql_share_its_clock(app: Flask, dialect: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hosts_clock = datetime.now(UTC) - timedelta(hours=2)
    monkeypatch.setattr(clock, "wall", lambda: hosts_clock)
    assert (clock.now() == hosts_clock) is (dialect == "sqlite")
    assert clock.now().utcoffset() == timedelta(0)
