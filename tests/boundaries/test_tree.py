"""The repository speaks of the product alone and holds what it needs."""

from __future__ import annotations

import re

import pytest

from tests.boundaries.tree import ROOT, kept_files, parsed, relative

LOCAL = re.compile(r"/(?:home|Users|root|work|opt|mnt|tmp)/[\w.-]+|[A-Z]:\\Users\\|\bfile:///")
BINARY = {".png", ".jpg", ".ico", ".woff2", ".ttf", ".xlsx", ".mo", ".zip", ".gz", ".xz", ".pdf", ".wav"}


def test_no_local_paths() -> None:
    found = [
        f"{relative(path)}: {match.group()}"
        for path in kept_files()
        if path.suffix not in BINARY and relative(path) != "tests/boundaries/test_tree.py"
        for match in LOCAL.finditer(path.read_text("utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_locks_are_hashed_and_name_no_place(name: str) -> None:
    lock = (ROOT / name).read_text("utf-8")
    pinned = re.findall(r"^([\w.-]+)==", lock, re.MULTILINE)
    assert len(pinned) > 20
    assert not re.search(r"--(?:find-links|index-url|extra-index-url|trusted-host)| @ ", lock)
    blocks = re.split(r"^(?=[\w.-]+==)", lock, flags=re.MULTILINE)[1:]
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []


def test_the_development_lock_pins_what_runs_at_the_same_versions() -> None:
    def pins(name: str) -> set[str]:
        return set(re.findall(r"^[\w.-]+==[^\s;]+", (ROOT / name).read_text("utf-8"), re.MULTILINE))

    assert pins("requirements.txt") <= pins("requirements-dev.txt")


@pytest.mark.parametrize("tool", ["pytest", "hypothesis", "aiosmtpd", "mypy", "ruff"])
def test_what_runs_brings_no_tool_of_tests(tool: str) -> None:
    runs, tests = ((ROOT / name).read_text("utf-8") for name in ("requirements.txt", "requirements-dev.txt"))
    assert f"\n{tool}==" not in runs and f"\n{tool}==" in tests


def test_python_files_say_what_they_are_for() -> None:
    import ast

    silent = [
        relative(path)
        for path in kept_files()
        if path.suffix == ".py" and "versions" not in path.parts and not ast.get_docstring(parsed(path))
    ]
    assert silent == []
