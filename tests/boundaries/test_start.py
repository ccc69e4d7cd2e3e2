"""What a process costs before it does anything: journeys, commands and restarts pay it each time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

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
