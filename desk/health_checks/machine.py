"""The machine and its database: whether it answers, is whole, has room, and belongs to nobody else."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from core import clock
from core.db import db, is_sqlite
from core.storage import sqlite
from desk import trial
from desk.backups import files
from desk.health_checks.check import CheckFinding, CheckPassed, HealthCheck

GIGABYTE = 1024**3
LEAST_FREE, LITTLE_FREE = GIGABYTE // 2, 2 * GIGABYTE
CLOCKS_APART = 2.0


def _answers(_now: datetime) -> CheckFinding | CheckPassed:
    """Asked without a statement of our own: a connection is enough, or the lack of one."""
    try:
        connection = db.session.connection()
        found = sqlite.state(connection)
    except SQLAlchemyError as why:
        db.session.rollback()
        return CheckFinding("database_unavailable", 1, _first_line(getattr(why, "orig", None) or why))
    if found is not None:
        return CheckPassed(str(found))
    return CheckPassed("PostgreSQL " + ".".join(map(str, connection.dialect.server_version_info or ())))


def _first_line(why: object) -> str:
    return (str(why).strip().splitlines() or [type(why).__name__])[0]


def _standby(_now: datetime) -> CheckFinding | None:
    """A PostgreSQL that only follows another one refuses every write."""
    follows = not is_sqlite() and db.session.execute(text("SELECT pg_is_in_recovery()")).scalar_one()
    return CheckFinding("database_standby", 1) if follows else None


def _damaged(_now: datetime) -> CheckFinding | CheckPassed | None:
    if not is_sqlite():
        return None
    said = list(db.session.execute(text("PRAGMA quick_check(3)")).scalars())
    if said != ["ok"]:
        return CheckFinding("database_damaged", 1, "; ".join(map(str, said)))
    return CheckPassed(_("kiểm tra nhanh không thấy hỏng"))


def _folder() -> Path:
    return Path(current_app.config["DATA_DIR"])


def _full(_now: datetime) -> CheckFinding | None:
    return _free_below("disk_full", LEAST_FREE)


def _almost_full(_now: datetime) -> CheckFinding | CheckPassed:
    words = _("còn trống %(size)s GB", size=f"{files.free_bytes(_folder()) / GIGABYTE:.1f}")
    return _free_below("disk_low", LITTLE_FREE) or CheckPassed(words)


def _free_below(kind: str, least: int) -> CheckFinding | None:
    free = files.free_bytes(_folder())
    return CheckFinding(kind, 1, f"{_folder()}: {free / GIGABYTE:.1f} GB") if free < least else None


def _unwritable(_now: datetime) -> CheckFinding | None:
    may = os.access(_folder(), os.R_OK | os.W_OK | os.X_OK)
    return None if may else CheckFinding("folder_unwritable", 1, str(_folder()))


def _readable(_now: datetime) -> CheckFinding | None:
    folder = _folder()
    inside = (folder / name for name in ("secret-key", "truc-tet.sqlite3", "backups"))
    open_ones = [path.name for path in (folder, *inside) if path.exists() and path.stat().st_mode & 0o077]
    return CheckFinding("folder_readable", len(open_ones), ", ".join(open_ones)) if open_ones else None


def _clocks_apart(_now: datetime) -> CheckFinding | CheckPassed | None:
    if is_sqlite():
        return CheckPassed(_("máy này đang là %(time)s", time=f"{clock.local(clock.wall()):%Y-%m-%d %H:%M:%S}"))
    before, there, after = clock.wall(), clock.now(), clock.wall()
    apart = max((before - there).total_seconds(), (there - after).total_seconds(), 0.0)
    return CheckFinding("clock_apart", 1, f"{apart:.0f} s") if apart > CLOCKS_APART else None


def _demo(_now: datetime) -> CheckFinding | None:
    return CheckFinding("demo_present", 1) if trial.has_invented_people() else None


DATABASE, TABLES = "database_unavailable", "migrations_pending"
"""What nearly everything rests on."""
GROUND = (HealthCheck(DATABASE, "database", "ground", "calls", "cheap", _answers),)
CHECKS = (
    HealthCheck("database_standby", "database", "machine", "calls", "expensive", _standby, (DATABASE,)),
    HealthCheck("database_damaged", "database", "machine", "calls", "expensive", _damaged, (DATABASE,)),
    HealthCheck("folder_unwritable", "permissions", "machine", "fault", "expensive", _unwritable),
    HealthCheck("folder_readable", "permissions", "machine", "unsafe", "expensive", _readable, ("folder_unwritable",)),
    HealthCheck("disk_full", "disk", "machine", "fault", "expensive", _full, ("folder_unwritable",)),
    HealthCheck("disk_low", "disk", "machine", "note", "expensive", _almost_full, ("disk_full",)),
    HealthCheck("clock_apart", "clock", "machine", "fault", "expensive", _clocks_apart, (DATABASE,)),
    HealthCheck("demo_present", "demo", "machine", "unsafe", "expensive", _demo, (TABLES,)),
)
