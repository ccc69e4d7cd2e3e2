"""Units × days says of each unit and day what its grid and the proof of coverage say, whatever has happened."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import delete, select, update

from core import clock
from core.db import db as database, transaction
from desk.demo import seed
from people import queries as people
from people.models import Absence, Unit
from planning.engines.local_search import engine as first_roster
from roster.campaigns.models import Campaign
from roster.confirmations import queries as confirmations, services as answers
from roster.confirmations.listing import TO_RING
from roster.draft import services as drafts
from roster.models import DraftAssignment, Duty, Seat, Shift
from roster.publishing import services as publishing
from roster.publishing.terms import PublishTerms
from tests.support import factories
from tests.support.by_unit import SOURCES, assert_agrees, at, read_by_unit
from tests.support.districts import ADMIN, NOW, Districts

EVE = datetime(2020, 1, 21, 2, 0, tzinfo=UTC)
"""Two days before the first: within 72 hours of it and of the morning of the second."""


def leave(code: str, first: date, last: date | None = None) -> None:
    who = people.person_by_code(code)
    with transaction() as session:
        session.add(Absence(person_id=who.id, from_on=first, to_on=last or first, kind="sick", recorded_at=NOW))


@pytest.mark.both_dbs("counts by unit and day, what differs between draft and list, who may be in doubt")
def test_a_unit_and_a_day_say_what_the_grid_and_the_proof_say(db: None) -> None:
    made = Districts()
    for source in SOURCES:
        found = assert_agrees(made.campaign, source, NOW)
        assert [cell.mark for cell in at(found, "BDA")] == ["full"] * 3 and found.root.total.seats == 12
    leave("A1", date(2020, 1, 24))
    made.put("C", 0)
    for source in SOURCES:
        found = assert_agrees(made.campaign, source, NOW)
        assert [cell.unsure for cell in at(found, "BDA")] == [0, 1, 0]
        assert [cell.missing for cell in at(found, "BDC")] == ([1, 0, 0] if source == "draft" else [0, 0, 0])
        assert {code: found.states[made.ids[code]].changed for code in ("BDA", "BDC")} == {"BDA": 0, "BDC": 1}


def test_the_cell_turns_when_somebody_falls_ill_and_back_when_another_takes_over(db: None) -> None:
    made = Districts()
    assert at(read_by_unit(made.campaign, "published", EVE), "BDA")[0].mark == "waiting"
    leave("A1", date(2020, 1, 23))
    assert at(read_by_unit(made.campaign, "published", EVE), "BDA")[0].mark == "unsure"
    made.put("A", 0, "A3", now=EVE)
    publishing.publish(made.campaign_id, PublishTerms(accept_gaps="Chỉ có điều hành"), actor=ADMIN, now=EVE)
    assert_agrees(made.campaign, "published", EVE)
    assert at(read_by_unit(made.campaign, "published", EVE), "BDA")[0].unsure == 0


@pytest.mark.both_dbs("answers by unit and day, and whether the draft still seats whoever was asked")
def test_who_has_not_confirmed_is_counted_by_day_as_the_grid_marks_them(db: None) -> None:
    made = Districts()
    answers.answer(made.seat("A", 0), "confirmed", note="Gọi điện", actor=ADMIN, now=NOW)
    answers.answer(made.seat("A", 1), "refused", note="Gọi điện", actor=ADMIN, now=NOW)
    for source in SOURCES:
        now = EVE
        found = read_by_unit(made.campaign, source, now)
        everybody = set(database.session.scalars(select(Duty.person_id)))
        waits = confirmations.waiting_pairs(made.campaign_id, everybody, now=now)
        soon = Counter(
            (shift.unit_id, shift.local_on)
            for shift in database.session.scalars(select(Shift))
            for shift_id, _person in waits
            if shift_id == shift.id and shift.starts_at <= now + TO_RING
        )
        said = {
            (leaf.unit.id, day.on): cell.waiting
            for leaf in found.leaves
            for day, cell in zip(found.days, leaf.cells, strict=True)
            if cell.waiting and leaf.unit
        }
        assert said == soon and 0 < sum(soon.values()) < len(waits)
        node = next(each for each in found.leaves if each.unit and each.unit.code == "BDA")
        assert (node.said.asked, node.said.confirmed, node.said.refused, node.said.waiting) == (6, 1, 1, 4)
    counted = confirmations.counted(made.campaign_id, now=EVE)
    assert (counted.seats, counted.confirmed, counted.waiting) == (
        found.root.said.asked,
        found.root.said.confirmed,
        found.root.said.waiting,
    )
    made.put("A", 2, "A3")
    assert read_by_unit(made.campaign, "draft", NOW).root.said.asked == 11, "of the draft: those who sit there too"
    assert read_by_unit(made.campaign, "published", NOW).root.said.asked == 12


def test_a_unit_has_a_list_once_something_of_it_is_published_and_a_draft_once_somebody_is_on_it(db: None) -> None:
    made = Districts()
    assert {each.standing for each in read_by_unit(made.campaign, "draft", NOW).states.values()} == {"published"}
    fresh = factories.make_campaign(people.unit_by_code("BDT"), first="2020-02-01", last="2020-02-02", now=NOW)
    found = read_by_unit(fresh, "draft", NOW)
    assert {each.standing for each in found.states.values()} == {"empty"} and not found.is_begun
    assert [cell.mark for cell in found.root.cells] == ["unlisted", "unlisted"] and found.root.total.missing == 0
    of_a = select(Shift.id).where(Shift.campaign_id == fresh.id, Shift.unit_id == made.ids["BDA"])
    first = database.session.scalars(of_a.order_by(Shift.starts_at)).first()
    assert first is not None
    drafts.set_people(first, ["A1"], actor=ADMIN, now=NOW)
    found = assert_agrees(fresh, "draft", NOW)
    assert found.is_begun and [cell.mark for cell in at(found, "BDA")] == ["missing", "missing"]
    assert (found.root.unlisted, found.root.total.missing) == (1, 3)


def test_a_unit_whose_demand_came_after_the_shifts_were_made_has_no_list(db: None) -> None:
    made = Districts()
    factories.make_demand(people.unit_by_code("BDA-1"), "operations", "Ngày", "07:30", 12)
    found = assert_agrees(made.campaign, "published", NOW)
    assert found.states[made.ids["BDA-1"]].standing == "shiftless"
    assert (found.root.unlisted, found.root.wanting, found.in_all, found.without) == (1, 3, 4, 1)


def test_a_published_list_that_the_draft_empties_lacks_all_its_people(db: None) -> None:
    """It is no unit without a list: publishing the draft would leave every seat of it empty."""
    made = Districts()
    for turn in range(6):
        made.put("C", turn)
    found = assert_agrees(made.campaign, "draft", NOW)
    assert (found.root.total.missing, found.root.unlisted) == (6, 0)
    state = found.states[made.ids["BDC"]]
    assert (state.standing, state.changed) == ("published", 6)


@pytest.mark.parametrize("parent", ["BDA", None])
def test_a_unit_that_has_been_moved_keeps_the_shifts_that_it_has(db: None, parent: str | None) -> None:
    """Below another unit of the campaign, or of none: its duty is still to be served."""
    made = Districts()
    with transaction() as session:
        session.get_one(Unit, made.ids["BDC"]).parent_id = made.ids[parent] if parent else None
    for source in SOURCES:
        found = read_by_unit(made.campaign, source, NOW)
        assert (found.root.total.seats, found.root.wanting, found.in_all) == (12, 2, 4)
        assert [cell.seats for cell in at(found, "BDC")] == [2, 2, 2]


def test_a_shift_that_was_cut_up_wholly_needs_nobody(db: None) -> None:
    """Its pieces are shifts; what was left of it has no seat, and the proof asks for none."""
    made = Districts()
    seat = made.seat("A", 0)
    with transaction() as session:
        session.execute(delete(Duty).where(Duty.seat_id == seat))
        session.execute(delete(DraftAssignment).where(DraftAssignment.seat_id == seat))
        session.execute(delete(Seat).where(Seat.id == seat))
        session.execute(update(Shift).where(Shift.id == made.shift("A", 0)).values(headcount=0))
    for source in SOURCES:
        found = assert_agrees(made.campaign, source, NOW)
        assert [cell.seats for cell in at(found, "BDA")] == [1, 2, 2] and found.root.total.missing == 0


def test_for_whom_somebody_else_on_the_shift_stands_in_is_no_trouble(db: None) -> None:
    made = Districts()
    with transaction() as session:
        session.get_one(Shift, made.shift("A", 0)).wanted = 2
        session.add(Seat(shift_id=made.shift("A", 0), position=2))
    made.put("A", 0, "A1", "A3")
    leave("A1", date(2020, 1, 23))
    found = assert_agrees(made.campaign, "draft", NOW)
    assert found.doubts == {} and found.root.total.unsure == 0
    leave("A3", date(2020, 1, 23))
    assert {held.person_id for held in read_by_unit(made.campaign, "draft", NOW).doubts} == {
        made.ids["A1"],
        made.ids["A3"],
    }


def test_the_demo_says_the_same_in_all_three_ways(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seed, "SOLVE_SECONDS", 0)
    monkeypatch.setattr(first_roster, "TRIES_PER_SEAT", 10)
    now = datetime.fromisoformat("2026-11-20T09:00:00+07:00")
    with clock.travel(now):
        seed.seed(now=now, actor=ADMIN, say=lambda _line: None)
        for campaign in database.session.scalars(select(Campaign)):
            for source in SOURCES if campaign.revision else SOURCES[:1]:
                assert_agrees(campaign, source, now)
