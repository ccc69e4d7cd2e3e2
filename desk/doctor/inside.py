"""Checks of what is inside: database, tables, disk, permissions, copies, worker, demo."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from flask import current_app
from sqlalchemy import text

from core import clock
from core.db import db, is_sqlite
from core.observability import heartbeat
from core.storage import sqlite
from desk.audit import schema
from desk.backups import files, schedule, shelf, taking
from desk.demo import seed
from desk.doctor.notes import Note, fault, ok, unsafe, warning
from notify import pause

GIGABYTE = 1024**3
LEAST_FREE, LITTLE_FREE = GIGABYTE // 2, 2 * GIGABYTE
CLOCKS_APART = 2.0


def production() -> bool:
    return bool(current_app.config["APP_ENV"] == "production")


def database(_now: datetime) -> Iterator[Note]:
    if not is_sqlite():
        version = db.session.execute(text("SHOW server_version")).scalar_one()
        if db.session.execute(text("SELECT pg_is_in_recovery()")).scalar_one():
            yield fault(
                "database", "this PostgreSQL is a standby: nothing can be written", "point DATABASE_URL to the primary"
            )
        yield ok("database", f"PostgreSQL {version} answers")
        return
    found = sqlite.state(db.session.connection())
    said = list(db.session.execute(text("PRAGMA quick_check(3)")).scalars())
    if said != ["ok"]:
        yield fault(
            "database",
            f"it is damaged: {'; '.join(map(str, said))}",
            "stop, and `backup restore` the newest sound copy",
        )
    if found is not None and not found.is_sound:
        yield unsafe(
            "database",
            f"{found} can, rarely, damage the database",
            "install requirements.txt anew, which brings a newer SQLite where there is one",
            production=production(),
        )
    yield ok(
        "database",
        f"{found}, quick check passed" if said == ["ok"] else str(found),
    )


def tables(_now: datetime) -> Iterator[Note]:
    found, wanted = schema.found(), schema.needed()
    if found != wanted:
        yield fault("tables", f"they are of version {found or 'none'}, this program needs {wanted}", "`db upgrade`")
    else:
        yield ok("tables", f"version {found}")


def disk(_now: datetime) -> Iterator[Note]:
    folder = Path(current_app.config["DATA_DIR"])
    free = files.free_bytes(folder)
    words, remedy = (
        f"{free / GIGABYTE:.1f} GB free for {folder}",
        "remove what is not needed, or move DATA_DIR to a larger disk",
    )
    if free < LEAST_FREE:
        yield fault("disk", words, remedy)
    elif free < LITTLE_FREE:
        yield warning("disk", words, remedy)
    else:
        yield ok("disk", words)


def permissions(_now: datetime) -> Iterator[Note]:
    folder = Path(current_app.config["DATA_DIR"])
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        yield fault(
            "permissions",
            f"this user cannot write to {folder}",
            f"chown it to the user of the program: chown -R USER {folder}",
        )
        return
    named = [
        folder,
        *(folder / name for name in ("secret-key", "truc-tet.sqlite3", "backups") if (folder / name).exists()),
    ]
    open_ones = [path for path in named if path.stat().st_mode & 0o077]
    if open_ones:
        listed = ", ".join(path.name for path in open_ones)
        yield unsafe(
            "permissions",
            f"other users of this machine can read {listed}",
            f"chmod -R go= {folder}",
            production=production(),
        )
    else:
        yield ok("permissions", f"{folder} is for its owner alone")


def clocks(_now: datetime) -> Iterator[Note]:
    if is_sqlite():
        yield ok(
            "clock",
            f"this machine says {clock.local(clock.wall()):%Y-%m-%d %H:%M:%S} in Việt Nam; compare it with yours",
        )
        return
    before, there, after = clock.wall(), clock.now(), clock.wall()
    apart = max((before - there).total_seconds(), (there - after).total_seconds(), 0.0)
    if apart > CLOCKS_APART:
        yield fault(
            "clock",
            f"this machine and the database server differ by {apart:.0f} s",
            "switch on time synchronisation (chrony, systemd-timesyncd) on both",
        )
    else:
        yield ok("clock", "this machine and the database server agree")


def worker(now: datetime) -> Iterator[Note]:
    beat_at = heartbeat.last_beat()
    if heartbeat.is_alive(now=now):
        yield ok("worker", "it beats")
    else:
        since = f"since {clock.local(beat_at):%Y-%m-%d %H:%M:%S}" if beat_at else "ever"
        yield fault(
            "worker",
            f"no worker has beaten {since}: nobody is called",
            "start the program (`make run`, or `worker` beside the web server)",
        )
    if pause.current() is not None:
        yield fault(
            "sending", "it is paused after a restore: nobody is called", "`backup resume`, or Gửi tiếp on any page"
        )


def copies(now: datetime) -> Iterator[Note]:
    good, kept = schedule.last_good().get(schedule.GOOD), shelf.copies(taking.home())
    why = schedule.late(now=now)
    if good is None:
        yield unsafe(
            "copies",
            "none was taken yet",
            "let the worker run a quarter of an hour, or `backup create F`",
            production=production(),
        )
    elif now - good > schedule.LATE:
        yield fault(
            "copies",
            f"the newest is of {clock.local(good):%Y-%m-%d %H:%M}{f': {why}' if why else ''}",
            "let the worker run, and look at its log",
        )
    else:
        yield ok("copies", f"the newest is of {clock.local(good):%Y-%m-%d %H:%M}, {len(kept)} are kept here")
    yield from _second_folder(now)


def _second_folder(now: datetime) -> Iterator[Note]:
    folder = schedule.second_folder()
    if folder is None:
        yield warning(
            "second folder",
            "copies lie on this machine only",
            "set BACKUP_DIR to a stick or a mount of another machine",
        )
        return
    if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
        yield fault(
            "second folder",
            f"{folder} is not there or cannot be written to",
            "plug it in, mount it, or chown it to the user of the program",
        )
        return
    good = schedule.last_good().get(schedule.SECOND)
    if good is None or now - good > schedule.LATE:
        yield fault(
            "second folder", f"no copy has come to {folder} for 45 minutes", "let the worker run, and look at its log"
        )
    elif folder.stat().st_dev == Path(current_app.config["DATA_DIR"]).stat().st_dev:
        yield warning("second folder", f"{folder} is on the same disk as DATA_DIR", "name a folder on another disk")
    else:
        yield ok("second folder", f"{folder}, newest of {clock.local(good):%Y-%m-%d %H:%M}")
    if not current_app.config["BACKUP_PASSPHRASE"]:
        yield warning("second folder", "anybody who finds its copies can read them", "set BACKUP_PASSPHRASE")


def demo_data(_now: datetime) -> Iterator[Note]:
    if seed.is_present():
        yield unsafe(
            "demo",
            "the invented province is in the database",
            "`demo clear`, or the button on Bắt đầu",
            production=production(),
        )
    else:
        yield ok("demo", "no invented people")
