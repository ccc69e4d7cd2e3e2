"""``secrets reseal``: the second half of changing SECRET_KEY (docs/operations.md)."""

from __future__ import annotations

import click
from flask import current_app

from core import clock
from core.program.commands import ACTOR, Group
from desk import resealing

secrets = Group("secrets", help="What is sealed and signed with SECRET_KEY.")


@secrets.command("reseal")
def reseal() -> None:
    """Seal and sign everything with the new SECRET_KEY, after a change of it (SECRET_KEY_OLD: the one before)."""
    found = resealing.reseal(actor=ACTOR, now=clock.now())
    click.echo(f"sealed anew: {found.sealed} addresses, gateways and the push key; signed anew: {found.signed}")
    if found.pins:
        click.echo(f"{found.pins} PINs change when they are next used; without SECRET_KEY_OLD they must be set again")
    if found.lost:
        raise click.ClickException(f"no key opens these; enter them again: {', '.join(found.lost)}")
    if not current_app.config["SECRET_KEY_OLD"]:
        click.echo("SECRET_KEY_OLD is not set: nothing was signed anew")
