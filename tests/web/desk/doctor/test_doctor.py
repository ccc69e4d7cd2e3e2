"""doctor: each check of the one list is seen failing by a real fault, and a well installation ends with 0."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import Connection, event, text, update

from core import clock
from core.db import db as database, is_sqlite, transaction
from core.models import Heartbeat, Setting
from core.observability import heartbeat
from desk.audit import auditor
from desk.audit.findings import BY_NAME, CHECKS, findings
from desk.backups import files, schedule, sqlite_copy, taking
from desk.health_checks.remedies import REMEDIES
from incidents.intake import sources
from incidents.mailboxes import services as mailboxes
from notify import pause
from notify.channels import push_keys
from notify.gateways import breakers, services as gateways
from notify.gateways.breakers import GatewayTrial
from notify.gateways.recipe import Recipe
from people.accounts import keys
from people.models import ContactMethod, User
from tests.support.copies import Installation, postgres_programs
from tests.support.demo_rows import demo_unit
from tests.support.live import free_port
from tests.support.smtp_sink import SmtpSink, smtp_sink
from tests.support.tet_night import ADMIN

Break = Callable[[Flask, Path], object]
DESK = {
    "environment_lax",
    "address_loopback",
    "gateway_none",
    "second_folder_none",
    "watchdog_none",
    "nothing_published",
}
"""What is worth knowing of every copy on a desk."""
SILENT = "http://127.0.0.1:{port}/ping"


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    with smtp_sink() as server:
        yield server


@pytest.fixture
def house(app: Flask, tmp_path: Path, ids: dict[str, int], sink: SmtpSink) -> Path:
    """A development copy on which nothing is wrong, with a copy of its data."""
    folder = tmp_path / "house"
    folder.mkdir(mode=0o700)
    app.config.update(
        DATA_DIR=folder,
        MAIL_URL=sink.url,
        MAIL_FROM="truc@buudien.example",
        SECRET_KEY="k" * 64,
        PG_BIN="" if os.environ.get("TEST_DATABASE_URL") else postgres_programs(),
        BACKUP_DIR=None,
        BACKUP_PASSPHRASE=None,
        WATCHDOG_URL=None,
        APP_ENV="development",
    )
    heartbeat.beat(heartbeat.WORKER, now=clock.now())
    assert schedule.run(clock.now())
    return folder


def checks(runner: FlaskCliRunner, *options: str) -> list[dict[str, str]]:
    done = runner.invoke(args=["doctor", "--json", *options])
    told = json.loads(done.stdout)
    assert told["ok"] == (done.exit_code == 0) == all(each["level"] != "fault" for each in told["checks"])
    assert all(each["remedy"] for each in told["checks"] if each["level"] in ("warning", "fault"))
    return list(told["checks"])


def named(told: list[dict[str, str]], *levels: str) -> set[str]:
    return {each["name"] for each in told if each["level"] in (levels or ("warning", "fault"))}


@pytest.mark.both_dbs("each database is asked in its own SQL")
def test_a_well_installation_ends_with_0_and_sends_nothing(runner: FlaskCliRunner, house: Path, sink: SmtpSink) -> None:
    told = checks(runner)
    assert named(told) == DESK and named(told, "fault") == set()
    assert set(unseen(told)) == {"address_loopback"}, "nothing else stands in the way of anything"
    assert sink.arrivals == []


def test_a_letter_is_sent_only_when_asked_for(runner: FlaskCliRunner, house: Path, sink: SmtpSink) -> None:
    told = checks(runner, "--send-to", "toi@buudien.example")
    assert named(told, "fault") == set()
    assert [each.recipient for each in sink.arrivals] == ["toi@buudien.example"]


def set_config(**values: object) -> Break:
    return lambda app, _house: app.config.update(values)


def old_copies(_app: Flask, _house: Path) -> None:
    with transaction() as session:
        long_ago = clock.now() - timedelta(hours=2)
        session.execute(update(Heartbeat).where(Heartbeat.name == schedule.GOOD).values(beat_at=long_ago))


def no_copy_yet(_app: Flask, _house: Path) -> None:
    heartbeat.forget([schedule.GOOD, schedule.TURN])


def copies_of(house: Path) -> list[Path]:
    return sorted((house / "backups").glob("*.tar.gz"))


def removed(_app: Flask, house: Path) -> None:
    copies_of(house)[-1].unlink()


def newest_removed(_app: Flask, house: Path) -> None:
    assert schedule.run(clock.now() + timedelta(minutes=16))
    heartbeat.beat(schedule.TURN, now=clock.now())
    copies_of(house)[-1].unlink()


def cut(_app: Flask, house: Path) -> None:
    os.truncate(copies_of(house)[-1], 5_000)


def spoilt(_app: Flask, house: Path) -> None:
    """As long as it was, and one byte in the middle is another one."""
    path = copies_of(house)[-1]
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 0xFF
    path.write_bytes(raw)


def silent_worker(_app: Flask, _house: Path) -> None:
    heartbeat.beat(heartbeat.WORKER, now=clock.now() - timedelta(minutes=5))


def one_of_two_workers_hangs(_app: Flask, _house: Path) -> None:
    heartbeat.beat(heartbeat.worker("one/0"), now=clock.now(), host="a")
    heartbeat.beat(heartbeat.worker("two/0"), now=clock.now() - timedelta(minutes=5), host="b")


def paused(_app: Flask, _house: Path) -> None:
    with transaction() as session:
        session.add(Setting(key=pause.KEY, value=pause.value(clock.now(), clock.now())))


def another_schema(_app: Flask, _house: Path) -> None:
    with transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = 'other'"))


def another_secret_for_push(app: Flask, _house: Path) -> None:
    push_keys.public_key()
    app.config["SECRET_KEY"] = "o" * 64


def gateway(recipe: Recipe, secrets: dict[str, str] | None = None) -> None:
    gateways.save(
        None,
        gateways.GatewayInput(
            "sms", "Cổng", position=1, active=True, allow_private=True, recipe=recipe, secrets=secrets or {}
        ),
        actor=ADMIN,
        now=clock.now(),
    )


def unreachable_gateway(_app: Flask, _house: Path) -> None:
    gateway(Recipe(f"http://127.0.0.1:{free_port()}/sms", body={"to": "{to}", "text": "{text}"}))


def gateway_of_another_key(app: Flask, _house: Path) -> None:
    body = {"to": "{to}", "text": "{text}", "key": "{secret.key}"}
    gateway(Recipe(app.config["MAIL_URL"].replace("smtp", "http"), body=body), {"key": "x"})
    app.config["SECRET_KEY"] = "o" * 64


def gateway_that_hears(app: Flask, _house: Path) -> None:
    """Its texts are answers, and it signs nothing."""
    url = app.config["MAIL_URL"].replace("smtp", "http")
    heard = {"in_text": "sms", "in_from": "/from", "in_words": "/text", "in_at": "/kind"}
    gateway(Recipe(url, body={"to": "{to}", "text": "{text}"}, **heard))


def mailbox(_app: Flask, _house: Path) -> None:
    unit_id = database.session.execute(text("SELECT id FROM units ORDER BY id LIMIT 1")).scalar_one()
    made, _key = sources.create(
        sources.NewSource("Nagios", "generic", unit_id, category="connectivity"), actor=ADMIN, now=clock.now()
    )
    line = mailboxes.Settings(
        "127.0.0.1", 993, "tls", "canhbao", "mật khẩu", "INBOX", ("nagios@giamsat.example",), True
    )
    mailboxes.save(made.id, line, actor=ADMIN, now=clock.now())


def key_that_ends(_app: Flask, _house: Path) -> None:
    now = clock.now()
    _row, secret = keys.create_api_key(keys.NewApiKey("Giám sát", "viewer", days=5), actor=ADMIN, now=now)
    assert keys.identify(secret, now) is not None


def failing(name: str) -> Break:
    return lambda _app, _house: breakers.note([GatewayTrial(name, "no route")] * 3, now=clock.now())


def stick_away(app: Flask, house: Path) -> None:
    app.config["BACKUP_DIR"] = house / "stick"


def empty_stick(app: Flask, house: Path) -> None:
    stick_away(app, house)
    (house / "stick").mkdir()


def keyed_stick(app: Flask, house: Path) -> None:
    empty_stick(app, house)
    app.config["SECRET_KEY_KEPT"] = True
    taking.create(house / "stick" / "by-hand", reason="command", passphrase=None, now=clock.now())
    app.config["SECRET_KEY_KEPT"] = False


def no_administrator(_app: Flask, _house: Path) -> None:
    with transaction() as session:
        session.execute(update(User).values(active=False))


def no_addresses(_app: Flask, _house: Path) -> None:
    with transaction() as session:
        session.query(ContactMethod).delete()


def nobody_listens(app: Flask, _house: Path) -> None:
    app.config["WATCHDOG_URL"] = SILENT.format(port=free_port())


BROKEN: dict[str, tuple[Break, set[str]]] = {
    # the check: what breaks it, and what else is then said of such a copy
    "worker_late": (silent_worker, set()),
    "worker_hung": (one_of_two_workers_hangs, set()),
    "sending_paused": (paused, set()),
    "backup_never": (no_copy_yet, set()),
    "backup_old": (old_copies, set()),
    "copies_gone": (removed, set()),
    "copy_missing": (newest_removed, set()),
    "copy_cut": (cut, set()),
    "copy_damaged": (spoilt, set()),
    "second_folder_away": (stick_away, set()),
    "second_folder_late": (empty_stick, {"second_folder_near", "second_folder_open"}),
    "second_folder_near": (empty_stick, {"second_folder_late", "second_folder_open"}),
    "second_folder_open": (empty_stick, {"second_folder_late", "second_folder_near"}),
    "second_folder_keys": (keyed_stick, {"second_folder_late", "second_folder_near", "second_folder_open"}),
    "mail_refused": (set_config(MAIL_URL="smtp://127.0.0.1:9"), set()),
    "mail_unset": (set_config(MAIL_URL=None), {"channels_unconnected"}),
    "channels_unconnected": (set_config(MAIL_URL=None), {"mail_unset"}),
    "migrations_pending": (another_schema, set()),
    "secret_key_short": (set_config(SECRET_KEY="short"), set()),
    "environment_unknown": (set_config(APP_ENV="prodution"), set()),
    "address_silent": (set_config(PUBLIC_URL="https://tructet.invalid"), {"proxies_untrusted"}),
    "address_plain": (set_config(PUBLIC_URL="http://tructet.invalid"), {"address_silent"}),
    "address_inner": (set_config(PUBLIC_URL="http://tructet"), {"address_silent", "address_plain"}),
    "proxies_untrusted": (set_config(PUBLIC_URL="https://tructet.invalid"), {"address_silent"}),
    "demo_setting": (set_config(DEMO=True, TESTING=False), set()),
    "demo_present": (lambda _app, _house: demo_unit(), set()),
    "push_key_sealed": (another_secret_for_push, set()),
    "gateway_unreachable": (unreachable_gateway, set()),
    "gateway_unusable": (gateway_of_another_key, set()),
    "sms_forgeable": (gateway_that_hears, set()),
    "mail_forgeable": (mailbox, set()),
    "keys_ending": (key_that_ends, set()),
    "breaker_open": (failing("email"), set()),
    "host_breaker_open": (failing("push/updates.example"), set()),
    "account_none": (no_administrator, set()),
    "nobody_reachable": (no_addresses, set()),
    "watchdog_unreachable": (nobody_listens, set()),
    "folder_readable": (lambda _app, house: house.chmod(0o755), set()),
}
HIDDEN = {
    "migrations_pending": {"gateway_none", "nothing_published"},
    "environment_unknown": {"environment_lax"},
    "account_none": {"nothing_published"},
    "watchdog_unreachable": {"watchdog_none"},
    **dict.fromkeys(("gateway_unreachable", "gateway_unusable", "sms_forgeable"), {"gateway_none"}),
    **dict.fromkeys(("address_silent", "address_plain", "address_inner", "proxies_untrusted"), {"address_loopback"}),
    **{name: {"second_folder_none"} for name in BROKEN if name.startswith("second_folder")},
}
"""What is said of every copy on a desk, and not of this one."""


@pytest.mark.both_dbs("copies and tables are made and read by each database's own programs")
@pytest.mark.parametrize("name", BROKEN)
def test_each_question_finds_its_fault_and_nothing_else(
    app: Flask, runner: FlaskCliRunner, house: Path, name: str
) -> None:
    breaks, besides = BROKEN[name]
    breaks(app, house)
    assert named(checks(runner)) == (DESK - HIDDEN.get(name, set())) | besides | {name}


def test_a_channel_without_a_gateway_that_is_well_is_said_where_gateways_are_not(app: Flask, house: Path) -> None:
    failing("email")(app, house)
    found = findings(now=clock.now(), checks=[BY_NAME["channels_shut"]])
    assert [(each.kind, each.channels, each.total) for each in found] == [("channels_shut", ("email",), True)]


@pytest.mark.parametrize(("free", "name", "fails"), [(1_000, "disk_full", True), (10**9, "disk_low", False)])
def test_no_room_is_found(
    runner: FlaskCliRunner, house: Path, monkeypatch: pytest.MonkeyPatch, free: int, name: str, fails: bool
) -> None:
    monkeypatch.setattr(files, "free_bytes", lambda _folder: free)
    told = checks(runner)
    assert name in named(told) and (name in named(told, "fault")) == fails


def test_a_folder_that_is_gone_is_found(app: Flask, runner: FlaskCliRunner, house: Path) -> None:
    app.config["DATA_DIR"] = house / "gone"
    told = checks(runner)
    assert "folder_unwritable" in named(told, "fault")
    assert "disk_full" in unseen(told)["folder_unwritable"]


@contextmanager
def answering(status: int, date: str = "") -> Iterator[int]:
    """The port of a server that answers everything with ``status``, whatever o'clock it is."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()

        def date_time_string(self, timestamp: float | None = None) -> str:
            return date or super().date_time_string(timestamp)  # type: ignore[arg-type]

        def log_message(self, *_args: object) -> None:
            """Silent."""

    server = HTTPServer(("0.0.0.0", 0), Handler)  # noqa: S104 (a name that is not loopback leads here)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_clock_that_is_wrong_beyond_the_proxy_is_found(app: Flask, runner: FlaskCliRunner, house: Path) -> None:
    with answering(200, "Sat, 25 Jan 2020 02:10:00 GMT") as port:
        app.config["PUBLIC_URL"] = f"http://0.0.0.0:{port}"
        told = checks(runner)
    assert "address_clock" in named(told, "fault") and "address_silent" not in named(told)


