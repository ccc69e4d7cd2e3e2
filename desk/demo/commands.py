"""``demo seed`` and ``demo clear``: the invented province by command."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click
from flask.cli import AppGroup

from core import clock
from core.actor import Actor
from desk.demo import clearing, seed

group = AppGroup("demo", help="The invented province to try everything with.")


def add_to(command: Callable[..., Any], actor: Actor) -> AppGroup:
    """The group, with its commands made by ``command`` of the command line."""

    @command(group, "seed")
    @click.option("--if-empty", is_flag=True, help="Only into a database without units.")
    def seed_demo(if_empty: bool) -> None:
        """An invented province: Canh Tý 2020 published, the coming Tết as a draft, a rehearsal covering today."""
        make = seed.seed_if_empty if if_empty else seed.seed
        for line in make(now=clock.now(), actor=actor, say=click.echo):
            click.echo(line)

    @command(group, "clear")
    def clear_demo() -> None:
        """Remove everything that the demo made."""
        clearing.clear(now=clock.now(), actor=actor)

    return group
