"""The product on a database as an older version left it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy.engine import URL

from app import create_app
from core.db import db
from tests.support.postgres import fresh_database


@contextmanager
def at_revision(revision: str, folder: Path, server: URL | None) -> Iterator[Flask]:
    """An application whose tables are those of ``revision``, on SQLite in ``folder`` or on the PostgreSQL ``server``.

    In its context; ``flask_migrate.upgrade()`` brings it up to date.
    """
    with ExitStack() as stack:
        url = f"sqlite:///{folder}/old.sqlite3"
        if server is not None:
            url = stack.enter_context(fresh_database(server, "template0")).render_as_string(hide_password=False)
        app = create_app({"TESTING": True, "SQLALCHEMY_DATABASE_URI": url, "WTF_CSRF_ENABLED": False, "DEMO": False})
        with app.app_context():
            upgrade(revision=revision)
            yield app
            db.session.remove()
            db.engine.dispose()
