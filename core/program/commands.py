"""Commands of ``flask``: what is wrong goes to standard error, one problem a line, and the exit status is 1.

A package makes its groups with :class:`Group` and what stands alone with :func:`command`; its ``routes.py`` lists them.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import click
from flask.cli import AppGroup, with_appcontext
from sqlalchemy.exc import OperationalError, ProgrammingError

from core.actor import Actor
from core.errors import DomainError

ACTOR = Actor(name="command line", role="admin", via="cli")
"""Who the command line is."""


class Command(click.Command):
    """Errors for people; wrong use ends as every other problem does: one line, exit 1 (click says 2)."""

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        try:
            return super().make_context(*args, **extra)
        except click.UsageError as error:
            raise click.ClickException(error.format_message()) from None

    def invoke(self, ctx: click.Context) -> Any:
        with _plain_errors():
            return super().invoke(ctx)


class Group(AppGroup):
    """A group whose commands run inside the application."""

    command_class = Command


def command(name: str) -> Callable[[Callable[..., None]], click.Command]:
    """A command that belongs to no group, run inside the application."""

    def decorate(function: Callable[..., None]) -> click.Command:
        return click.command(name, cls=Command)(with_appcontext(function))

    return decorate


@contextmanager
def _plain_errors() -> Iterator[None]:
    try:
        yield
    except DomainError as error:
        fail(lines(error))
    except (OperationalError, ProgrammingError) as error:
        fail([f"the database does not answer as expected (has `flask --app app db upgrade` run?): {error.orig}"])
    except OSError as error:  # a file or folder that cannot be read or written
        fail([f"{error.filename or 'file'}: {error.strerror or error}"])


def lines(error: DomainError) -> list[str]:
    """Return what an error says, then each of its faulty fields."""
    first = error.message()
    # One faulty field says no more than the error itself.
    return [first, *(f"{each.field}: {each.message()}" for each in error.errors if each.message() != first)]


def fail(problems: Iterable[str]) -> NoReturn:
    """End with these problems."""
    for line in problems:
        click.echo(line, err=True)
    sys.exit(1)
