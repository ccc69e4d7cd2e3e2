"""What SQLite and PostgreSQL do not do alike is run on both: raw SQL, locks, and asking which it is.

Which test runs what was seen by running it (``make both-databases``), and is kept in ``tests/both_databases.txt``.
"""

from __future__ import annotations

import ast
from collections.abc import Container
from datetime import UTC, datetime
from threading import Thread

from sqlalchemy.dialects import sqlite

from core.db import UTCDateTime
from tests.boundaries.database_differences import places
from tests.boundaries.tree import ROOT, parsed
from tests.support import both_databases

Place = tuple[str, str, str]

SQLITE_ALONE = (
    "core/db.py install_sqlite_rules",
    "core/storage/writing.py _take_lock",
    "core/storage/writing.py begin",
    "core/storage/sqlite.py",
    "desk/backups/restoring_sqlite.py",
    "desk/backups/sequences.py",
    "desk/backups/sqlite_copy.py",
    "desk/backups/stopped.py ensure_sqlite_unused",
    "roster/feeds/watch.py _in_the_file",
)
"""Files, or a function of one, that PostgreSQL never comes to: they are run on SQLite."""
OWN_PROCESS = {
    "core/server/commit_listener.py": "tests/journeys/test_delivery.py",
    "core/storage/sqlite.py connect": "tests/journeys/test_delivery.py",
    "worker.py Worker._beat": "tests/journeys/test_delivery.py",
}
"""What only a program of its own runs, which nobody watches line by line: the tests that start it on both databases."""


def is_run(place: Place, run: Container[both_databases.Key]) -> bool:
    file, function, words = place
    names = {file, f"{file} {function}"}
    alone = "PRAGMA" in words or not names.isdisjoint(SQLITE_ALONE)
    return (*place, "postgresql") in run or (alone and (*place, "sqlite") in run) or not names.isdisjoint(OWN_PROCESS)


def uncovered() -> list[Place]:
    """Without models: tests/boundaries/test_snapshots.py keeps tables, indexes and defaults of both."""
    run = both_databases.read_kept()
    concerned = [place for place in both_databases.concerned() if not place[0].endswith("models.py")]
    return [place for place in concerned if not is_run(place, run)]


def reasoned(file: str, name: str) -> bool:
    """Whether a test is marked ``both_dbs`` with a reason, by itself or with its file; ``""``: the whole file."""
    tree = parsed(ROOT / file)
    kept = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    tests = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name == name]
    marks = [mark for test in tests for mark in test.decorator_list] + [kept.get("pytestmark")]
    given = [kept.get(mark.id) if isinstance(mark, ast.Name) else mark for mark in marks]
    return bool(tests or not name) and any(
        isinstance(mark, ast.Call) and ast.unparse(mark.func).endswith(".both_dbs") and mark.args for mark in given
    )


def test_raw_sql_and_locks_are_run_on_both_databases() -> None:
    """A new one needs a test marked ``both_dbs("why")``; then ``make both-databases`` (docs/testing.md)."""
    assert len(both_databases.concerned()) > 100, "the search finds next to nothing"
    assert uncovered() == []


def test_the_tests_that_run_them_still_do_so_for_a_reason() -> None:
    tests = {*both_databases.read_kept().values(), *(f"{file}::" for file in OWN_PROCESS.values())}
    assert [test for test in sorted(tests) if not reasoned(*test.split("::"))] == []


def test_nothing_is_kept_or_excused_that_is_gone() -> None:
    there = both_databases.concerned()
    assert [key for key in both_databases.read_kept() if key[:3] not in there] == []
    named = {name for file, function, _words in there for name in (file, f"{file} {function}")}
    assert [name for name in (*SQLITE_ALONE, *OWN_PROCESS) if name not in named] == []


CODE = """
_FREE = select(Row).with_for_update(skip_locked=True)
_NAME = text("SELECT 1")
_LATER = _FREE.limit(1)

class Keeper:
    def hold(self, session):
        with session.begin_nested():
            session.execute(_LATER)

def write(session):
    if is_sqlite():
        return session.execute("PRAGMA page_count")
    return session.get(Row, 1, with_for_update=True)

def page(words):
    return words.text(entry, kinds), box.execute(entry)
"""


def test_the_search_finds_locks_and_sql_where_they_are_said_and_where_a_name_is_used() -> None:
    found = [(place.function, place.words, sorted(place.lines)) for place in places(ast.parse(CODE))]
    assert found == [
        ("Keeper.hold", "begin_nested()", [8]),
        ("write", "is_sqlite()", [12]),
        ("write", "execute('PRAGMA page_count')", [13]),
        ("write", "get(Row, 1, with_for_update=True)", [14]),
        ("Keeper.hold", "_LATER: with_for_update(skip_locked=True)", [9]),
        ("_NAME", "text('SELECT 1')", [3]),
    ]


def test_lines_are_seen_while_they_are_watched_in_every_thread() -> None:
    def bind() -> None:
        UTCDateTime().process_bind_param(datetime(2020, 1, 25, tzinfo=UTC), sqlite.dialect())

    places_of_both = both_databases.concerned().items()
    (lines,) = [lines for place, lines in places_of_both if place[1] == "UTCDateTime.process_bind_param"]
    expected, watch = {(str(ROOT / "core/db.py"), line) for line in lines}, both_databases.Watch()
    with watch.on():
        pass
    bind()
    assert not expected & watch.ran
    with watch.on():
        thread = Thread(target=bind)
        thread.start()
        thread.join()
    assert expected & watch.ran
