"""What packages add to the application: ``routes.py`` of each has one entry for each of its rooms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

import click
from flask import Blueprint, Flask

from core import errors
from core.api import places
from core.program.jobs import Job


@dataclass(frozen=True)
class Room:
    """What one room adds: pages and calls, what the worker does for it, commands. ``name``: of its folder, or of a file
    at the root of the package.

    ``checks``: by the first part of an address of the API, who may do something to what the address names.
    """

    name: str
    answers: tuple[ModuleType, ...] = ()
    """Modules whose blueprints are registered; several may share one, also with a package below."""
    jobs: tuple[Job, ...] = ()
    checks: Mapping[str, places.Check] = field(default_factory=dict)
    commands: tuple[click.Command, ...] = ()


def register(app: Flask, rooms: Iterable[Room], messages: Mapping[str, Any]) -> None:
    """``messages``: the sentences of error codes, as the package's ``messages.py`` lists them."""
    errors.register_messages(messages)
    for room in rooms:
        for blueprint in _blueprints(room.answers):
            if app.blueprints.get(blueprint.name) is not blueprint:  # another module has begun it
                app.register_blueprint(blueprint)
        places.add_checks(room.checks)
        for command in room.commands:
            app.cli.add_command(command)


def jobs_of(rooms: Iterable[Room]) -> tuple[Job, ...]:
    """Return the jobs in the order of the rooms, which is the order in which they run."""
    return tuple(job for room in rooms for job in room.jobs)


def _blueprints(modules: Iterable[ModuleType]) -> list[Blueprint]:
    named = (value for module in modules for value in vars(module).values())
    return list(dict.fromkeys(value for value in named if isinstance(value, Blueprint)))
