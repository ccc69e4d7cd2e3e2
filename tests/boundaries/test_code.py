"""Rules about code that no linter knows."""

from __future__ import annotations

import ast
import re
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path

import pytest

from tests.boundaries.tree import PACKAGES, ROOT, kept_files, parsed, product_python, relative, templates

MOST_LINES_OF_A_FILE = 300
MOST_LINES_OF_A_FUNCTION = 40
MOST_FILES_OF_A_FOLDER = 20
FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)
CLOCKS = {"now", "today", "utcnow", "utcfromtimestamp"}
PLANNING_AND_PRODUCT = {"Absence", "Conflict", "Setting", "Shift", "Wish"}
"""What planning, which knows nothing of the product, and the product call by the word of the field."""


@cache
def calls(path: Path) -> list[tuple[str, str, bool, int]]:
    """(what it is called on, the method, whether with arguments, the line) of each method call in ``path``."""
    return [
        (ast.unparse(node.func.value), node.func.attr, bool(node.args), node.lineno)
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    ]


def places(method: str, on: str = "") -> list[str]:
    return [
        f"{relative(path)}:{line}"
        for path in product_python()
        for target, called, _args, line in calls(path)
        if called == method and on in target
    ]


def test_only_core_db_commits() -> None:
    committing = places("commit")
    assert committing, "the search finds nothing, not even core/db.py"
    assert [place for place in committing if not place.startswith("core/db.py:")] == []


def reads_the_clock(target: str, called: str, arguments: bool) -> bool:
    if called in CLOCKS:
        return target not in ("clock", "core.clock")
    # With an argument these two only convert.
    return target == "time" and (called in ("time", "time_ns") or (called in ("localtime", "gmtime") and not arguments))


def test_only_core_clock_reads_the_wall_clock() -> None:
    found = [
        (relative(path), line)
        for path in product_python()
        for target, called, arguments, line in calls(path)
        if reads_the_clock(target, called, arguments)
    ]
    assert any(name == "core/clock.py" for name, _line in found), "the search finds nothing, not even core/clock.py"
    assert [f"{name}:{line}" for name, line in found if name != "core/clock.py"] == []


def test_nobody_asks_the_database_what_time_it_is_except_core_clock() -> None:
    sql_clocks = ("CURRENT_TIMESTAMP", "clock_timestamp(", "func.now(", "datetime('now'", "server_default=func.")
    asking = [
        f"{relative(path)}: {word}"
        for path in product_python()
        for word in sql_clocks
        if word in path.read_text("utf-8") and relative(path) != "core/clock.py"
    ]
    assert asking == []


def test_importing_a_package_does_no_work() -> None:
    # planning/rules lists its rules in the order in which managers read them; planning/explain says what it answers.
    for package in PACKAGES:
        for path in (ROOT / package).rglob("__init__.py"):
            if relative(path) in ("planning/rules/__init__.py", "planning/explain/__init__.py"):
                continue
            body = parsed(path).body
            assert len(body) == 1 and ast.get_docstring(parsed(path)), f"{relative(path)} is more than a docstring"


def test_files_stay_short() -> None:
    """But the sentences of a package, which are looked up by their code and read by nobody from end to end."""
    read = (path for path in product_python() if path.name != "messages.py")
    long = {relative(path): len(path.read_text("utf-8").splitlines()) for path in read}
    assert {name: lines for name, lines in long.items() if lines > MOST_LINES_OF_A_FILE} == {}


def test_folders_stay_small() -> None:
    beside = Counter(path.parent for path in product_python() if path.parent != ROOT)
    crowded = {relative(folder): count for folder, count in beside.items() if count > MOST_FILES_OF_A_FOLDER}
    assert crowded == {}


