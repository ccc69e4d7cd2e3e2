"""The address map of the application, and what each door asks of whoever knocks."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Flask
from werkzeug.routing import Rule

OPEN_BY_NATURE = {"static"}
"""Files of the look: no data."""


def routes(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Every rule once per method."""
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule, method


def declared_action(app: Flask, endpoint: str) -> str | None:
    """An action of the table, ``public``, ``signed_in``, ``any_key``; ``None`` when nothing is declared."""
    for bp in app.blueprints.values():
        for operation in getattr(bp, "api_operations", []):
            if endpoint == f"{bp.name}.{operation.operation_id}":
                return str(operation.action or "any_key")
    if endpoint == "api_document":
        return "signed_in"
    return getattr(app.view_functions[endpoint], "required_action", None)
