"""Bringing a copy back: checked whole, prepared beside the present data, put in place at once, with sending paused.

What was there is moved aside, never removed. When anything fails, it is as it was before.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, cast

from alembic.script import ScriptDirectory
from flask import current_app
from flask_migrate import upgrade
from sqlalchemy.exc import SQLAlchemyError

from core.db import db, is_sqlite
from core.program.commands import ACTOR
from desk.backups import archive, files, restoring_postgres, restoring_sqlite, sqlite_copy, stopped, taking
from desk.backups.faults import CopyFault, ToolMissing
from desk.backups.manifest import SECRET, CopyPart, Manifest
from desk.copy_secrets import unopened
from desk.copy_secrets.unopened import Unopened
from incidents.public_reports import sheets as report_sheets

Say = Callable[[str], None]


@dataclass(frozen=True)
class Restored:
    """``aside``: where the data lie that were there before. ``other_key``: the copy's key is not the one that holds
    now, and ``unopened`` is what it had sealed."""

    manifest: Manifest
    aside: str
    other_key: bool = False
    unopened: Sequence[Unopened] = ()


@dataclass(frozen=True)
class Orders:
    """``replace``: an installation that has data is moved aside. ``other_key``: what the copy's key sealed is lost."""

    replace: bool = False
    other_key: bool = False


def restore(path: Path, *, passphrase: str | None, orders: Orders, now: datetime, say: Say) -> Restored:
    """Put the copy in place and bring it to this program's tables. Raises ``CopyFault``, ``Damaged``, ``Sealed``."""
    data_dir = Path(current_app.config["DATA_DIR"])
    db.session.remove()
    with stopped.held(data_dir):
        _ensure_unused()
        with files.workshop(data_dir, "restore") as shop:
            say("checking the copy")
            manifest = unpack(path, passphrase, shop)
            ensure_fits(manifest)
            _ensure_key(manifest, shop, orders)
            return _switch(manifest, shop, orders, now, say=say)


def unpack(path: Path, passphrase: str | None, shop: Path) -> Manifest:
    """All parts, as files of their own names in ``shop``, each found sound."""
    manifest = archive.read_manifest(path, passphrase)
    taking.ensure_room(shop, manifest.size)

    def into(part: CopyPart) -> IO[bytes]:
        return cast(IO[bytes], open(shop / part.name, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)))

    archive.read_archive(path, passphrase, into)
    check_database(manifest, shop)
    return manifest


def check_database(manifest: Manifest, shop: Path) -> None:
    """Ask the database's own library or program whether the part is sound. Raises ``Damaged``."""
    part = manifest.database
    try:
        if manifest.kind == "sqlite":
            sqlite_copy.check(db.engine, shop / part.name)
        else:
            restoring_postgres.check(shop / part.name, manifest)
    except ToolMissing:
        raise
    except CopyFault as fault:
        raise archive.Damaged(part.name, str(fault)) from fault


def ensure_fits(manifest: Manifest) -> None:
    """Raises ``CopyFault`` when this program or this database cannot take it."""
    here = "sqlite" if is_sqlite() else "postgresql"
    if manifest.kind != here:
        raise CopyFault(f"this is a copy of a {manifest.kind} database, and DATABASE_URL names a {here} one")
    scripts = ScriptDirectory(current_app.extensions["migrate"].directory)
    if manifest.schema not in {script.revision for script in scripts.walk_revisions()}:
        raise CopyFault(
            f"the copy has tables of version {manifest.schema or 'none'}, which this program does not know: "
            f"it was made by version {manifest.product}; restore it with that one or a newer one"
        )


def _ensure_unused() -> None:
    if is_sqlite():
        restoring_sqlite.ensure_unused(db.engine)
    else:
        db.engine.dispose()
        stopped.ensure_postgresql_unused(db.engine)


def _ensure_key(manifest: Manifest, shop: Path, orders: Orders) -> None:
    """The key that will hold after the restore must be the one that sealed what is in the copy."""
    if current_app.config["SECRET_KEY_KEPT"] and manifest.key_kept:
        if taking.fingerprint((shop / SECRET).read_text().strip()) != manifest.key:
            raise archive.Damaged(SECRET, "is not the key that the manifest names")
        return
    if taking.fingerprint(current_app.config["SECRET_KEY"]) != manifest.key and not orders.other_key:
        raise CopyFault(
            "SECRET_KEY is another one than when the copy was taken, and the copy does not bring it: what it sealed "
            "(passwords of gateways, devices of people …) would be lost. Set the old SECRET_KEY, put the old machine's "
            f"DATA_DIR/{SECRET} into this DATA_DIR, or say --other-key: then all that must be entered anew is listed"
        )


def _switch(manifest: Manifest, shop: Path, orders: Orders, now: datetime, *, say: Say) -> Restored:
    place = restoring_sqlite.SqliteTarget(db.engine) if is_sqlite() else restoring_postgres.PostgresTarget(db.engine)
    if place.has_data() and not orders.replace:
        raise CopyFault(
            f"{place} holds data already: say --replace to have them moved aside (they are kept), "
            "or choose an empty DATA_DIR or DATABASE_URL"
        )
    say("putting it in place")
    aside = place.put(shop / manifest.database.name, manifest, now)
    try:
        say("bringing its tables to this version")
        _upgrade()
        if manifest.key_kept and current_app.config["SECRET_KEY_KEPT"]:
            _put_key(shop / SECRET, now)
        other_key = taking.fingerprint(current_app.config["SECRET_KEY"]) != manifest.key
        lost = unopened.settle(actor=ACTOR, now=now) if other_key else ()
        if other_key:
            report_sheets.void(actor=ACTOR, now=now)
    except BaseException:
        db.engine.dispose()
        place.put_back(aside)
        raise
    finally:
        db.engine.dispose()
    try:
        for gone in place.forget_old():
            say(f"removed {gone}, which an earlier restore had moved aside")
    except SQLAlchemyError as fault:  # everything is in its place, and stays there
        say(f"what earlier restores moved aside could not all be removed: {fault}")
    return Restored(manifest, aside, other_key, lost)


def _upgrade() -> None:
    current_app.config["COPY_BEFORE_MIGRATION"] = False  # it is a copy, and what was there lies aside
    try:
        upgrade()
    except SystemExit as fault:
        raise CopyFault("the migrations of this program do not run on it; nothing was changed") from fault
    finally:
        current_app.config["COPY_BEFORE_MIGRATION"] = True


def _put_key(secret: Path, now: datetime) -> None:
    data_dir = Path(current_app.config["DATA_DIR"])
    place, text = data_dir / SECRET, secret.read_text().strip()
    if place.exists() and place.read_text().strip() != text:
        place.rename(data_dir / f"{SECRET}{restoring_sqlite.suffix(now)}")
    files.sync_file(secret)
    secret.replace(place)
    files.sync_folder(data_dir)
    current_app.config["SECRET_KEY"] = text
