"""What the page of a campaign shows, made by parts: what was asked for, what the reader may, where it stands."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from werkzeug.datastructures import MultiDict

from core.actor import Actor
from people.access import guard
from people.models import DutyKind
from roster.blueprint import kinds
from roster.by_month import reading as by_month
from roster.call_outs import queries as call_outs, words as call_out_words
from roster.campaigns import approval, rights, stages
from roster.campaigns.models import Campaign
from roster.campaigns.stages import Stage
from roster.confirmations import queries as confirmations
from roster.crews import board, queries as crews
from roster.draft import grid, page_head, shown_days
from roster.draft.steps import Steps, steps_of
from roster.fairness import closing
from roster.grid_pages.look import Look, look_of
from roster.hands import duty_rows, hidden_days
from roster.lists import queries as lists
from roster.patterns import offering
from roster.publishing import sheet
from roster.solving import holding
from roster.solving.models import SolveRun


@dataclass(frozen=True)
class May:
    """``whole``: what the reader may change reaches over the whole campaign; ``edit``: this page takes edits."""

    may_write: bool
    whole: bool
    edit: bool


@dataclass(frozen=True)
class PeopleRows:
    crew_of: Mapping[int, Sequence[str]]
    """By person id; empty where people are not the rows."""


@dataclass(frozen=True)
class DutyRows:
    shifts: duty_rows.DutyTable


@dataclass(frozen=True)
class CrewRows:
    crews: Sequence[board.CrewRow]


@dataclass(frozen=True)
class Days:
    """Which days a list shows at once, and which have a column."""

    dates: shown_days.Window
    columns: hidden_days.Columns


@dataclass(frozen=True)
class WaysIn:
    """Where a draft may come from, besides the grid: a pattern for a small unit, lists that units send."""

    may_solve_range: bool
    by_pattern: str
    collecting: lists.Standing | None


@dataclass(frozen=True)
class WhereItStands:
    rings: bool
    """Whether the reader notes for others what they answer on the telephone."""
    answered: confirmations.Counted | None
    over: bool
    stage: Stage
    stages: Sequence[Stage]


@dataclass(frozen=True)
class CampaignPage:
    campaign: Campaign
    now: datetime
    look: Look
    may: May
    grid: grid.Grid
    kinds: Mapping[str, DutyKind]
    version: str
    """What the grid's script says it has seen (``version_of``)."""
    rows: PeopleRows | DutyRows | CrewRows
    days: Days
    steps: Steps
    ways_in: WaysIn
    stands: WhereItStands
    run: SolveRun | None
    held: holding.Held | None
    called: call_outs.CalledOut | None
    changed: int
    """Shifts of the draft that differ from what is published, where the reader may see the draft."""
    seat_of: Mapping[tuple[int, int], int]
    """(shift id, person id) → seat: what the grid's script names when it asks for an edit."""

    def facts(self) -> dict[str, Any]:
        """For the templates."""
        used = {shift.duty for shift in self.grid.taken.problem.shifts}
        return {
            "campaign": self.campaign,
            "now": self.now,
            "view": self.look.view,
            "unit": self.look.unit,
            "person": self.look.person,
            "asked": self.look.asked,
            "grid": self.grid,
            "kinds": self.kinds,
            "version": self.version,
            "run": self.run,
            "held": self.held,
            "called": self.called,
            "changed": self.changed,
            "seat_of": self.seat_of,
            **vars(self.may),
            **vars(self.rows),
            **vars(self.days),
            **vars(self.ways_in),
            **vars(self.stands),
            "used": [each for each in self.kinds.values() if each.code in used],
            "steps": self.steps,
            "undo": self.steps.undo,
            "redo": self.steps.redo,
            "called_words": call_out_words,
        }

    def facts_with_agenda(self, only: Collection[date] | None = None) -> dict[str, Any]:
        """With the list of days that phones show (``only`` some of them), or the month: of a page, not of the rows that
        an edit sends."""
        look = self.look
        if look.view == "month":
            asked = by_month.Asked(look.duty, look.unit_id, look.person, look.on)
            month = by_month.month(self.grid, asked, order=list(self.kinds), now=self.now)
            return {**self.facts(), "month": month}
        days = [day for day in self.days.dates.days if only is None or day.on in only]
        shown = sheet.of_grid(self.grid, duty=look.duty, unit_id=look.unit_id, days=days)
        return {**self.facts(), "sheet": shown}


