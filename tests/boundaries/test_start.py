"""What a process costs before it does anything: journeys, commands and restarts pay it each time. And what is said of a
Python that will not do."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from people.accounts import passwords

ROOT = Path(__file__).parents[2]
LATER = ("openpyxl", "typst", "docx", "numpy", "highspy", "apscheduler", "worker")
LOOK = f"import app, gc, sys; print(gc.isenabled(), [name for name in {LATER} if name in sys.modules])"


def test_what_few_need_is_not_loaded_and_the_collector_works_again() -> None:
    done = subprocess.run([sys.executable, "-c", LOOK], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "True []"


def test_nobodys_hash_costs_what_a_real_one_costs() -> None:
    """It is written down; whoever makes hashing dearer must write down another."""
    assert not passwords._hasher.check_needs_rehash(passwords._nobody)
    assert not passwords.matches(None, "mật khẩu nào đó")


@pytest.mark.parametrize(
    ("python", "told"),
    [
        ("-V) echo Python 3.9.18;; *) exit 1;;", "Python 3.11 or newer is needed, {python} is Python 3.9.18."),
        ("-V) echo Python 3.13.0;; *ensurepip*) exit 1;; *print*) echo 3.13;;", "apt install python3.13-venv"),
        ("*) exit 127;;", "Python 3.11 or newer is needed, not found as: {python}."),
    ],
)
def test_whose_python_will_not_do_is_told_which_it_is_and_what_to_install(
    tmp_path: Path, python: str, told: str
) -> None:
    (tmp_path / "scripts").mkdir()
    shutil.copy(ROOT / "scripts" / "install.sh", tmp_path / "scripts")
    mine = tmp_path / "python"
    mine.write_text(f'#!/bin/sh\ncase "$*" in {python} esac\n')
    mine.chmod(0o755)
    done = subprocess.run(
        [tmp_path / "scripts" / "install.sh"], env=os.environ | {"PYTHON": str(mine)}, capture_output=True, text=True
    )
    assert done.returncode == 1 and told.format(python=mine) in done.stderr
    assert not (tmp_path / ".venv").exists()
