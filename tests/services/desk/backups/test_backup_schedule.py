"""The schedule of copies: whose turn it is, what is kept, what fails and who is told."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import stamp
from sqlalchemy import select

from core.db import db
from core.models import Heartbeat, SystemFault
from core.observability import heartbeat
from desk.audit import auditor
from desk.audit.findings import findings
from desk.backups import archive, files, schedule, shelf, taking
from desk.backups.faults import CopyFault
from desk.backups.sealing import MAGIC
from tests.support.copies import postgres_programs

pytestmark = pytest.mark.both_dbs("whose turn it is, is locked")
NOW = datetime(2026, 2, 17, 3, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def house(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "house"
    folder.mkdir()
    programs = "" if os.environ.get("TEST_DATABASE_URL") else postgres_programs()
    app.config.update(DATA_DIR=folder, PG_BIN=programs, BACKUP_DIR=None, BACKUP_PASSPHRASE=None)
    return folder


def kept(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "backups").glob("*") if (folder / "backups").is_dir())


def found(now: datetime) -> list[str]:
    heartbeat.beat(heartbeat.WORKER, now=now)
    return [each.kind for each in findings(now=now)]


def audited(now: datetime) -> list[str]:
    heartbeat.beat(heartbeat.WORKER, now=now)
    return [each.kind for each in auditor.inspect(now)]


def test_a_copy_every_quarter_of_an_hour_and_none_between(house: Path) -> None:
    assert schedule.run(NOW)
    assert not schedule.run(NOW + 14 * MINUTE)
    assert schedule.run(NOW + 15 * MINUTE)
    assert kept(house) == [
        "truc-tet-20260217T030000Z-scheduled.tar.gz",
        "truc-tet-20260217T031500Z-scheduled.tar.gz",
    ]
    assert set(schedule.last_good()) == {schedule.GOOD}
    assert (house / "backups").stat().st_mode & 0o777 == 0o700
    assert all((house / "backups" / name).stat().st_mode & 0o777 == 0o600 for name in kept(house))


def test_another_node_leaves_the_turn_to_whoever_had_it_unless_that_one_is_gone(
    app: Flask, house: Path, tmp_path: Path
) -> None:
    assert schedule.run(NOW)
    other = tmp_path / "other"
    other.mkdir()
    app.config["DATA_DIR"] = other
    assert not schedule.run(NOW + 16 * MINUTE)
    assert schedule.run(NOW + 18 * MINUTE)
    assert (len(kept(house)), len(kept(other))) == (1, 1)


def test_what_is_too_old_goes_with_the_next_copy_and_files_of_others_stay(house: Path) -> None:
    folder = files.private_folder(taking.home())
    old = [shelf.name_for(NOW - timedelta(days=60 + n), "scheduled", sealed=False) for n in range(5)]
    for name in (*old, "a letter.txt"):
        (folder / name).write_bytes(b"")
    assert schedule.run(NOW)
    assert set(kept(house)) == {"a letter.txt", *old[:2], shelf.name_for(NOW, "scheduled", sealed=False)}


def test_no_room_is_told_once_it_lasts_and_never_stops_the_worker(house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    room = files.free_bytes
    monkeypatch.setattr(files, "free_bytes", lambda _folder: 1000)
    assert not schedule.run(NOW)
    assert kept(house) == [], "looked at before anything is written"
    assert "backup_late" not in found(NOW + 40 * MINUTE)
    assert not schedule.run(NOW + 5 * MINUTE), "tried again soon"
    assert found(NOW + 46 * MINUTE) == ["backup_late"]
    monkeypatch.setattr(files, "free_bytes", room)
    assert schedule.run(NOW + 47 * MINUTE)
    assert found(NOW + 47 * MINUTE) == []


def test_a_late_copy_is_a_fault_that_administrators_hear_of_but_no_reason_to_say_that_nobody_is_called(
    app: Flask, client: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "free_bytes", lambda _folder: 1000)
    schedule.run(NOW)
    heartbeat.beat(heartbeat.WORKER, now=NOW + 50 * MINUTE)
    assert [each.grave for each in auditor.inspect(NOW + 50 * MINUTE)] == [False]
    fault = db.session.scalars(select(SystemFault)).one()
    assert (fault.kind, "MB free" in fault.example) == ("backup_late", True)


def test_copies_that_are_gone_are_told_until_there_is_one_and_another_machine_does_not_judge(
    app: Flask, house: Path, tmp_path: Path
) -> None:
    assert schedule.run(NOW) and found(NOW) == []
    (house / "backups" / kept(house)[0]).unlink()
    assert audited(NOW + MINUTE) == ["copies_gone"]
    other = tmp_path / "another machine"
    other.mkdir()
    app.config["DATA_DIR"] = other
    assert audited(NOW + 2 * MINUTE) == [], "it keeps no copies, and does not know"
    assert db.session.scalars(select(SystemFault.ended_at)).all() == [None]
    app.config["DATA_DIR"] = house
    assert schedule.run(NOW + 15 * MINUTE)
    assert audited(NOW + 15 * MINUTE) == []
    assert db.session.scalars(select(SystemFault.ended_at)).all() == [NOW + 15 * MINUTE]


def test_a_copy_that_was_cut_is_found_by_a_glance(house: Path) -> None:
    assert schedule.run(NOW)
    os.truncate(house / "backups" / kept(house)[0], 1_000)
    assert found(NOW) == ["copy_cut"]


def test_a_copy_that_does_not_end_is_found(house: Path) -> None:
    schedule.run(NOW)
    row = db.session.scalars(select(Heartbeat).where(Heartbeat.name == schedule.TURN)).one()
    heartbeat.beat(schedule.TURN, now=NOW, **{**row.detail, "running": True})
    assert found(NOW + 46 * MINUTE) == ["backup_late"]


def test_the_second_folder_gets_every_copy_and_its_absence_is_told(app: Flask, house: Path, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    app.config["BACKUP_DIR"] = stick
    assert schedule.run(NOW), "the first folder has it all the same"
    assert not stick.exists(), "what is not plugged in is not made up"
    assert "is not there" in schedule.late(now=NOW + 46 * MINUTE)
    stick.mkdir()
    assert schedule.run(NOW + 47 * MINUTE)
    assert schedule.late(now=NOW + 47 * MINUTE) == ""
    assert [path.name for path in stick.iterdir()] == ["truc-tet-20260217T034700Z-scheduled.tar.gz"]
    assert set(schedule.last_good()) == {schedule.GOOD, schedule.SECOND}


def test_scheduled_copies_are_sealed_when_there_is_a_passphrase(app: Flask, house: Path) -> None:
    app.config["BACKUP_PASSPHRASE"] = "mật khẩu của bản sao"
    schedule.run(NOW)
    path = house / "backups" / kept(house)[0]
    assert path.name.endswith(".sealed") and path.read_bytes().startswith(MAGIC)
    assert archive.read_manifest(path, "mật khẩu của bản sao").counts["incidents"] == 0


def test_a_copy_is_taken_before_tables_change_and_none_of_an_empty_database(app: Flask, house: Path) -> None:
    assert kept(house) == [], "the tables of this test were made by migrations, from nothing"
    scripts = ScriptDirectory(app.extensions["migrate"].directory)
    head = scripts.get_revision(scripts.get_current_head() or "")
    stamp(revision=str(head.down_revision))
    assert [name.partition("Z-")[2] for name in kept(house)] == ["before-migration.tar.gz"]


def test_nothing_is_migrated_when_the_copy_before_fails(
    app: Flask, house: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "free_bytes", lambda _folder: 1000)
    with pytest.raises(CopyFault, match="make room"):
        schedule.before_migration(now=NOW)
