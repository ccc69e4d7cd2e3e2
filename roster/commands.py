"""``campaigns``, ``import`` and ``points``: the roster by command."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from core import clock
from core.db import db
from core.errors import Conflict
from core.i18n import named, span
from core.program import commands
from core.program.commands import ACTOR, Group
from people.imports import faults
from people.models import DutyKind
from planning.part import Part
from roster.campaigns import copy_words, services
from roster.days import points_table
from roster.fairness import closing
from roster.importing import services as importer
from roster.papers import exporting
from roster.publishing import export, services as publishing
from roster.publishing.terms import PublishTerms
from roster.reasons import commands as reasons
from roster.rulebook import cli_lines as rule_lines, queries as rule_queries, services as rule_settings
from roster.solving import cli_lines as solve_lines, jobs, run_facts
from roster.solving.services import SolveRequest
from roster.words.labels import GAPS

DAY = click.DateTime(["%Y-%m-%d", "%d/%m/%Y"])
campaigns = Group("campaigns", help="Create, solve, publish and export campaigns.")


@commands.command("import")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Check only; write nothing.")
def import_command(path: Path, dry_run: bool) -> None:
    """Import a folder, XLSX or ZIP: everything, or nothing and every fault."""
    report = importer.import_folder(importer.read_path(path), dry_run=dry_run, now=clock.now(), actor=ACTOR)
    for line in faults.lines(report.warnings):
        click.echo(f"{click.style('!', fg='yellow')} {line}")
    if report.errors:
        commands.fail([fault.line() for fault in report.errors])
    for name, count in report.counts.items():
        click.echo(f"{name}: +{count.created} ~{count.updated} ={count.unchanged}")
    for each in report.campaigns:
        n = each.refit.numbers
        told = f"+{n.added} -{n.removed} seats, {n.kept} kept, {n.asks} shifts ask for something else"
        click.echo(f"campaign {each.campaign.id} stays as it is; by this demand: {told}")
    if report.unsure:
        said = "are not covered any more" if report.applied else "would not be covered any more"
        click.echo(f"unsure: {report.unsure} published seats {said}: somebody is absent or has left")


@campaigns.command("create")
@click.option("--tet", required=True, type=int, help="Lunar year by the calendar year of its Mùng 1: 2020, 2027 …")
@click.option("--unit", required=True)
@click.option("--from", "first", required=True, type=DAY)
@click.option("--to", "last", required=True, type=DAY)
@click.option("--name", required=True)
@click.option("--copy-from", type=int, help="Id of the campaign to do as, instead of the demand rows.")
def create_campaign(tet: int, unit: str, first: datetime, last: datetime, *, name: str, copy_from: int | None) -> None:
    """Create a campaign from the demand rows, or as an earlier one, and print its id, alone."""
    wanted = services.CampaignWanted(name, tet, unit, first.date(), last.date(), copy_from)
    made = services.create(wanted, actor=ACTOR, now=clock.now())
    for each in made.left_out:
        click.echo(copy_words.said(each), err=True)
    click.echo(made.campaign.id)


@campaigns.command("solve")
@click.argument("campaign_id", type=int)
@click.option("--seconds", default=30, show_default=True, type=click.IntRange(1, 3600))
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0))
@click.option("--replan", is_flag=True, help="Change the draft as little as can be; what has begun stays.")
@click.option(
    "--reproducible",
    is_flag=True,
    help="One thread: the same draft and seed give the same roster, unless time runs out first.",
)
@click.option("--unit", metavar="CODE", help="Only its shifts and those below it; nothing else is touched.")
@click.option("--duty", metavar="CODE", help="Only this kind of duty.")
@click.option("--from", "first", type=click.DateTime(["%Y-%m-%d"]), help="Only from this day.")
@click.option("--to", "last", type=click.DateTime(["%Y-%m-%d"]), help="Only to this day, inclusive.")
@click.option(
    "--person", "people", metavar="CODE", multiple=True, help="Only cells of these people change; repeatable."
)
def solve_campaign(
    campaign_id: int,
    seconds: int,
    seed: int,
    replan: bool,
    *,
    reproducible: bool,
    unit: str | None,
    duty: str | None,
    first: datetime | None,
    last: datetime | None,
    people: tuple[str, ...],
) -> None:
    """Assign automatically, in this process; keeps the best partial roster when it cannot be done."""
    asked = Part(unit, duty, first.date() if first else None, last.date() if last else None, frozenset(people) or None)
    run = jobs.solve_now(
        campaign_id,
        SolveRequest(
            seconds=seconds,
            seed=seed,
            mode="replan" if replan else "whole",
            reproducible=reproducible,
            part=None if asked == Part() else asked,
        ),
        actor=ACTOR,
        now=clock.now(),
        on_progress=solve_lines.show if sys.stderr.isatty() else None,
    )
    proved = " proved" if run_facts.is_proved(run) else ""
    click.echo(f"{run.status} objective={run.objective} bound={run_facts.bound_of(run)}{proved}")
    for line in solve_lines.summary_lines(run, now=clock.now()):
        click.echo(line)
    if run.status not in ("optimal", "feasible"):
        commands.fail([run.error] if run.error else list(solve_lines.shortage_lines(run)))


@campaigns.command("publish")
@click.argument("campaign_id", type=int)
@click.option("--accept-gaps", metavar="REASON", help="Publish although minutes stay open, and why.")
@click.option("--note", default="")
def publish_campaign(campaign_id: int, accept_gaps: str | None, note: str) -> None:
    """Publish the draft as the next revision."""
    try:
        revision = publishing.publish(
            campaign_id, PublishTerms(note, accept_gaps=accept_gaps), actor=ACTOR, now=clock.now()
        )
    except Conflict as refused:
        gaps = [_gap_line(gap) for gap in refused.state.get("gaps", [])]
        broken = [violation["text"] for violation in refused.state.get("violations", [])]
        commands.fail([*commands.lines(refused), *gaps, *broken])
    click.echo(f"revision {revision.number}")


def _gap_line(gap: dict[str, Any]) -> str:
    """Return which duty of which unit is open, from when to when, and why; with the people who cannot be reached."""
    kind = db.session.get(DutyKind, gap["duty"])
    starts, ends = datetime.fromisoformat(gap["starts_at"]), datetime.fromisoformat(gap["ends_at"])
    line = f"{gap['unit']}: {named(kind) if kind else gap['duty']}, {span(starts, ends)}: {GAPS[gap['kind']]}"
    return line + (f" ({', '.join(gap['people'])})" if gap["people"] else "")


@campaigns.command("close")
@click.argument("campaign_id", type=int)
def close_campaign(campaign_id: int) -> None:
    """End a campaign that is over: what everybody carried goes into the ledger."""
    click.echo(f"{closing.close(campaign_id, actor=ACTOR, now=clock.now())} people in the ledger")


@campaigns.command("export")
@click.argument("campaign_id", type=int)
@click.option("--format", "form", required=True, type=click.Choice([*export.FORMATS, *exporting.FORMATS]))
@click.option("--out", required=True, type=click.Path(dir_okay=False, writable=True, path_type=Path))
def export_campaign(campaign_id: int, form: str, out: Path) -> None:
    """Write the published roster to a file; docx and pdf are the notice for use inside, not issued."""
    if form in exporting.FORMATS:
        out.write_bytes(exporting.render(campaign_id, form, actor=ACTOR, now=clock.now()))
    else:
        out.write_bytes(export.render(campaign_id, form))


@campaigns.command("rules")
@click.argument("campaign_id", type=int)
@click.option("--set", "given", multiple=True, metavar="CODE.NAME=VALUE", help="E.g. hours.day.on=no; =default undoes.")
def campaign_rules(campaign_id: int, given: tuple[str, ...]) -> None:
    """Show every rule of a campaign, after changing some."""
    changes = rule_lines.read_rules(given)
    if changes:
        rule_settings.save(campaign_id, changes, actor=ACTOR, now=clock.now())
    click.echo("\n".join(rule_lines.rule_lines(rule_queries.listed(campaign_id))))


@commands.command("points")
@click.option("--set", "given", multiple=True, metavar="FACTOR=VALUE", help="E.g. night=1.75; =default undoes.")
def points(given: tuple[str, ...]) -> None:
    """Show the points table, after changing some factors."""
    values = rule_lines.read_points(given)
    if values:
        points_table.save(values, actor=ACTOR, now=clock.now())
    click.echo("\n".join(rule_lines.points_lines()))


for each in reasons.COMMANDS:
    campaigns.add_command(each)
COMMANDS = (campaigns, import_command, points)