@pytest.mark.both_dbs("what was noted is compared by its moments")
def test_a_watchdog_that_refuses_us_is_found_and_its_end_too(app: Flask, runner: FlaskCliRunner, house: Path) -> None:
    with answering(404) as port:
        app.config["WATCHDOG_URL"] = f"http://127.0.0.1:{port}/ping/mistyped"
        now = clock.now()
        assert audited(now - timedelta(minutes=6)) == [] and audited(now - timedelta(minutes=3)) == []
        assert audited(now) == ["watchdog_failing"], "told by mail after five minutes"
        assert "404" in next(each["text"] for each in checks(runner) if each["name"] == "watchdog_failing")
    nobody_listens(app, house)
    assert named(checks(runner)) - DESK == {"watchdog_unreachable"}, "nothing is said of the address before"
    with answering(200) as port:
        app.config["WATCHDOG_URL"] = f"http://127.0.0.1:{port}/ping"
        assert audited(now) == [] and named(checks(runner)) == DESK - {"watchdog_none"}


def audited(now: object) -> list[str]:
    heartbeat.beat(heartbeat.WORKER, now=now)  # type: ignore[arg-type]
    return [each.kind for each in auditor.inspect(now)]  # type: ignore[arg-type]


@pytest.mark.both_dbs("what the auditor keeps is locked while it is written")
def test_a_second_folder_that_cannot_be_looked_at_stops_no_audit(app: Flask, house: Path) -> None:
    """Such as a mount that answers with an error: here a name that no file system takes."""
    app.config["BACKUP_DIR"] = house / ("x" * 300)
    assert audited(clock.now()) == [], "there is a copy at home, so nobody looks there"
    for copy in copies_of(house):
        copy.unlink()
    assert audited(clock.now()) == []
    with transaction() as session:
        session.execute(
            update(Heartbeat).where(Heartbeat.name == heartbeat.WORKER).values(beat_at=clock.now() - timedelta(hours=1))
        )
    assert [each.kind for each in auditor.inspect(clock.now())] == ["worker_late"], "all else is still asked"


