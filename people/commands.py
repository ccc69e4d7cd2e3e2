"""``users`` and ``api-keys``: accounts and keys by command."""

from __future__ import annotations

import sys

import click
from flask import current_app

from core import clock
from core.program.commands import ACTOR, Group
from people.access.scopes import SCOPES
from people.accounts import keys, services as accounts
from people.accounts.services import NewAccount
from people.sign_in import first_admin

ROLE = click.Choice(["admin", "manager", "staff", "viewer"])
users = Group("users", help="Accounts.")
api_keys = Group("api-keys", help="Keys for scripts.")
COMMANDS = (users, api_keys)


@users.command("create")
@click.option("--login", required=True)
@click.option("--name", required=True)
@click.option("--role", required=True, type=ROLE)
@click.option("--unit")
@click.option("--person")
@click.option("--password-stdin", "_stdin", is_flag=True, required=True, help="Read the password from standard input.")
def create_user(login: str, name: str, role: str, unit: str | None, *, person: str | None, _stdin: bool) -> None:
    """Create an account; the password is read from standard input."""
    password = sys.stdin.readline().rstrip("\r\n")
    accounts.create_user(
        NewAccount(login, name, role, unit_code=unit, person_code=person, password=password),
        now=clock.now(),
        actor=ACTOR,
    )


@users.command("first")
@click.option("--hint", is_flag=True, help="Only say how to get the link, and nothing when there is an administrator.")
def first_administrator(hint: bool) -> None:
    """A link that makes the first administrator, while there is none; works once, for 24 hours."""
    if hint and first_admin.is_missing():
        click.echo("Chưa có người quản trị / no administrator yet: flask --app app users first")
    secret = None if hint else first_admin.new_link(now=clock.now())
    if secret is not None:
        click.echo("Người quản trị đầu tiên / first administrator (1 lần, 24 giờ / once, 24 hours):")
        click.echo(f"  {current_app.config['PUBLIC_URL']}/first/{secret}")


@api_keys.command("create")
@click.option("--name", required=True)
@click.option("--role", required=True, type=ROLE)
@click.option("--unit")
@click.option("--person")
@click.option(
    "--scope", "scopes", multiple=True, type=click.Choice(SCOPES), default=SCOPES, help="What it is for; all of them."
)
@click.option(
    "--days", type=click.IntRange(1, keys.MOST_DAYS), default=keys.DAYS, show_default=True, help="How long it opens."
)
def create_key(
    name: str, role: str, unit: str | None, person: str | None, *, scopes: tuple[str, ...], days: int
) -> None:
    """Create a key and print it, once, alone on its line."""
    _key, secret = keys.create_api_key(
        keys.NewApiKey(name, role, unit, person, scopes=scopes, days=days), now=clock.now(), actor=ACTOR
    )
    click.echo(secret)
