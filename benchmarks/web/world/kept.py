"""The worlds as files, kept from run to run for as long as the code that makes them is the same.

They stand in the user's cache (``XDG_CACHE_HOME``), one folder for each state of the code; what nobody has used for a
month is removed. Whoever opens the world gets a copy: pages keep what they rendered.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade

from app import create_app
from benchmarks.web.world import years
from benchmarks.web.world.making import Facts, make
from core.db import db
from core.storage import sqlite

ROOT = Path(__file__).parents[3]
MAKES_IT = (
    "benchmarks/web/world/*.py",
    "benchmarks/latency/province.py",
    "tests/support/big_folder.py",
    "scripts/samples/**/*.py",
    "migrations/versions/*.py",
    "requirements.txt",
    *(
        f"{package}/**/*.py"
        for package in (
            "core",
            "notify",
            "people",
            "documents",
            "planning",
            "roster",
            "duty",
            "incidents",
            "compliance",
            "desk",
        )
    ),
    "templates/messages/**/*",
)
ANSWERS = ("views", "api", "panel", "routes", "schemas", "forms", "commands")
"""Beginnings of the names of files that answer browsers, calls and operators: nothing that makes the world may use
them (docs/architecture.md, floors), so it need not be made anew for them."""
UNUSED_FOR = 30 * 24 * 3600
FILE, FACTS = "world.sqlite3", "facts.json"
KEY = "the world is nobody's secret: its links are the same each time"


def application(folder: Path, url: str | None = None) -> Flask:
    """The product on the world in ``folder``, or on another database with its files there."""
    return create_app(
        {
            "TESTING": True,
            "APP_ENV": "development",
            "DATA_DIR": folder,
            "DEMO": False,
            "MAIL_URL": None,
            "PUBLIC_URL": "http://127.0.0.1:8000",
            "SECRET_KEY": KEY,
            "SQLALCHEMY_DATABASE_URI": url or f"sqlite:///{folder / FILE}",
            "WTF_CSRF_ENABLED": False,
        }
    )


@contextmanager
def opened(*, fifth_year: bool = False) -> Iterator[tuple[Flask, Facts]]:
    """The application on a copy of the kept world, and what paths name; made first where it is not there."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "world"
        shutil.copytree(place(fifth_year=fifth_year), copy)
        app = application(copy)
        yield app, json.loads((copy / FACTS).read_text())
        with app.app_context():
            db.engine.dispose()


def fill(app: Flask) -> Facts:
    """Make the world in the empty database of ``app``."""
    with app.app_context():
        upgrade()
        facts = make()
        db.session.remove()
        db.engine.dispose()
    return facts


def code_hash() -> str:
    """Of all that makes it, by name and content."""
    digest = hashlib.sha256()
    for path in sorted({path for pattern in MAKES_IT for path in ROOT.glob(pattern) if path.is_file()}):
        if not path.name.startswith(ANSWERS):
            digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()[:20]


def _cache() -> Path:
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "truc-tet" / "worlds"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def place(*, fifth_year: bool = False) -> Path:
    """The folder of the kept world, made first where it is not there; to be copied, not opened."""
    cache = _cache()
    kept = cache / (code_hash() + ("-years" if fifth_year else ""))
    if not kept.exists():
        if fifth_year:
            _age(place(), kept)
        else:
            _make(kept)
    os.utime(kept)
    for other in cache.iterdir():
        if other.stat().st_mtime < time.time() - UNUSED_FOR:
            shutil.rmtree(other, ignore_errors=True)
    return kept


def _make(kept: Path) -> None:
    """Beside its place and then into it: two that make it at once do not meet, and half a world is never kept."""
    with tempfile.TemporaryDirectory(dir=kept.parent, ignore_cleanup_errors=True) as folder:
        made = Path(folder) / "world"
        made.mkdir(mode=0o700)
        facts = fill(application(made))
        connection = sqlite.module("auto").connect(made / FILE)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        for rest in made.glob(f"{FILE}-*"):
            rest.unlink()
        (made / FACTS).write_text(json.dumps(facts, indent=1, sort_keys=True))
        _put(made, kept)


def _age(young: Path, kept: Path) -> None:
    with tempfile.TemporaryDirectory(dir=kept.parent, ignore_cleanup_errors=True) as folder:
        made = Path(folder) / "world"
        shutil.copytree(young, made)
        years.add(made / FILE)
        _put(made, kept)


def _put(made: Path, kept: Path) -> None:
    try:
        made.rename(kept)
    except OSError:
        if not kept.exists():
            raise
