"""What a copy brings with it, where it may lie, and what a restore without the key makes of it."""

from __future__ import annotations

import os
import tarfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, text, update

from core.actor import Actor
from core.db import db, transaction
from core.errors import Conflict, Invalid
from core.models import AuditEntry, Setting
from core.security import sealing
from desk.backups import archive, schedule, shelf, taking
from desk.backups.sealing import MAGIC
from desk.copy_secrets import kept_passphrase, unopened
from desk.health_checks.check import CheckFinding, CheckPassed, CheckSkipped
from desk.health_checks.copies import CHECKS
from notify.channels import push_keys
from notify.gateways.models import Gateway
from notify.models import Message
from people.models import User
from people.notification_rules.models import Endpoint
from tests.support import enterprise
from tests.support.copies import postgres_programs

pytestmark = pytest.mark.both_dbs("copies are made by programs of each database")
NOW = datetime(2026, 2, 17, 3, 0, tzinfo=UTC)
ADMIN = Actor(name="QT1", role="admin", via="cli")


@pytest.fixture(autouse=True)
def house(app: Flask, tmp_path: Path) -> Path:
    folder, stick = tmp_path / "house", tmp_path / "stick"
    folder.mkdir()
    stick.mkdir()
    programs = "" if os.environ.get("TEST_DATABASE_URL") else postgres_programs()
    app.config.update(DATA_DIR=folder, PG_BIN=programs, BACKUP_DIR=stick, BACKUP_PASSPHRASE=None, SECRET_KEY_KEPT=True)
    return folder


def parts(path: Path) -> set[str]:
    with tarfile.open(path) as tar:
        return {name for name in tar.getnames() if name != "manifest.json"}


def a_passphrase() -> str:
    made = kept_passphrase.make(actor=ADMIN, now=NOW)
    kept_passphrase.confirm(made, actor=ADMIN, now=NOW)
    return made


def test_the_copy_at_home_keeps_the_key_and_the_one_on_the_stick_leaves_it_out(house: Path, tmp_path: Path) -> None:
    assert schedule.run(NOW)
    (home,), (stick,) = (house / "backups").glob("truc*"), (tmp_path / "stick").glob("*")
    assert "secret-key" in parts(home)
    assert "secret-key" not in parts(stick)
    assert not archive.read_archive(stick, None, archive.nowhere).key_kept
    assert home.name == stick.name
    before = schedule.before_migration(now=NOW + timedelta(minutes=1))
    assert before is not None
    assert "secret-key" in parts(before)
    assert "secret-key" not in parts(tmp_path / "stick" / before.name)


def test_with_a_passphrase_both_are_sealed_and_the_same(app: Flask, house: Path, tmp_path: Path) -> None:
    made = a_passphrase()
    assert len(made) == 29
    assert made not in str(db.session.get_one(Setting, kept_passphrase.SETTING).value)
    assert schedule.run(NOW)
    (home,), (stick,) = (house / "backups").glob("truc*"), (tmp_path / "stick").glob("*")
    assert home.read_bytes() == stick.read_bytes()
    assert home.read_bytes().startswith(MAGIC)
    assert archive.read_archive(stick, made, archive.nowhere).key_kept


def test_what_the_environment_says_goes_first(app: Flask) -> None:
    a_passphrase()
    app.config["BACKUP_PASSPHRASE"] = "của môi trường"
    assert kept_passphrase.current() == "của môi trường"
    with pytest.raises(Conflict):
        kept_passphrase.make(actor=ADMIN, now=NOW)


def test_where_no_key_opens_the_passphrase_copies_that_leave_go_without_the_key(
    app: Flask, house: Path, tmp_path: Path
) -> None:
    a_passphrase()
    app.config["SECRET_KEY"] = "another" * 9
    assert kept_passphrase.current() is None
    assert schedule.run(NOW)
    (stick,) = (tmp_path / "stick").glob("*")
    assert "secret-key" not in parts(stick)


