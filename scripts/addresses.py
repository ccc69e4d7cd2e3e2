"""Which view answers an address: ``make addresses`` lists all, ``make addresses ARGS=/roster/campaigns/3/edits`` the
one that answers there (or all below it)."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.exceptions import HTTPException

from app import create_app
from tests.support.doors import declared_action, routes

ROOT = Path(__file__).parents[1]


def lines(app: Flask, address: str = "") -> Iterator[str]:
    """``<method> <rule> → <file>:<line> <function>, <right>``, of what answers at ``address`` or below it."""
    meant = _meant(app, address)
    for rule, method in sorted(routes(app), key=lambda each: (each[0].rule, each[1])):
        if rule.rule in meant or rule.rule.startswith(address):
            view = inspect.unwrap(app.view_functions[rule.endpoint])
            yield f"{method} {rule.rule} → {_place(view)}, {declared_action(app, rule.endpoint) or 'open'}"


def _meant(app: Flask, address: str) -> set[str]:
    """The rules that an address with real ids and codes in it is answered by."""
    found, map_ = set[str](), app.url_map.bind("localhost")
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
        try:
            rule, _values = map_.match(address or "/", method, return_rule=True)
            found.add(rule.rule)
        except HTTPException:
            continue
    return found


def _place(view: Any) -> str:
    """Return where what a declared page (``ListForm``) shows is read."""
    view = getattr(getattr(view, "__self__", None), "facts", view)
    code = view.__code__
    return f"{Path(code.co_filename).relative_to(ROOT)}:{code.co_firstlineno} {view.__name__}"


if __name__ == "__main__":
    print("\n".join(lines(create_app({"TESTING": True}), *sys.argv[1:2])))
