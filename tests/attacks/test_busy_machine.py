"""A machine that has no time: all that wants to run beside the product may not keep it from starting."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.whole_copy import whole_copy

LOOPS = 8


@pytest.fixture
def _busy() -> Iterator[None]:
    loops = [
        subprocess.Popen([sys.executable, "-c", "while True: pass"], start_new_session=True) for _each in range(LOOPS)
    ]
    yield
    for loop in loops:
        loop.kill()
        loop.wait()


@pytest.mark.rest
@pytest.mark.usefixtures("_busy")
def test_a_copy_starts_beside_eight_busy_loops_at_the_first_try(tmp_path: Path) -> None:
    with whole_copy(tmp_path / "data") as copy:
        copy.until_ready()
        assert copy.worker() and len(copy.webs()) == 2
        said = copy.console.read_text()
    assert "killed" not in said and "starting it again" not in said
