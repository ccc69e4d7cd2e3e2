"""Make a campaign with its shifts and seats; delete one that was never published."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import cast

from sqlalchemy import delete, select

from core import audit
from core.actor import Actor
from core.clock import at_local
from core.db import db, transaction
from core.errors import Conflict, Invalid, NotFound
from people import queries as people
from people.guard import ensure
from roster import lifecycle
from roster.holidays import HolidaySetSpec, phase, suggest_break
from roster.models import Campaign, Demand, HolidayDay, HolidaySet, Seat, Shift
from roster.planning.problem import Form
from roster.points_table import Worth

MAX_DAYS = 120
FIRST_YEAR, LAST_YEAR = 1969, 2099
"""Years whose every day has a lunar date."""


def create_campaign(
    *, name: str, tet_year: int, unit: str, starts_on: date, ends_on: date, actor: Actor, now: datetime,
    is_demo: bool = False,
) -> Campaign:  # fmt: skip
    """A draft campaign of ``unit`` (code) with its shifts and empty seats, from the demand of the unit and below.

    Raises Invalid (dates, year, name, no demand), NotFound (unit), Forbidden.
    """
    with transaction() as session:
        row = people.unit_by_code(unit)
        _check_span(name, tet_year, starts_on, ends_on)
        ensure(actor, "campaign.write", row.id, now=now)
        campaign = Campaign(
            name=name.strip(), tet_year=tet_year, unit_id=row.id, starts_on=starts_on, ends_on=ends_on, state="draft",
            created_at=now, created_by=actor.ref, is_demo=is_demo,
        )  # fmt: skip
        session.add(campaign)
        session.flush()
        made = _make_shifts(campaign)
        if not made:
            raise Invalid("campaign.no_demand", field="unit", unit=row.name)
        audit.record(actor, "campaign.create", "campaign", campaign.id, now=now, name=campaign.name, shifts=made)
        session.flush()
    return campaign


def delete_campaign(campaign_id: int, *, actor: Actor, now: datetime) -> None:
    """Remove a draft with everything in it. Raises Conflict once something was published."""
    with transaction() as session:
        campaign = get_campaign(campaign_id)
        ensure(actor, "campaign.write", campaign.unit_id, now=now)
        require(campaign, "delete")
        audit.record(actor, "campaign.delete", "campaign", campaign.id, now=now, name=campaign.name)
        session.execute(delete(Campaign).where(Campaign.id == campaign_id))
        session.expire_all()


def get_campaign(campaign_id: int) -> Campaign:
    campaign = db.session.get(Campaign, campaign_id)
    if campaign is None:
        raise NotFound("campaign.unknown", id=campaign_id)
    return campaign


def locked_campaign(campaign_id: int) -> Campaign:
    """The campaign as it is now, kept from other writers of its draft until the transaction ends. Raises NotFound.

    Call first in the transaction: what was read before the lock may be old. SQLite has one writer anyhow.
    """
    campaign = db.session.scalar(
        select(Campaign)
        .where(Campaign.id == campaign_id)
        .with_for_update(of=Campaign, key_share=True)
        .execution_options(populate_existing=True)
    )
    if campaign is None:
        raise NotFound("campaign.unknown", id=campaign_id)
    return campaign


def require(campaign: Campaign, action: lifecycle.Action) -> lifecycle.State:
    """The state that ``action`` leads to; Conflict when the campaign's state forbids it."""
    state = lifecycle.after(campaign.state, action)
    if state is None:
        raise Conflict(f"campaign.cannot_{action}", state={"campaign_state": campaign.state}, name=campaign.name)
    return state


def holiday_set(year: int) -> HolidaySet:
    """The year's holidays; when nobody has entered them, the projected ones are written down first.

    Call inside a transaction. ValueError outside the lunar calendar.
    """
    found = db.session.scalar(select(HolidaySet).where(HolidaySet.year == year))
    if found is None:
        found = _from_spec(suggest_break(year))
        db.session.add(found)
        db.session.flush()
    return found


def _check_span(name: str, tet_year: int, starts_on: date, ends_on: date) -> None:
    if not name.strip():
        raise Invalid("campaign.name_missing", field="name")
    if not FIRST_YEAR <= tet_year <= LAST_YEAR:
        raise Invalid("campaign.year_range", field="tet_year", first=FIRST_YEAR, last=LAST_YEAR)
    if ends_on < starts_on:
        raise Invalid("campaign.dates_reversed", field="ends_on")
    if (ends_on - starts_on).days >= MAX_DAYS:
        raise Invalid("campaign.too_long", field="ends_on", days=MAX_DAYS)
    if starts_on.year < FIRST_YEAR or ends_on.year > LAST_YEAR:
        raise Invalid("campaign.date_range", field="starts_on", first=FIRST_YEAR, last=LAST_YEAR)


def _from_spec(spec: HolidaySetSpec) -> HolidaySet:
    days = [
        HolidayDay(on_date=row.on, day_class=row.day_class, name=row.name, status=row.status, source=row.source)
        for row in spec.rows
    ]
    return HolidaySet(
        year=spec.year, starts_on=spec.break_start, ends_on=spec.break_end, status=spec.status, source=spec.source,
        days=days,
    )  # fmt: skip


def _make_shifts(campaign: Campaign) -> int:
    """Write the shifts and their seats; answers how many shifts."""
    tet = holiday_set(campaign.tet_year)
    for year in {campaign.starts_on.year, campaign.ends_on.year}:
        holiday_set(year)
    worth = Worth(campaign.starts_on, campaign.ends_on)
    made = 0
    for day, demand in _wanted(campaign, tet, _demand(campaign.unit_id)):
        shift = _shift(campaign, day, demand, worth)
        shift.seats = [Seat(position=position) for position in range(1, seats_of(shift) + 1)]
        db.session.add(shift)
        made += 1
    db.session.flush()
    return made


def seats_of(shift: Shift) -> int:
    """How many seats a shift has: those it needs, and those beyond that it would like to fill."""
    return max(shift.headcount, shift.wanted or 0)


def _demand(unit_id: int) -> Sequence[Demand]:
    below = people.subtree_ids(unit_id)
    return db.session.scalars(select(Demand).where(Demand.unit_id.in_(below)).order_by(Demand.id)).all()


def _wanted(campaign: Campaign, tet: HolidaySet, demand: Sequence[Demand]) -> Iterator[tuple[date, Demand]]:
    for offset in range((campaign.ends_on - campaign.starts_on).days + 1):
        day = campaign.starts_on + timedelta(days=offset)
        part = phase(day, tet.starts_on, tet.ends_on)
        yield from ((day, row) for row in demand if row.phase == part)


def _shift(campaign: Campaign, day: date, demand: Demand, worth: Worth) -> Shift:
    starts_at = at_local(day) + timedelta(minutes=demand.start_minute)
    ends_at = starts_at + timedelta(minutes=demand.minutes)
    points, points_by = worth.of(starts_at, ends_at, cast(Form, demand.form))
    return Shift(
        campaign_id=campaign.id, unit_id=demand.unit_id, duty=demand.duty, template=demand.template, form=demand.form,
        replaces_work=demand.replaces_work, starts_at=starts_at, ends_at=ends_at, local_on=day, phase=demand.phase,
        headcount=demand.headcount, wanted=demand.wanted, skills=dict(demand.skills), points=points,
        points_by=points_by,
    )  # fmt: skip
