"""What the log says about a database that is away."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy.exc import OperationalError, ProgrammingError

from core import clock
from core.observability import outages
from core.observability.outages import OncePerMinute, known
from core.storage import sqlite

DRIVER = sqlite.module()


def wrapped(original: Exception) -> OperationalError:
    return OperationalError("SELECT 1", None, original)


def locked() -> Exception:
    error = DRIVER.OperationalError("database is locked")
    error.sqlite_errorcode = DRIVER.SQLITE_BUSY
    return error


@pytest.mark.parametrize(
    ("error", "what"),
    [
        (wrapped(psycopg.OperationalError("connection refused")), "away"),
        (wrapped(psycopg.errors.AdminShutdown("terminating connection")), "stopping or starting"),
        (wrapped(psycopg.errors.DiskFull("could not extend file")), "out of resources"),
        (wrapped(locked()), "locked"),
        (wrapped(psycopg.errors.DeadlockDetected("deadlock")), None),
        (wrapped(psycopg.errors.QueryCanceled("time-out")), None),
        (wrapped(DRIVER.OperationalError("no such table: people")), None),
        (ProgrammingError("SELECT", None, psycopg.errors.UndefinedColumn("no such column")), None),
        (ValueError("a fault of ours"), None),
        (None, None),
    ],
)
def test_outages_are_told_from_faults(error: Exception | None, what: str | None) -> None:
    assert known(error) == what


@pytest.fixture
def written() -> Iterator[tuple[logging.Logger, io.StringIO]]:
    text, log = io.StringIO(), logging.getLogger("outages under test")
    handler = logging.StreamHandler(text)
    handler.addFilter(OncePerMinute())
    log.addHandler(handler)
    log.propagate = False
    yield log, text
    log.removeHandler(handler)


def report(log: logging.Logger, error: Exception, job: str) -> None:
    try:
        raise error
    except Exception:
        log.exception("job %s failed", job)


def test_a_minute_of_outage_is_one_line_and_the_next_says_how_many_there_were(
    written: tuple[logging.Logger, io.StringIO], monkeypatch: pytest.MonkeyPatch
) -> None:
    log, text = written
    at = [100.0]
    monkeypatch.setattr(clock, "monotonic", lambda: at[0])
    for second in range(60):
        at[0] = 100.0 + second
        report(log, wrapped(psycopg.OperationalError("connection refused\nIs the server running?")), f"no. {second}")
    assert text.getvalue() == "the database is away (job no. 0 failed): connection refused\n"
    at[0] += outages.EVERY
    report(log, wrapped(psycopg.OperationalError("connection refused")), "again")
    assert "59 more like it" in text.getvalue().splitlines()[1]
    assert len(text.getvalue().splitlines()) == 2


def test_what_nobody_knows_keeps_its_traceback_each_time(written: tuple[logging.Logger, io.StringIO]) -> None:
    log, text = written
    for _each in range(2):
        report(log, ValueError("a fault of ours"), "ask")
    assert text.getvalue().count("Traceback") == 2
