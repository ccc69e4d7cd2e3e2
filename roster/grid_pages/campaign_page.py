"""What the page of a campaign shows, made by parts: what was asked for, what the reader may, where it stands."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from werkzeug.datastructures import MultiDict

from core.actor import Actor
from people.access import guard
from roster.by_month import reading as by_month
from roster.call_outs import queries as call_outs, words as call_out_words
from roster.campaigns import approval, rights, stages
from roster.campaigns.models import Campaign
from roster.campaigns.stages import Stage
from roster.confirmations import queries as confirmations
from roster.draft import grid, page_head
from roster.draft.steps import DraftSteps, steps_of
from roster.fairness import closing
from roster.grid_pages.grid_part import GridPart, May, grid_part
from roster.grid_pages.look import GridLook
from roster.lists import queries as lists
from roster.patterns import offering
from roster.publishing import sheet
from roster.solving import proof_validity
from roster.solving.models import SolveRun


@dataclass(frozen=True)
class DraftSources:
    """Where a draft may come from, besides the grid: a pattern for a small unit, lists that units send."""

    may_solve_range: bool
    by_pattern: str
    """Code of the unit whose pattern fills the draft; empty: that is not offered."""
    collecting: lists.CollectionState | None


@dataclass(frozen=True)
class CampaignStatus:
    rings: bool
    """Whether the reader notes for others what they answer on the telephone."""
    answered: confirmations.SeatCounts | None
    over: bool
    stage: Stage
    stages: Sequence[Stage]


@dataclass(frozen=True)
class CampaignPage:
    part: GridPart
    steps: DraftSteps
    ways_in: DraftSources
    stands: CampaignStatus
    run: SolveRun | None
    held: proof_validity.ProofHolding | None
    called: call_outs.CalledOut | None
    changed: int
    """Shifts of the draft that differ from what is published, where the reader may see the draft."""

    def facts(self) -> dict[str, Any]:
        """Return what the templates show."""
        used = {shift.duty for shift in self.part.grid.taken.problem.shifts}
        return {
            **self.part.facts(),
            **vars(self.ways_in),
            **vars(self.stands),
            "run": self.run,
            "held": self.held,
            "called": self.called,
            "changed": self.changed,
            "used": [each for each in self.part.kinds.values() if each.code in used],
            "steps": self.steps,
            "undo": self.steps.undo,
            "redo": self.steps.redo,
            "called_words": call_out_words,
        }

    def facts_with_agenda(self, only: Collection[date] | None = None) -> dict[str, Any]:
        """Return the same with the list of days that phones show (``only`` some of them), or the month: of a page, not
        of the rows that an edit sends."""
        part = self.part
        look = part.look
        if look.view == "month":
            asked = by_month.MonthFilter(look.duty, look.unit_id, look.person, look.on)
            month = by_month.month(part.grid, asked, order=list(part.kinds), now=part.now)
            return {**self.facts(), "month": month}
        days = [day for day in part.days.dates.days if only is None or day.on in only]
        shown = sheet.sheet_of_grid(part.grid, duty=look.duty, unit_id=look.unit_id, days=days)
        return {**self.facts(), "sheet": shown}


def campaign_page(campaign: Campaign, args: MultiDict[str, str], *, actor: Actor, now: datetime) -> CampaignPage:
    """``args``: the query of the address, which may be that of the page from which an edit was sent."""
    part = grid_part(campaign, args, actor=actor, now=now)
    found, look, may = part.grid, part.look, part.may
    return CampaignPage(
        part=part,
        steps=steps_of(campaign, found.taken, actor=actor) if may.may_write else DraftSteps(),
        ways_in=_ways_in(campaign, found, look, may, actor=actor, now=now),
        stands=_where_it_stands(campaign, actor, now),
        run=page_head.last_run(campaign.id),
        held=proof_validity.proof_of_draft(found.taken, seen=part.stamp) if look.source == "draft" else None,
        called=_called(campaign, look, now),
        changed=page_head.changed_shifts(campaign, found) if rights.sees_draft(actor, campaign, now=now) else 0,
    )


def _ways_in(
    campaign: Campaign, found: grid.Grid, look: GridLook, may: May, *, actor: Actor, now: datetime
) -> DraftSources:
    mine = rights.reach(actor, "campaign.solve", campaign, now=now)
    return DraftSources(
        bool(found.shifts) and mine != set(),
        offering.small_unit(found.taken.problem, look.unit.code if look.unit else "") if may.may_write else "",
        lists.standing(campaign.id, now=now) if may.may_write and may.whole else None,
    )


def _where_it_stands(campaign: Campaign, actor: Actor, now: datetime) -> CampaignStatus:
    return CampaignStatus(
        rings=guard.reach(actor, "duty.confirm", now=now) != set(),
        answered=confirmations.counted(campaign.id, now=now) if campaign.revision else None,
        over=closing.is_over(campaign, now),
        stage=stages.stage_for(campaign.state, campaign.revision, waits=approval.waits(campaign)),
        stages=stages.shown(needs_approval=campaign.needs_approval),
    )


def _called(campaign: Campaign, look: GridLook, now: datetime) -> call_outs.CalledOut | None:
    """Who was called out while serving at home: for those who plan the campaign."""
    if not guard.can("campaign.write", campaign.unit_id):
        return None
    called = call_outs.list_for_campaign(campaign.id, now=now, duty=look.duty, unit_id=look.unit_id)
    return call_outs.split(called, now)
