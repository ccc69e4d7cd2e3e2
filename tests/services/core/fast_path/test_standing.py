"""What is kept in memory holds no longer than until somebody changes it, in whatever way it is changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from core.db import db as database, transaction
from core.fast_path import shared_cache
from incidents.catalogue import queries as catalogue
from incidents.catalogue.models import ResponseTarget
from tests.support.statements import statements
from tests.support.tet_night import Night

pytestmark = pytest.mark.both_dbs("each driver tells of changes in its own way")
MIN = timedelta(minutes=1)


def seen() -> str | None:
    database.session.rollback()
    found: str | None = database.session.scalar(select(shared_cache.stamp()))
    return found


def by_the_form(session: Session) -> None:
    row = session.scalars(select(ResponseTarget).where(ResponseTarget.severity == 3)).one()
    row.acknowledge_seconds = 77 * 60


def by_many_at_once(session: Session) -> None:
    session.execute(update(ResponseTarget).where(ResponseTarget.severity == 3).values(acknowledge_seconds=77 * 60))


def by_hand(session: Session) -> None:
    session.execute(text("UPDATE response_targets SET acknowledge_seconds = 4620 WHERE severity = 3"))


@pytest.mark.parametrize("change", [by_the_form, by_many_at_once, by_hand])
def test_a_change_holds_from_its_commit_on(night: Night, change: Callable[[Session], None]) -> None:
    before, stamp = catalogue.standing_targets(seen()), seen()
    assert stamp is not None
    assert catalogue.standing_targets(stamp) is before, "kept: nothing was changed"
    with transaction() as session:
        change(session)
        session.flush()
        assert catalogue.standing_targets(stamp)[3].acknowledge == 77 * MIN, "who writes sees what they wrote"
    assert seen() != stamp
    assert catalogue.standing_targets(seen())[3].acknowledge == 77 * MIN


def test_what_was_taken_back_changes_nothing(night: Night) -> None:
    stamp = seen()
    kept = catalogue.standing_targets(stamp)
    with pytest.raises(RuntimeError, match="taken back"), transaction() as session:
        by_many_at_once(session)
        raise RuntimeError("taken back")
    assert seen() == stamp
    assert catalogue.standing_targets(stamp) is kept


def test_a_look_asks_for_a_stamp_once_in_a_transaction_and_sees_a_change_in_the_next(night: Night) -> None:
    with shared_cache.within_a_block():
        before = shared_cache.seen(shared_cache.KEY)
        with statements() as asked:
            assert shared_cache.seen(shared_cache.KEY) == before
        assert asked == []
        database.session.rollback()
        with transaction() as session:
            by_the_form(session)
        assert shared_cache.seen(shared_cache.KEY) != before
