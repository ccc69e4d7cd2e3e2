"""Pages and calls show what the engine made of small rosters: nothing is started to solve them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.unit.planning import in_process


@pytest.fixture(scope="module", autouse=True)
def _engines_inside() -> Iterator[None]:
    with in_process.engines_inside(brief=True):
        yield
