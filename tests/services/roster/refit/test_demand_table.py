"""Headcounts changed in place: said first what seats that adds and takes in open campaigns, nobody lost unsaid."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core import prepared
from core.actor import Actor
from core.db import db as database, transaction
from core.errors import Conflict, Forbidden, Invalid
from core.models import AuditEntry
from people.queries import unit_by_code
from roster.campaigns import queries as campaigns
from roster.campaigns.models import Campaign
from roster.draft import services as drafts
from roster.models import Duty, Shift
from roster.publishing import services as publishing
from roster.publishing.terms import PublishTerms
from roster.refit import of_demand, services
from roster.refit.of_demand import Cell, DemandEffect
from roster.sources.models import Demand
from tests.support import factories
from tests.support.factories import ADMIN, NOW
from tests.support.statements import statements

BEFORE, DURING, AFTER = (("operations", "Ngày", phase) for phase in ("before", "during", "after"))


@pytest.fixture
def campaign(db: Any) -> Campaign:
    """28/01–31/01: two days of the break, when two serve, and two after it, when one does."""
    unit = factories.make_unit("BDA")
    for number in (1, 2, 3):
        factories.make_person(f"P{number}", unit)
    factories.make_demand(unit, headcount=2, phases=("during",))
    factories.make_demand(unit, headcount=1, phases=("after",))
    return factories.make_campaign(unit, first="2020-01-28", last="2020-01-31")


def look(typed: dict[Cell, int], **chosen: Any) -> DemandEffect:
    asked = {"takes_people": False, "actor": ADMIN, "now": NOW} | chosen
    return of_demand.effect(unit_by_code("BDA"), typed, **asked)


def save(typed: dict[Cell, int], *campaign_ids: int, **chosen: Any) -> DemandEffect:
    stamp = look(typed, **chosen).stamp
    asked = {"actor": ADMIN, "now": NOW} | chosen
    return services.save_demand("BDA", typed, stamp=stamp, campaign_ids=campaign_ids, **asked)


def demand() -> dict[str, int]:
    database.session.expire_all()
    return {row.phase: row.headcount for row in database.session.scalars(select(Demand))}


def seats() -> dict[int, tuple[int, int]]:
    """Day of the month → (people needed, seats)."""
    database.session.expire_all()
    rows = database.session.scalars(select(Shift).order_by(Shift.starts_at))
    return {row.local_on.day: (row.headcount, len(row.seats)) for row in rows}


def put(day: int, *codes: str) -> Shift:
    shift = next(row for row in database.session.scalars(select(Shift)) if row.local_on.day == day)
    drafts.set_people(shift.id, codes, override_reason="Thử", actor=ADMIN, now=NOW)
    return shift


def written(act: Callable[[], Any]) -> Counter[str]:
    """Statements that change shifts or seats while ``act`` runs, by table."""
    with statements() as seen:
        act()
    changes = re.compile(r"(?:INSERT INTO|UPDATE|DELETE FROM) (shifts|seats)\b")
    return Counter(found[1] for each in seen if (found := changes.match(each)))


def test_more_people_after_the_break_are_two_seats_said_and_then_there(campaign: Campaign) -> None:
    found = look({AFTER: 2})
    assert (found.campaigns[0].refit.added, found.campaigns[0].refit.removed) == (2, ())
    assert (demand(), seats()[30]) == ({"during": 2, "after": 1}, (1, 1))
    save({AFTER: 2}, campaign.id)
    assert (demand(), seats()) == ({"during": 2, "after": 2}, {28: (2, 2), 29: (2, 2), 30: (2, 2), 31: (2, 2)})
    marked = campaigns.get_campaign(campaign.id).look_again
    assert marked is not None and (marked["why"], marked["seats"]) == ("demand", 2)
    (entry,) = database.session.scalars(select(AuditEntry).where(AuditEntry.action == "demand.table"))
    assert entry.detail["changes"] == [["operations", "Ngày", "after", 1, 2]]


def test_a_campaign_that_is_not_chosen_stays_as_it_is(campaign: Campaign) -> None:
    before = seats()
    save({AFTER: 2})
    assert (demand()["after"], seats(), campaigns.get_campaign(campaign.id).look_again) == (2, before, None)


def test_seats_with_people_stay_unless_it_is_meant(campaign: Campaign) -> None:
    put(28, "P1", "P2"), put(29, "P3")
    found = look({DURING: 1}).campaigns[0].refit
    assert ([each.why for each in found.kept], len(found.removed)) == (["held"], 1)
    meant = look({DURING: 1}, takes_people=True).campaigns[0].refit
    assert sum(seat.person_id is not None for _shift, seat in meant.removed) == 1
    save({DURING: 1}, campaign.id)
    assert (seats()[28], seats()[29]) == ((2, 2), (1, 1))


def test_taking_them_away_is_done_when_it_is_meant(campaign: Campaign) -> None:
    shift = put(28, "P1", "P2")
    save({DURING: 1}, campaign.id, takes_people=True)
    assert seats()[28] == (1, 1)
    assert [seat.draft.person.code for seat in shift.seats if seat.draft] == ["P1"]


def test_a_phase_without_the_shift_is_asked_for_as_another_has_it(campaign: Campaign) -> None:
    save({DURING: 0, BEFORE: 3}, campaign.id)
    assert demand() == {"before": 3, "after": 1}
    row = database.session.scalars(select(Demand).filter_by(phase="before")).one()
    assert (row.start_minute, row.minutes, row.form, row.replaces_work) == (450, 720, "onsite", True)
    assert set(seats()) == {30, 31}


def test_moved_there_and_back_all_is_as_it_was(campaign: Campaign) -> None:
    before = demand(), seats()
    save({DURING: 5, AFTER: 3}, campaign.id)
    save({DURING: 2, AFTER: 1}, campaign.id)
    assert (demand(), seats()) == before


def test_what_many_shifts_need_is_written_at_once(campaign: Campaign) -> None:
    """A day more is no statement more; one for all first seats of new shifts, and one for all second ones."""
    assert written(lambda: save({DURING: 4, AFTER: 3}, campaign.id)) == Counter(shifts=1, seats=1)
    assert written(lambda: save({DURING: 1, AFTER: 1}, campaign.id)) == Counter(shifts=1, seats=1)
    assert written(lambda: save({DURING: 0}, campaign.id)) == Counter(shifts=1)
    assert written(lambda: save({DURING: 2}, campaign.id)) == Counter(shifts=1, seats=2)
    assert seats() == {28: (2, 2), 29: (2, 2), 30: (1, 1), 31: (1, 1)}


def test_what_was_published_stays(campaign: Campaign) -> None:
    put(28, "P1", "P2")
    publishing.publish(campaign.id, PublishTerms(accept_gaps="Thử"), actor=ADMIN, now=NOW)
    found = look({DURING: 0}, takes_people=True).campaigns[0].refit
    assert [(each.why, each.seats) for each in found.kept] == [("published", 2)]
    save({DURING: 0}, campaign.id, takes_people=True)
    assert seats() == {28: (2, 2), 30: (1, 1), 31: (1, 1)}
    assert len(database.session.scalars(select(Duty).where(Duty.cancelled_at.is_(None))).all()) == 2


def test_a_campaign_in_which_all_stays_asks_for_no_other_look(campaign: Campaign) -> None:
    put(28, "P1", "P2"), put(29, "P3", "P1")
    found = look({DURING: 1}).campaigns[0]
    assert found.refit.is_nothing and len(found.refit.kept) == 2
    version = campaigns.get_campaign(campaign.id).draft_version
    save({DURING: 1}, campaign.id)
    now = campaigns.get_campaign(campaign.id)
    assert (demand()["during"], now.look_again, now.draft_version) == (1, None, version)


def test_shifts_that_have_begun_are_left(campaign: Campaign) -> None:
    first = min(row.starts_at for row in database.session.scalars(select(Shift)))
    found = look({DURING: 1}, now=first + timedelta(hours=1)).campaigns[0].refit
    assert [shift.key[3].day for shift, _seat in found.removed] == [29]


def test_what_was_not_looked_at_is_not_written(campaign: Campaign) -> None:
    stamp = look({AFTER: 2}).stamp
    put(30, "P1")
    for seen in (None, stamp):
        with pytest.raises(Conflict, match="refit.moved"):
            services.save_demand("BDA", {AFTER: 2}, stamp=seen, campaign_ids=[campaign.id], actor=ADMIN, now=NOW)
    assert demand()["after"] == 1


def test_numbers_that_cannot_be_are_refused_where_they_stand(campaign: Campaign) -> None:
    with transaction() as session:
        session.scalars(select(Demand).filter_by(phase="during")).one().skills = {"lái xe": 2}
    for cell, number, code in (
        (DURING, 1, "demand.skill_number"),
        (AFTER, -1, "demand.people"),
        (("operations", "Lạ", "after"), 1, "demand.unknown"),
    ):
        with pytest.raises(Invalid) as caught:
            look({cell: number})
        assert [(each.field, each.code) for each in caught.value.errors] == [(".".join(cell), code)]


def test_a_campaign_that_is_made_meanwhile_is_looked_at_too(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    stamp, waiting = look({AFTER: 2}).stamp, ["2020-01-31"]

    def hit(place: str) -> None:
        if place == "plan.made" and waiting:
            factories.make_campaign(unit_by_code("BDA"), first=waiting.pop(), last="2020-02-01")

    monkeypatch.setattr(prepared, "hit", hit)
    with pytest.raises(Conflict, match="refit.moved"):
        services.save_demand("BDA", {AFTER: 2}, stamp=stamp, campaign_ids=[campaign.id], actor=ADMIN, now=NOW)
    assert (demand()["after"], len(look({AFTER: 2}).campaigns)) == (1, 2)


def test_another_unit_s_demand_is_not_theirs(campaign: Campaign) -> None:
    stranger = Actor(name="Chi", role="manager", via="session", unit_id=factories.make_unit("BDC").id)
    with pytest.raises(Forbidden):
        services.save_demand("BDA", {AFTER: 2}, stamp=None, actor=stranger, now=NOW)


def test_a_campaign_of_the_unit_above_is_told_of_and_may_be_theirs_in_part(db: Any) -> None:
    """The province plans; the district's own manager changes the district's seats there."""
    top = factories.make_unit("BDT")
    unit = factories.make_unit("BDA", parent=top, kind="district")
    factories.make_demand(unit, phases=("during", "after"))
    made = factories.make_campaign(top, first="2020-01-28", last="2020-01-31")
    manager = factories.manager_of(unit.id)
    found = look({AFTER: 2}, actor=manager)
    assert [(each.campaign.id, each.is_theirs) for each in found.campaigns] == [(made.id, True)]
    save({AFTER: 2}, made.id, actor=manager)
    assert seats()[30] == (2, 2)
