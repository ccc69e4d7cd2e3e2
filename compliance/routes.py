"""What compliance adds to the application, in the order of registering. Nothing registers itself by being imported."""

from __future__ import annotations

from typing import Any

from flask import Flask

from compliance import messages
from core.program.jobs import Job
from core.program.registration import register as add

PAGES: tuple[Any, ...] = ()
"""Modules with a ``bp``; those of one blueprint share it."""
APIS: tuple[Any, ...] = ()
JOBS: tuple[Job, ...] = ()


def register(app: Flask) -> None:
    add(app, views=(*PAGES, *APIS), messages=(messages.MESSAGES,))
