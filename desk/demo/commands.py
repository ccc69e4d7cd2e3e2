"""``demo seed`` and ``demo clear``: the invented province by command."""

from __future__ import annotations

from functools import partial

import click

from core import clock
from core.program.commands import ACTOR, Group
from desk.demo import clearing, seed

demo = Group("demo", help="The invented province to try everything with.")


@demo.command("seed")
@click.option("--if-empty", is_flag=True, help="Only into a database without units.")
def seed_demo(if_empty: bool) -> None:
    """An invented province: Canh Tý 2020 and what its letter asked, the coming Tết as a draft, a rehearsal of today."""
    make = seed.seed_if_empty if if_empty else partial(seed.seed, letters=True)
    for line in make(now=clock.now(), actor=ACTOR, say=click.echo):
        click.echo(line)


@demo.command("clear")
def clear_demo() -> None:
    """Remove everything that the demo made."""
    clearing.clear(now=clock.now(), actor=ACTOR)
