"""/healthz and /readyz: for watchdogs, without signing in."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from core import clock
from core.calendar.moments import rfc3339
from core.db import db, is_sqlite
from core.storage import sqlite
from desk.audit import locks
from desk.audit.findings import READYZ, findings
from desk.health_checks.machine import DATABASE
from people.access import guard

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@guard.public
def healthz() -> ResponseReturnValue:
    """The process is alive."""
    return jsonify(status="ok")


@bp.get("/readyz")
@guard.public
def readyz() -> ResponseReturnValue:
    """Database answers, migrations are current, the worker beats, nothing is late; 503 with reasons otherwise."""
    reasons, database = _reasons(), _database()
    more = {"locks": [_told(each) for each in locks.held(now=clock.now())]} if "database_locked" in reasons else {}
    response = jsonify(status="not_ready" if reasons else "ready", reasons=reasons, database=database, **more)
    response.headers["Cache-Control"] = "no-store"
    return response, 503 if reasons else 200


def _told(lock: locks.BlockingLock) -> dict[str, Any]:
    return {**asdict(lock), "since": rfc3339(lock.since) if lock.since else None}


def _reasons() -> list[str]:
    try:
        return [each.kind for each in findings(now=clock.now(), checks=READYZ)]
    except SQLAlchemyError:
        return [DATABASE]


def _database() -> str | None:
    """Its name alone; of what version it is says /system/ to who has signed in."""
    try:
        db.session.connection()
    except SQLAlchemyError:
        return None
    return "SQLite" if is_sqlite() else "PostgreSQL"


def database_words() -> str:
    """The database's name and version, and on SQLite the library and the journal of its file."""
    connection = db.session.connection()
    found = sqlite.state(connection)
    if found is not None:
        return str(found)
    return "PostgreSQL " + ".".join(map(str, connection.dialect.server_version_info or ()))
