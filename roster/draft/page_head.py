"""Reading for the list of campaigns and the heads of their pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import joinedload

from core import clock
from core.calendar import lunar
from core.calendar.holidays import known_break
from core.db import db
from roster.campaigns.models import Campaign
from roster.coverage import unsure
from roster.draft import grid
from roster.models import DraftAssignment, Duty, Seat, Shift
from roster.snapshot import signed_terms, sitting
from roster.solving.models import SolveRun
from roster.sources.models import HolidaySet


@dataclass(frozen=True)
class ListedCampaign:
    """A campaign with its cover: seats, seats with somebody in the draft and in what is published, and those of the
    published ones whose holder is in doubt: they are not covered.
    """

    campaign: Campaign
    seats: int
    drafted: int
    published: int
    status: str
    """Of the Tết break that its phases rest on: official, unverified, projected."""
    is_running: bool
    unsure: int = 0

    @property
    def filled(self) -> int:
        return self.drafted if self.campaign.state == "draft" else self.published - self.unsure


@dataclass(frozen=True)
class TetFacts:
    """Mùng 1 and the break of a year, for the form that makes a campaign."""

    year: int
    name: str
    first: date
    starts_on: date
    ends_on: date
    status: str
    source: str


def all_campaigns(*, now: datetime) -> list[ListedCampaign]:
    """Every campaign, the latest first."""
    rows = db.session.scalars(
        select(Campaign).options(joinedload(Campaign.unit)).order_by(Campaign.starts_on.desc(), Campaign.id.desc())
    ).all()
    seats, signed, drafted, published, away = _seats(), _signed(), _drafted(), _published(), unsure.by_campaign(now=now)
    statuses = dict(db.session.execute(select(HolidaySet.year, HolidaySet.status)).tuples().all())
    today = clock.local_date(now)
    return [
        ListedCampaign(
            campaign=row,
            seats=(seats if row.state == "draft" else signed).get(row.id, 0),
            drafted=drafted.get(row.id, 0),
            published=published.get(row.id, 0),
            status=statuses.get(row.tet_year, "projected"),
            is_running=row.starts_on <= today <= row.ends_on,
            unsure=away[row.id],
        )
        for row in rows
    ]


def tet_facts(year: int) -> TetFacts | None:
    """Known of a year's Tết; announced or projected when nobody has entered it. ``None`` outside the calendar."""
    if not 1969 <= year <= 2099:
        return None
    row = db.session.scalar(select(HolidaySet).filter_by(year=year))
    if row is not None:
        facts = (row.starts_on, row.ends_on, row.status, row.source)
    else:
        spec = known_break(year)
        facts = (spec.break_start, spec.break_end, spec.status, spec.source)
    return TetFacts(year, lunar.can_chi(year), lunar.tet(year), *facts)


def coming_tet(now: datetime) -> int:
    """The year of the next Mùng 1, or of the one that is being kept."""
    today = clock.local_date(now)
    return today.year if lunar.tet(today.year) >= today else today.year + 1


def last_run(campaign_id: int) -> SolveRun | None:
    return db.session.scalar(select(SolveRun).filter_by(campaign_id=campaign_id).order_by(SolveRun.id.desc()).limit(1))


def is_changed(campaign: Campaign, loaded: grid.Grid) -> bool:
    """Whether the draft says something else than the last revision."""
    return bool(changed_shifts(campaign, loaded))


def changed_shifts(campaign: Campaign, loaded: grid.Grid) -> int:
    """How many shifts have other people in the draft than in the last revision, or say something else of themselves:
    hours, day, how many are needed; 0 before there is one."""
    if campaign.revision == 0:
        return 0
    people = {shift_id for shift_id, _person in sitting.published_pairs(campaign.id) ^ loaded.taken.pairs}
    return len(people | signed_terms.changed(campaign).keys())


def _seats() -> Mapping[int, int]:
    counted = select(Shift.campaign_id, func.count()).join(Seat, Seat.shift_id == Shift.id).group_by(Shift.campaign_id)
    return dict(db.session.execute(counted).tuples().all())


def _signed() -> Mapping[int, int]:
    """Return by campaign how many seats are published, without those that came to the draft since."""
    own = select(Seat.shift_id, func.count().label("seats")).group_by(Seat.shift_id).subquery()
    more = case((own.c.seats > Shift.headcount, own.c.seats - Shift.headcount), else_=0)
    had = Shift.published_for + more
    each = case((had < own.c.seats, had), else_=own.c.seats)
    counted = select(Shift.campaign_id, func.sum(each)).join(own, own.c.shift_id == Shift.id)
    rows = db.session.execute(counted.where(Shift.published_for.is_not(None)).group_by(Shift.campaign_id))
    return {campaign_id: int(number) for campaign_id, number in rows.tuples()}


def _drafted() -> Mapping[int, int]:
    counted = (
        select(Shift.campaign_id, func.count())
        .join(Seat, Seat.shift_id == Shift.id)
        .join(DraftAssignment, DraftAssignment.seat_id == Seat.id)
        .group_by(Shift.campaign_id)
    )
    return dict(db.session.execute(counted).tuples().all())


def _published() -> Mapping[int, int]:
    counted = select(Duty.campaign_id, func.count()).where(Duty.cancelled_at.is_(None)).group_by(Duty.campaign_id)
    return dict(db.session.execute(counted).tuples().all())
