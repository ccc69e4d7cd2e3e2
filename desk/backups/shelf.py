"""The copies in a folder: their names, what they say of themselves, which are too old; and a second folder."""

from __future__ import annotations

import logging
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from flask import current_app

from desk.backups import archive, files, retention, taking
from desk.backups.faults import CopyFault
from desk.backups.retention import RetainedCopy

log = logging.getLogger(__name__)
REASONS = ("scheduled", "before-migration")
_NAME = re.compile(rf"truc-tet-(\d{{8}}T\d{{6}}Z)-({'|'.join(REASONS)})\.tar\.gz(\.sealed)?")
_STAMP = "%Y%m%dT%H%M%SZ"
AT_ONCE = 8
"""Copies that one turn writes anew: a stick is slow, and the next turn goes on."""


@dataclass(frozen=True)
class StoredCopy:
    path: Path
    at: datetime
    reason: str
    sealed: bool
    size: int


def name_for(at: datetime, reason: str, *, sealed: bool) -> str:
    return f"truc-tet-{at.astimezone(UTC):{_STAMP}}-{reason}.tar.gz{'.sealed' if sealed else ''}"


def copies(folder: Path) -> Sequence[StoredCopy]:
    """Return what the schedule put there, the newest first; files of other names are left alone."""
    found = []
    for path in folder.iterdir() if folder.is_dir() else ():
        named = _NAME.fullmatch(path.name)
        if named and path.is_file():
            at = datetime.strptime(named[1], _STAMP).replace(tzinfo=UTC)
            found.append(StoredCopy(path, at, named[2], bool(named[3]), path.stat().st_size))
    return sorted(found, key=lambda copy: (copy.at, copy.path.name), reverse=True)


def tidy() -> None:
    """What killed copies, checks and restores of this installation left half made."""
    for folder in (taking.home(), Path(current_app.config["DATA_DIR"])):
        files.tidy(folder)


def thin(folder: Path, *, now: datetime) -> Sequence[str]:
    """Remove what is too old, and halves that dead processes left; the names of what went."""
    files.tidy(folder)
    known = [RetainedCopy(copy.path.name, copy.at, copy.reason == "before-migration") for copy in copies(folder)]
    gone = retention.too_old(known, now)
    for name in gone:
        (folder / name).unlink(missing_ok=True)
    return gone


def carry(copy: Path, second: Path) -> None:
    """Into a second folder, read back to the last byte: the same file if it is sealed, else without the key.

    A stick is what gets lost. Raises ``CopyFault``, ``OSError``, ``Damaged``.
    """
    if not second.is_dir():
        raise CopyFault(f"BACKUP_DIR={second} is not there: mount it, or make the folder")
    taking.ensure_room(second, copy.stat().st_size)
    if (second / copy.name).exists():
        return
    if not archive.is_sealed(copy):
        _write_open(copy, second / copy.name, replacing=False)
        return

    def ensure_same(written: Path) -> None:
        if archive.part_of(written, copy.name) != archive.part_of(copy, copy.name):
            raise CopyFault(f"{second} gave back other bytes than were written: is the stick broken?")

    with copy.open("rb") as source, files.whole(second / copy.name, check=ensure_same) as target:
        shutil.copyfileobj(source, target, archive.PIECE)


def _write_open(copy: Path, target: Path, *, replacing: bool) -> None:
    """Without the key, and read back."""
    with files.whole(
        target, replacing=replacing, check=lambda path: archive.read_archive(path, None, archive.nowhere)
    ) as out:
        archive.write_again(copy, out, opens=None, seals=None)


def with_key(folder: Path, key: str = "") -> Sequence[Path]:
    """Open copies there that bring the secret key (of this fingerprint), whatever they are called: of before copies
    that leave went without it, or put there by hand. What cannot be read is left out. Raises ``OSError``."""
    return [path for path in sorted(folder.iterdir()) if path.is_file() and _brings_key(path, key)]


def take_key_out(second: Path, own_key: str) -> None:
    """Write some of those anew without the key: such as the schedule put there, with the key that is kept at home.

    Whose key is another (of the machine before this one, or of an installation that shares the folder) has it nowhere
    else: it stays, and so does what was named by hand or is damaged; the doctor names them. Raises ``OSError``.
    """
    own = taking.fingerprint(own_key)
    named = {copy.path for copy in copies(second)}
    for path in [each for each in with_key(second, own) if each in named][-AT_ONCE:]:
        try:
            taking.ensure_room(second, path.stat().st_size)
            _write_open(path, path, replacing=True)
        except (archive.Damaged, CopyFault, OSError) as fault:  # the other node was quicker, a bad sector
            log.warning("the secret key stays in %s: %s", path, fault)


def _brings_key(path: Path, key: str) -> bool:
    try:
        if archive.is_sealed(path):
            return False
        manifest = archive.read_manifest(path, None)
    except (archive.Damaged, OSError):
        return False
    return manifest.key_kept and key in ("", manifest.key)
