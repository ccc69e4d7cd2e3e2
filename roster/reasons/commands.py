"""The commands of a campaign that give reasons: why, cover, explain."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import click
from flask_babel import gettext as _

from core import clock
from core.program.commands import ACTOR, command
from roster.reasons import services as explaining
from roster.words import reasons as words, repairs, violations

SHOWN = 15


@command("why")
@click.argument("shift_id", type=int)
@click.option("--person", help="Code of somebody on the shift: why they.")
def why_shift(shift_id: int, person: str | None) -> None:
    """Who could take a shift, what each would break or cost, and why the person on it has it."""
    found = explaining.cell(shift_id, replacing=person, actor=ACTOR, now=clock.now())
    _say(_cell_lines(found))


@command("cover")
@click.argument("shift_id", type=int)
@click.option("--for", "leaving", required=True, help="Code of the person who cannot come.")
def cover_shift(shift_id: int, leaving: str) -> None:
    """Who could cover for somebody, alone or by passing on a shift of their own; best first."""
    ways = explaining.ways_to_cover(shift_id, leaving=leaving, actor=ACTOR, now=clock.now())
    _say(_cover_lines(ways))


@command("explain")
@click.argument("run_id", type=int)
@click.option("--conflict", is_flag=True, help="Also look for a least set of facts that keeps a seat empty.")
@click.option("--shift", "shift_id", type=int, help="Which seat, with --conflict; default: the first empty one.")
def explain_run(run_id: int, conflict: bool, shift_id: int | None) -> None:
    """Why seats of a solve run's campaign stay empty, and what would fill them at what price."""
    whole = explaining.explanation(run_id, actor=ACTOR, now=clock.now())
    _say(_whole_lines(whole))
    if conflict and whole.found.missing:
        answer = explaining.conflict(run_id, shift_id=shift_id, actor=ACTOR, now=clock.now())
        _say(_conflict_lines(answer))


COMMANDS = (why_shift, cover_shift, explain_run)


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(line)


def _cell_lines(cell: explaining.SeatReasons) -> Iterator[str]:
    yield cell.names.shift(cell.shift.id)
    if cell.why:
        yield from words.why(cell.why, cell.names, cell.shift.id, published=cell.is_published)
    for each in cell.candidates[:SHOWN]:
        facts = words.candidate(each, cell.names)
        yield f"- {facts['name']} ({facts['person']}): {facts['text']}"
        yield from (f"    {broken['text']}" for broken in facts["breaks"])
    if len(cell.candidates) > SHOWN:
        yield _("và %(n)s người khác", n=len(cell.candidates) - SHOWN)


def _cover_lines(ways: explaining.Covers) -> Iterator[str]:
    yield ways.names.shift(ways.shift.id)
    for number, each in enumerate(ways.found[:SHOWN], start=1):
        facts = words.cover(each, ways.names)
        yield f"{number}. {facts['text']} ({facts['near']}; {facts['cost']})"
        yield from (f"    {broken['text']}" for broken in facts["breaks"])
    if not ways.found:
        yield _("Không có ai thuộc danh sách trực loại này để thay.")


def _whole_lines(whole: explaining.EmptySeatReasons) -> Iterator[str]:
    found = whole.found
    yield repairs.headline(found)
    yield from (violations.shortage(each, whole.names) for each in found.shortages)
    yield from (repairs.binding(each)["text"] for each in found.bindings)
    yield from (f"→ {repairs.repair(each, whole.names)['text']}" for each in found.repairs[:SHOWN])


def _conflict_lines(answer: explaining.Conflicting) -> Iterator[str]:
    yield answer.names.shift(answer.shift_id)
    yield repairs.verdict(answer.found, answer.seconds)
    if answer.found:
        for each in answer.found.facts:
            yield f"- {repairs.fact(each, answer.found, answer.names, answer.headcounts)}"
