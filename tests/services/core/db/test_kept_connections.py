"""A connection to PostgreSQL that was kept is not used once the server has gone: nobody's request fails for it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import create_engine, select, text

import core.db
from core.db import db as database
from people.models import Unit


@pytest.fixture
def dialect() -> str:
    return "postgresql"


@pytest.fixture(autouse=True)
def _none_is_left_of_before(db: Any) -> None:
    """Else another one than a moment ago may come next."""
    db.engine.dispose()


def pids() -> int:
    found = database.session.scalar(text("SELECT pg_backend_pid()"))
    database.session.remove()
    assert isinstance(found, int)
    return found


@pytest.mark.parametrize("ask_after", [3600.0, 0.0])
def test_the_next_request_gets_another_one(db: Any, monkeypatch: pytest.MonkeyPatch, ask_after: float) -> None:
    monkeypatch.setattr(core.db, "ASK_AFTER", ask_after)
    kept = pids()
    assert pids() == kept
    beside = create_engine(database.engine.url)
    with beside.begin() as connection:
        connection.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": kept})
    beside.dispose()
    assert database.session.scalar(select(Unit.id).limit(1)) is None
    assert pids() != kept


@pytest.mark.parametrize(("ask_after", "times"), [(3600.0, 0), (0.0, 1)])
def test_who_has_just_worked_is_not_asked(
    db: Any, monkeypatch: pytest.MonkeyPatch, ask_after: float, times: int
) -> None:
    monkeypatch.setattr(core.db, "ASK_AFTER", ask_after)
    asked: list[Any] = []
    kept = pids()
    monkeypatch.setattr(database.engine.dialect, "do_ping", asked.append)
    assert pids() == kept
    assert len(asked) == times
