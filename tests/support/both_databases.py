"""Which tests run what SQLite and PostgreSQL do not do alike: ``pytest -p tests.support.both_databases``.

Only tests marked ``both_dbs`` with a reason are watched, line by line, in the functions concerned. At the end
``tests/both_databases.txt`` is written anew for what was run; ``tests/boundaries/test_both_databases.py`` reads it.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from functools import cache
from types import CodeType, FrameType
from typing import Any

import pytest

from tests.boundaries.database_differences import HINT, places
from tests.boundaries.tree import ROOT, parsed, product_python, relative

KEPT = ROOT / "tests" / "both_databases.txt"
Key = tuple[str, str, str, str]
"""File, function, words, and the database on which a test ran them."""


def read_kept() -> dict[Key, str]:
    """Each with the test that ran it: ``file::test``."""
    lines = KEPT.read_text("utf-8").splitlines() if KEPT.exists() else []
    kept = [line.split(" | ") for line in lines]
    return {(file, function, words, database): test for file, function, words, database, test in kept}


@cache
def concerned() -> dict[tuple[str, str, str], frozenset[int]]:
    """Every place of the product where the databases differ, with its lines."""
    return {
        (relative(path), place.function, place.words): place.lines
        for path in product_python()
        if HINT.search(path.read_text("utf-8"))
        for place in places(parsed(path))
    }


class Watch:
    """What ran while it was on, in every thread: (file, line)."""

    def __init__(self) -> None:
        self.lines: dict[str, set[int]] = {}
        for (file, _function, _words), lines in concerned().items():
            self.lines.setdefault(str(ROOT / file), set()).update(lines)
        self.codes: dict[CodeType, bool] = {}
        self.ran: set[tuple[str, int]] = set()

    @contextmanager
    def on(self) -> Iterator[None]:
        self.ran.clear()
        before = sys.gettrace()
        sys.settrace(self._call)
        threading.settrace(self._call)
        try:
            yield
        finally:
            sys.settrace(before)
            threading.settrace(before)  # type: ignore[arg-type]

    def _call(self, frame: FrameType, _event: str, _argument: object) -> Any:
        code = frame.f_code
        if code not in self.codes:
            wanted = self.lines.get(code.co_filename, set())
            self.codes[code] = any(line in wanted for _start, _end, line in code.co_lines())
        return self._line if self.codes[code] else None

    def _line(self, frame: FrameType, _event: str, _argument: object) -> Any:
        self.ran.add((frame.f_code.co_filename, frame.f_lineno))
        return self._line


class Recorder:
    def __init__(self) -> None:
        self.found: dict[Key, str] = {}
        self.watched: set[tuple[str, str]] = set()
        self.watch = Watch()
        self.wanted = concerned()

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [item for item in items if (mark := item.get_closest_marker("both_dbs")) and mark.args]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Function) -> Generator[None, object, object]:
        for file, function, _words in self.wanted:
            _forget(file, function)
        with self.watch.on():
            done = yield
        asked = getattr(item, "callspec", None)
        database = asked.params.get("dialect", "sqlite") if asked else "sqlite"
        test = f"{relative(item.path)}::{item.originalname}"
        self.watched.add((database, test))
        for (file, function, words), lines in self.wanted.items():
            if any((str(ROOT / file), line) in self.watch.ran for line in lines):
                key = (file, function, words, database)
                self.found[key] = min(self.found.get(key, test), test)
        return done

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        found, watched = getattr(node, "workeroutput", {}).get("both_databases", ((), ()))
        self.watched.update((database, test) for database, test in watched)
        for file, function, words, database, test in found:
            key = (file, function, words, database)
            self.found[key] = min(self.found.get(key, test), test)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if hasattr(session.config, "workeroutput"):
            found = [(*key, test) for key, test in self.found.items()]
            session.config.workeroutput["both_databases"] = [found, sorted(self.watched)]

    def pytest_terminal_summary(self) -> None:
        """After the workers have said what they saw. What is kept of tests that were not watched now stays."""
        known = {key: test for key, test in read_kept().items() if key[:3] in self.wanted and _is_there(test)}
        known = {key: test for key, test in known.items() if (key[3], test) not in self.watched}
        known |= {key: min(test, known.get(key, test)) for key, test in self.found.items()}
        # What PostgreSQL has run needs no line for SQLite, where the same test runs too.
        needed = [key for key in known if key[3] == "postgresql" or (*key[:3], "postgresql") not in known]
        lines = [" | ".join((*key, known[key])) for key in sorted(needed)]
        KEPT.write_text("".join(f"{line}\n" for line in lines), "utf-8")


def _forget(file: str, function: str) -> None:
    """A statement that is built once a process is built in each test: it is seen whichever test comes first."""
    module = sys.modules.get(file.removesuffix(".py").replace("/", "."))
    forget = getattr(getattr(module, function, None), "cache_clear", None)
    if forget is not None:
        forget()


def _is_there(test: str) -> bool:
    file, _, name = test.partition("::")
    path = ROOT / file
    return path.exists() and f"def {name}(" in path.read_text("utf-8")


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Recorder(), "both databases")
