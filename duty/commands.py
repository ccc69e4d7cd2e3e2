"""``on-duty``: who serves, by command."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any, cast

import click

from core import clock
from core.calendar.moments import parse_moment, rfc3339
from core.program import commands
from duty.on_duty import who_serves
from people import queries as people


@commands.command("on-duty")
@click.option("--at", help="RFC 3339 with offset; default: now.")
@click.option("--unit", help="Code; default: the top unit.")
@click.option("--json", "as_json", is_flag=True)
def on_duty(at: str | None, unit: str | None, as_json: bool) -> None:
    """Who is on duty, and by which rule."""
    try:
        moment = parse_moment(at) if at else clock.now()
    except ValueError:
        commands.fail([f"--at: {at}: RFC 3339 with offset expected, e.g. 2020-01-25T02:10:00+07:00"])
    top = people.unit_by_code(unit) if unit else next(iter(people.root_units()), None)
    if top is None:
        commands.fail(["no units yet: import a folder first"])
    answers = who_serves.at(cast(Any, top), moment)
    if as_json:
        click.echo(json.dumps(who_serves.as_dict(answers), ensure_ascii=False, indent=2, default=_json))
    else:
        click.echo("\n".join(who_serves.lines(answers)))


def _json(value: datetime | date) -> str:
    return rfc3339(value) if isinstance(value, datetime) else value.isoformat()


COMMANDS = (on_duty,)