@pytest.mark.both_dbs("only PostgreSQL has programs of its own")
def test_missing_programs_of_postgresql_are_found_before_a_copy_fails(
    app: Flask, runner: FlaskCliRunner, house: Path
) -> None:
    (house / "bin").mkdir(mode=0o700)
    app.config["PG_BIN"] = str(house / "bin")
    told = checks(runner)
    assert named(told, "fault") == (set() if is_sqlite() else {"pg_dump_missing"})
    assert is_sqlite() or "copy_damaged" in unseen(told)["pg_dump_missing"]


@pytest.mark.both_dbs("only PostgreSQL has a clock of its own")
def test_clocks_that_differ_are_found(
    app: Flask, runner: FlaskCliRunner, house: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = clock.wall
    monkeypatch.setattr(clock, "wall", lambda: right() - timedelta(hours=1))
    assert ("clock_apart" in named(checks(runner), "fault")) != is_sqlite()


@pytest.mark.both_dbs("only PostgreSQL has standbys")
def test_a_standby_is_found(runner: FlaskCliRunner, house: Path) -> None:
    """A server that says of itself what a standby says: another one behind a proxy, or one whose primary has died."""
    if is_sqlite():
        assert "database_standby" not in named(checks(runner))
        return
    first = text("SET LOCAL search_path TO public, pg_catalog")
    says = "CREATE FUNCTION public.pg_is_in_recovery() RETURNS boolean LANGUAGE sql AS 'SELECT true'"
    with database.engine.begin() as connection:
        connection.exec_driver_sql(says)

    def begin(connection: Connection) -> None:
        connection.execute(first)

    event.listen(database.engine, "begin", begin)
    try:
        assert named(checks(runner), "fault") == {"database_standby"}
    finally:
        event.remove(database.engine, "begin", begin)
        database.session.rollback()
        with database.engine.begin() as connection:
            connection.exec_driver_sql("DROP FUNCTION public.pg_is_in_recovery()")


def test_a_damaged_file_is_found(app: Flask, house: Path, tmp_path: Path) -> None:
    path = tmp_path / "damaged.sqlite3"
    sqlite_copy.copy(database.engine, path)
    with closing(sqlite_copy.connect(database.engine, path)) as copied:
        page = copied.execute("SELECT rootpage FROM sqlite_master WHERE name = 'mailboxes'").fetchone()[0]
        size = copied.execute("PRAGMA page_size").fetchone()[0]
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
    told = in_a_copy_of_its_own(f"sqlite:///{path}", tmp_path)
    assert "database_damaged" in named(told, "fault")


def in_a_copy_of_its_own(url: str, tmp_path: Path) -> list[dict[str, str]]:
    made = Installation(url, tmp_path / "own", SECRET_KEY="k" * 64)
    said = made.flask("doctor", "--json", fails=True)
    return list(json.loads(said[said.index("{") :])["checks"])


def unseen(told: list[dict[str, str]]) -> dict[str, str]:
    """What stands in the way → everything that was not looked at for it."""
    found: dict[str, str] = {}
    for each in told:
        if each["level"] == "unseen":
            first = each["text"].removeprefix("not looked at (until ").partition(" ")[0]
            found[first] = found.get(first, "") + each["text"]
    return found


def database_faults(told: list[dict[str, str]]) -> set[str]:
    """Faults that are not about how the test sets it up."""
    return named(told, "fault") & {each.name for each in CHECKS if each.needs or each.kind == "ground"}


def test_of_an_empty_database_one_thing_is_wrong(tmp_path: Path) -> None:
    told = in_a_copy_of_its_own(f"sqlite:///{tmp_path / 'new.sqlite3'}", tmp_path)
    assert database_faults(told) == {"migrations_pending"}
    waits = unseen(told)
    assert set(waits) >= {"migrations_pending"} and "worker_late" in waits["migrations_pending"]


def test_of_a_database_that_is_away_one_thing_is_wrong(tmp_path: Path) -> None:
    told = in_a_copy_of_its_own(f"postgresql+psycopg://nobody@127.0.0.1:{free_port()}/none", tmp_path)
    assert database_faults(told) == {"database_unavailable"}
    assert "worker_late" in unseen(told)["database_unavailable"]


def test_a_demo_is_well_but_for_being_one(app: Flask, runner: FlaskCliRunner, house: Path) -> None:
    demo_unit()
    app.config["MAIL_URL"] = None
    told = checks(runner)
    assert named(told, "fault") == set() and audited(clock.now()) == []
    assert named(told) == DESK | {"demo_present", "mail_unset"}, "that nothing is connected is meant so"


def test_in_production_what_is_unsafe_is_a_fault(app: Flask, runner: FlaskCliRunner, house: Path) -> None:
    house.chmod(0o755)
    app.config.update(APP_ENV="production", MAIL_URL=None, DEMO=True, TESTING=False)
    wrong = named(checks(runner), "fault")
    assert {"demo_setting", "folder_readable", "address_loopback", "mail_unset", "channels_unconnected"} <= wrong
    assert "nothing_published" in wrong
    app.config.update(MAIL_URL="smtp://127.0.0.1:9")
    assert "channels_unconnected" not in named(checks(runner)), "one that fails is a fault of its own"


def test_people_read_faults_on_standard_error_and_scan_the_address(
    app: Flask, runner: FlaskCliRunner, house: Path
) -> None:
    silent_worker(app, house)
    done = runner.invoke(args=["doctor"])
    assert done.exit_code == 1
    assert [line.split()[:2] for line in done.stderr.splitlines()] == [["FAULT", "worker:"]]
    assert "/healthz" in done.stdout and "█" in done.stdout
    vietnamese = runner.invoke(args=["doctor", "--language", "vi"])
    assert "Máy báo động không có dấu hiệu hoạt động" in vietnamese.stderr and "make run" in vietnamese.stderr


SEEN_ELSEWHERE = {
    "incidents_overdue": "tests/services/desk/audit/test_auditor.py",
    "incidents_unscheduled": "tests/services/desk/audit/test_auditor.py",
    "leases_expired": "tests/services/desk/audit/test_auditor.py",
    "messages_waiting": "tests/services/desk/audit/test_auditor.py",
    "notices_waiting": "tests/services/desk/audit/test_auditor.py",
    "messages_deadly": "tests/services/notify/deaths/test_deaths.py",
    "database_locked": "tests/services/core/storage/test_waiting_for_locks.py",
    "incidents_untold": "tests/services/desk/audit/test_untold.py",
    "database_unsound": "tests/services/core/storage/test_sqlite_library.py",
    "backup_late": "tests/services/desk/backups/test_backup_schedule.py",
    "duty_unsure": "tests/services/roster/coverage/test_unsure.py",
    "mailbox_unread": "tests/journeys/test_mail_intake.py",
    "mailbox_failing": "tests/journeys/test_mail_intake.py",
    "mailbox_unvisited": "tests/journeys/test_mail_that_kills.py",
}
"""Faults that take a night, a mail server or a library to make."""


def test_every_question_was_seen_failing_and_says_what_to_do() -> None:
    here = Path(__file__).read_text("utf-8")
    root = Path(__file__).parents[4]
    for check in CHECKS:
        elsewhere = SEEN_ELSEWHERE.get(check.name)
        said = (root / elsewhere).read_text("utf-8") if elsewhere else here
        assert check.name in said, f"no test sees {check.name} failing"
    assert REMEDIES.keys() == {each.name for each in CHECKS}


def test_what_a_question_needs_is_asked_before_it() -> None:
    names = [each.name for each in CHECKS]
    assert len(names) == len(set(names))
    assert [each.name for n, each in enumerate(CHECKS) if not set(each.needs) <= set(names[:n])] == []
