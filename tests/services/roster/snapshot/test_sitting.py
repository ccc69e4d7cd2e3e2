"""Who sits where is read once, and again as soon as anything of it is written, in whatever way."""

from __future__ import annotations

import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import delete, select, text, update

from core.db import db as database, transaction
from people.models import Person
from roster.campaigns.models import Campaign
from roster.models import DraftAssignment, Duty, Seat, Shift
from roster.publishing.services import publish
from roster.publishing.terms import PublishTerms
from roster.snapshot import sitting, snapshot
from roster.snapshot.snapshot import Snapshot
from tests.support.districts import ADMIN, NOW, Districts

pytestmark = pytest.mark.both_dbs("each driver tells of changes in its own way")


def taken(made: Districts) -> Snapshot:
    database.session.rollback()
    return snapshot.take(made.campaign_id, now=NOW)


def sitting_now(made: Districts) -> dict[int, int]:
    rows = select(DraftAssignment.seat_id, DraftAssignment.person_id).join(Seat).join(Shift)
    return dict(database.session.execute(rows.where(Shift.campaign_id == made.campaign_id)).tuples().all())


def one_is_taken_off(_made: Districts) -> None:
    with transaction() as session:
        session.delete(session.query(DraftAssignment).first())


def all_are_taken_off(_made: Districts) -> None:
    with transaction() as session:
        session.execute(delete(DraftAssignment))


def pinned_by_hand(_made: Districts) -> None:
    with transaction() as session:
        session.execute(text("UPDATE draft_assignments SET pinned = NOT pinned"))


def a_seat_goes_and_takes_who_sat_there_along(_made: Districts) -> None:
    with transaction() as session:
        seat = session.scalars(select(DraftAssignment.seat_id)).first()
        session.execute(update(Duty).where(Duty.seat_id == seat).values(cancelled_at=NOW))
        session.execute(delete(DraftAssignment).where(DraftAssignment.seat_id == seat))


CHANGES = [one_is_taken_off, all_are_taken_off, pinned_by_hand, a_seat_goes_and_takes_who_sat_there_along]


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_of_a_draft_is_seen_at_once(db: Any, change: Callable[[Districts], None]) -> None:
    made = Districts()
    before = taken(made)
    assert taken(made) is before, "nothing has changed: nothing is read again"
    change(made)
    after = taken(made)
    assert after.cells != before.cells
    assert {seat: cell.person_id for seat, cell in after.cells.items()} == sitting_now(made)
    assert {(pin.shift_id, pin.staff_id) for pin in after.problem.pins} == {
        (shift, after.cells[seat].person_id)
        for shift, seats in after.seats.items()
        for seat in seats
        if seat in after.cells and after.cells[seat].pinned
    }


def test_seats_of_two_campaigns_may_be_numbered_in_one_run(db: Any) -> None:
    """A shift that moves to the other campaign takes along its seats and who sits there."""
    made = Districts()
    before = sitting_now(made)
    with transaction() as session:
        other = Campaign(
            **{name: getattr(made.campaign, name) for name in ("tet_year", "unit_id", "starts_on", "ends_on")}
        )
        other.name, other.created_by, other.created_at = "Đợt khác", "thử", NOW
        session.add(other)
        session.flush()
        middle = sorted(before)[len(before) // 2]
        moved = session.scalar(select(Seat.shift_id).where(Seat.id == middle))
        session.execute(update(Shift).where(Shift.id == moved).values(campaign_id=other.id))
        number = other.id
    database.session.rollback()
    theirs = sitting.drafted(number, sitting.memory_now()).cells
    assert theirs and {seat: cell.person_id for seat, cell in theirs.items()}.items() <= before.items()
    ours = {seat: cell.person_id for seat, cell in taken(made).cells.items()}
    assert ours == sitting_now(made) == {seat: who for seat, who in before.items() if seat not in theirs}


def test_who_writes_sees_what_they_wrote_and_nobody_does_after_it_was_taken_back(db: Any) -> None:
    made = Districts()
    before = taken(made)
    with pytest.raises(RuntimeError, match="taken back"), transaction() as session:
        session.execute(delete(DraftAssignment))
        assert snapshot.take(made.campaign_id, now=NOW).cells == {}
        raise RuntimeError("taken back")
    assert taken(made) is before


def test_what_is_published_is_kept_until_it_changes(db: Any) -> None:
    made = Districts()
    database.session.rollback()
    first = sitting.published_pairs(made.campaign_id)
    one_is_taken_off(made)
    database.session.rollback()
    assert sitting.published_pairs(made.campaign_id) is first, "an edit of the draft publishes nothing"
    publish(made.campaign_id, PublishTerms(accept_gaps="Nhập tay"), actor=ADMIN, now=NOW)
    database.session.rollback()
    assert len(sitting.published_pairs(made.campaign_id)) == len(first) - 1


def test_a_moved_draft_version_is_another_draft(db: Any) -> None:
    made = Districts()
    before = taken(made)
    with transaction() as session:
        session.execute(update(Campaign).values(draft_version=Campaign.draft_version + 1))
    assert taken(made).draft_version == before.draft_version + 1


def test_somebody_who_comes_into_a_unit_is_in_the_plan_of_the_kept_draft(db: Any) -> None:
    made = Districts()
    before = taken(made)
    with transaction() as session:
        who = session.query(Person).order_by(Person.id).first()
        who.full_name = "Lê Thị Mới"
    assert "Lê Thị Mới" in {each.name for each in taken(made).problem.staff}
    assert "Lê Thị Mới" not in {each.name for each in before.problem.staff}


def test_threads_that_look_at_many_campaigns_at_once_all_find_theirs() -> None:
    """What one has just found another may forget, for there are more campaigns than are kept."""
    memory: dict[Any, Any] = {}

    def look(first: int) -> set[bool]:
        asked = [(first + n) % (2 * sitting.CAMPAIGNS) for n in range(30_000)]
        return {sitting.kept_of(memory, "some", number, lambda each: (each,)) == (number,) for number in asked}

    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as threads:
            assert set().union(*threads.map(look, range(4))) == {True}
    finally:
        sys.setswitchinterval(usual)
    assert len(memory) <= 2 * sitting.CAMPAIGNS
