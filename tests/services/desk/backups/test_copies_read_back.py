"""A copy has its name only once the disk gave back what was written: a disk that keeps something else is noticed."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask

from desk.backups import archive, shelf, taking
from desk.backups.archive import Damaged
from desk.backups.faults import CopyFault
from tests.support.copies import postgres_programs

pytestmark = pytest.mark.both_dbs("copies are made by programs of each database")
NOW = datetime(2026, 2, 17, 3, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def house(app: Flask, tmp_path: Path) -> Path:
    folder, stick = tmp_path / "house", tmp_path / "stick"
    folder.mkdir()
    stick.mkdir()
    programs = "" if os.environ.get("TEST_DATABASE_URL") else postgres_programs()
    app.config.update(DATA_DIR=folder, PG_BIN=programs, SECRET_KEY_KEPT=True)
    return folder


@pytest.fixture
def broken_disk(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Once it is called, the disk keeps another byte in the middle of what it is told to keep."""
    sync = os.fsync

    def keep_something_else(handle: int) -> None:
        sync(handle)
        found = os.fstat(handle)
        if stat.S_ISREG(found.st_mode) and found.st_size:
            middle = found.st_size // 2
            os.pwrite(handle, bytes([os.pread(handle, 1, middle)[0] ^ 0xFF]), middle)

    return lambda: monkeypatch.setattr(os, "fsync", keep_something_else)


def copy_in(folder: Path, passphrase: str | None = None) -> Path:
    path = folder / shelf.name_for(NOW, "scheduled", sealed=passphrase is not None)
    taking.create(path, reason="scheduled", passphrase=passphrase, now=NOW)
    return path


@pytest.mark.parametrize("passphrase", [None, "mười hai con giáp"])
def test_a_copy_that_the_disk_lost_gets_no_name(
    tmp_path: Path, broken_disk: Callable[[], None], passphrase: str | None
) -> None:
    broken_disk()
    with pytest.raises(Damaged):
        copy_in(tmp_path / "stick", passphrase)
    assert list((tmp_path / "stick").iterdir()) == []


@pytest.mark.parametrize(("passphrase", "fault"), [(None, Damaged), ("mười hai con giáp", CopyFault)])
def test_a_stick_that_lost_it_gets_none_either(
    house: Path, tmp_path: Path, broken_disk: Callable[[], None], passphrase: str | None, fault: type[Exception]
) -> None:
    copy = copy_in(house, passphrase)
    broken_disk()
    with pytest.raises(fault):
        shelf.carry(copy, tmp_path / "stick")
    assert list((tmp_path / "stick").iterdir()) == []


def test_what_is_written_anew_without_the_key_stays_as_it_was_when_the_disk_lost_it(
    app: Flask, tmp_path: Path, broken_disk: Callable[[], None]
) -> None:
    copy = copy_in(tmp_path / "stick")
    before = copy.read_bytes()
    broken_disk()
    shelf.take_key_out(tmp_path / "stick", app.config["SECRET_KEY"])
    assert copy.read_bytes() == before
    assert archive.read_archive(copy, None, archive.nowhere).key_kept
