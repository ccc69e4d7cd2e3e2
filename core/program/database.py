"""The database of the application: its engine, migrations, and what SQLite or PostgreSQL need."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
from flask import Flask
from flask_migrate import Migrate

from core.db import db, install_postgresql_rules, install_sqlite_rules
from core.security import private_files
from core.storage import postgresql, sqlite, writing


def init(app: Flask) -> None:
    app.config.setdefault("SQLALCHEMY_ENGINE_OPTIONS", _engine_options(app.config))
    db.init_app(app)
    Migrate(app, db, directory=str(Path(app.root_path) / "migrations"), render_as_batch=True, compare_type=True)
    with app.app_context():
        if not app.testing:  # a test's files and umask are its own
            private_files.start(app.config["DATA_DIR"], sqlite.file_of(db.engine))
        if db.engine.dialect.name == "sqlite":
            install_sqlite_rules(db.engine)
            sqlite.prepare(db.engine, strict=app.config["APP_ENV"] == "production")
        else:
            install_postgresql_rules(db.engine)
            postgresql.forgive_lost_lines(db.engine)
            postgresql.introduce(db.engine, lambda: program(app))
        writing.leave_stamps(db.engine)


def _engine_options(settings: Mapping[str, Any]) -> dict[str, Any]:
    # The default pool of 5 + 10 starves 32 threads. Parameters are people's names and numbers: not for the log.
    # There are some 1,500 statements; of the 500 that are kept by default each page would compile some anew.
    pool = {
        "pool_size": 20,
        "max_overflow": 40,
        "pool_use_lifo": True,  # a server's process that has just read the tables answers a fifth sooner
        "hide_parameters": True,
        "query_cache_size": 2000,
    }
    if settings["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
        return {**pool, "module": sqlite.module(settings["SQLITE_DRIVER"])}
    return pool


def program(app: Flask) -> str:
    """Return which one this process is: ``web`` and ``worker`` say so themselves, of commands it is the name."""
    command = click.get_current_context(silent=True)
    return str(app.config.get("PROGRAM") or (command and command.info_name) or "command")
