"""The product on a database as an older version left it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy.engine import URL

from app import create_app
from core.db import db
from tests.support.postgres import create_database, drop_database

NAME = "tt_of_before"


@contextmanager
def at_revision(revision: str, folder: Path, server: URL | None) -> Iterator[Flask]:
    """An application whose tables are those of ``revision``, on SQLite in ``folder`` or on the PostgreSQL ``server``.

    In its context; ``flask_migrate.upgrade()`` brings it up to date.
    """
    url = f"sqlite:///{folder}/old.sqlite3"
    if server is not None:
        create_database(server, NAME, "template0")
        url = server.set(database=NAME).render_as_string(hide_password=False)
    app = create_app({"TESTING": True, "SQLALCHEMY_DATABASE_URI": url, "WTF_CSRF_ENABLED": False, "DEMO": False})
    try:
        with app.app_context():
            upgrade(revision=revision)
            yield app
            db.session.remove()
            db.engine.dispose()
    finally:
        if server is not None:
            drop_database(server, NAME)
