"""Subjects of commits say what a commit does, in words of command and in one line (CONTRIBUTING.md)."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from tests.boundaries.tree import ROOT

SINCE = "a3bb682fbb01567e20526f02c70e9351a1655eed"
"""What was written before is history."""
LONGEST = 72
NO_COMMAND = re.compile(r"\w*[^s]s|\w+[^e]ed|\w+ing|An?|The|This|It|No|Also|Some|New|More", re.IGNORECASE)
"""Words that begin what was done, or what there is; a command ends in neither ("Pass", "Speed")."""
COMMANDS = frozenset({"bring", "embed", "focus", "need", "shed", "wed"})


def faults(subject: str) -> list[str]:
    word = subject.partition(" ")[0]
    found = [f"{len(subject)} characters"] if len(subject) > LONGEST else []
    found += ["ends with a full stop"] if subject.endswith(".") else []
    found += ["begins small"] if not word[:1].isupper() else []
    if not word.isalpha() or (NO_COMMAND.fullmatch(word) and word.lower() not in COMMANDS):
        found.append(f"{word!r} is no command")
    return found


def subjects() -> list[str]:
    """Of the commits since then; skips where this is no repository, or one that does not reach so far back."""
    if shutil.which("git") is None:
        pytest.skip("there is no git")
    asked = ["git", "log", "--no-merges", "--format=%s", f"{SINCE}..HEAD"]
    told = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True)
    if told.returncode:
        pytest.skip("the history of this copy does not reach back to where the rule begins")
    return told.stdout.splitlines()


def test_each_subject_is_one_short_command() -> None:
    found = {subject: wrong for subject in subjects() if (wrong := faults(subject))}
    assert not found, "\n".join(f"{subject}: {', '.join(wrong)}" for subject, wrong in found.items())


@pytest.mark.parametrize(
    ("subject", "wrong"),
    [
        ("Ask twice before a night is given away", []),
        ("Pass on what nobody took", []),
        ("Bring the panel back", []),
        ("Asks twice", ["'Asks' is no command"]),
        ("Added a panel", ["'Added' is no command"]),
        ("Fixing the grid", ["'Fixing' is no command"]),
        ("grid: fix the panel", ["begins small", "'grid:' is no command"]),
        ("The panel comes back", ["'The' is no command"]),
        ("Bring the panel back.", ["ends with a full stop"]),
        (f"Say {'so' * 40}", ["84 characters"]),
    ],
)
def test_what_is_no_command_is_found(subject: str, wrong: list[str]) -> None:
    assert faults(subject) == wrong
