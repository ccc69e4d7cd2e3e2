"""The files of the product, for tests that read them."""

from __future__ import annotations

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("core", "notify", "people", "documents", "planning", "roster", "duty", "incidents", "compliance", "desk")
PROGRAMS = ("app.py", "worker.py", "cli.py", "config.py", "serve.py", "server.py")


def product_python() -> list[Path]:
    """Every Python file that runs in production."""
    inside = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    return sorted([*inside, *(ROOT / name for name in PROGRAMS if (ROOT / name).exists())])


def templates() -> list[Path]:
    return sorted(path for path in (ROOT / "templates").rglob("*") if path.is_file())


@cache
def kept_files() -> list[Path]:
    """What the repository keeps or is about to keep; the files on disk when this is not a git clone."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if listing.returncode:
        return [path for path in ROOT.rglob("*") if path.is_file() and ".venv" not in path.parts]
    return [ROOT / name for name in listing.stdout.split("\0") if name and (ROOT / name).is_file()]


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), str(path))
