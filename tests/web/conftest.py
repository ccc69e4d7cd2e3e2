"""What tests of pages and calls about incidents begin with."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from core import clock
from tests.support.tet_night import NIGHT, Night


@pytest.fixture
def night(app: Flask) -> Iterator[Night]:
    """The night of Mùng 1, with the clock there."""
    with clock.travel(NIGHT):
        yield Night()
