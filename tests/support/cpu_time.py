"""CPU seconds by test file, for ``pytest -p tests.support.cpu_time``: wall time says how busy the machine is.

Counted are this process and the children it has waited for. PostgreSQL, the browser and the parent of the workers live
until the end of the run and are not in it.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Generator

import pytest

SECONDS: Counter[str] = Counter()
TESTS: Counter[str] = Counter()


def spent() -> float:
    """CPU seconds until now, user and system."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    before = spent()
    done = yield
    name = item.nodeid.partition("::")[0]
    SECONDS[name] += spent() - before
    TESTS[name] += 1
    return done


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    terminalreporter.section("CPU seconds by file")
    for name, seconds in SECONDS.most_common(40):
        terminalreporter.line(f"{seconds:8.1f} s {TESTS[name]:5d} tests  {name}")
    terminalreporter.line(f"{sum(SECONDS.values()):8.1f} s {sum(TESTS.values()):5d} tests  together")
