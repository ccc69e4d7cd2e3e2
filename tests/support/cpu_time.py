"""CPU seconds by test file, for ``pytest -p tests.support.cpu_time``: wall time says how busy the machine is.

The forty dearest are named, with ``-v`` all. Counted are the processes that run tests, the children they have waited
for and, where /proc tells, those that still live, such as the browser. A PostgreSQL that was there before is not in it.
``--keep-durations`` writes down for ``tests.support.longest_first`` how long each file lasted, waiting included.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from tests.support import longest_first

SECONDS: Counter[str] = Counter()
TESTS: Counter[str] = Counter()
LASTED: Counter[str] = Counter()
PROC = Path("/proc")


def spent() -> float:
    """CPU seconds until now, user and system, of this process and of all that come from it."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system + _living()


def _living() -> float:
    """CPU seconds of the processes below this one, and of those that they have waited for."""
    parents, ticks = {}, {}
    for entry in filter(str.isdigit, os.listdir(PROC) if PROC.is_dir() else ()):
        try:
            fields = (PROC / entry / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()
        except OSError:
            continue  # it has just ended
        number = int(entry)
        parents[number], ticks[number] = int(fields[1]), sum(map(int, fields[11:15]))
    below, last = set[int](), {os.getpid()}
    while last:
        last = {number for number, parent in parents.items() if parent in last}
        below |= last
    return sum(ticks[number] for number in below) / os.sysconf("SC_CLK_TCK")


class Meter:
    def __init__(self) -> None:
        self.before: float | None = None

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(
        self, item: pytest.Item, nextitem: pytest.Item | None
    ) -> Generator[None, object, object]:
        if self.before is None:
            self.before = spent()
        began = time.monotonic()
        done = yield
        name = item.nodeid.partition("::")[0]
        LASTED[name] += time.monotonic() - began
        TESTS[name] += 1
        if nextitem is None or nextitem.path != item.path:
            SECONDS[name] += spent() - self.before
            self.before = None
        return done


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--keep-durations", action="store_true", help="write tests/durations.txt")


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Meter(), "CPU meter")


def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["cpu_time"] = [dict(SECONDS), dict(TESTS), dict(LASTED)]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """In the process that hands out the tests: what a worker has counted."""
    for mine, theirs in zip(
        (SECONDS, TESTS, LASTED), getattr(node, "workeroutput", {}).get("cpu_time", ()), strict=False
    ):
        mine.update(theirs)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    terminalreporter.section("CPU seconds by file")
    for name, seconds in SECONDS.most_common(None if config.option.verbose >= 0 else 40):
        terminalreporter.line(f"{seconds:8.1f} s {TESTS[name]:5d} tests  {name}")
    terminalreporter.line(f"{sum(SECONDS.values()):8.1f} s {sum(TESTS.values()):5d} tests  together")
    if config.getoption("--keep-durations"):
        longest_first.keep(LASTED)
