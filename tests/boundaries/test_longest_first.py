"""The files of the tests are dealt out by how long they last."""

from __future__ import annotations

import subprocess
import sys
from itertools import groupby
from pathlib import Path

import pytest

from tests.support import cpu_time, longest_first


def test_this_very_run_begins_with_what_lasts_longest(request: pytest.FixtureRequest) -> None:
    files = [path for path, _items in groupby(item.path for item in request.session.items)]
    lasts = longest_first.duration(longest_first.read_durations(), files)
    assert len(files) == len(set(files)), "a file that is dealt out in two parts"
    assert [lasts(path) for path in files] == sorted(map(lasts, files), reverse=True)


def test_a_file_that_was_never_measured_lasts_as_long_as_its_size_says(tmp_path: Path) -> None:
    long, short, new = tmp_path / "test_long.py", tmp_path / "test_short.py", tmp_path / "test_new.py"
    for path, size in ((long, 100), (short, 300), (new, 200)):
        path.write_text("#" * size)
    lasts = longest_first.duration({long: 9.0, short: 3.0}, [long, short, new])
    assert [lasts(path) for path in (long, short, new)] == [9.0, 3.0, pytest.approx(6.0)]
    assert longest_first.duration({}, [long, short])(short) == 300


def test_durations_are_kept_beside_those_of_before_without_files_that_are_gone(tmp_path: Path) -> None:
    kept = tmp_path / "durations.txt"
    kept.write_text("  9.0 tests/conftest.py\n  5.0 tests/test_that_is_gone.py\n  2.0 pyproject.toml\n")
    longest_first.keep({"tests/conftest.py": 0.26, "Makefile": 4.0}, kept)
    assert kept.read_text() == "    4.0 Makefile\n    2.0 pyproject.toml\n    0.3 tests/conftest.py\n"
    assert set(longest_first.read_durations(kept).values()) == {4.0, 2.0, 0.3}


def test_cpu_time_counts_processes_that_still_live() -> None:
    if not (cpu_time.PROC / "self" / "stat").exists():
        pytest.skip("no /proc")
    working = "import sys, time\nwhile time.process_time() < 0.3: pass\nprint('done', flush=True)\nsys.stdin.read()"
    before = cpu_time.spent()
    with subprocess.Popen(
        [sys.executable, "-c", working], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None and child.stdout.readline() == "done\n"
        assert cpu_time.spent() - before >= 0.25
        child.communicate("")
