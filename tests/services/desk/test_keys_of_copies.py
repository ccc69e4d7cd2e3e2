"""What a copy brings with it, where it may lie, and what a restore without the key makes of it."""

from __future__ import annotations

import os
import tarfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from core.actor import Actor
from core.db import db, transaction
from core.errors import Conflict
from core.models import AuditEntry, Setting
from core.security import sealing
from desk.backups import archive, schedule
from desk.backups.sealing import MAGIC
from desk.copy_secrets import kept_passphrase, unopened
from notify.channels import push_keys
from notify.gateways.models import Gateway
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


def test_the_copy_at_home_keeps_the_key_and_the_one_on_the_stick_leaves_it_out(house: Path, tmp_path: Path) -> None:
    assert schedule.run(NOW)
    (home,), (stick,) = (house / "backups").glob("truc*"), (tmp_path / "stick").glob("*")
    assert "secret-key" in parts(home)
    assert "secret-key" not in parts(stick)
    assert not archive.read(stick, None, archive.nowhere).key_kept
    assert home.name == stick.name
    before = schedule.before_migration(now=NOW + timedelta(minutes=1))
    assert before is not None
    assert "secret-key" in parts(before)
    assert "secret-key" not in parts(tmp_path / "stick" / before.name)


def test_with_a_passphrase_both_are_sealed_and_the_same(app: Flask, house: Path, tmp_path: Path) -> None:
    made = kept_passphrase.make(actor=ADMIN, now=NOW)
    assert len(made) == 29
    assert made not in str(db.session.get_one(Setting, kept_passphrase.SETTING).value)
    assert schedule.run(NOW)
    (home,), (stick,) = (house / "backups").glob("truc*"), (tmp_path / "stick").glob("*")
    assert home.read_bytes() == stick.read_bytes()
    assert home.read_bytes().startswith(MAGIC)
    assert archive.read(stick, made, archive.nowhere).key_kept


def test_what_the_environment_says_goes_first(app: Flask) -> None:
    kept_passphrase.make(actor=ADMIN, now=NOW)
    app.config["BACKUP_PASSPHRASE"] = "của môi trường"
    assert kept_passphrase.current() == "của môi trường"
    with pytest.raises(Conflict):
        kept_passphrase.make(actor=ADMIN, now=NOW)


def test_where_no_key_opens_the_passphrase_copies_that_leave_go_without_the_key(
    app: Flask, house: Path, tmp_path: Path
) -> None:
    kept_passphrase.make(actor=ADMIN, now=NOW)
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
    kept_passphrase.make(actor=ADMIN, now=NOW)
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
