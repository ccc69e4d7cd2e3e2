"""Test clients whose requests do not share the test's own application context.

Flask lets a request inside a pushed application context reuse it: ``g``, the signed-in user and the database session
would leak from one request to the next and hide exactly the mistakes that tests are for.
"""

from __future__ import annotations

import contextvars
from typing import Any

from click.testing import Result
from flask import has_app_context
from flask.testing import FlaskClient, FlaskCliRunner

from core.db import db


def _end_reading() -> None:
    """Let go of what this test has read, so that it sees what the request will have written, and locks nothing."""
    if not has_app_context():
        return
    session = db.session
    assert not (session.new or session.dirty or session.deleted), "unsaved rows: write inside core.db.transaction()"
    session.rollback()


class IsolatedClient(FlaskClient):
    def open(self, *args: Any, **kwargs: Any) -> Any:
        _end_reading()
        return contextvars.Context().run(super().open, *args, **kwargs)


class IsolatedRunner(FlaskCliRunner):
    def invoke(self, *args: Any, **kwargs: Any) -> Result:
        _end_reading()
        return contextvars.Context().run(super().invoke, *args, **kwargs)
