"""Fixtures of the whole suite.

``app``, ``client``, ``runner``, ``db`` run on SQLite. In tests/journeys, and for tests marked ``both_dbs``, every test
that uses one of them runs twice: on SQLite and on PostgreSQL. Where the mark says in what the databases differ
(``both_dbs("locks")``: SQL, locks, time, faults), both are in ``make test``; else PostgreSQL's is left to the rest.
Every test starts with a freshly migrated database.
A missing PostgreSQL or browser skips; with CI=true it fails. ``SQLITE_DRIVER=python`` runs the tests on Python's own
SQLite, which in most Pythons may not keep a write-ahead log (``core.storage.sqlite``).
"""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any, NoReturn
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from hypothesis import settings as hypothesis_settings
from sqlalchemy.engine import URL

from tests.support import every_other, pictures, worlds
from tests.support.isolation import IsolatedClient, IsolatedRunner
from tests.support.live import own_settings
from tests.support.postgres import PostgresMissing, postgres_server
from tests.support.stores import PostgresStore, SqliteStore

pytest_plugins = ("tests.support.stories",)
HERE = Path(__file__).parent
ROOT = HERE.parent
SETTING_NAMES = (
    "DATABASE_URL",
    "HOST",
    "PORT",
    "PUBLIC_URL",
    "APP_ENV",
    "SECRET_KEY",
    "MAIL_URL",
    "MAIL_FROM",
    "OUTGOING_ALLOW",
    "CALLER_NUMBERS",
    "DEMO",
    "TICK_SECONDS",
    "LOG_FORMAT",
    "BACKUP_DIR",
    "BACKUP_PASSPHRASE",
    "BACKUP_PASSPHRASE_FILE",
    "PG_BIN",
    "SECRET_KEY_OLD",
    "TRUSTED_PROXIES",
    "SQLITE_DRIVER",
    "WATCHDOG_URL",
)
LONGEST_FIRST = (
    "browser/test_every_page.py",
    "web/core/test_api_fuzz.py",
    "journeys/test_serve.py",
    "services/core/test_database_faults.py",
    "browser/test_phone_night.py",
    "services/incidents/test_firing_together.py",
    "boundaries/test_snapshots.py",
    "journeys/test_delivery.py",
    "journeys/test_whole_path.py",
    "journeys/test_absent_people.py",
    "journeys/test_kill_the_worker.py",
    "web/core/test_route_matrix.py",
    "browser/test_grid.py",
    "browser/test_ten_minutes.py",
    "browser/test_offline.py",
)
"""Files are dealt out whole, to several processes: what takes long must not be what all wait for in the end."""
# No clock decides about a property; on CI the same examples every time.
hypothesis_settings.register_profile("desk", deadline=None)
hypothesis_settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
hypothesis_settings.load_profile("ci" if os.environ.get("CI") == "true" else "desk")


def skip_or_fail(reason: str) -> NoReturn:
    """Skip at a desk, fail where the whole suite was promised."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "dialect" not in metafunc.fixturenames:
        return
    mark = metafunc.definition.get_closest_marker("both_dbs")
    if mark or (HERE / "journeys") in metafunc.definition.path.parents:
        marks = [pytest.mark.postgres] if mark and mark.args else [pytest.mark.postgres, pytest.mark.rest]
        metafunc.parametrize("dialect", ["sqlite", pytest.param("postgresql", marks=marks)], indirect=True)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if gone := [name for name in LONGEST_FIRST if not (HERE / name).exists()]:
        raise pytest.UsageError(f"LONGEST_FIRST names files that are gone: {gone}")
    places = {HERE / name: place for place, name in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: places.get(item.path, len(places)))
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
    every_other.leave_to_the_rest([item for item in items if HERE / "browser" in item.path.parents])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "call" and report.failed:
        pictures.keep(item)
    return report


@pytest.fixture(scope="session", autouse=True)
def _own_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """No test reads the developer's settings or writes into the developer's data."""
    patch = pytest.MonkeyPatch()
    for name in SETTING_NAMES:
        patch.delenv(name, raising=False)
    # Journeys start a hundred processes of one program: let the first one keep what it compiled.
    patch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    folder = tmp_path_factory.mktemp("data-dir")
    patch.setenv("DATA_DIR", str(folder))
    yield folder
    patch.undo()


@pytest.fixture(autouse=True)
def _own_umask() -> Iterator[None]:
    """A test that starts the program in its own process closes files to others: the next one's are its own affair."""
    was = os.umask(0o022)
    os.umask(was)
    yield
    os.umask(was)


