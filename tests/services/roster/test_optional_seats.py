"""Shifts that would like more people than they need: the extra seats bind nobody, and count once somebody is there."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from core.errors import Conflict
from roster.draft import grid, judging, services as drafts
from roster.models import DraftAssignment, Duty, Seat, Shift
from roster.publishing import overview, services as publishing
from roster.publishing.terms import PublishTerms
from roster.snapshot import snapshot
from roster.solving import jobs
from roster.solving.services import SolveRequest
from roster.sources.models import Demand
from tests.support.factories import ADMIN, NOW, make_campaign, make_demand, make_person, make_unit

pytestmark = [pytest.mark.both_dbs, pytest.mark.usefixtures("engines_inside")]
PEOPLE = ("A", "B", "C")


@pytest.fixture
def campaign(db):
    unit = make_unit()
    for duty in ("leadership", "operations", "emergency"):
        make_demand(unit, duty, "24/24", "07:30", 24, form="standby", phases=("during",))
    for row in db.session.scalars(select(Demand).where(Demand.duty == "operations")):
        row.wanted = 3
    db.session.commit()
    for code in PEOPLE:
        make_person(code, unit, duties=("leadership", "operations", "emergency"))
    return make_campaign(unit, first="2020-01-24", last="2020-01-24")


def shift_of(db, campaign, duty: str) -> Shift:
    return db.session.scalars(select(Shift).filter_by(campaign_id=campaign.id, duty=duty)).one()


def put(db, campaign, duty: str, *codes: str) -> None:
    drafts.set_people(shift_of(db, campaign, duty).id, codes, override_reason="Thử", actor=ADMIN, now=NOW)


def test_it_has_a_seat_for_each_and_takes_no_more(db, campaign):
    wanted = shift_of(db, campaign, "operations").id
    assert len(db.session.scalars(select(Seat).filter_by(shift_id=wanted)).all()) == 3
    put(db, campaign, "operations", "A", "B", "C")
    make_person("D", campaign.unit, duties=("operations",))
    with pytest.raises(Conflict) as caught:
        put(db, campaign, "operations", "A", "B", "C", "D")
    assert caught.value.params["required"] == 3


def test_the_needed_number_is_enough_to_publish_and_the_empty_extra_seats_are_no_gap(db, campaign):
    put(db, campaign, "leadership", "A")
    put(db, campaign, "emergency", "B")
    put(db, campaign, "operations", "C")
    judged = judging.judge_draft(snapshot.take(campaign.id, now=NOW), now=NOW)
    assert not [gap for gap in judged.proof.gaps if gap.kind == "empty"]
    assert (judged.proof.seats, judged.proof.filled) == (3, 3)
    assert grid.load(campaign.id, now=NOW).missing == 0
    assert publishing.publish(campaign.id, actor=ADMIN, now=NOW).proof["complete"]


def test_extra_people_are_published_and_hide_no_gap_of_another_shift(db, campaign):
    put(db, campaign, "leadership", "A")
    put(db, campaign, "operations", "A", "B", "C")
    judged = judging.judge_draft(snapshot.take(campaign.id, now=NOW), now=NOW)
    assert [(gap.duty, gap.kind) for gap in judged.proof.gaps] == [("emergency", "empty")]
    assert grid.load(campaign.id, now=NOW).missing == 1
    publishing.publish(campaign.id, PublishTerms(accept_gaps="Thử"), actor=ADMIN, now=NOW)
    served = db.session.scalars(select(Duty).filter_by(duty="operations")).all()
    assert len(served) == 3 and len({row.seat_id for row in served}) == 3
    assert overview.strip(campaign, now=NOW).missing == 1


def test_an_empty_needed_seat_is_a_gap_whoever_sits_beyond_it(db, campaign):
    row = shift_of(db, campaign, "operations")
    seats = db.session.scalars(select(Seat).filter_by(shift_id=row.id).order_by(Seat.position)).all()
    put(db, campaign, "operations", "A", "B")
    db.session.delete(db.session.get(DraftAssignment, seats[0].id))
    db.session.commit()
    judged = judging.judge_draft(snapshot.take(campaign.id, now=NOW), now=NOW)
    assert "operations" not in {gap.duty for gap in judged.proof.gaps}  # one sits there, on the second seat
    put(db, campaign, "operations")
    judged = judging.judge_draft(snapshot.take(campaign.id, now=NOW), now=NOW)
    assert "operations" in {gap.duty for gap in judged.proof.gaps if gap.kind == "empty"}


def test_the_engine_fills_what_is_needed_first_and_never_more_than_there_are_seats(db, campaign):
    run = jobs.solve_now(campaign.id, SolveRequest(seconds=3, seed=1), actor=ADMIN, now=NOW)
    assert run.conflicts == []
    counts = {
        shift.duty: sum(seat.draft is not None for seat in shift.seats)
        for shift in db.session.scalars(select(Shift).filter_by(campaign_id=campaign.id))
    }
    # Three people for three kinds at the same hours: the wish for more gives way.
    assert counts == {"leadership": 1, "operations": 1, "emergency": 1}
    make_person("D", campaign.unit, duties=("operations",))
    jobs.solve_now(campaign.id, SolveRequest(seconds=3, seed=1), actor=ADMIN, now=NOW)
    db.session.expire_all()
    row = shift_of(db, campaign, "operations")
    assert sum(seat.draft is not None for seat in row.seats) == 2
