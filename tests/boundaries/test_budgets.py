"""Every address that answers GET has a budget (``benchmarks/web/budgets.toml``) or a stated reason for having none."""

from __future__ import annotations

from typing import Any

from flask import Flask

from benchmarks.web.addresses import UNMEASURED, addresses, forgotten
from benchmarks.web.budgets import budgets
from benchmarks.web.edits import NAMES as EDITS


class Anything(dict[str, str]):
    """Facts of no world: every id and code is 1."""

    def __missing__(self, _name: str) -> str:
        return "1"


NAMES = [address.name for address in addresses(Anything())]


def test_every_address_is_measured_or_excused(app: Flask) -> None:
    assert forgotten(app, Anything()) == set()


def test_what_is_excused_is_there_and_not_measured(app: Flask) -> None:
    every = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert UNMEASURED.keys() <= every
    doors: Any = app.url_map.bind("localhost")
    asked = {doors.match(each.path.partition("?")[0])[0] for each in addresses(Anything()) if "/static/" in each.path}
    assert asked == {"static"}


def test_every_measured_address_has_a_budget_and_no_other_has() -> None:
    assert len(NAMES) == len(set(NAMES)) > 150
    assert {*NAMES, *EDITS} == budgets().keys()
