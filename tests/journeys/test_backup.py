"""Copies of everything: taken under load, brought back elsewhere, and nothing leaves until somebody has chosen."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import sys
import tarfile
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from sqlalchemy.engine import make_url

from core import clock
from core.db import db
from core.security import private_files
from core.storage import sqlite
from desk.backups import files, restoring, sealing
from tests.support.copies import Installation, empty_database
from tests.support.smtp_sink import SmtpSink, smtp_sink
from tests.support.tet_night import Night
from tests.support.worker import running_worker

pytestmark = pytest.mark.both_dbs("copies are taken and brought back by programs of each database")

WORDS = "mật khẩu của bản sao"
OVERDUE = 5
OF_THE_OVERDUE = "FROM escalations JOIN incidents ON incidents.id = incident_id WHERE category <> 'coverage'"
"""Not of the incident that nobody is on duty, which the first call raises and the next pulse calls."""


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """What makes guessing a passphrase dear is not what these stories are about."""
    monkeypatch.setattr(sealing, "COST", {"n": 2**4, "r": 8, "p": 1})


@pytest.fixture
def sink(app: Flask) -> Iterator[SmtpSink]:
    with smtp_sink() as server:
        app.config.update(MAIL_URL=server.url, MAIL_FROM="truc@buudien.example")
        yield server


@pytest.fixture
def tonight(sink: SmtpSink) -> Night:
    return Night()


@pytest.fixture
def house(app: Flask, tmp_path: Path) -> Installation:
    """The installation of the test, with a DATA_DIR of its own."""
    return Installation(app.config["SQLALCHEMY_DATABASE_URI"], tmp_path / "house")


@pytest.fixture
def elsewhere(app: Flask, tmp_path: Path, sink: SmtpSink) -> Iterator[Installation]:
    """Another machine: an empty folder and an empty database."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    with empty_database(app.config["SQLALCHEMY_DATABASE_URI"], folder) as url:
        yield Installation(url, folder, MAIL_URL=sink.url, MAIL_FROM="truc@buudien.example")


def log(tonight: Night, title: str = "Mất điện", now: datetime | None = None) -> str:
    return tonight.log(title, severity=2, now=now or clock.now()).code


def ask(where: Installation, question: str) -> list[tuple[object, ...]]:
    """What its database answers, without the product."""
    if where.url.startswith("sqlite"):
        with closing(sqlite.module().connect(make_url(where.url).database or "")) as connection:
            return connection.execute(question).fetchall()
    url = make_url(where.url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url) as connection:
        return connection.execute(question).fetchall()  # type: ignore[call-overload, no-any-return]


class Reporters:
    """Threads that go on logging incidents, and note each one that was answered."""

    def __init__(self, app: Flask, tonight: Night, count: int = 3) -> None:
        self.answered: list[str] = []
        self._stop, self._app, self._night = threading.Event(), app, tonight
        self._threads = [threading.Thread(target=self._run, daemon=True) for _each in range(count)]

    def __enter__(self) -> Reporters:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_fault: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(60)

    def wait_for(self, count: int) -> None:
        while len(self.answered) < count:
            assert any(thread.is_alive() for thread in self._threads)
            self._stop.wait(0.02)

    def _run(self) -> None:
        while not self._stop.is_set():
            with self._app.app_context():
                self.answered.append(log(self._night))
            self._stop.wait(0.02)


