"""The version of the database's tables, and the one that this program needs."""

from __future__ import annotations

from functools import cache

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app

from core.db import db


def found() -> str | None:
    return MigrationContext.configure(db.session.connection()).get_current_revision()


def needed() -> str | None:
    return _head(str(current_app.extensions["migrate"].directory))


@cache
def _head(directory: str) -> str | None:
    """Read once: a program that runs does not change, and /readyz asks every few seconds."""
    return ScriptDirectory(directory).get_current_head()


def fault(wanted: str | None) -> str:
    """Return what is wrong between this program and the database's tables, or ''."""
    kept = found()
    db.session.rollback()
    if kept == wanted:
        return ""
    return (
        f"the database is at schema version {kept or 'none'}, this worker needs {wanted}: "
        "run `flask --app app db upgrade` with this version of the program, then start the worker again"
    )
