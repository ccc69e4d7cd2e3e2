"""What the worker forgets, and what the database's error messages never repeat."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Response
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

import worker
from core.api import idempotency
from core.models import IdempotencyKey, Throttle
from core.security import throttle
from core.security.throttle import AttemptLimit
from tests.support.factories import ADMIN, NOW


def test_stored_answers_and_counters_are_forgotten_in_time(db: Any) -> None:
    for age in (8, 6):
        at = NOW - timedelta(days=age)
        idempotency.once(f"k{age}", "x", lambda: Response("{}", 201), actor=ADMIN, now=at)
        throttle.take({f"t{age}": AttemptLimit(5, timedelta(minutes=5))}, now=at)
    for job in worker.jobs("housekeeping"):
        job.run(NOW)
    assert db.session.scalars(select(IdempotencyKey.key)).all() == ["k6"]
    assert db.session.scalar(select(func.count()).select_from(Throttle)) == 0


def test_database_errors_do_not_repeat_the_parameters(db: Any) -> None:
    with pytest.raises(DBAPIError) as error:
        db.session.execute(text("SELECT :secret FROM nowhere"), {"secret": "0900000101"})
    assert "0900000101" not in str(error.value)
