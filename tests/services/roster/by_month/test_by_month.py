"""A month of a campaign: which one is opened."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from sqlalchemy import select

from core.db import db as handle
from people.models import Person
from people.queries import unit_by_code
from roster.by_month import reading
from roster.campaigns.models import Campaign
from roster.draft import grid, services as drafts
from roster.models import Seat
from tests.support import enterprise, factories
from tests.support.enterprise import NOW, ROOT

LATER = datetime.fromisoformat("2020-02-03T09:00:00+07:00")
LONG_AFTER = datetime.fromisoformat("2020-06-01T09:00:00+07:00")
JANUARY, FEBRUARY = date(2020, 1, 1), date(2020, 2, 1)

pytestmark = pytest.mark.usefixtures("engines_inside")


def month(campaign: Campaign, person: Person | None, now: datetime) -> reading.MonthPlan:
    found = grid.load(campaign.id, now=now)
    return reading.month(found, reading.MonthFilter(None, None, person, None), order=[], now=now)


def opened(campaign: Campaign, person: Person | None, now: datetime) -> date:
    return month(campaign, person, now).weeks.first


@pytest.mark.usefixtures("app")
def test_somebodys_month_is_the_one_in_which_they_serve_next_or_served_last() -> None:
    enterprise.make()
    unit = unit_by_code("BDA")
    factories.make_demand(unit)
    person = factories.make_person("P1", unit, duties=("operations",))
    campaign = factories.make_campaign(unit, first="2020-01-30", last="2020-02-05")
    first, *_, last = handle.session.scalars(select(Seat.id).order_by(Seat.id))
    drafts.edit_seats(campaign.id, [drafts.SeatEdit(first, "P1", None)], actor=ROOT, now=NOW)
    assert opened(campaign, person, LATER) == JANUARY and opened(campaign, None, LATER) == FEBRUARY
    drafts.edit_seats(campaign.id, [drafts.SeatEdit(last, "P1", None)], actor=ROOT, now=NOW)
    assert opened(campaign, person, LATER) == FEBRUARY and opened(campaign, person, NOW) == JANUARY
    assert opened(campaign, person, LONG_AFTER) == FEBRUARY, "where they served last"


@pytest.mark.usefixtures("app")
def test_a_day_of_somebody_counts_their_own_turns_and_nobodys_gaps() -> None:
    enterprise.make()
    unit = unit_by_code("BDA")
    factories.make_demand(unit, headcount=3)
    person = factories.make_person("P1", unit, duties=("operations",))
    campaign = factories.make_campaign(unit, first="2020-01-23", last="2020-01-23")
    seat = handle.session.scalars(select(Seat.id).order_by(Seat.id)).first()
    drafts.edit_seats(campaign.id, [drafts.SeatEdit(seat, "P1", None)], actor=ROOT, now=NOW)
    counted = {
        whose: [(day.seats, day.cover.missing) for week in month(campaign, whose, NOW).days for day in week if day.day]
        for whose in (None, person)
    }
    assert counted == {None: [(3, 2)], person: [(1, 0)]}
