"""The copies of the data: whether there are any, whether the newest can be used, and whether the next can be made."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import select

from core import clock
from core.db import db, is_sqlite
from core.models import Heartbeat
from core.server import worker_slot
from desk.backups import archive, files, postgres_copy, postgres_tools, restoring, schedule, shelf, taking
from desk.backups.faults import CopyFault, ToolMissing
from desk.copy_secrets import kept_passphrase
from desk.health_checks.check import CheckFinding, CheckPassed, CheckSkipped, HealthCheck
from desk.health_checks.machine import DATABASE, TABLES

PROGRAMS = ("pg_dump", "pg_restore")


def _never(_now: datetime) -> CheckFinding | None:
    return None if schedule.GOOD in schedule.last_good() else CheckFinding("backup_never", 1)


def _late(now: datetime) -> CheckFinding | None:
    why = schedule.late(now=now)
    return CheckFinding("backup_late", 1, why, since=schedule.last_good().get(schedule.GOOD)) if why else None


def _old(now: datetime) -> CheckFinding | CheckPassed | None:
    good = schedule.last_good().get(schedule.GOOD)
    if good is None:
        return None
    said = f"{clock.local(good):%Y-%m-%d %H:%M}"
    if now - good > schedule.LATE:
        return CheckFinding("backup_old", 1, said, since=good)
    return CheckPassed(_("bản mới nhất lúc %(time)s", time=said))


def _gone(_now: datetime) -> CheckFinding | CheckPassed | CheckSkipped | None:
    """Nothing to bring back from any more, although copies were taken."""
    if not _noted().get("file"):
        return None
    # The second folder only where the first has none: a mount may be away, or hang, and this is asked every minute.
    for folder in _folders():
        try:
            kept = len(shelf.copies(folder))
        except OSError as fault:
            return CheckSkipped(why=str(fault))
        if kept:
            return CheckPassed(_("còn giữ %(n)s bản", n=kept))
    return _elsewhere() or CheckFinding("copies_gone", 1, ", ".join(map(str, _folders())))


def _missing(_now: datetime) -> CheckFinding | CheckSkipped | None:
    """Older ones are there, the newest is not: somebody took it away."""
    name = _noted().get("file")
    try:
        if not name or any((folder / name).exists() for folder in _folders()):
            return None
    except OSError as fault:
        return CheckSkipped(why=str(fault))
    return _elsewhere() or CheckFinding("copy_missing", 1, name)


def _cut(_now: datetime) -> CheckFinding | None:
    """Its size alone: what a full disk, a torn-out stick or a careless hand leaves, at the price of a glance."""
    noted = _noted()
    path = taking.home() / noted.get("file", "")
    if not noted.get("size") or not path.is_file() or path.stat().st_size == noted["size"]:
        return None
    return CheckFinding("copy_cut", 1, f"{path.name}: {path.stat().st_size} / {noted['size']} bytes")


def _damaged(_now: datetime) -> CheckFinding | CheckPassed | CheckSkipped | None:
    """Read to its last byte, and what is inside asked by the database's own check, as ``backup verify`` does."""
    for folder in _folders():
        newest = next(iter(shelf.copies(folder)), None)
        if newest is not None:
            return _verified(newest.path)
    return None


def _verified(path: Path) -> CheckFinding | CheckPassed | CheckSkipped:
    try:
        with files.workshop(files.private_folder(taking.home()), "doctor") as shop:
            restoring.unpack(path, kept_passphrase.current(), shop)
    except archive.Sealed:
        return CheckSkipped(why=_("bản sao có niêm phong mà chưa đặt BACKUP_PASSPHRASE"))
    except archive.Locked:
        return CheckSkipped(
            why=_("bản sao niêm phong bằng mật khẩu khác mật khẩu đang dùng: bản sau sẽ dùng mật khẩu mới")
        )
    except archive.Damaged as fault:
        return CheckFinding("copy_damaged", 1, f"{path}: {fault}")
    except (CopyFault, OSError) as fault:  # no room to unpack it, no program that reads it
        return CheckSkipped(why=str(fault))
    return CheckPassed(_("đã đọc hết bản mới nhất: dùng được"))


def _no_programs(_now: datetime) -> CheckFinding | None:
    """PostgreSQL's own programs, of a version that fits the server."""
    if is_sqlite():
        return None
    server = postgres_copy.server_version(db.session.connection())[1]
    try:
        for name in PROGRAMS:
            postgres_tools.program(name, server=server, folder=current_app.config["PG_BIN"])
    except ToolMissing as fault:
        return CheckFinding("pg_dump_missing", 1, str(fault))
    return None


