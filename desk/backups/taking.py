"""Taking a copy: the database of one moment, the secret key, a manifest; checked before the file gets its name."""

from __future__ import annotations

import hashlib
import hmac
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flask import current_app
from sqlalchemy import text

from core.db import db, is_sqlite
from core.storage.failpoints import hit
from desk.backups import archive, files, postgres_copy, sqlite_copy
from desk.backups.faults import CopyFault
from desk.backups.manifest import DATABASES, SECRET, CopyPart, Manifest

ROOT = Path(__file__).parents[2]
MEGABYTE = 1024 * 1024
SPARE = 50 * MEGABYTE
"""Bytes that a copy leaves free: the database needs room to go on writing."""


@dataclass(frozen=True)
class _Database:
    version: str
    schema: str
    counts: Mapping[str, int]


def home() -> Path:
    """Return where the schedule keeps its copies."""
    return Path(current_app.config["DATA_DIR"]) / "backups"


def create(target: Path, *, reason: str, passphrase: str | None, now: datetime, with_key: bool = True) -> Manifest:
    """Write a copy of everything to ``target``, which must not exist yet. Raises ``CopyFault``, ``OSError``."""
    if target.exists():
        raise CopyFault(f"{target} is there already; a copy never replaces a file")
    if not target.parent.is_dir():
        raise CopyFault(f"{target.parent} is no folder: make it first, or mount what belongs there")
    # What is not sealed yet stays on this machine, also when the copy goes to a stick.
    folder = files.private_folder(home())
    size = database_bytes()
    ensure_room(folder, 2 * size)
    ensure_room(target.parent, size)
    with files.workshop(folder, f"{target.name}.parts") as shop:
        manifest, parts = _make(shop, reason, now, with_key)
        hit("backup.made")
        with files.whole(target, check=lambda path: archive.read_archive(path, passphrase, archive.nowhere)) as out:
            archive.write(out, manifest, parts, passphrase)
            out.flush()
            hit("backup.written")
    return manifest


def ensure_room(folder: Path, needed: int) -> None:
    """Raises ``CopyFault`` before anything is written that would fill the disk."""
    free = files.free_bytes(folder)
    if free < needed + SPARE:
        raise CopyFault(
            f"{folder} has {free // MEGABYTE} MB free, a copy needs about {(needed + SPARE) // MEGABYTE} MB: make room"
        )


def database_bytes() -> int:
    """About how large the database is."""
    if is_sqlite():
        pages = db.session.execute(text("PRAGMA page_count")).scalar_one()
        size = int(pages * db.session.execute(text("PRAGMA page_size")).scalar_one())
    else:
        size = int(db.session.execute(text("SELECT pg_database_size(current_database())")).scalar_one())
    db.session.rollback()
    return size


def fingerprint(secret_key: str) -> str:
    """Tells two keys apart and nothing about them."""
    return hmac.new(secret_key.encode(), b"truc-tet copy", hashlib.sha256).hexdigest()[:16]


def product_version() -> str:
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"])


def _make(shop: Path, reason: str, now: datetime, with_key: bool) -> tuple[Manifest, list[Path]]:
    kind = "sqlite" if is_sqlite() else "postgresql"
    path = shop / DATABASES[kind]
    found = _copy_database(path)
    parts, paths = [archive.part_of(path, path.name)], [path]
    key = current_app.config["SECRET_KEY"]
    kept = with_key and current_app.config["SECRET_KEY_KEPT"]
    if kept:
        secret = shop / SECRET
        secret.touch(0o600)
        secret.write_text(key)
        parts.append(_part(secret))
        paths.append(secret)
    manifest = Manifest(
        product_version(),
        now,
        reason,
        kind,
        found.version,
        found.schema,
        fingerprint(key),
        kept,
        tuple(parts),
        found.counts,
    )
    return manifest, paths


def _part(path: Path) -> CopyPart:
    return archive.part_of(path, path.name)


def _copy_database(path: Path) -> _Database:
    """Copied and found sound."""
    engine = db.engine
    if is_sqlite():
        sqlite_copy.copy(engine, path)
        sqlite_copy.check(engine, path)
        return _Database(*sqlite_copy.facts(engine, path))
    folder = current_app.config["PG_BIN"]
    version, schema, counts = postgres_copy.copy(engine, path, folder)
    postgres_copy.check(path, server=int(version.split(".")[0]), folder=folder, engine=engine)
    return _Database(version, schema, counts)
