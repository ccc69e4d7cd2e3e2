"""The demo, seeded once for a file of tests that only look at it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from desk import demo
from tests.support.seeded import SeededSite, seeded_site


@pytest.fixture(scope="module")
def site(_sqlite: Any, browser: Any) -> Iterator[SeededSite]:
    from core.db import db

    store, app = _sqlite
    store.reset()
    settings = dict(app.config)
    with pytest.MonkeyPatch.context() as patch, app.app_context():
        patch.setattr(demo, "SOLVE_SECONDS", 1)  # a roster good enough to look at
        with seeded_site(app, browser) as made:
            yield made
        db.session.remove()
        db.engine.dispose()
    app.config.clear()
    app.config.update(settings)
