"""Fixtures of the whole suite.

``app``, ``client``, ``runner``, ``db`` run on SQLite. In tests/journeys, and for tests marked ``both_dbs``, every test
that uses one of them runs twice: on SQLite and on PostgreSQL. Where the mark says in what the databases differ
(``both_dbs("locks")``: SQL, locks, time, faults), PostgreSQL's run of the first of a file is in ``make test``; all
others of PostgreSQL are left to the rest.
Every test starts with a freshly migrated database.
A missing PostgreSQL or browser skips; with CI=true it fails. ``SQLITE_DRIVER=python`` runs the tests on Python's own
SQLite, which in most Pythons may not keep a write-ahead log (``core.storage.sqlite``).
"""

from __future__ import annotations

import gc
import os
from collections.abc import Generator, Iterator
from functools import partial
from pathlib import Path
from typing import Any, NoReturn
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from hypothesis import settings as hypothesis_settings
from sqlalchemy import event
from sqlalchemy.engine import URL

from tests.support import every_other, first_stories, in_memory, kept_templates, longest_first, pictures, worlds
from tests.support.isolation import IsolatedClient, IsolatedRunner
from tests.support.live import own_settings
from tests.support.once import folder_of_run, once
from tests.support.postgres import (
    MIGRATED,
    PostgresMissing,
    create_database,
    drop_database,
    given_server,
    make_cluster,
    postgres_server,
)
from tests.support.stores import PostgresStore, SqliteStore, make_template

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
# No clock decides about a property; on CI the same examples every time.
hypothesis_settings.register_profile("desk", deadline=None)
hypothesis_settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
hypothesis_settings.load_profile("ci" if os.environ.get("CI") == "true" else "desk")
in_memory.use()


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


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is read now stays until the end: the collector of garbage need not walk it again and again.

    By its threshold, because ``app`` switches the collector on again when it has been imported.
    """
    gc.set_threshold(0)
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(10_000, 20, 20)  # as app.py has it


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """pytest collects garbage five times at the end, over all that was imported: a second of each process."""
    gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    lasts = longest_first.duration(longest_first.read_durations(), {item.path for item in items})
    items.sort(key=lambda item: (-lasts(item.path), str(item.path)))
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
    every_other.leave_to_the_rest([item for item in items if HERE / "browser" in item.path.parents])
    if first_stories.is_whole(config):
        first_stories.leave_to_the_rest(items)


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
    from tests.support.judged_once import judge_once

    judge_once()
    return create_app({"TESTING": True, "SQLALCHEMY_DATABASE_URI": url, "WTF_CSRF_ENABLED": False, "DEMO": False})


def _migrated_on(server: URL, name: str) -> None:
    create_database(server, name, "template0")
    _migrate(server.set(database=name).render_as_string(hide_password=False))


@pytest.fixture(scope="session")
def pg_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[URL]:
    """The URL of a PostgreSQL server on which databases may be created; it has a migrated one to copy, MIGRATED."""
    cluster = folder_of_run(tmp_path_factory) / "postgres"
    try:
        if given_server() is None:
            once(cluster, lambda folder: make_cluster(folder, lambda url: _migrated_on(url, MIGRATED)))
        with postgres_server(cluster=cluster) as url:
            yield url
    except PostgresMissing as missing:
        skip_or_fail(f"no PostgreSQL: {missing}")


@pytest.fixture(scope="session")
def _compiled(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where templates are kept that any process of any run has compiled."""
    return kept_templates.folder(pytestconfig, tmp_path_factory)


@pytest.fixture(scope="session")
def _sqlite(tmp_path_factory: pytest.TempPathFactory, _compiled: Path) -> tuple[SqliteStore, Flask]:
    from core.db import db

    made = once(folder_of_run(tmp_path_factory) / "sqlite", lambda folder: make_template(folder, _migrate))
    store = SqliteStore(tmp_path_factory.mktemp("sqlite"), made)
    application = _make_app(store.url)
    application.jinja_env.bytecode_cache = kept_templates.cache(application.jinja_env, _compiled)
    with application.app_context():
        event.listen(db.engine, "connect", _hurried_and_backwards)
    return store, application


def _hurried_and_backwards(connection: Any, _record: Any) -> None:
    """No test pulls the plug of the whole machine: a commit of ``app`` need not wait for the disk.

    Rows come backwards where nobody asks for an order. PostgreSQL promises none, either, and keeps the one in which
    they were written for so long that whoever relies on it learns of it late.
    """
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute("PRAGMA reverse_unordered_selects=ON")


@pytest.fixture(scope="session")
def _postgresql(pg_server: URL, _compiled: Path) -> Iterator[tuple[PostgresStore, Flask]]:
    from core.db import db

    name, template = f"tt_test_{uuid4().hex[:12]}", MIGRATED
    if given_server() is not None:
        template = f"{name}_template"
        _migrated_on(pg_server, template)
    store = PostgresStore(pg_server, name, template)
    application = _make_app(store.url)
    application.jinja_env.bytecode_cache = kept_templates.cache(application.jinja_env, _compiled)
    with application.app_context():
        store.borrow_from(db.engine)
    yield store, application
    store.close()
    if template != MIGRATED:
        drop_database(pg_server, template)


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
        store.leave()


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
    """A real Chromium, started once. Its profiles have no service worker unless they ask for one (``**WITH_WORKER``),
    which keeps the look and four pages for each account: more requests than all that most tests look at."""
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
        chromium.new_context = partial(chromium.new_context, service_workers="block")
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Any, live_url: str) -> Iterator[Any]:
    """A tab of a fresh browser profile whose relative addresses are those of ``live_url``."""
    context = browser.new_context(base_url=live_url, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh")
    context.set_default_timeout(60_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def axe() -> Any:
    """``axe(page)`` lists accessibility faults as text, one a line; [] when there are none."""
    from tests.support.axe import faults

    return faults