def test_a_copy_taken_under_load_brings_back_every_incident_that_was_answered_before(
    app: Flask, tonight: Night, house: Installation, elsewhere: Installation, tmp_path: Path
) -> None:
    copy = tmp_path / "stick" / "copy.tar.gz.sealed"
    copy.parent.mkdir()
    with Reporters(app, tonight) as reporters:
        reporters.wait_for(20)
        before = set(reporters.answered)
        house.flask("backup", "create", copy, BACKUP_PASSPHRASE=WORDS)
        during = len(reporters.answered)
        reporters.wait_for(during + 3)  # and nobody was kept from reporting
    assert copy.stat().st_mode & 0o777 == 0o600
    assert "sound: " in house.flask("backup", "verify", copy, BACKUP_PASSPHRASE=WORDS)
    elsewhere.flask("backup", "restore", copy, BACKUP_PASSPHRASE=WORDS)
    restored = {row[0] for row in ask(elsewhere, "SELECT code FROM incidents")}
    assert before <= restored
    assert (elsewhere.data_dir / "secret-key").read_text() == (house.data_dir / "secret-key").read_text()
    assert list(copy.parent.iterdir()) == [copy]


def overdue(tonight: Night, count: int) -> None:
    """Incidents whose step fell due an hour ago, each with a message that never left."""
    then = clock.now() - timedelta(hours=1)
    for n in range(count):
        log(tonight, f"Sự cố {n}", now=then)


def worker_has_pulsed(where: Installation, after: datetime) -> bool:
    rows = ask(where, "SELECT beat_at FROM heartbeats WHERE name LIKE 'worker%'")
    return any(datetime.fromisoformat(str(row[0])).replace(tzinfo=UTC) > after for row in rows)


def run_worker_until(where: Installation, app: Flask, happened: Callable[[], bool]) -> None:
    """A real worker on the restored database."""
    with restored_app(where, app) as target, running_worker(target, where.data_dir):
        wait_for(happened)


