"""The demo, seeded once for a file of tests that only look at it; and people at screens of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from core.observability import heartbeat
from desk.demo import seed
from tests.support.at_screen import choose_language, sign_in
from tests.support.browser import QUICKER
from tests.support.enterprise import PASSWORD
from tests.support.kept_solves import solves_kept
from tests.support.live import own_settings
from tests.support.seeded import SeededSite, seeded_site
from tests.support.tet_night import NIGHT, Night


@pytest.fixture(autouse=True)
def _solves_kept() -> Iterator[None]:
    """Here people look at what the engine made; the same problem need not be solved again for the next look."""
    with solves_kept():
        yield


@pytest.fixture(scope="module")
def site(_sqlite: Any, browser: Any) -> Iterator[SeededSite]:
    from core.db import db

    store, app = _sqlite
    store.reset()
    with own_settings(app), pytest.MonkeyPatch.context() as patch, app.app_context():
        patch.setattr(seed, "SOLVE_SECONDS", 1)  # of the one search whose page is looked at
        with seeded_site(app, browser) as made:
            yield made
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def night(night: Night) -> Night:
    """The worker lives."""
    heartbeat.beat("worker", now=NIGHT)
    return night


@pytest.fixture
def open_page(night: Any, browser: Any, live_url: str) -> Iterator[Callable[..., Any]]:
    """``open_page(login, path, **screen)``: somebody signs in at a screen of their own. ``night`` comes first;
    ``locked``: the page is that of a locked desk, which has no shortcuts."""
    contexts = []

    def make(login: str, path: str, *, english: bool = False, locked: bool = False, **screen: Any) -> Any:
        context = browser.new_context(base_url=live_url, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", **screen)
        context.set_default_timeout(60_000)
        context.add_init_script(QUICKER)
        contexts.append(context)
        page = context.new_page()
        sign_in(page, login, PASSWORD)
        if english:
            choose_language(page, "en")
        page.goto(path)
        if not locked:
            page.wait_for_function("() => !document.querySelector('[data-keys-help]').hidden")
        return page

    yield make
    for context in contexts:
        context.close()
