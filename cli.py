"""The flask commands; a thin face on services (names and exit codes: docs/operations.md)."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any, NoReturn, cast

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext
from sqlalchemy.exc import OperationalError, ProgrammingError

from core import clock
from core.actor import Actor
from core.api.types import parse_moment, rfc3339
from core.db import db
from core.errors import DomainError
from core.i18n import named, span
from desk import secret_commands
from desk.backups import commands as backup_commands
from desk.demo import commands
from desk.doctor import commands as doctor_commands
from people import queries as people
from people.accounts import keys, services as accounts
from people.models import DutyKind
from people.sign_in import first_admin
from roster.campaigns import services as campaigns
from roster.days import points_table
from roster.fairness import closing
from roster.importing import services as importer
from roster.onduty import who_serves
from roster.publishing import export, services as publishing
from roster.reasons import cli as explain_commands
from roster.rulebook import cli_lines as rule_lines, queries as rule_queries, services as rule_settings
from roster.solving import cli_lines as solve_lines, jobs, run_facts
from roster.words.labels import GAPS

ACTOR = Actor(name="command line", role="admin", via="cli")
ROLE = click.Choice(["admin", "manager", "staff", "viewer"])
DAY = click.DateTime(["%Y-%m-%d", "%d/%m/%Y"])


@contextmanager
def plain_errors() -> Iterator[None]:
    """What is wrong goes to standard error, one problem a line, exit 1."""
    try:
        yield
    except DomainError as error:
        _fail(_lines(error))
    except (OperationalError, ProgrammingError) as error:
        _fail([f"the database does not answer as expected (has `flask --app app db upgrade` run?): {error.orig}"])
    except OSError as error:  # a file or folder that cannot be read or written
        _fail([f"{error.filename or 'file'}: {error.strerror or error}"])


def _lines(error: DomainError) -> list[str]:
    first = error.message()
    # One faulty field says no more than the error itself.
    listed = [f"{each.field}: {each.message()}" for each in error.errors if each.message() != first]
    listed += [_gap_line(gap) for gap in error.state.get("gaps", [])]
    listed += [violation["text"] for violation in error.state.get("violations", [])]
    return [first, *listed]


def _gap_line(gap: dict[str, Any]) -> str:
    """Which duty of which unit is open, from when to when, and why; with the people who cannot be reached."""
    kind = db.session.get(DutyKind, gap["duty"])
    starts, ends = datetime.fromisoformat(gap["starts_at"]), datetime.fromisoformat(gap["ends_at"])
    line = f"{gap['unit']}: {named(kind) if kind else gap['duty']}, {span(starts, ends)}: {GAPS[gap['kind']]}"
    return line + (f" ({', '.join(gap['people'])})" if gap["people"] else "")


def _fail(lines: list[str]) -> NoReturn:
    for line in lines:
        click.echo(line, err=True)
    sys.exit(1)


class Command(click.Command):
    """A command whose wrong use ends as every other problem does: one line, exit 1 (click says 2)."""

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        try:
            return super().make_context(*args, **extra)
        except click.UsageError as error:
            raise click.ClickException(error.format_message()) from None


def command(group: AppGroup | None, name: str) -> Callable[[Callable[..., None]], click.Command]:
    """A click command inside the application, with errors for people."""

    def decorate(function: Callable[..., None]) -> click.Command:
        def run(**arguments: Any) -> None:
            with plain_errors():
                function(**arguments)

        run.__doc__ = function.__doc__
        made = Command(
            name,
            params=list(reversed(getattr(function, "__click_params__", []))),
            callback=with_appcontext(run),
            help=function.__doc__,
        )
        if group is not None:
            group.add_command(made)
        return made

    return decorate


users = AppGroup("users", help="Accounts.")
api_keys = AppGroup("api-keys", help="Keys for scripts.")
campaigns_group = AppGroup("campaigns", help="Create, solve, publish and export campaigns.")


@command(users, "create")
@click.option("--login", required=True)
@click.option("--name", required=True)
@click.option("--role", required=True, type=ROLE)
@click.option("--unit")
@click.option("--person")
@click.option("--password-stdin", "_stdin", is_flag=True, required=True, help="Read the password from standard input.")
def create_user(login: str, name: str, role: str, unit: str | None, person: str | None, _stdin: bool) -> None:
    """Create an account; the password is read from standard input."""
    password = sys.stdin.readline().rstrip("\r\n")
    accounts.create_user(login, name, role, unit, person, password, now=clock.now(), actor=ACTOR)


@command(users, "first")
@click.option("--hint", is_flag=True, help="Only say how to get the link, and nothing when there is an administrator.")
def first_administrator(hint: bool) -> None:
    """A link that makes the first administrator, while there is none; works once, for 24 hours."""
    if hint and first_admin.is_missing():
        click.echo("Chưa có người quản trị / no administrator yet: flask --app app users first")
    secret = None if hint else first_admin.new_link(now=clock.now())
    if secret is not None:
        click.echo("Người quản trị đầu tiên / first administrator (1 lần, 24 giờ / once, 24 hours):")
        click.echo(f"  {current_app.config['PUBLIC_URL']}/first/{secret}")


@command(api_keys, "create")
@click.option("--name", required=True)
@click.option("--role", required=True, type=ROLE)
@click.option("--unit")
@click.option("--person")
def create_key(name: str, role: str, unit: str | None, person: str | None) -> None:
    """Create a key and print it, once, alone on its line."""
    _key, secret = keys.create_api_key(name, role, unit, person, now=clock.now(), actor=ACTOR)
    click.echo(secret)


@command(None, "import")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Check only; write nothing.")
def import_command(path: Path, dry_run: bool) -> None:
    """Import a folder, XLSX or ZIP: everything, or nothing and every fault."""
    report = importer.import_folder(importer.read_path(path), dry_run=dry_run, now=clock.now(), actor=ACTOR)
    for fault in report.warnings:
        click.echo(f"{click.style('!', fg='yellow')} {fault.line()}")
    if report.errors:
        _fail([fault.line() for fault in report.errors])
    for name, count in report.counts.items():
        click.echo(f"{name}: +{count.created} ~{count.updated} ={count.unchanged}")
    if report.unsure:
        said = "are not covered any more" if report.applied else "would not be covered any more"
        click.echo(f"unsure: {report.unsure} published seats {said}: somebody is absent or has left")


@command(campaigns_group, "create")
@click.option("--tet", required=True, type=int, help="Lunar year by the calendar year of its Mùng 1: 2020, 2027 …")
@click.option("--unit", required=True)
@click.option("--from", "first", required=True, type=DAY)
@click.option("--to", "last", required=True, type=DAY)
@click.option("--name", required=True)
def create_campaign(tet: int, unit: str, first: datetime, last: datetime, name: str) -> None:
    """Create a campaign from the demand rows and print its id, alone."""
    campaign = campaigns.create_campaign(
        name=name, tet_year=tet, unit=unit, starts_on=first.date(), ends_on=last.date(), actor=ACTOR, now=clock.now()
    )
    click.echo(campaign.id)


@command(campaigns_group, "solve")
@click.argument("campaign_id", type=int)
@click.option("--seconds", default=30, show_default=True, type=click.IntRange(1, 3600))
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0))
@click.option("--replan", is_flag=True, help="Change the draft as little as can be; what has begun stays.")
@click.option(
    "--reproducible",
    is_flag=True,
    help="One thread: the same draft and seed give the same roster, unless time runs out first.",
)
def solve_campaign(campaign_id: int, seconds: int, seed: int, replan: bool, reproducible: bool) -> None:
    """Assign automatically, in this process; keeps the best partial roster when it cannot be done."""
    run = jobs.solve_now(
        campaign_id,
        seconds=seconds,
        seed=seed,
        mode="replan" if replan else "whole",
        reproducible=reproducible,
        actor=ACTOR,
        now=clock.now(),
        on_progress=solve_lines.show if sys.stderr.isatty() else None,
    )
    proved = " proved" if run_facts.is_proved(run) else ""
    click.echo(f"{run.status} objective={run.objective} bound={run.bound}{proved}")
    for line in solve_lines.summary_lines(run, now=clock.now()):
        click.echo(line)
    if run.status not in ("optimal", "feasible"):
        _fail([run.error] if run.error else list(solve_lines.shortage_lines(run)))


@command(campaigns_group, "publish")
@click.argument("campaign_id", type=int)
@click.option("--accept-gaps", metavar="REASON", help="Publish although minutes stay open, and why.")
@click.option("--note", default="")
def publish_campaign(campaign_id: int, accept_gaps: str | None, note: str) -> None:
    """Publish the draft as the next revision."""
    revision = publishing.publish(campaign_id, note=note, accept_gaps=accept_gaps, actor=ACTOR, now=clock.now())
    click.echo(f"revision {revision.number}")


@command(campaigns_group, "close")
@click.argument("campaign_id", type=int)
def close_campaign(campaign_id: int) -> None:
    """End a campaign that is over: what everybody carried goes into the ledger."""
    click.echo(f"{closing.close(campaign_id, actor=ACTOR, now=clock.now())} people in the ledger")


@command(campaigns_group, "export")
@click.argument("campaign_id", type=int)
@click.option("--format", "form", required=True, type=click.Choice(export.FORMATS))
@click.option("--out", required=True, type=click.Path(dir_okay=False, writable=True, path_type=Path))
def export_campaign(campaign_id: int, form: str, out: Path) -> None:
    """Write the published roster to a file."""
    out.write_bytes(export.render(campaign_id, form))


@command(campaigns_group, "rules")
@click.argument("campaign_id", type=int)
@click.option("--set", "given", multiple=True, metavar="CODE.NAME=VALUE", help="E.g. hours.day.on=no; =default undoes.")
def campaign_rules(campaign_id: int, given: tuple[str, ...]) -> None:
    """Show every rule of a campaign, after changing some."""
    changes = rule_lines.read_rules(given)
    if changes:
        rule_settings.save(campaign_id, changes, actor=ACTOR, now=clock.now())
    click.echo("\n".join(rule_lines.rule_lines(rule_queries.listed(campaign_id))))


@command(None, "points")
@click.option("--set", "given", multiple=True, metavar="FACTOR=VALUE", help="E.g. night=1.75; =default undoes.")
def points(given: tuple[str, ...]) -> None:
    """Show the points table, after changing some factors."""
    values = rule_lines.read_points(given)
    if values:
        points_table.save(values, actor=ACTOR, now=clock.now())
    click.echo("\n".join(rule_lines.points_lines()))


@command(None, "on-duty")
@click.option("--at", help="RFC 3339 with offset; default: now.")
@click.option("--unit", help="Code; default: the top unit.")
@click.option("--json", "as_json", is_flag=True)
def on_duty(at: str | None, unit: str | None, as_json: bool) -> None:
    """Who is on duty, and by which rule."""
    try:
        moment = parse_moment(at) if at else clock.now()
    except ValueError:
        _fail([f"--at: {at}: RFC 3339 with offset expected, e.g. 2020-01-25T02:10:00+07:00"])
    top = people.unit_by_code(unit) if unit else next(iter(people.root_units()), None)
    if top is None:
        _fail(["no units yet: import a folder first"])
    answers = who_serves.at(cast(Any, top), moment)
    if as_json:
        click.echo(json.dumps(who_serves.as_dict(answers), ensure_ascii=False, indent=2, default=_json))
    else:
        click.echo("\n".join(who_serves.lines(answers)))


def _json(value: datetime | date) -> str:
    return rfc3339(value) if isinstance(value, datetime) else value.isoformat()


@command(None, "worker")
def worker() -> None:
    """Call people and carry messages until stopped (one per machine is enough; more do no harm)."""
    from worker import run  # APScheduler stays out of the web server

    sys.exit(run(cast(Any, current_app)._get_current_object()))


explain_commands.add_to(campaigns_group, command, ACTOR)


def init(app: Flask) -> None:
    """Register every command group."""
    groups = [each.add_to(command, ACTOR) for each in (commands, secret_commands)]
    for each in (users, api_keys, campaigns_group, import_command, on_duty, points, worker, *groups):
        app.cli.add_command(each)
    backup_commands.add_to(app.cli, command, ACTOR)
    doctor_commands.add_to(app.cli, command)
