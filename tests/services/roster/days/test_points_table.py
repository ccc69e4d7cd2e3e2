"""The points table: what a change revalues, what keeps its worth, and what people of a work pattern are credited."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.errors import Conflict, Forbidden, Invalid
from people.models import Absence, Person
from planning.time.points import PointsTable
from roster.campaigns.models import Campaign
from roster.days import points_table
from roster.fairness import closing
from roster.fairness.models import LedgerEntry
from roster.models import Duty, Shift
from roster.sources.models import PointsFactor
from tests.support.factories import (
    ADMIN,
    NOW,
    make_campaign,
    make_demand,
    make_unit,
    manager_of,
)
from tests.support.published import Published

pytestmark = pytest.mark.both_dbs


def points_of(db, campaign: Campaign) -> list[int]:
    db.session.expire_all()
    rows = db.session.scalars(select(Shift).filter_by(campaign_id=campaign.id).order_by(Shift.id))
    return [row.points for row in rows]


def test_a_new_installation_has_the_table_of_the_contract(db):
    assert points_table.current() == PointsTable()
    assert {row.factor for row in db.session.scalars(select(PointsFactor))} == set(points_table.FACTORS)


def test_a_change_revalues_drafts_and_nothing_that_is_published(db):
    unit = make_unit()
    make_demand(unit, template="Đêm", start="22:00", hours=8)
    draft, published = make_campaign(unit), make_campaign(unit, first="2020-01-29", last="2020-01-30")
    db.session.get_one(Campaign, published.id).revision = 1
    db.session.commit()
    was, kept, version = points_of(db, draft), points_of(db, published), draft.draft_version
    assert points_table.save({"night": 300}, actor=ADMIN, now=NOW) == len(was)
    assert points_of(db, draft) == [2 * each for each in was]  # nights alone: 1.5 → 3
    assert points_of(db, published) == kept
    assert db.session.get_one(Campaign, draft.id).draft_version == version + 1
    assert points_table.save({"night": 300}, actor=ADMIN, now=NOW) == 0
    after = make_campaign(unit)
    assert points_of(db, after) == [2 * each for each in was]


def test_nonsense_is_told_by_factor_and_only_the_enterprise_decides(db):
    unit = make_unit()
    with pytest.raises(Invalid) as caught:
        points_table.save({"night": -1, "noon": 100, "holiday": 300}, actor=ADMIN, now=NOW)
    assert {(each.field, each.code) for each in caught.value.errors} == {
        ("night", "points.range"),
        ("noon", "points.unknown_factor"),
    }
    assert points_table.current() == PointsTable()
    below = make_unit("HUYEN", parent=unit)
    with pytest.raises(Forbidden):
        points_table.save({"night": 200}, actor=manager_of(below.id), now=NOW)


def test_people_who_work_on_saturdays_are_credited_an_ordinary_day(db):
    unit = make_unit()
    make_demand(unit, template="Sáng", start="06:00", hours=8)
    campaign = make_campaign(unit, first="2020-01-18", last="2020-01-18")  # a Saturday well before the break
    shift = db.session.scalars(select(Shift).filter_by(campaign_id=campaign.id)).one()
    assert shift.points == 8 * 150
    assert shift.points_by["office6"] == 8 * 100
    assert "office5" not in shift.points_by


def test_only_one_of_the_two_substitute_days_of_canh_ty_is_one_for_a_six_day_worker(db):
    unit = make_unit()
    make_demand(unit, template="Sáng", start="06:00", hours=8)
    campaign = make_campaign(unit, first="2020-01-23", last="2020-01-29")
    rows = db.session.scalars(select(Shift).filter_by(campaign_id=campaign.id).order_by(Shift.local_on)).all()
    substitutes = [row for row in rows if row.points == 8 * 150]
    assert [f"{row.local_on:%d/%m}" for row in substitutes] == ["28/01", "29/01"]
    assert [row.points_by.get("office6", row.points) for row in substitutes] == [8 * 150, 8 * 100]


def test_the_example_follows_the_table_step_by_step(db):
    shown = points_table.example(2020)
    assert [(piece.hours, piece.hourly, piece.points) for piece in shown.pieces] == [(2, 4.5, 9), (6, 3.75, 22.5)]
    assert shown.total == 3150
    points_table.save({"mung_2_3": 100}, actor=ADMIN, now=NOW)
    assert points_table.example(2020).total == 900 + 1800


def test_closing_writes_what_everybody_carried_into_the_ledger(db):
    roster = Published()
    with pytest.raises(Conflict):
        closing.close(roster.campaign_id, actor=ADMIN, now=NOW)  # the last shift is not over
    assert closing.close(roster.campaign_id, actor=ADMIN, now=NOW + timedelta(days=60)) == 9
    entries = {row.person_id: row for row in db.session.scalars(select(LedgerEntry))}
    worth = {shift.id: shift.points for shift in db.session.scalars(select(Shift))}
    for code in ("L1", "O2", "E3"):
        entry = entries[roster.person[code]]
        duties = db.session.scalars(select(Duty).filter_by(person_id=entry.person_id))
        assert entry.points == sum(worth[duty.shift_id] for duty in duties) > 0
        assert (entry.tet_year, entry.source) == (2020, f"campaign/{roster.campaign_id}")
    # Turns of a kind: 23rd day and night, 24th day, the night of Giao thừa, Mùng 1 day and night.
    own = {code: entries[roster.person[code]] for code in ("O1", "O2", "O3")}
    facts = {code: (entry.giao_thua, entry.mung_1, entry.nights) for code, entry in own.items()}
    assert facts == {"O1": (1, 0, 1), "O2": (0, 1, 1), "O3": (0, 1, 1)}
    assert db.session.get_one(Campaign, roster.campaign_id).state == "closed"
    with pytest.raises(Conflict):
        closing.close(roster.campaign_id, actor=ADMIN, now=NOW + timedelta(days=61))


def test_part_time_and_leave_are_not_undone_at_the_next_tet(db):
    roster = Published()
    half, away = (db.session.get_one(Person, roster.person[code]) for code in ("O1", "O2"))
    campaign = db.session.get_one(Campaign, roster.campaign_id)
    half.share = 50
    days = (campaign.ends_on - campaign.starts_on).days + 1
    db.session.add(Absence(person_id=away.id, from_on=campaign.starts_on, to_on=campaign.starts_on, kind="sick"))
    db.session.commit()
    closing.close(roster.campaign_id, actor=ADMIN, now=NOW + timedelta(days=60))
    entries = {row.person_id: row.points for row in db.session.scalars(select(LedgerEntry))}
    worth = {shift.id: shift.points for shift in db.session.scalars(select(Shift))}
    for person_id, capacity in ((half.id, 5000), (away.id, 10000 * (days - 1) // days), (roster.person["O3"], 10000)):
        own = sum(worth[duty.shift_id] for duty in db.session.scalars(select(Duty).filter_by(person_id=person_id)))
        assert entries[person_id] == round(own * 10000 / capacity)