def _second_folder_none(_now: datetime) -> CheckFinding | None:
    return None if schedule.second_folder() else CheckFinding("second_folder_none", 1)


def _second_folder_away(_now: datetime) -> CheckFinding | None:
    folder = _second()
    there = folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)
    return None if there else CheckFinding("second_folder_away", 1, str(folder))


def _second_folder_late(now: datetime) -> CheckFinding | CheckPassed:
    good = schedule.last_good().get(schedule.SECOND)
    if good is None or now - good > schedule.LATE:
        return CheckFinding("second_folder_late", 1, str(_second()), since=good)
    return CheckPassed(_("bản mới nhất lúc %(time)s", time=f"{clock.local(good):%Y-%m-%d %H:%M}"))


def _second_folder_near(_now: datetime) -> CheckFinding | None:
    same = _second().stat().st_dev == Path(current_app.config["DATA_DIR"]).stat().st_dev
    return CheckFinding("second_folder_near", 1, str(_second())) if same else None


def _second_folder_open(_now: datetime) -> CheckFinding | None:
    return None if kept_passphrase.current() else CheckFinding("second_folder_open", 1, str(_second()))


def _second_folder_keys(_now: datetime) -> CheckFinding | None:
    found = shelf.with_key(_second())
    return CheckFinding("second_folder_keys", len(found), found[-1].name) if found else None


def _second() -> Path:
    return Path(current_app.config["BACKUP_DIR"])


def _folders() -> list[Path]:
    second = schedule.second_folder()
    return [taking.home(), *([second] if second else [])]


def _noted() -> Mapping[str, Any]:
    """Name and size of the newest copy, as noted when it was taken."""
    return db.session.scalar(select(Heartbeat.detail).where(Heartbeat.name == schedule.GOOD)) or {}


def _elsewhere() -> CheckSkipped | None:
    """Copies of a day lie with the node that takes them: what is not here may well be there."""
    turn = db.session.scalar(select(Heartbeat.detail).where(Heartbeat.name == schedule.TURN)) or {}
    node = turn.get("node")
    if not node or node == worker_slot.name(Path(current_app.config["DATA_DIR"])):
        return None
    return CheckSkipped(why=_("bản sao nằm ở máy khác (%(node)s), hỏi ở máy đó", node=node))


LATE = HealthCheck("backup_late", "copies", "copies", "fault", "cheap", _late, (TABLES,))
CHECKS = (
    HealthCheck("pg_dump_missing", "copies", "copies", "fault", "expensive", _no_programs, (DATABASE,)),
    HealthCheck(
        "backup_never",
        "copies",
        "copies",
        "unsafe",
        "expensive",
        _never,
        (TABLES, "worker_late", "pg_dump_missing"),
    ),
    HealthCheck("backup_old", "copies", "copies", "fault", "expensive", _old, (TABLES, "backup_late")),
    HealthCheck("copies_gone", "copies", "copies", "fault", "cheap", _gone, (TABLES,)),
    HealthCheck("copy_missing", "copies", "copies", "fault", "cheap", _missing, ("copies_gone",)),
    HealthCheck("copy_cut", "copies", "copies", "fault", "cheap", _cut, ("copy_missing",)),
    HealthCheck("copy_damaged", "copies", "copies", "fault", "expensive", _damaged, ("copy_cut", "pg_dump_missing")),
    HealthCheck("second_folder_none", "second folder", "copies", "note", "expensive", _second_folder_none),
    HealthCheck(
        "second_folder_away",
        "second folder",
        "copies",
        "fault",
        "expensive",
        _second_folder_away,
        ("second_folder_none",),
    ),
    HealthCheck(
        "second_folder_late",
        "second folder",
        "copies",
        "fault",
        "expensive",
        _second_folder_late,
        ("second_folder_away", TABLES, "backup_never", "backup_old"),
    ),
    HealthCheck(
        "second_folder_near",
        "second folder",
        "copies",
        "note",
        "expensive",
        _second_folder_near,
        ("second_folder_away",),
    ),
    HealthCheck(
        "second_folder_keys",
        "second folder",
        "copies",
        "unsafe",
        "expensive",
        _second_folder_keys,
        ("second_folder_away",),
    ),
    HealthCheck(
        "second_folder_open",
        "second folder",
        "copies",
        "note",
        "expensive",
        _second_folder_open,
        ("second_folder_away",),
    ),
)