def _migrate(url: str) -> None:
    from flask_migrate import upgrade

    from core.db import db

    app = _make_app(url)
    with app.app_context():
        upgrade()
        db.engine.dispose()


def _make_app(url: str) -> Flask:
    from app import create_app

    return create_app({"TESTING": True, "SQLALCHEMY_DATABASE_URI": url, "WTF_CSRF_ENABLED": False, "DEMO": False})


@pytest.fixture(scope="session")
def pg_server() -> Iterator[URL]:
    """The URL of a PostgreSQL server on which databases may be created."""
    try:
        with postgres_server() as url:
            yield url
    except PostgresMissing as missing:
        skip_or_fail(f"no PostgreSQL: {missing}")


@pytest.fixture(scope="session")
def _sqlite(tmp_path_factory: pytest.TempPathFactory) -> tuple[SqliteStore, Flask]:
    store = SqliteStore(tmp_path_factory.mktemp("sqlite"), _migrate)
    return store, _make_app(store.url)


@pytest.fixture(scope="session")
def _postgresql(pg_server: URL) -> Iterator[tuple[PostgresStore, Flask]]:
    store = PostgresStore(pg_server, f"tt_test_{uuid4().hex[:12]}", _migrate)
    yield store, _make_app(store.url)
    store.close()


@pytest.fixture
def dialect(request: pytest.FixtureRequest) -> str:
    """``sqlite`` or ``postgresql``: what this run of the test works on."""
    return getattr(request, "param", "sqlite")


@pytest.fixture
def app(dialect: str, request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The application on a freshly migrated database, inside an application context of the test's own.

    Requests of ``client`` and commands of ``runner`` run in contexts of theirs. Changed ``app.config`` is put back.
    """
    from core.db import db

    store, application = request.getfixturevalue("_sqlite" if dialect == "sqlite" else "_postgresql")
    store.reset()
    with own_settings(application), application.app_context():
        worlds.STAGE.open(store)
        yield application
        worlds.STAGE.close()
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def db(app: Flask) -> Any:
    """``core.db.db`` inside the test's application context."""
    from core.db import db as handle

    return handle


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without JavaScript; CSRF is off (set WTF_CSRF_ENABLED to test it). Make more with ``new_client``."""
    return IsolatedClient(app)


@pytest.fixture
def new_client(app: Flask) -> Any:
    """Call it for another browser with cookies of its own."""
    return lambda: IsolatedClient(app)


@pytest.fixture
def runner(app: Flask) -> FlaskCliRunner:
    """``runner.invoke(args=["users", "create", …])`` runs a command."""
    return IsolatedRunner(app)


@pytest.fixture
def live_url(app: Flask) -> Iterator[str]:
    """The base URL of the application behind a real socket, CSRF on."""
    from tests.support.live import serving

    with serving(app) as url:
        yield url


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A real Chromium, started once."""
    from tests.support.browser import BrowserMissing, launch

    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        skip_or_fail("no Playwright: install requirements-dev.txt")
    with sync_playwright() as playwright:
        try:
            chromium = launch(playwright)
        except BrowserMissing as missing:
            skip_or_fail(f"no browser: {missing}")
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Any, live_url: str) -> Iterator[Any]:
    """A tab of a fresh browser profile whose relative addresses are those of ``live_url``."""
    context = browser.new_context(base_url=live_url, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh")
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def axe() -> Any:
    """``axe(page)`` lists accessibility faults as text, one a line; [] when there are none."""
    from tests.support.axe import faults

    return faults