def lines_of_body(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines that do something: without signature, docstring and the functions inside (they are counted themselves)."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    inside = [node for node in ast.walk(function) if isinstance(node, FUNCTION) and node is not function]
    spans = {line for node in inside for line in range(node.lineno, (node.end_lineno or 0) + 1)}
    return len(set(range(body[0].lineno, (function.end_lineno or 0) + 1)) - spans) if body else 0


def test_functions_stay_short() -> None:
    long = [
        f"{relative(path)}:{node.lineno} {node.name}"
        for path in product_python()
        for node in ast.walk(parsed(path))
        if isinstance(node, FUNCTION) and lines_of_body(node) > MOST_LINES_OF_A_FUNCTION
    ]
    assert long == []


MOST_BY_POSITION, MOST_ARGUMENTS = 4, 7
MANY_ARGUMENTS = {
    "core/api/call.py api_call": "a decorator: each argument is a line of the API document",
    "roster/commands.py solve_campaign": "click hands each option of the command over as an argument",
}


def arguments(function: ast.FunctionDef | ast.AsyncFunctionDef) -> tuple[int, int]:
    """Return how many a caller may give by position, and how many in all; ``self`` and ``cls`` are given by nobody."""
    named = [each.arg for each in (*function.args.posonlyargs, *function.args.args)]
    by_position = len(named) - (named[:1] in (["self"], ["cls"]))
    return by_position, by_position + len(function.args.kwonlyargs)


def test_functions_take_few_arguments_and_many_by_name() -> None:
    """What belongs together is a value of its own; at the fifth by position no reader knows any more which it is."""
    many = {
        f"{relative(path)} {node.name}"
        for path in product_python()
        for node in ast.walk(parsed(path))
        if isinstance(node, FUNCTION)
        if arguments(node)[0] > MOST_BY_POSITION or arguments(node)[1] > MOST_ARGUMENTS
    }
    assert many == MANY_ARGUMENTS.keys()


@pytest.mark.parametrize("package", PACKAGES)
def test_no_package_hides_a_module_of_the_standard_library(package: str) -> None:
    import sys

    assert package not in sys.stdlib_module_names


def test_one_place_writes_cells_of_spreadsheets() -> None:
    """Whoever writes a cell elsewhere writes one that a spreadsheet may run."""
    elsewhere = [
        f"{relative(path)}:{line}"
        for path in product_python()
        for target, called, _args, line in calls(path)
        if relative(path) != "core/spreadsheets.py"
        and ((target == "csv" and called in ("writer", "DictWriter")) or (called == "append" and "sheet" in target))
        and target != "spreadsheets"
    ]
    assert elsewhere == []
    assert places("writer", "csv") and places("append", "sheet"), "the search finds nothing at all"


def test_the_product_names_no_benchmark() -> None:
    """Nor in a string: the contract of imports does not see what is imported by name."""
    named = re.compile(r"(?<!docs/)\bbenchmarks\b")
    sources = [*product_python(), *templates(), *(ROOT / "static" / "js").rglob("*.js")]
    assert named.search('"benchmarks.roster.engine"') and not named.search("docs/benchmarks.md")
    assert [relative(path) for path in sources if named.search(path.read_text("utf-8"))] == []


def test_one_sqlite_library_in_a_process() -> None:
    """A second one that opens the same file drops the locks of the first: POSIX locks belong to the process."""
    for path in [*product_python(), *ROOT.glob("tests/**/*.py"), *ROOT.glob("benchmarks/**/*.py")]:
        if relative(path) in ("core/storage/sqlite.py", "tests/services/core/storage/test_sqlite_library.py"):
            continue
        if "sqlite3" not in path.read_text("utf-8"):
            continue
        imported = {
            name.name if isinstance(node, ast.Import) else node.module or ""
            for node in ast.walk(parsed(path))
            if isinstance(node, ast.Import | ast.ImportFrom)
            for name in node.names
        }
        own = {name for name in imported if name.partition(".")[0] in ("sqlite3", "pysqlite3")}
        assert not own, f"{relative(path)} opens SQLite by itself: use core.storage.sqlite"


def test_no_class_is_named_twice() -> None:
    """A name that grep finds once. What a module keeps to itself, with an underscore, may have any name."""
    named = defaultdict[str, list[str]](list)
    for path in product_python():
        for node in parsed(path).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                named[node.name].append(relative(path))
    twice = {name: paths for name, paths in named.items() if len(paths) > 1}
    assert twice.keys() == PLANNING_AND_PRODUCT, twice
    assert all(sum(each.startswith("planning/") for each in paths) == 1 for paths in twice.values())


def test_no_function_is_named_of_or_read_alone() -> None:
    """Its name says what it returns or reads: grep finds it, and a caller knows what comes."""
    found = [
        f"{relative(path)}: {node.name}"
        for path in kept_files()
        if path.suffix == ".py" and "migrations" not in path.parts
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef) and re.fullmatch(r"_?of(_\w+)?|_?read", node.name)
    ]
    assert found == []
