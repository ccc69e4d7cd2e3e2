"""doctor: each fault is found and named with its remedy, and a well installation ends with 0."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import text

from core import clock
from core.db import transaction
from core.models import Setting
from core.observability import heartbeat
from desk.backups import files, schedule
from notify import pause
from notify.channels import push_keys
from notify.gateways import services as gateways
from notify.gateways.recipe import Recipe
from tests.support.live import free_port
from tests.support.smtp_sink import SmtpSink, smtp_sink
from tests.support.tet_night import ADMIN

Break = Callable[[Flask, Path], object]


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    with smtp_sink() as server:
        yield server


@pytest.fixture
def house(app: Flask, tmp_path: Path, sink: SmtpSink) -> Path:
    """A development copy on which nothing is wrong."""
    folder = tmp_path / "house"
    folder.mkdir(mode=0o700)
    app.config.update(
        DATA_DIR=folder,
        MAIL_URL=sink.url,
        MAIL_FROM="truc@buudien.example",
        SECRET_KEY="k" * 64,
        BACKUP_DIR=None,
        APP_ENV="development",
    )
    heartbeat.beat(heartbeat.WORKER, now=clock.now())
    heartbeat.beat(schedule.GOOD, now=clock.now())
    return folder


def checks(runner: FlaskCliRunner, *options: str) -> tuple[int, list[dict[str, str]]]:
    done = runner.invoke(args=["doctor", "--json", *options])
    told = json.loads(done.stdout)
    assert told["ok"] == (done.exit_code == 0)
    return done.exit_code, told["checks"]


def faults(runner: FlaskCliRunner) -> set[str]:
    status, told = checks(runner)
    named = {each["area"] for each in told if each["level"] == "fault"}
    assert status == (1 if named else 0)
    assert all(each["remedy"] for each in told if each["level"] != "ok")
    return named


@pytest.mark.both_dbs("each database is asked in its own SQL")
def test_a_well_installation_ends_with_0_and_sends_nothing(runner: FlaskCliRunner, house: Path, sink: SmtpSink) -> None:
    assert faults(runner) == set()
    assert sink.arrivals == []


def test_a_letter_is_sent_only_when_asked_for(runner: FlaskCliRunner, house: Path, sink: SmtpSink) -> None:
    assert checks(runner, "--send-to", "toi@buudien.example")[0] == 0
    assert [each.recipient for each in sink.arrivals] == ["toi@buudien.example"]


def set_config(**values: object) -> Break:
    return lambda app, _house: app.config.update(values)


def old_copies(_app: Flask, _house: Path) -> None:
    heartbeat.beat(schedule.GOOD, now=clock.now() - timedelta(hours=2))


def silent_worker(_app: Flask, _house: Path) -> None:
    heartbeat.beat(heartbeat.WORKER, now=clock.now() - timedelta(minutes=5))


def paused(_app: Flask, _house: Path) -> None:
    with transaction() as session:
        session.add(Setting(key=pause.KEY, value=pause.value(clock.now(), clock.now())))


def another_schema(_app: Flask, _house: Path) -> None:
    with transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = 'other'"))


def another_secret_for_push(app: Flask, _house: Path) -> None:
    push_keys.public_key()
    app.config["SECRET_KEY"] = "o" * 64


def unreachable_gateway(_app: Flask, _house: Path) -> None:
    gateways.save(
        None,
        channel="sms",
        name="Cổng",
        position=1,
        active=True,
        allow_private=True,
        recipe=Recipe(f"http://127.0.0.1:{free_port()}/sms", body={"to": "{to}", "text": "{text}"}),
        secrets={},
        actor=ADMIN,
        now=clock.now(),
    )


def stick_away(app: Flask, house: Path) -> None:
    app.config["BACKUP_DIR"] = house / "stick"


BROKEN: dict[str, tuple[Break, str]] = {
    "nobody beats": (silent_worker, "worker"),
    "sending is paused": (paused, "sending"),
    "copies are old": (old_copies, "copies"),
    "the stick is away": (stick_away, "second folder"),
    "mail is away": (set_config(MAIL_URL="smtp://127.0.0.1:9"), "mail"),
    "tables of another version": (another_schema, "tables"),
    "a short key": (set_config(SECRET_KEY="short"), "settings"),
    "an environment that is none": (set_config(APP_ENV="prodution"), "settings"),
    "an address that does not answer": (set_config(PUBLIC_URL="https://tructet.invalid"), "address"),
    "the push key is sealed with another key": (another_secret_for_push, "push"),
    "a gateway that cannot be reached": (unreachable_gateway, "gateways"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_each_fault_is_found(app: Flask, runner: FlaskCliRunner, house: Path, what: str) -> None:
    breaks, area = BROKEN[what]
    breaks(app, house)
    assert faults(runner) == {area}


def test_no_room_is_found(runner: FlaskCliRunner, house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "free_bytes", lambda _folder: 1000)
    assert faults(runner) == {"disk"}


def test_in_production_what_is_unsafe_is_a_fault(app: Flask, runner: FlaskCliRunner, house: Path) -> None:
    house.chmod(0o755)
    app.config.update(APP_ENV="production", MAIL_URL=None, DEMO=True, TESTING=False)
    assert {"settings", "permissions", "address", "mail", "channels"} <= faults(runner)
    app.config.update(MAIL_URL="smtp://127.0.0.1:9")
    assert "channels" not in faults(runner), "one that fails is a fault of its own"


def test_people_read_faults_on_standard_error_and_scan_the_address(
    app: Flask, runner: FlaskCliRunner, house: Path
) -> None:
    silent_worker(app, house)
    done = runner.invoke(args=["doctor"])
    assert done.exit_code == 1
    assert [line.split()[:2] for line in done.stderr.splitlines()] == [["FAULT", "worker:"]]
    assert "/healthz" in done.stdout and "█" in done.stdout
