"""Another demand of one unit, by kind, name of shift and phase: what it changes in open campaigns. Reads only."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from core import clock
from core.actor import Actor
from core.calendar.holidays import phase
from core.db import db
from core.errors import FieldError, Invalid
from people import queries as people
from people.models import Unit
from roster.campaigns import demand_expansion, rights
from roster.campaigns.models import Campaign
from roster.days import breaks, holiday_sets
from roster.days.points_table import Worth
from roster.refit import reading
from roster.refit.seats import Columns, Refit, refit
from roster.sources.models import PHASES, Demand

Cell = tuple[str, str, str]
"""Kind of duty, name of the shift, phase."""
MOST = 999
_LIKE = ("start_minute", "minutes", "form", "replaces_work", "legal_ground")
"""What a phase that had none of the shift takes over of one that has."""


@dataclass(frozen=True)
class DemandCell:
    """One cell of the table: people needed before and after (0: the shift is not asked for then)."""

    cell: Cell
    was: int
    becomes: int


@dataclass(frozen=True)
class FollowingCampaign:
    """An open campaign, and what would become of it if it followed."""

    campaign: Campaign
    refit: Refit

    @property
    def seats(self) -> int:
        """How many come or go."""
        found = self.refit.numbers
        return found.added + found.removed


@dataclass(frozen=True)
class CampaignDemand(FollowingCampaign):
    """``is_theirs``: whoever asks may change these shifts of it."""

    is_theirs: bool


@dataclass(frozen=True)
class DemandEffect:
    """``rows``: the demand as it will be; ``campaigns``: those that it would change."""

    unit: Unit
    steps: tuple[DemandCell, ...]
    rows: tuple[Demand, ...]
    campaigns: tuple[CampaignDemand, ...]
    takes_people: bool
    seen: Mapping[int, int]
    """Campaigns that are touched, by id, with the version of the draft that was looked at."""
    open: frozenset[int]
    """Ids of all campaigns that were looked at."""

    @property
    def stamp(self) -> str:
        """What was shown, so that only that is done."""
        told = [repr((self.unit.id, self.steps))]
        told += [repr((each.campaign.id, self.seen[each.campaign.id], each.refit)) for each in self.campaigns]
        return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]


def rows_of(unit_id: int) -> list[Demand]:
    return list(db.session.scalars(select(Demand).where(Demand.unit_id == unit_id).order_by(Demand.id)))


def effect(unit: Unit, typed: Mapping[Cell, int], *, takes_people: bool, actor: Actor, now: datetime) -> DemandEffect:
    """``typed``: people by cell; what is not named stays. Raises Invalid for numbers that cannot be."""
    rows = rows_of(unit.id)
    steps = tuple(_steps(rows, typed))
    _check(rows, steps)
    after = changed(rows, steps)
    every = concerned(unit, now=now) if steps else []
    found = [
        _campaign_demand(campaign, unit, rows, after, takes_people=takes_people, actor=actor, now=now)
        for campaign in every
    ]
    touched = tuple(each for each in found if not each.refit.is_nothing or each.refit.kept)
    seen = {each.campaign.id: each.campaign.draft_version for each in touched}
    return DemandEffect(unit, steps, tuple(after), touched, takes_people, seen, frozenset(each.id for each in every))


def effects_of_rows(becomes: Iterable[Demand], *, now: datetime) -> list[FollowingCampaign]:
    """Return what campaigns would change if they followed these rows, of any units and of no session; other rows
    stay."""
    new = {(row.unit_id, row.duty, row.template, row.phase): row for row in becomes}
    units = {row.unit_id for row in new.values()}
    rows = db.session.scalars(select(Demand).where(Demand.unit_id.in_(units)).order_by(Demand.id)).all()
    before = {(row.unit_id, row.duty, row.template, row.phase): row for row in rows}
    after, above, found = before | new, people.ancestors_of(units), list[FollowingCampaign]()
    for campaign in reading.open_campaigns(clock.local_date(now), date.max) if units else []:
        mine = {each for each in units if campaign.unit_id in above[each]}
        was, will = ([row for row in some.values() if row.unit_id in mine] for some in (before, after))
        fitted = _refitted(campaign, mine, was, will, now=now, takes_people=False)
        found += [FollowingCampaign(campaign, fitted)] if not fitted.is_nothing or fitted.kept else []
    return found


def concerned(unit: Unit, *, now: datetime) -> list[Campaign]:
    """The campaigns that its demand may touch."""
    above = set(people.ancestor_ids(unit.id))
    return [each for each in reading.open_campaigns(clock.local_date(now), date.max) if each.unit_id in above]


def open_units(*, now: datetime) -> set[int]:
    """Ids of units that have a campaign which another demand may touch."""
    return {each.unit_id for each in reading.open_campaigns(clock.local_date(now), date.max)}


def _steps(rows: Sequence[Demand], typed: Mapping[Cell, int]) -> Iterable[DemandCell]:
    now = {(row.duty, row.template, row.phase): row.headcount for row in rows}
    for cell, number in sorted(typed.items(), key=lambda each: (each[0][:2], PHASES.index(each[0][2]))):
        if number != now.get(cell, 0):
            yield DemandCell(cell, now.get(cell, 0), number)


def _check(rows: Sequence[Demand], steps: Sequence[DemandCell]) -> None:
    by_cell = {(row.duty, row.template, row.phase): row for row in rows}
    shifts = {each[:2] for each in by_cell}
    faults = list[FieldError]()
    for step in steps:
        field, row = ".".join(step.cell), by_cell.get(step.cell)
        if not 0 <= step.becomes <= MOST:
            faults.append(FieldError(field, "demand.people", {"most": MOST}))
        elif step.cell[:2] not in shifts:
            faults.append(FieldError(field, "demand.unknown"))
        for skill, number in (row.skills if row else {}).items():
            if 0 < step.becomes < number:
                asked = {"skill": skill, "number": number, "people": step.becomes}
                faults.append(FieldError(field, "demand.skill_number", asked))
    if faults:
        raise Invalid(faults[0].code, errors=faults, **faults[0].params)


def changed(rows: Sequence[Demand], steps: Sequence[DemandCell]) -> list[Demand]:
    """The rows as they will be, of no session."""
    becomes = {step.cell: step.becomes for step in steps}
    after, known = list[Demand](), set[Cell]()
    for row in rows:
        cell = row.duty, row.template, row.phase
        known.add(cell)
        number = becomes.get(cell, row.headcount)
        if number:
            after.append(_row(row, phase=row.phase, headcount=number, wanted=row.wanted, skills=dict(row.skills)))
    for cell, number in becomes.items():
        if cell not in known and number:
            like = _nearest(rows, cell)
            after.append(_row(like, phase=cell[2], headcount=number, wanted=None, skills={}))
    return after


def _row(like: Demand, **own: Any) -> Demand:
    columns = {name: getattr(like, name) for name in _LIKE}
    return Demand(unit_id=like.unit_id, duty=like.duty, template=like.template, **columns, **own)


def _nearest(rows: Sequence[Demand], cell: Cell) -> Demand:
    same = [row for row in rows if (row.duty, row.template) == cell[:2]]
    return min(same, key=lambda row: abs(PHASES.index(row.phase) - PHASES.index(cell[2])))


def _campaign_demand(
    campaign: Campaign,
    unit: Unit,
    before: Sequence[Demand],
    after: Sequence[Demand],
    *,
    takes_people: bool,
    actor: Actor,
    now: datetime,
) -> CampaignDemand:
    found = _refitted(campaign, {unit.id}, before, after, now=now, takes_people=takes_people)
    return CampaignDemand(campaign, found, rights.may(actor, "campaign.write", campaign, unit.id, now=now))


def _refitted(
    campaign: Campaign,
    units: Collection[int],
    before: Sequence[Demand],
    after: Sequence[Demand],
    *,
    now: datetime,
    takes_people: bool,
) -> Refit:
    """Return how shifts of these units that have not begun are refitted."""
    shifts = [row for row in reading.rows(campaign.id) if row.unit_id in units and row.starts_at > now]
    there = reading.there(shifts, reading.published(campaign.id))
    worth = Worth(campaign.starts_on, campaign.ends_on)
    tet = holiday_sets.known({campaign.tet_year})[campaign.tet_year]
    rest = tet.starts_on, tet.ends_on

    def asked(rows: Sequence[Demand]) -> list[Columns]:
        found = (
            demand_expansion.columns(on, row, worth)
            for on in breaks.dates((campaign.starts_on, campaign.ends_on))
            for row in rows
            if row.phase == phase(on, *rest)
        )
        return [each for each in found if each["starts_at"] > now]

    return refit(there, asked(before), asked(after), takes_people=takes_people)


def only(found: DemandEffect, campaign_ids: Iterable[int]) -> list[CampaignDemand]:
    """The campaigns that follow: chosen, theirs, and with something to change."""
    chosen = set(campaign_ids)
    some = (each for each in found.campaigns if each.campaign.id in chosen and each.is_theirs)
    return [each for each in some if not each.refit.is_nothing]
