"""Pages and calls show what the engine made of small rosters: nothing is started to solve them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.solved_inside import solved_inside


@pytest.fixture(scope="module", autouse=True)
def _solved_inside() -> Iterator[None]:
    with solved_inside():
        yield