def test_what_no_key_opens_is_found_by_trying_and_what_only_pretends_is_dropped(app: Flask) -> None:
    ids = enterprise.make()
    with transaction() as session:
        session.add(
            Gateway(
                channel="sms",
                name="Viettel",
                settings={},
                secrets=sealing.seal({"token": "x"}),
                changed_at=NOW,
                changed_by="QT1",
            )
        )
        session.add(
            Endpoint(
                person_id=ids["BI1"],
                channel="apprise",
                address="json://a.example/x",
                digest="d",
                name="Máy",
                created_at=NOW,
            )
        )
    push_keys.public_key()
    a_passphrase()
    assert unopened.settle(actor=ADMIN, now=NOW) == []
    app.config["SECRET_KEY"] = "another" * 9
    db.session.expire_all()
    found = {each.table: each for each in unopened.settle(actor=ADMIN, now=NOW)}
    assert found.keys() == {"gateways", "contact_endpoints", "push_keys", "settings"}
    assert found["gateways"].names == ("Viettel",)
    assert "enter passwords and keys anew (Viettel)" in found["gateways"].line()
    assert db.session.scalar(select(func.count()).select_from(Endpoint)) == 0
    assert db.session.get(Setting, kept_passphrase.SETTING) is None
    push_keys.private_key()  # a new pair
    assert {each.table for each in unopened.settle(actor=ADMIN, now=NOW)} == {"gateways"}
    assert db.session.scalar(select(AuditEntry).where(AuditEntry.action == "backup.key_lost").limit(1)) is not None


def test_sealed_from_tomorrow_on_is_found_as_well(app: Flask) -> None:
    """Nothing is listed by hand: whatever column holds something sealed is asked."""
    ids = enterprise.make()
    with transaction() as session:
        sealed = sealing.seal({"any": "thing"})
        session.execute(text("UPDATE units SET name = :sealed WHERE id = :id"), {"sealed": sealed, "id": ids["BDA"]})
    app.config["SECRET_KEY"] = "another" * 9
    (found,) = unopened.settle(actor=ADMIN, now=NOW)
    assert (found.table, found.count) == ("units", 1)


def test_a_passphrase_seals_nothing_before_it_was_typed_back(house: Path) -> None:
    first = a_passphrase()
    lost = kept_passphrase.make(actor=ADMIN, now=NOW)
    assert kept_passphrase.current() == first, "the print may be lost"
    with pytest.raises(Invalid):
        kept_passphrase.confirm(first, actor=ADMIN, now=NOW)
    assert kept_passphrase.current() == first
    kept_passphrase.confirm(f" {lost.upper().replace('-', ' ')} ", actor=ADMIN, now=NOW)
    assert kept_passphrase.current() == lost
    with pytest.raises(Conflict):
        kept_passphrase.confirm(lost, actor=ADMIN, now=NOW)


def test_the_other_administrators_hear_of_a_new_passphrase(app: Flask) -> None:
    ids = enterprise.make()
    with transaction() as session:
        session.execute(update(User).where(User.login == "ch1").values(role="admin"))
    maker = Actor(name="QT1", role="admin", via="session", user_id=ids["user:qt1"])
    made = kept_passphrase.make(actor=maker, now=NOW)
    assert letters_told() == []
    kept_passphrase.confirm(made, actor=maker, now=NOW)
    ((person_id, body),) = letters_told()
    assert person_id == ids["CH1"]
    assert "QT1 đã tạo mật khẩu niêm phong" in body and made not in body


def letters_told() -> list[tuple[int | None, str]]:
    rows = db.session.scalars(select(Message).where(Message.topic == "copies/passphrase"))
    return [(row.person_id, row.body) for row in rows]


def keyed(target: Path, name: str) -> Path:
    """As a copy lay there before copies that leave went without the key."""
    taking.create(target / name, reason="scheduled", passphrase=None, now=NOW)
    return target / name


