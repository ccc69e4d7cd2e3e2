"""The lock under which one node prepares a database: who has it, who is told, and how it ends."""

from __future__ import annotations

import os
import re

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from core.db import db
from core.program import prepare_lock

BOTH = pytest.mark.both_dbs("a lock of the server, or of a file")


def another() -> prepare_lock.Lock:
    """What another node asks with."""
    lock = prepare_lock._lock_of(db.engine)
    assert lock is not None
    return lock


@BOTH
def test_another_is_told_who_has_it_and_what_they_do_and_has_it_afterwards(app: Flask) -> None:
    other = another()
    with prepare_lock.held(db.engine), prepare_lock.held(db.engine):
        assert not other.take()
        assert re.fullmatch(rf"\S+ \({os.getpid()}\): prepares the database", other.holder())
        prepare_lock.doing("migrates: một hai ba " + 80 * "x")
        assert f"({os.getpid()}): migrates" in other.holder(), "words that do not fit are cut, and stop nobody"
        assert not other.take(), "the inner one's end is not the end"
    assert other.take()
    other.close()


@BOTH
def test_it_ends_with_what_fails_inside(app: Flask) -> None:
    with pytest.raises(RuntimeError), prepare_lock.held(db.engine):
        raise RuntimeError("no room on the disk")
    prepare_lock.doing("nothing that anybody waits for")
    with prepare_lock.held(db.engine):
        pass


@BOTH
def test_what_is_done_under_it_takes_and_leaves_connections_as_ever(app: Flask) -> None:
    with prepare_lock.held(db.engine):
        assert db.session.execute(text("SELECT 1")).scalar_one() == 1
        db.session.rollback()
    with db.engine.connect() as connection:
        assert connection.execute(text("SELECT 1")).scalar_one() == 1


@pytest.mark.postgres
@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
def test_whoever_has_lost_it_with_its_connection_does_not_go_on(app: Flask) -> None:
    other = another()
    with prepare_lock.held(db.engine):
        with db.engine.connect() as connection:
            ends = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted"
            connection.execute(text(ends))
        with pytest.raises(OperationalError):
            prepare_lock.doing("migrates")
        assert other.take(), "another node has it by now"
    other.close()
