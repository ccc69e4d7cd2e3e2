"""The command of the worker. All others belong to the packages (names and exit codes: docs/operations.md)."""

from __future__ import annotations

import sys
from typing import Any, cast

from flask import Flask, current_app

from core.program import commands


@commands.command("worker")
def run_worker() -> None:
    """Call people and carry messages until stopped (one per machine is enough; more do no harm)."""
    from worker import run  # APScheduler stays out of the web server

    sys.exit(run(cast(Any, current_app)._get_current_object()))


def init(app: Flask) -> None:
    app.cli.add_command(run_worker)
