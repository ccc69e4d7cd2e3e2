"""The commands of the whole program. All others belong to the packages (names and exit codes: docs/operations.md)."""

from __future__ import annotations

import sys
import traceback
from typing import Any, cast

import click
from flask import Flask, current_app
from flask_migrate import upgrade

from core import clock
from core.db import db
from core.program import commands, prepare_lock
from desk.demo import seed
from people.commands import first_administrator


@commands.command("worker")
def run_worker() -> None:
    """Call people and carry messages until stopped (one per machine is enough; more do no harm)."""
    from worker import run  # APScheduler stays out of the web server

    current_app.config["PROGRAM"] = "worker"
    sys.exit(run(cast(Any, current_app)._get_current_object()))


@commands.command("carry-alone")
def carry_alone() -> None:
    """A worker's own: carry what it claims, one message at a time, until its line ends."""
    from notify.alone.child import serve

    serve(cast(Any, current_app)._get_current_object())


@commands.command("prepare")
@click.option("--demo", is_flag=True, help="Fill a database without units with the demo.")
@click.option("--hint", is_flag=True, help="Say how to get the first administrator's link instead of the link.")
def prepare(demo: bool, hint: bool) -> None:
    """Bring the tables to this version and say how to sign in, before the program starts."""
    # In one process: to read the program takes longer than either. Nodes that start together do all of it in turn: the
    # second would take a demo that is being made for one that was cut short.
    with prepare_lock.held(db.engine):
        upgrade()  # only without the tables nothing can start
        _tell_how_to_sign_in(demo, hint)


def _tell_how_to_sign_in(demo: bool, hint: bool) -> None:
    try:
        prepare_lock.doing("makes the demo, or a way in for the first administrator")
        told = seed.seed_if_empty(now=clock.now(), actor=commands.ACTOR, say=click.echo) if demo else []
        click.echo("\n".join(told), nl=bool(told))
        if not told:
            click.get_current_context().invoke(first_administrator, hint=hint)
    except Exception:
        traceback.print_exc()
        click.echo("neither demo nor first administrator (see above); the rest starts without them", err=True)


def init(app: Flask) -> None:
    for each in (run_worker, carry_alone, prepare):
        app.cli.add_command(each)
