"""Test clients whose requests do not share the test's own application context, and who look at each page they get.

Flask lets a request inside a pushed application context reuse it: ``g``, the signed-in user and the database session
would leak from one request to the next and hide exactly the mistakes that tests are for.
What is wrong with a page (``page_markup``, ``page_links``, ``page_english``) fails the test that fetched it.
"""

from __future__ import annotations

import contextvars
from typing import Any

from click.testing import Result
from flask import Flask, has_app_context
from flask.testing import FlaskClient, FlaskCliRunner

from core.db import db
from tests.support import page_english, page_links, page_markup


def _end_reading() -> None:
    """Let go of what this test has read, so that it sees what the request will have written, and locks nothing."""
    if not has_app_context():
        return
    session = db.session
    assert not (session.new or session.dirty or session.deleted), "unsaved rows: write inside core.db.transaction()"
    session.rollback()
    session.expire_all()  # a rollback lets go of nothing where no transaction was open


class IsolatedClient(FlaskClient):
    def open(self, *args: Any, **kwargs: Any) -> Any:
        _end_reading()
        vietnamese = contextvars.Context().run(page_english.missing, self.application)
        vietnamese.clear()
        answer = contextvars.Context().run(super().open, *args, **kwargs)
        assert not vietnamese, f"asked for in English, there in Vietnamese alone: {vietnamese}"
        if _shows_a_page(answer):
            _look(answer, self.application)
        return answer


def _shows_a_page(answer: Any) -> bool:
    """Whether somebody would look at it: redirects are followed, and what is packed is the same page again."""
    return (
        answer.mimetype == "text/html"
        and not 300 <= answer.status_code < 400
        and answer.request.method != "HEAD"
        and not answer.content_encoding
    )


def _look(answer: Any, app: Flask) -> None:
    markup = answer.get_data(as_text=True)
    tree = page_markup.parse_markup(markup)
    wrong = [*page_markup.faults(markup, tree), *page_links.faults(tree, app, answer.request.base_url)]
    assert not wrong, "\n".join([f"{answer.request.method} {answer.request.path}:", *wrong])


class IsolatedRunner(FlaskCliRunner):
    def invoke(self, *args: Any, **kwargs: Any) -> Result:
        _end_reading()
        return contextvars.Context().run(super().invoke, *args, **kwargs)
