"""What several services share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.unit.planning import in_process


@pytest.fixture
def engines_inside() -> Iterator[None]:
    """Whoever solves, re-plans or asks why does it in this process, and ends by steps and proofs, not by the clock."""
    with in_process.engines_inside(brief=True):
        yield
