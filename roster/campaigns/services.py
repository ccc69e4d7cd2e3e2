"""Make a campaign with its shifts and seats; delete one that was never published."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, cast

from sqlalchemy import delete, insert, literal, or_, select

from core import audit, prepared
from core.actor import Actor
from core.clock import at_local
from core.db import db, transaction
from core.errors import Conflict, Invalid
from people import queries as people
from people.access.guard import ensure, refuse_unless
from roster.campaigns.queries import get_campaign, require
from roster.days import holiday_sets
from roster.days.holiday_sets import FIRST_YEAR, LAST_YEAR
from roster.days.points_table import Worth
from roster.holidays import phase
from roster.models import Campaign, Demand, HolidaySet, Seat, Shift
from roster.planning.problem import Form

MAX_DAYS = 120


@dataclass(frozen=True)
class _Planned:
    """A campaign to be: its unit, and the rows of its shifts."""

    unit_id: int
    shifts: list[dict[str, Any]]


def create_campaign(
    *,
    name: str,
    tet_year: int,
    unit: str,
    starts_on: date,
    ends_on: date,
    actor: Actor,
    now: datetime,
    is_demo: bool = False,
) -> Campaign:
    """A draft campaign of ``unit`` (code) with its shifts and empty seats, from the demand of the unit and below.

    Raises Invalid (dates, year, name, no demand), NotFound (unit), Forbidden.
    """

    def prepare() -> _Planned:
        row = people.unit_by_code(unit)
        _check_span(name, tet_year, starts_on, ends_on)
        refuse_unless(actor, "campaign.write", row.id, now=now)
        shifts = _plan_shifts(row.id, tet_year, starts_on, ends_on)
        if not shifts:
            raise Invalid("campaign.no_demand", field="unit", unit=row.name)
        return _Planned(row.id, shifts)

    def act(planned: _Planned) -> Campaign:
        ensure(actor, "campaign.write", planned.unit_id, now=now)
        campaign = Campaign(
            name=name.strip(),
            tet_year=tet_year,
            unit_id=planned.unit_id,
            starts_on=starts_on,
            ends_on=ends_on,
            state="draft",
            created_at=now,
            created_by=actor.ref,
            is_demo=is_demo,
        )
        db.session.add(campaign)
        db.session.flush()
        _write_shifts(campaign.id, planned.shifts)
        made = len(planned.shifts)
        audit.record(actor, "campaign.create", "campaign", campaign.id, now=now, name=campaign.name, shifts=made)
        db.session.flush()
        return campaign

    return prepared.write(("campaign.create", unit, starts_on, ends_on), prepare, act)


def shift_as_asked(unit_id: int, duty: str, template: str, day: date, campaign: Campaign) -> dict[str, Any] | None:
    """The columns of the shift that today's demand of the unit asks for on the local ``day``; None where it asks for
    nothing of the kind."""
    tet = holiday_sets.known({campaign.tet_year, day.year})[campaign.tet_year]
    part = phase(day, tet.starts_on, tet.ends_on)
    row = db.session.scalar(select(Demand).filter_by(unit_id=unit_id, duty=duty, template=template, phase=part))
    return _shift(day, row, Worth(day, day)) if row is not None else None


def add_shift(campaign_id: int, columns: Mapping[str, Any]) -> None:
    """With its seats, in the caller's transaction, which holds the campaign."""
    shift_id = db.session.scalar(insert(Shift).returning(Shift.id), {**columns, "campaign_id": campaign_id})
    seats = _seats(columns["headcount"], columns["wanted"])
    db.session.execute(insert(Seat), [{"shift_id": shift_id, "position": place} for place in range(1, seats + 1)])


def demanded(campaign: Campaign) -> Sequence[Demand]:
    """What the campaign's units ask for; a shift that several phases have stands once."""
    found = {(row.unit_id, row.duty, row.template): row for row in _demand(campaign.unit_id)}
    return list(found.values())


def delete_campaign(campaign_id: int, *, actor: Actor, now: datetime) -> None:
    """Remove a draft with everything in it. Raises Conflict once something was published."""
    with transaction() as session:
        campaign = get_campaign(campaign_id)
        ensure(actor, "campaign.write", campaign.unit_id, now=now)
        require(campaign, "delete")
        if campaign.revision:  # withdrawn: a draft again, and what was published is kept
            raise Conflict("campaign.cannot_delete", state={"revision": campaign.revision}, name=campaign.name)
        audit.record(actor, "campaign.delete", "campaign", campaign.id, now=now, name=campaign.name)
        session.execute(delete(Campaign).where(Campaign.id == campaign_id))
        session.expire_all()


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


def _plan_shifts(unit_id: int, tet_year: int, starts_on: date, ends_on: date) -> list[dict[str, Any]]:
    """The shifts that the demand asks for, as rows without a campaign."""
    demand = _demand(unit_id)
    if not demand:
        return []
    tet = holiday_sets.known({tet_year, starts_on.year, ends_on.year})[tet_year]
    worth = Worth(starts_on, ends_on)
    return [_shift(day, row, worth) for day, row in _wanted(starts_on, ends_on, tet, demand)]


def _write_shifts(campaign_id: int, rows: Sequence[Mapping[str, Any]]) -> None:
    """The shifts, and their seats: one statement for all first seats, one for all second ones …"""
    db.session.execute(insert(Shift), [{**row, "campaign_id": campaign_id} for row in rows])
    for position in range(1, max(_seats(row["headcount"], row["wanted"]) for row in rows) + 1):
        with_it = select(Shift.id, literal(position)).where(
            Shift.campaign_id == campaign_id, or_(Shift.headcount >= position, Shift.wanted >= position)
        )
        db.session.execute(insert(Seat).from_select(["shift_id", "position"], with_it.order_by(Shift.id)))


def _seats(headcount: int, wanted: int | None) -> int:
    """How many seats a shift has: those it needs, and those beyond that it would like to fill."""
    return max(headcount, wanted or 0)


def _demand(unit_id: int) -> Sequence[Demand]:
    below = people.subtree_ids(unit_id)
    return db.session.scalars(select(Demand).where(Demand.unit_id.in_(below)).order_by(Demand.id)).all()


def _wanted(starts_on: date, ends_on: date, tet: HolidaySet, demand: Sequence[Demand]) -> Iterator[tuple[date, Demand]]:
    for offset in range((ends_on - starts_on).days + 1):
        day = starts_on + timedelta(days=offset)
        part = phase(day, tet.starts_on, tet.ends_on)
        yield from ((day, row) for row in demand if row.phase == part)


def _shift(day: date, demand: Demand, worth: Worth) -> dict[str, Any]:
    starts_at = at_local(day) + timedelta(minutes=demand.start_minute)
    ends_at = starts_at + timedelta(minutes=demand.minutes)
    points, points_by = worth.of(starts_at, ends_at, cast(Form, demand.form))
    return {
        "unit_id": demand.unit_id,
        "duty": demand.duty,
        "template": demand.template,
        "form": demand.form,
        "replaces_work": demand.replaces_work,
        "starts_at": starts_at,
        "ends_at": ends_at,
        "local_on": day,
        "phase": demand.phase,
        "headcount": demand.headcount,
        "wanted": demand.wanted,
        "skills": dict(demand.skills),
        "points": points,
        "points_by": points_by,
        "legal_ground": demand.legal_ground,
    }
