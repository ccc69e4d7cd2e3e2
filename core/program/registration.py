"""What a package adds to the application: ``routes.py`` of each package names it, in the order of registering."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import click
from flask import Flask

from core import errors
from core.api import places


def register(
    app: Flask,
    *,
    views: Iterable[Any] = (),
    messages: Iterable[Mapping[str, Any]] = (),
    checks: Mapping[str, places.Check] | None = None,
    commands: Iterable[click.Command] = (),
) -> None:
    """``views``: modules with a ``bp``, which several may share, those of several packages too. ``messages``: sentences
    of error codes.

    ``checks``: by the first part of an address of the API, who may do something to what the address names.
    """
    for blueprint in dict.fromkeys(module.bp for module in views):
        if app.blueprints.get(blueprint.name) is not blueprint:  # a package below has begun it
            app.register_blueprint(blueprint)
    for each in messages:
        errors.register_messages(each)
    places.add_checks(checks or {})
    for command in commands:
        app.cli.add_command(command)