def wait_for(happened: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _each in range(300):
        if happened():
            return
        pause.wait(0.2)
    raise AssertionError("it never happened")


class restored_app:  # noqa: N801
    """What ``running_worker`` needs to know of an installation."""

    def __init__(self, where: Installation, app: Flask) -> None:
        self.config = {**app.config, "SQLALCHEMY_DATABASE_URI": where.url}

    def __enter__(self) -> Flask:
        return self  # type: ignore[return-value]

    def __exit__(self, *_fault: object) -> None:
        pass


@pytest.fixture
def restored(
    app: Flask, tonight: Night, house: Installation, elsewhere: Installation, sink: SmtpSink, tmp_path: Path
) -> Installation:
    """Overdue incidents, brought back elsewhere."""
    overdue(tonight, OVERDUE)
    house.flask("backup", "create", tmp_path / "copy.tar.gz")
    assert "Sending is paused" in elsewhere.flask("backup", "restore", tmp_path / "copy.tar.gz", "--other-key")
    return elsewhere


def test_nothing_leaves_a_restored_copy_until_somebody_has_chosen_and_then_each_is_called_once(
    app: Flask, restored: Installation, sink: SmtpSink
) -> None:
    started = datetime.now(UTC)
    with restored_app(restored, app) as target, running_worker(target, restored.data_dir):
        wait_for(lambda: worker_has_pulsed(restored, started + timedelta(seconds=2)))
        assert len(sink.arrivals) == 0
        assert ask(restored, "SELECT count(*) FROM pages") == [(0,)], "no step was fired either"
        assert f"{OVERDUE} steps are due" in restored.flask("backup", "resume")
        restored.flask("backup", "resume", "--overdue", "call-now")
        wait_for(lambda: ask(restored, f"SELECT count(*) {OF_THE_OVERDUE} AND fired > 0") == [(OVERDUE,)])
    assert {row[0] for row in ask(restored, f"SELECT fired {OF_THE_OVERDUE}")} == {1}
    called = f"SELECT count(DISTINCT incident_id) FROM pages WHERE incident_id IN (SELECT incident_id {OF_THE_OVERDUE})"
    assert ask(restored, called) == [(OVERDUE,)]


def test_skip_calls_nobody_for_what_is_old_but_goes_on_watching(
    app: Flask, restored: Installation, sink: SmtpSink
) -> None:
    started = datetime.now(UTC)
    assert f"{OVERDUE} steps put off" in restored.flask("backup", "resume", "--overdue", "skip")
    run_worker_until(restored, app, lambda: worker_has_pulsed(restored, started + timedelta(seconds=2)))
    assert len(sink.arrivals) == 0
    late = [
        datetime.fromisoformat(str(row[0])).replace(tzinfo=UTC)
        for row in ask(restored, "SELECT next_at FROM escalations")
    ]
    assert len(late) == OVERDUE
    assert all(started < each <= started + timedelta(minutes=31) for each in late)
    assert "sending is not paused" in restored.flask("backup", "resume")


def test_what_was_there_is_moved_aside_only_when_said_and_numbers_go_on_behind_it(
    app: Flask, tonight: Night, house: Installation, tmp_path: Path
) -> None:
    """The incident after the copy was called by its code: no other one may ever bear it."""
    copy = tmp_path / "copy.tar.gz"
    kept = log(tonight)
    house.flask("backup", "create", copy)
    gone = log(tonight, "Sau bản sao")
    let_go()
    assert "say --replace" in house.flask("backup", "restore", copy, fails=True)
    assert ask(house, "SELECT count(*) FROM incidents") == [(2,)], "a refusal changes nothing"
    said = house.flask("backup", "restore", copy, "--replace", "--overdue", "skip")
    assert "what was there before is kept in" in said
    assert ask(house, "SELECT code FROM incidents") == [(kept,)]
    following = log(tonight, "Sau khôi phục")
    assert int(following.rpartition("-")[2]) == int(gone.rpartition("-")[2]) + 1
    if not house.url.startswith("sqlite"):
        assert ask(house, "SELECT max(id) FROM incidents") == [(3,)], "ids too"


def test_numbers_go_on_behind_what_was_there_though_the_copy_knew_no_number(
    tonight: Night, house: Installation, tmp_path: Path
) -> None:
    house.flask("backup", "create", tmp_path / "copy.tar.gz")
    gone = log(tonight)
    let_go()
    house.flask("backup", "restore", tmp_path / "copy.tar.gz", "--replace", "--overdue", "skip")
    assert ask(house, "SELECT count(*) FROM incidents") == [(0,)]
    following = log(tonight, "Sau khôi phục")
    assert int(following.rpartition("-")[2]) == int(gone.rpartition("-")[2]) + 1


def test_what_was_there_is_back_when_the_copy_cannot_be_brought_to_this_version(
    tonight: Night, house: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.flask("backup", "create", tmp_path / "copy.tar.gz")
    kept = log(tonight)
    let_go()
    monkeypatch.setattr(restoring, "upgrade", lambda: sys.exit(1))
    restore = ("backup", "restore", tmp_path / "copy.tar.gz", "--replace", "--overdue", "skip")
    assert "nothing was changed" in house.flask(*restore, fails=True)
    assert ask(house, "SELECT code FROM incidents") == [(kept,)]
    following = log(tonight, "Nhật ký đi tiếp")
    assert int(following.rpartition("-")[2]) == int(kept.rpartition("-")[2]) + 1


def test_numbers_leave_a_gap_where_nobody_knows_what_was_given(
    app: Flask, tonight: Night, house: Installation, elsewhere: Installation, tmp_path: Path
) -> None:
    kept = log(tonight)
    house.flask("backup", "create", tmp_path / "copy.tar.gz")
    elsewhere.flask("backup", "restore", tmp_path / "copy.tar.gz")
    rows = ask(elsewhere, "SELECT value FROM settings WHERE key LIKE 'incident.number.%'")
    assert [int(str(row[0])) for row in rows] == [int(kept.rpartition("-")[2]) + 1000]


def test_a_copy_that_an_older_version_made_is_brought_to_the_tables_of_this_one(
    tonight: Night, house: Installation, elsewhere: Installation, tmp_path: Path
) -> None:
    elsewhere.flask("db", "upgrade", "20261126_lists")
    older = tmp_path / "older.tar.gz"
    elsewhere.flask("backup", "create", older)
    let_go()
    said = house.flask("backup", "restore", older, "--replace", "--other-key")
    assert "bringing its tables to this version" in said
    assert ask(house, "SELECT count(*) FROM units") == [(0,)], "what the older one held: nothing yet"
    assert ask(house, "SELECT count(*) FROM feed_stamps") == [(1,)], "a table that came later"
    assert ask(house, "SELECT version_num FROM alembic_version") != [("20261126_lists",)]


def let_go() -> None:
    """No connection of this test is left."""
    db.session.remove()
    db.engine.dispose()


def test_a_running_installation_is_not_replaced(
    app: Flask, tonight: Night, house: Installation, tmp_path: Path
) -> None:
    log(tonight)
    house.flask("backup", "create", tmp_path / "copy.tar.gz")
    with running_worker(app, house.data_dir) as worker:
        pause = threading.Event()
        while not worker.log.exists() or "runs" not in worker.log.read_text():
            assert worker.process.poll() is None
            pause.wait(0.05)
        let_go()
        assert "stop it first" in house.flask("backup", "restore", tmp_path / "copy.tar.gz", "--replace", fails=True)
    assert "others are connected" in said_of_a_reader(house, tmp_path) or house.url.startswith("sqlite")
    assert ask(house, "SELECT count(*) FROM incidents WHERE category <> 'coverage'") == [(1,)]


def said_of_a_reader(house: Installation, tmp_path: Path) -> str:
    """What a restore says while somebody else, on another machine, only reads."""
    if house.url.startswith("sqlite"):
        with closing(sqlite.module().connect(make_url(house.url).database or "")) as reader:
            reader.execute("SELECT count(*) FROM incidents").fetchone()
            said = house.flask("backup", "restore", tmp_path / "copy.tar.gz", "--replace", fails=True)
        assert "has" in said and "open: stop it first" in said
        return said
    url = make_url(house.url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url):
        return house.flask("backup", "restore", tmp_path / "copy.tar.gz", "--replace", fails=True)


@pytest.mark.both_dbs
def test_copies_that_are_damaged_cut_off_or_sealed_otherwise_are_refused_and_change_nothing(
    tonight: Night, house: Installation, elsewhere: Installation, tmp_path: Path
) -> None:
    log(tonight)
    good = tmp_path / "copy"
    house.flask("backup", "create", good, BACKUP_PASSPHRASE=WORDS)
    raw = good.read_bytes()
    broken = tmp_path / "broken"
    broken.write_bytes(raw[: len(raw) - 100])
    assert "cut off" in elsewhere.flask("backup", "restore", broken, fails=True, BACKUP_PASSPHRASE=WORDS)
    broken.write_bytes(raw[:-100] + bytes([raw[-100] ^ 4]) + raw[-99:])
    assert "manifest.json: " in house.flask("backup", "verify", broken, fails=True, BACKUP_PASSPHRASE=WORDS)
    assert "passphrase is another one" in house.flask("backup", "verify", good, fails=True, BACKUP_PASSPHRASE="x" * 12)
    assert "set BACKUP_PASSPHRASE" in house.flask("backup", "verify", good, fails=True)
    assert ".before-restore" not in "".join(path.name for path in elsewhere.data_dir.iterdir())


def test_a_database_that_is_damaged_inside_an_unharmed_file_is_refused(
    tonight: Night, house: Installation, tmp_path: Path, dialect: str
) -> None:
    """Somebody packed it by hand: hashes fit, rows do not."""
    log(tonight)
    house.flask("backup", "create", tmp_path / "copy")
    with tarfile.open(tmp_path / "copy") as tar:
        parts = {entry.name: tar.extractfile(entry).read() for entry in tar}  # type: ignore[union-attr]
    name = "database.sqlite3" if dialect == "sqlite" else "database.pgdump"
    half = len(parts[name]) // 2
    parts[name] = parts[name][: half // 4096 * 4096] + b"\x00" * 4096 if dialect == "sqlite" else parts[name][:100]
    told = json.loads(parts["manifest.json"])
    for part in told["parts"]:
        part.update(size=len(parts[part["name"]]), sha256=hashlib.sha256(parts[part["name"]]).hexdigest())
    parts["manifest.json"] = json.dumps(told).encode()
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w") as tar:
        for each, content in parts.items():
            entry = tarfile.TarInfo(each)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    packed = gzip.compress(raw.getvalue(), mtime=0)
    (tmp_path / "packed").write_bytes(packed)
    assert f"{name}: " in house.flask("backup", "verify", tmp_path / "packed", fails=True)


@pytest.mark.parametrize("place", ["backup.made", "backup.written"])
def test_a_copy_that_was_killed_leaves_nothing_that_counts_as_one(
    tonight: Night, house: Installation, place: str
) -> None:
    folder = house.data_dir / "backups"
    folder.mkdir()
    target = folder / "truc-tet-20260217T030000Z-scheduled.tar.gz"
    assert house.killed_at(place, "backup", "create", target) == 137
    assert not target.exists()
    assert list(folder.iterdir()) != [], "it was under way"
    assert "truc-tet-2026" not in house.flask("backup", "list")
    house.flask("backup", "create", target)
    assert "0 incidents" in house.flask("backup", "list")
    assert "never replaces" in house.flask("backup", "create", target, fails=True)


@pytest.mark.parametrize("place", ["backup.made", "backup.written"])
def test_what_a_killed_copy_left_goes_with_the_next_one_and_never_that_of_one_that_lives(
    tonight: Night, house: Installation, tmp_path: Path, place: str
) -> None:
    folder = house.data_dir / "backups"
    assert house.killed_at(place, "backup", "create", tmp_path / "a.tar.gz") == 137
    assert len(list(folder.glob(".*.partial"))) == 1
    with files.workshop(folder, "b.parts") as living:
        assert [each for each in folder.iterdir() if each.is_dir()] == [living], "ours begins with tidying"
        house.flask("backup", "create", tmp_path / "c.tar.gz")
        assert living.is_dir()
    assert list(folder.iterdir()) == []


def test_what_a_killed_restore_left_is_no_reason_to_say_that_others_use_the_folder(
    app: Flask, house: Installation
) -> None:
    with files.workshop(house.data_dir, "restore") as left:
        assert left.parent == house.data_dir
        assert not [each for each in private_files.mend(house.data_dir) if "folder of its own" in each]
    (house.data_dir / "ảnh").mkdir()
    assert [each for each in private_files.mend(house.data_dir) if "folder of its own" in each]


@pytest.mark.both_dbs("schemas and files that lie aside")
def test_two_of_what_was_moved_aside_on_postgresql_stay(tonight: Night, house: Installation, tmp_path: Path) -> None:
    copy = tmp_path / "copy.tar.gz"
    house.flask("backup", "create", copy)
    let_go()
    said = [house.flask("backup", "restore", copy, "--replace", "--overdue", "skip") for _each in range(3)]
    if house.url.startswith("sqlite"):
        assert "removed" not in "".join(said), "files are their owner's to remove"
        return
    assert "removed before_restore_" in said[2] and "removed" not in said[0] + said[1]
    found = ask(house, "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'before_restore_%' ORDER BY 1 DESC")
    assert len(found) == 2
    assert found[0][0] in said[2], "the newest is what lay there a moment ago"


@pytest.mark.both_dbs
def test_another_secret_key_is_refused_unless_said(
    tonight: Night, house: Installation, elsewhere: Installation, tmp_path: Path
) -> None:
    log(tonight)
    key = "k" * 64
    assert "in no copy" in house.flask("backup", "create", tmp_path / "copy", SECRET_KEY=key)
    assert "SECRET_KEY is another one" in elsewhere.flask("backup", "restore", tmp_path / "copy", fails=True)
    elsewhere.flask("backup", "restore", tmp_path / "copy", SECRET_KEY=key)
