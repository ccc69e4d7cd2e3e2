"""What moving files must not change, kept as text in ``tests/snapshots``: ``make snapshots`` writes it anew.

Addresses with what they ask for, the document of the API, the help of every command, the schema on both databases,
sentences and words by their codes, and every screen. ``tests/boundaries/test_snapshots.py`` compares.
"""

from __future__ import annotations

import difflib
import importlib
import json
import os
import pkgutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import click
from flask import Flask
from flask_babel import LazyString, force_locale

from app import create_app
from core import errors
from core.api import openapi
from core.api.call import PREFIX
from core.db import db
from scripts import snapshot_schema, snapshot_screens
from tests.support.doors import declared_action, routes
from tests.support.postgres import fresh_database, postgres_server

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "tests" / "snapshots"
PACKAGES = ("core", "notify", "people", "documents", "planning", "roster", "duty", "incidents", "compliance", "desk")
SHOWN_AT_MOST = 60
HELP = "Meant? Then `make snapshots` writes tests/snapshots anew; look at its difference and commit it with the change."


def addresses(app: Flask) -> list[str]:
    """``<rule> <method> <what it asks for>``; endpoints are names of the code and may change."""
    return sorted(
        f"{rule.rule} {method} {declared_action(app, rule.endpoint) or 'open'}" for rule, method in routes(app)
    )


def api(app: Flask) -> list[str]:
    """The document of the API, keys sorted; what fits on a line stands on one."""
    return _layout(json.loads(json.dumps(openapi.build(app, PREFIX))), "", 0)


def _layout(value: Any, before: str, depth: int) -> list[str]:
    short = " " * depth + before + json.dumps(value, ensure_ascii=False, sort_keys=True)
    if not isinstance(value, dict | list) or len(short) <= 100:
        return [short]
    named = sorted(value.items()) if isinstance(value, dict) else [("-", each) for each in value]
    inner = (line for name, each in named for line in _layout(each, f"{name}: ", depth + 1))
    return [f"{' ' * depth}{before}".rstrip(), *inner]


def commands(app: Flask) -> list[str]:
    """The help of every command and group, at one width, groups before what is in them."""
    found: list[str] = []
    for name, command in sorted(app.cli.commands.items()):
        found += _help(name, command)
    return found


def _help(path: str, command: click.Command) -> Iterator[str]:
    with click.Context(command, info_name=f"flask {path}", terminal_width=100, max_content_width=100) as context:
        yield from (f"{path}: {line}".rstrip() for line in command.get_help(context).splitlines() if line.strip())
    if isinstance(command, click.Group):
        for name, inner in sorted(command.commands.items()):
            yield from _help(f"{path} {name}", inner)


def sentences(app: Flask) -> list[str]:
    """Every message code with its sentence in both languages."""
    known = {code: errors.render(code, {}) for code in errors.known_codes()}
    return _in_both_languages(app, lambda: {code: errors.render(code, {}) for code in known})


def words(app: Flask) -> list[str]:
    """Every table of the product that gives codes words, wherever it is written; the same pair is said once."""
    tables = [table for module in _modules() for table in vars(module).values() if _has_words(table)]
    pairs = {(str(key), value) for table in tables for key, each in table.items() for value in _texts(each)}
    listed = list(pairs)
    return _in_both_languages(app, lambda: {(key, place): str(text) for place, (key, text) in enumerate(listed)})


def _modules() -> Iterator[Any]:
    for package in PACKAGES:
        for found in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
            yield importlib.import_module(found.name)


def _has_words(table: Any) -> bool:
    return isinstance(table, dict) and any(True for value in table.values() for _text in _texts(value))


def _texts(value: Any) -> list[LazyString]:
    return [each for each in (value if isinstance(value, tuple | list) else [value]) if isinstance(each, LazyString)]


def _in_both_languages(app: Flask, texts: Callable[[], Mapping[Any, str]]) -> list[str]:
    """``code | Vietnamese | English``, sorted."""
    with app.test_request_context():
        with force_locale("vi"):
            vietnamese = texts()
        with force_locale("en"):
            english = texts()
    lines = {f"{key[0] if isinstance(key, tuple) else key} | {vietnamese[key]} | {english[key]}" for key in vietnamese}
    return sorted(line.replace("\n", "\\n") for line in lines)


PLAIN: dict[str, Callable[[Flask], list[str]]] = {
    "addresses": addresses,
    "api": api,
    "commands": commands,
    "sentences": sentences,
    "words": words,
}
"""What is told by the application alone, without a database."""


def schema(app: Flask) -> list[str]:
    """The schema of the application's own database, which has been migrated."""
    with app.app_context():
        return snapshot_schema.lines(db.engine)


def difference(name: str, lines: list[str]) -> list[str]:
    """How ``lines`` differ from what is kept as ``name``; nothing when they do not."""
    path = FOLDER / f"{name}.txt"
    kept = path.read_text("utf-8").splitlines() if path.exists() else []
    return list(difflib.unified_diff(kept, lines, f"kept {name}", f"present {name}", lineterm="", n=2))


def complaint(differences: list[str]) -> str:
    """Return what a reader of a failed comparison needs."""
    more = len(differences) - SHOWN_AT_MOST
    shown = differences[:SHOWN_AT_MOST] + ([f"… and {more} lines more"] if more > 0 else [])
    return "\n".join(["something that readers, callers or stored data rely on is not what it was:", *shown, HELP])


def kept_screens() -> set[str]:
    """Names under which screens are kept."""
    return {path.stem for path in (FOLDER / "screens").glob("*.txt")}


def _write(name: str, lines: list[str]) -> None:
    path = FOLDER / f"{name}.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([*lines, ""]), "utf-8")


def _on_postgresql() -> list[str]:
    from flask_migrate import upgrade

    with postgres_server() as server, fresh_database(server) as url:
        address = url.render_as_string(hide_password=False)
        app = create_app({"TESTING": True, "SQLALCHEMY_DATABASE_URI": address, "DEMO": False})
        with app.app_context():
            upgrade()
        try:
            return schema(app)
        finally:
            with app.app_context():
                db.engine.dispose()


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATA_DIR"] = folder
        app = snapshot_screens.sample_app(Path(folder))
        for name, tell in PLAIN.items():
            _write(name, tell(app))
        _write("schema-sqlite", schema(app))
        _write("schema-postgresql", _on_postgresql())
        screens = snapshot_screens.read_all(app)
        for gone in kept_screens() - screens.keys():
            (FOLDER / "screens" / f"{gone}.txt").unlink()
        for name, lines in screens.items():
            _write(f"screens/{name}", lines)
    return 0


if __name__ == "__main__":
    sys.exit(main())
