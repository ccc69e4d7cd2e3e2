"""Lists, pages and calls on a province of 1,040 people: as many statements and bytes as their budgets allow.

The rest asks for them all; that none is without a budget is held by ``tests/boundaries/test_budgets.py`` each time.
Statements and bytes are counted; how long anything takes is judged by ``make bench`` alone.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from benchmarks.web import budgets
from benchmarks.web.addresses import Address, addresses
from benchmarks.web.measure import Asker, Cost
from benchmarks.web.world import kept, making
from core import clock

LARGEST = 1024
"""Kilobytes of a page; what is larger says why in ``LARGE``."""
LARGE = {
    "api-difference": "from nothing to a whole roster: 6,463 shifts with the people on them",
    "report-sheets-a6": "886 sheets to print, each with its QR code",
    "calendar-campaign": "6,463 events",
    "roster-ics": "6,463 events",
    "roster-csv": "6,463 shifts with the people on them",
}
MOST_STATEMENTS = 160
ALLOWED = budgets.budgets()


@pytest.fixture(scope="module")
def asker() -> Iterator[tuple[Asker, dict[str, str]]]:
    with kept.opened() as (app, facts), clock.travel(making.NOW):
        yield Asker(app, facts), facts


def exceeded(asker: Asker, address: Address) -> list[str]:
    statements, size = asker.ask(address)
    return budgets.exceeded(Cost(statements, 0, size / 1024), ALLOWED[address.name], with_cpu=False)


@pytest.mark.rest
def test_all_keep_to_their_budgets(asker: tuple[Asker, dict[str, str]]) -> None:
    asks, facts = asker
    found, count = [], 0
    for address in addresses(facts):
        # The first of its kind may read what the process keeps from then on.
        more = exceeded(asks, address) and exceeded(asks, address)
        found += [f"{address.name}: {each}" for each in more]
        count += 1
    assert found == [] and count > 150


def test_budgets_allow_no_page_hundreds_of_statements_or_a_megabyte() -> None:
    assert {name: each.statements for name, each in ALLOWED.items() if each.statements > MOST_STATEMENTS} == {}
    assert {name for name, each in ALLOWED.items() if each.kilobytes > LARGEST} == LARGE.keys()


def test_what_grew_is_said_and_chance_is_not() -> None:
    before = {"a": Cost(20, 100.0, 50.0), "b": Cost(20, 1.0, 0.4)}
    after = {"a": Cost(21, 120.0, 50.5), "b": Cost(20, 2.9, 1.2), "c": Cost(3, 1.0, 1.0)}
    assert list(budgets.changes(after, before)) == [
        "GREW   a: 20 → 21 statements",
        "NEW    c: 3 statements, 1 loops, 1 KB",
    ]
    assert budgets.grown(Cost(20, 131.0, 52.0), before["a"]) == ["100 → 131 cpu", "50 → 52 kilobytes"]
    assert budgets.grown(Cost(19, 50.0, 10.0), before["a"]) == []