def campaign_page(campaign: Campaign, args: MultiDict[str, str], *, actor: Actor, now: datetime) -> CampaignPage:
    """``args``: the query of the address, which may be that of the page from which an edit was sent."""
    every = kinds()
    look = look_of(args, rights.source(actor, campaign, args.get("source"), now=now), every)
    may, is_draft = _may(campaign, look, actor, now), look.source == "draft"
    seen = holding.stamp()
    found = grid.load(
        campaign.id,
        now=now,
        source=look.source,
        duty=look.duty,
        unit_id=look.unit_id,
        page=look.page,
        find=look.person.code if look.person else look.find,
    )
    return CampaignPage(
        campaign=campaign,
        now=now,
        look=look,
        may=may,
        grid=found,
        kinds=every,
        version=version_of(campaign, found.taken.draft_version, seen),
        rows=_rows(look, found, every, now),
        days=_days(look, found),
        steps=steps_of(campaign, found.taken, actor=actor) if may.may_write else Steps(),
        ways_in=_ways_in(campaign, found, look, may, actor, now),
        stands=_where_it_stands(campaign, actor, now),
        run=page_head.last_run(campaign.id),
        held=holding.of_draft(found.taken, seen=seen) if is_draft else None,
        called=_called(campaign, look, now),
        changed=page_head.changed_shifts(campaign, found) if rights.sees_draft(actor, campaign, now=now) else 0,
        seat_of=_seat_of(found) if may.may_write else {},
    )


def version_of(campaign: Campaign, draft: int, stamp: str | None) -> str:
    """Of the draft, of what is published, and of what both are judged by (``holding.stamp``, from before they were
    read): each makes an open grid old. Whoever falls ill is no longer sure to serve."""
    return f"{draft}.{campaign.revision}.{(stamp or '')[:8]}"


def _may(campaign: Campaign, look: Look, actor: Actor, now: datetime) -> May:
    mine = rights.reach(actor, "campaign.write", campaign, now=now)
    may_write = mine != set() and campaign.state != "closed"
    return May(may_write, mine is None, may_write and look.source == "draft" and look.mode != "read")


def _days(look: Look, found: grid.Grid) -> Days:
    hidden = hidden_days.asked(look.hide, found.days, lambda day: day.on not in found.troubled)
    seats = [each.seats for each in found.cover]
    return Days(shown_days.window(found.days, seats, look.on), hidden_days.columns(found.days, hidden))


def _rows(
    look: Look, found: grid.Grid, every: Mapping[str, DutyKind], now: datetime
) -> PeopleRows | DutyRows | CrewRows:
    if look.view == "duties":
        order = list(every)
        return DutyRows(
            duty_rows.table(found, duty=look.duty, unit_id=look.unit_id, order=order, page=look.page, now=now)
        )
    if look.view == "crews":
        return CrewRows(board.rows(found, look.unit_id))
    return PeopleRows(crews.names_of_people([row.person.id for row in found.rows]) if look.view == "people" else {})


def _ways_in(campaign: Campaign, found: grid.Grid, look: Look, may: May, actor: Actor, now: datetime) -> WaysIn:
    mine = rights.reach(actor, "campaign.solve", campaign, now=now)
    return WaysIn(
        bool(found.shifts) and mine != set(),
        offering.small_unit(found.taken.problem, look.unit.code if look.unit else "") if may.may_write else "",
        lists.standing(campaign.id, now=now) if may.may_write and may.whole else None,
    )


def _seat_of(found: grid.Grid) -> dict[tuple[int, int], int]:
    cells, seats = found.taken.cells, found.taken.seats
    shown = {chip.shift.id for row in found.rows for cell in row.cells for chip in cell.chips}
    sitting = ((shift, seat) for shift in shown for seat in seats.get(shift, ()) if seat in cells)
    return {(shift, cells[seat].person_id): seat for shift, seat in sitting}


def _where_it_stands(campaign: Campaign, actor: Actor, now: datetime) -> WhereItStands:
    return WhereItStands(
        rings=guard.reach(actor, "duty.confirm", now=now) != set(),
        answered=confirmations.counted(campaign.id, now=now) if campaign.revision else None,
        over=closing.is_over(campaign, now),
        stage=stages.of(campaign.state, campaign.revision, waits=approval.waits(campaign)),
        stages=stages.shown(needs_approval=campaign.needs_approval),
    )


def _called(campaign: Campaign, look: Look, now: datetime) -> call_outs.CalledOut | None:
    """Who was called out while serving at home: for those who plan the campaign."""
    if not guard.can("campaign.write", campaign.unit_id):
        return None
    called = call_outs.of_campaign(campaign.id, now=now, duty=look.duty, unit_id=look.unit_id)
    return call_outs.split(called, now)