def test_copies_of_before_lose_the_key_and_the_doctor_names_what_is_left(house: Path, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    old = keyed(stick, shelf.name_for(NOW - timedelta(hours=1), "scheduled", sealed=False))
    by_hand = keyed(stick, "trước-tết.tar.gz")
    assert shelf.with_key(stick) == sorted([old, by_hand])
    assert named("second_folder_keys") == 2
    before = archive.read_archive(old, None, archive.nowhere)
    assert schedule.run(NOW)
    after = archive.read_archive(old, None, archive.nowhere)
    assert "secret-key" not in parts(old) and not after.key_kept
    assert (after.database, after.created_at) == (before.database, before.created_at)
    assert old.stat().st_mode & 0o777 == 0o600
    assert shelf.with_key(stick) == [by_hand], "what somebody named is theirs"
    assert named("second_folder_keys") == 1
    by_hand.unlink()
    assert named("second_folder_keys") == 0


def named(check: str) -> int:
    (asked,) = [each for each in CHECKS if each.name == check]
    found = asked.ask(NOW)
    return found.count if isinstance(found, CheckFinding) else 0


def test_the_key_of_another_installation_stays_where_it_is_kept(app: Flask, tmp_path: Path, house: Path) -> None:
    """The machine before this one has burnt: its key is on the stick alone."""
    stick, own = tmp_path / "stick", app.config["SECRET_KEY"]
    app.config["SECRET_KEY"] = "of-the-machine-that-burnt"
    kept = keyed(stick, shelf.name_for(NOW - timedelta(hours=1), "scheduled", sealed=False))
    app.config["SECRET_KEY"] = own
    assert schedule.run(NOW)
    assert "secret-key" in parts(kept) and shelf.with_key(stick) == [kept]
    assert named("second_folder_keys") == 1, "and the doctor names it"


def test_a_passphrase_that_was_not_typed_back_is_said_to_wait(app: Flask, house: Path) -> None:
    assert not kept_passphrase.waits()
    made = kept_passphrase.make(actor=ADMIN, now=NOW)
    assert kept_passphrase.waits() and kept_passphrase.current() is None
    kept_passphrase.confirm(made, actor=ADMIN, now=NOW)
    assert not kept_passphrase.waits()


def test_many_copies_of_before_are_written_anew_turn_by_turn(app: Flask, tmp_path: Path, house: Path) -> None:
    stick = tmp_path / "stick"
    first = keyed(stick, shelf.name_for(NOW - timedelta(days=1), "before-migration", sealed=False))
    for number in range(shelf.AT_ONCE + 1):
        name = shelf.name_for(NOW - timedelta(minutes=number + 1), "before-migration", sealed=False)
        (stick / name).write_bytes(first.read_bytes())
    shelf.take_key_out(stick, app.config["SECRET_KEY"])
    assert len(shelf.with_key(stick)) == 2
    shelf.take_key_out(stick, app.config["SECRET_KEY"])
    assert shelf.with_key(stick) == []


def test_a_copy_by_command_into_the_second_folder_goes_by_its_rule(app: Flask, tmp_path: Path) -> None:
    runner = app.test_cli_runner()
    (tmp_path / "stick" / "tet").mkdir()
    for where, keeps in (("stick/x", False), ("stick/tet/y", False), ("z", True)):
        done = runner.invoke(args=["backup", "create", str(tmp_path / where)])
        assert done.exit_code == 0, done.output
        assert ("secret-key" in parts(tmp_path / where)) is keeps, where
    made = a_passphrase()
    assert runner.invoke(args=["backup", "create", str(tmp_path / "stick/sealed")]).exit_code == 0
    assert archive.read_archive(tmp_path / "stick/sealed", made, archive.nowhere).key_kept


def test_a_copy_of_the_passphrase_before_is_not_called_damaged(app: Flask, house: Path) -> None:
    a_passphrase()
    assert schedule.run(NOW)
    a_passphrase()
    (asked,) = [each for each in CHECKS if each.name == "copy_damaged"]
    assert isinstance(asked.ask(NOW), CheckSkipped)
    listed = app.test_cli_runner().invoke(args=["backup", "list"]).output
    assert "sealed by another passphrase" in listed and "DAMAGED" not in listed
    assert schedule.run(NOW + timedelta(minutes=20))
    assert isinstance(asked.ask(NOW), CheckPassed)
    newest = max((house / "backups").glob("truc*"))
    newest.write_bytes(newest.read_bytes()[:-40])
    assert isinstance(asked.ask(NOW), CheckFinding)
