"""Triggers that count what feeds show: left alone by a start that changes nothing, whole after one that does."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import text

from core.db import db
from roster.feeds import watch
from tests.support import factories
from tests.support.older import at_revision

pytestmark = pytest.mark.both_dbs("each database has triggers and locks of its own")
GIVES_UP = 60.0
"""Seconds after which a lock is let go; only a test that has failed already waits for so long."""
IDENTITY = {
    "sqlite": "PRAGMA schema_version",
    "postgresql": "SELECT string_agg(oid::text, ' ' ORDER BY oid) FROM pg_trigger WHERE NOT tgisinternal",
}


def stands() -> bool:
    with db.engine.connect() as connection:
        return watch.stands(connection)


def number() -> int:
    with db.engine.connect() as connection:
        return int(connection.execute(text("SELECT version FROM feed_stamps")).scalar_one())


def say(*statements: str) -> None:
    with db.engine.begin() as connection:
        for each in statements:
            connection.exec_driver_sql(each)


def identity(dialect: str) -> str:
    """Changes when tables or triggers are made, be it as they were."""
    with db.engine.connect() as connection:
        return str(connection.exec_driver_sql(IDENTITY[dialect]).scalar_one())


@contextmanager
def somebody_writes(*, lets_go_after: float = GIVES_UP) -> Iterator[threading.Event]:
    """A transaction of another program that has changed a person. The event is set when it had to be ended by time."""
    late = threading.Event()
    line = db.engine.connect().execution_options(begin_immediate=True)
    line.exec_driver_sql("UPDATE people SET position = 'trưởng ca'")

    def let_go() -> None:
        late.set()
        line.rollback()

    timer = threading.Timer(lets_go_after, let_go)
    timer.start()
    try:
        yield late
    finally:
        timer.cancel()
        timer.join()
        line.rollback()
        line.close()


ADDS_TELLS_END = "20261227_how_it_ended"


@pytest.fixture
def before(app: Flask, dialect: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The product on a database to which one migration and those after it are still to be done."""
    scripts = ScriptDirectory(app.extensions["migrate"].directory)
    first = scripts.get_revision(ADDS_TELLS_END)
    server = request.getfixturevalue("pg_server") if dialect == "postgresql" else None
    with at_revision(str(first.down_revision), tmp_path, server) as older:
        older.config["COPY_BEFORE_MIGRATION"] = False
        yield older


def test_a_start_that_changes_nothing_makes_nothing_anew_and_waits_for_nobody(app: Flask, dialect: str) -> None:
    factories.make_person("P1", factories.make_unit("A"))
    db.session.rollback()
    was, counted = identity(dialect), number()
    assert stands()
    with somebody_writes() as late:
        upgrade()
        assert not late.is_set()
    assert (identity(dialect), number()) == (was, counted)


def test_a_trigger_that_is_gone_is_made_again_and_the_number_goes_up(app: Flask, dialect: str) -> None:
    counted = number()
    say(f"DROP TRIGGER {watch.name_of('people', 'UPDATE')}" + (" ON people" if dialect == "postgresql" else ""))
    assert not stands()
    upgrade()
    assert stands() and number() == counted + 1


def test_a_trigger_of_an_earlier_version_is_replaced(app: Flask, dialect: str) -> None:
    counted, name = number(), watch.name_of("campaigns", "UPDATE")
    if dialect == "postgresql":  # which keeps them in its own words, so their maker's mark tells
        say("COMMENT ON FUNCTION feeds_changed() IS NULL")
    else:
        say(f"DROP TRIGGER {name}", f"CREATE TRIGGER {name} AFTER UPDATE ON campaigns FOR EACH ROW {watch.COUNT}")
    assert not stands()
    upgrade()
    assert stands() and number() == counted + 1


def test_a_table_that_was_copied_to_alter_it_gets_its_triggers_back(app: Flask, dialect: str) -> None:
    factories.make_unit("A")
    db.session.rollback()
    with db.engine.begin() as connection:
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table("desk_phones", recreate="always"):
            pass
    assert not stands()
    upgrade()
    counted = number()
    assert stands()
    say("INSERT INTO desk_phones (unit_id, duty, phone) SELECT id, 'operations', '0900000991' FROM units")
    assert number() == counted + 1


def test_with_a_migration_the_number_goes_up_once(before: Flask) -> None:
    counted = number()
    upgrade()
    assert stands() and number() == counted + 1
    upgrade()
    assert number() == counted + 1


def test_a_migration_that_fails_leaves_triggers_that_count(before: Flask, dialect: str) -> None:
    """On PostgreSQL nothing has happened; on SQLite the next start sets it right, whatever was written between."""
    say("ALTER TABLE policy_versions ADD COLUMN tells_end BOOLEAN")  # what the migration is about to add
    counted = number()
    with pytest.raises(Exception, match="(?i)tells_end"):
        upgrade()
    assert stands() is (dialect == "postgresql")
    assert number() == counted
    say("ALTER TABLE policy_versions DROP COLUMN tells_end")
    upgrade()
    assert stands() and number() == counted + 1


def test_a_migration_waits_for_who_writes_whatever_limits_the_server_has(before: Flask, dialect: str) -> None:
    if dialect == "postgresql":
        name = db.engine.url.database
        say(f"ALTER DATABASE {name} SET lock_timeout = '50ms'", f"ALTER DATABASE {name} SET statement_timeout = '50ms'")
        db.engine.dispose()
    with somebody_writes(lets_go_after=0.7) as let_go:
        upgrade()
        assert let_go.is_set(), "it did not wait"
    assert stands()


def test_an_older_program_leaves_the_tables_of_a_newer_one_alone(
    app: Flask, dialect: str, caplog: pytest.LogCaptureFixture
) -> None:
    """A server of the newer version may be running on them: without triggers nobody would hear of changes."""
    before = identity(dialect)
    say("UPDATE alembic_version SET version_num = '20991231_of_tomorrow'")
    with app.app_context(), pytest.raises(SystemExit):
        upgrade()
    assert "20991231_of_tomorrow, made by a newer version" in caplog.text
    assert stands() and identity(dialect) == before
