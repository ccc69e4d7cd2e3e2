"""The flask commands; a thin face on services (names: contract, "Command line")."""

from __future__ import annotations

import sys
from typing import Any, cast

import click
from flask import Flask, current_app
from flask.cli import with_appcontext


@click.command("worker")
@with_appcontext
def worker() -> None:
    """Call people and carry messages until stopped (one per machine is enough; more do no harm)."""
    from worker import run  # APScheduler stays out of the web server

    sys.exit(run(cast(Any, current_app)._get_current_object()))


def init(app: Flask) -> None:
    """Register every command group."""
    app.cli.add_command(worker)
