"""Of a browser test in two languages, on two screens and in two themes, ``make test`` runs every other one.

Like the fields of one colour of a chessboard: each language still meets a screen and a theme, each value has its turn,
and the other colour is left to the rest.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import pytest


def leave_to_the_rest(items: list[pytest.Item]) -> None:
    """Mark those of the other colour wherever a test has more than one parameter to differ in."""
    of_one_test = defaultdict[str, list[tuple[pytest.Item, dict[str, Any]]]](list)
    for item in items:
        if call := getattr(item, "callspec", None):
            of_one_test[item.nodeid.partition("[")[0]].append((item, call.params))
    for cases in of_one_test.values():
        if any(item.get_closest_marker("rest") for item, _params in cases):
            continue  # divided by hand
        # Names that are given together differ together, and count once.
        columns = [
            _places([params[name] for name in names] for _item, params in cases) for names in _together(cases[0][0])
        ]
        differing = [column for column in columns if len(set(column)) > 1]
        if len(differing) > 1:
            for (item, _params), places in zip(cases, zip(*differing, strict=True), strict=True):
                if sum(places) % 2:
                    item.add_marker(pytest.mark.rest)


def _together(item: pytest.Item) -> list[list[str]]:
    """The names of its parameters, those of one ``parametrize`` together; a fixture's own stand alone."""
    given = [mark.args[0] for mark in item.iter_markers("parametrize")]
    groups = [[name.strip() for name in (each.split(",") if isinstance(each, str) else each)] for each in given]
    known = {name for group in groups for name in group}
    params = item.callspec.params  # type: ignore[attr-defined]
    return [*groups, *([name] for name in params if name not in known)]


def _places(values: Iterable[Any]) -> tuple[int, ...]:
    """Each value as its place among the different ones."""
    seen: dict[str, int] = {}
    return tuple(seen.setdefault(repr(value), len(seen)) for value in values)
