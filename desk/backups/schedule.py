"""A copy every quarter of an hour, by one worker of all; into a second folder too. What fails is told, never fatal.

Memory is in the database: the row ``TURN`` says whose turn it was and what has failed since when, ``GOOD`` and
``SECOND`` when a copy last came to lie in each folder.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core import clock
from core.db import db, transaction
from core.models import Heartbeat
from core.observability import heartbeat
from core.server import worker_slot
from desk.backups import archive, files, shelf, taking
from desk.backups.faults import CopyFault, ToolMissing
from desk.copy_secrets import kept_passphrase

EVERY = timedelta(minutes=15)
AGAIN = timedelta(minutes=5)
"""After a failure."""
OTHERS = timedelta(minutes=3)
"""Later than that, another node does it: copies of a day lie together as long as their node lives."""
LATE = timedelta(minutes=45)
TURN, GOOD, SECOND = "backup.turn", "backup", "backup.second"
log = logging.getLogger(__name__)


def run(now: datetime) -> bool:
    """Take the copy that is due, if it is this node's turn; whether one was taken. Faults are noted, not raised."""
    name = worker_slot.name(Path(current_app.config["DATA_DIR"]))
    before = _take_turn(now, name)
    if before is None:
        return False
    failed, second, taken = "", "", None
    try:
        taken = take("scheduled", now=now)
        heartbeat.beat(GOOD, now=clock.now(), file=taken.name, size=taken.stat().st_size)
    except Exception as fault:  # whatever it is, somebody must be told
        db.session.rollback()
        log.error("no copy was taken: %s", fault, exc_info=not isinstance(fault, CopyFault))
        failed = str(fault) or type(fault).__name__
    if taken is not None and second_folder() is not None:
        second = _second(taken, now)
        if not second:
            heartbeat.beat(SECOND, now=clock.now(), file=taken.name)
    _note(name, before, failed, second, now=now)
    return not failed


def take(reason: str, *, now: datetime) -> Path:
    """A copy in ``DATA_DIR/backups``; the older ones are thinned afterwards."""
    passphrase = kept_passphrase.before_tables()
    folder = files.private_folder(taking.home())
    target = folder / shelf.name_for(now, reason, sealed=bool(passphrase))
    taking.create(target, reason=reason, passphrase=passphrase, now=now)
    shelf.thin(folder, now=now)
    return target


def before_migration(*, now: datetime) -> Path | None:
    """A copy before the tables change. ``None``, with a warning, where PostgreSQL's programs are missing on a desk;
    in production that is refused. Raises ``CopyFault``, ``OSError``."""
    try:
        taken = take("before-migration", now=now)
    except ToolMissing as fault:
        if current_app.config["APP_ENV"] == "production":
            raise CopyFault(str(fault)) from fault
        log.warning("no copy is made before the migration: %s", fault)
        return None
    if second_folder() is not None:
        _second(taken, now)
    return taken


def second_folder() -> Path | None:
    given = current_app.config["BACKUP_DIR"]
    return Path(given) if given else None


def leaves(target: Path) -> bool:
    """Whether a copy of that name comes to lie where copies leave the machine."""
    second = second_folder()
    return second is not None and target.resolve().is_relative_to(second.resolve())


def last_good() -> Mapping[str, datetime]:
    """``GOOD`` and ``SECOND`` → when a copy last came to lie there."""
    rows = db.session.execute(select(Heartbeat.name, Heartbeat.beat_at).where(Heartbeat.name.in_((GOOD, SECOND))))
    return dict(rows.tuples().all())


def late(*, now: datetime) -> str:
    """Return what has failed for longer than promised, or ''."""
    row = db.session.scalar(select(Heartbeat).where(Heartbeat.name == TURN))
    if row is None:
        return ""
    for what in ("failed", "second"):
        since = row.detail.get(f"{what}_since")
        if since and now - datetime.fromisoformat(since) > LATE:
            return str(row.detail[what])
    return "a copy is being taken and does not end" if row.detail.get("running") and now - row.beat_at > LATE else ""


def _second(taken: Path, now: datetime) -> str:
    """Return what went wrong, or ''."""
    folder = second_folder()
    assert folder is not None  # noqa: S101 (asked before)
    try:
        shelf.carry(taken, folder)
        shelf.thin(folder, now=now)
        if current_app.config["SECRET_KEY_KEPT"]:
            shelf.take_key_out(folder, current_app.config["SECRET_KEY"])
        return ""
    except (CopyFault, OSError, archive.Damaged) as fault:
        log.error("the copy did not reach the second folder: %s", fault)
        return str(fault)


def _take_turn(now: datetime, name: str) -> Mapping[str, Any] | None:
    """Return what was noted last time, if it is our turn now; the turn is ours then."""
    wanted = select(Heartbeat).where(Heartbeat.name == TURN)
    if not _is_due(db.session.scalar(wanted), now, name):
        return None
    try:
        with transaction() as session:
            row = session.scalar(wanted.with_for_update().execution_options(populate_existing=True))
            if not _is_due(row, now, name):
                return None
            before = dict(row.detail) if row is not None else {}
            session.merge(Heartbeat(name=TURN, beat_at=now, detail={**before, "node": name, "running": True}))
            return before
    except IntegrityError:  # the very first turn, and another worker was quicker
        return None


def _is_due(row: Heartbeat | None, now: datetime, name: str) -> bool:
    if row is None:
        return True
    wait = EVERY if row.detail.get("node") == name else EVERY + OTHERS
    return not timedelta(0) <= now - row.beat_at < wait


def _note(name: str, before: Mapping[str, Any], failed: str, second: str, *, now: datetime) -> None:
    def since(what: str, words: str) -> str:
        return (before.get(f"{what}_since") or now.isoformat()) if words else ""

    detail = {
        "node": name,
        "running": False,
        "failed": failed,
        "failed_since": since("failed", failed),
        "second": second,
        "second_since": since("second", second),
    }
    heartbeat.beat(TURN, now=now - (EVERY - AGAIN if failed else timedelta(0)), **detail)
