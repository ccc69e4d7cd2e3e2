"""Pins that keep the sick in place: a cover pins nobody who only stays, and what pins keep is named and let go."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core import clock
from core.db import transaction
from core.errors import Conflict, Forbidden
from people import queries
from people.models import Absence
from planning.part import Part
from roster.campaigns.models import Campaign
from roster.covers import pinned_away
from roster.draft import services as drafts, undoing
from roster.models import Shift
from roster.publishing import services as publishing
from roster.publishing.terms import PublishTerms
from roster.reasons import services as explaining
from roster.snapshot import snapshot
from roster.solving import services as solving
from roster.solving.jobs import solve_now
from roster.solving.models import SolveRun
from roster.solving.services import SolveRequest
from tests.support import worlds
from tests.support.factories import ADMIN, NOW, make_campaign, make_demand, make_person, make_unit, manager_of

pytestmark = [pytest.mark.both_dbs, pytest.mark.usefixtures("engines_inside")]


@pytest.fixture(autouse=True)
def before_tet() -> Iterator[None]:
    """What is published and over is history."""
    with clock.travel(NOW):
        yield


@pytest.fixture
def campaign(db: Any) -> Any:
    """Three days, two people each; eight who could; nobody is pinned, and the roster is published."""
    return db.session.get_one(Campaign, worlds.begin("two a day, nobody pinned", make))


def make() -> int:
    unit = make_unit()
    make_demand(unit, headcount=2, hours=10)
    for number in range(1, 9):
        make_person(f"P{number}", unit, name=f"Lê Văn P{number}")
    made = make_campaign(unit)
    for number, shift in enumerate(shifts(made)):
        drafts.set_people(shift.id, [f"P{2 * number + 1}", f"P{2 * number + 2}"], pin=False, actor=ADMIN, now=NOW)
    publishing.publish(made.id, PublishTerms(accept_gaps="thử"), actor=ADMIN, now=NOW)
    return made.id


def shifts(campaign: Any) -> list[Shift]:
    with transaction() as session:
        found = session.scalars(select(Shift).filter_by(campaign_id=campaign.id).order_by(Shift.starts_at))
        return list(found)


def on(shift: Shift) -> dict[str, bool]:
    """Code → whether pinned, by the draft."""
    with transaction() as session:
        seats = session.get_one(Shift, shift.id, populate_existing=True).seats
        return {seat.draft.person.code: seat.draft.pinned for seat in seats if seat.draft}


def cover(shift: Shift, leaves: str, comes: str) -> None:
    explaining.apply_cover(shift.id, [(shift.id, leaves, comes)], actor=ADMIN, now=NOW)


def fall_ill(shift: Shift, codes: Iterable[str]) -> None:
    day = shift.local_on
    ids = [queries.person_by_code(code).id for code in codes]
    with transaction() as session:
        session.add_all(Absence(person_id=who, from_on=day, to_on=day, kind="sick") for who in ids)


def doubted(campaign: Any, now: Any = NOW) -> pinned_away.Doubted:
    with transaction():
        return pinned_away.pinned_though_away(snapshot.take(campaign.id, now=now), now=now)


def two_pinned_and_ill(campaign: Any) -> tuple[Shift, Shift]:
    first, second, _third = shifts(campaign)
    cover(first, "P1", "P7")
    cover(second, "P3", "P8")
    fall_ill(first, ["P7"])
    fall_ill(second, ["P8"])
    return first, second


def test_a_cover_pins_who_comes_and_leaves_the_colleague_as_before(campaign: Any) -> None:
    first, second, third = shifts(campaign)
    cover(first, "P1", "P7")
    assert on(first) == {"P7": True, "P2": False}
    drafts.set_pinned(second.id, True, codes=["P4"], actor=ADMIN, now=NOW)
    cover(second, "P3", "P8")
    assert on(second) == {"P8": True, "P4": True}, "somebody has pinned that one"
    drafts.set_people(third.id, ["P5", "P1"], actor=ADMIN, now=NOW)
    assert on(third) == {"P5": True, "P1": True}, "who says exactly who serves says it of all"


def test_a_colleague_who_stayed_and_falls_ill_is_moved_by_a_replan(campaign: Any) -> None:
    first, _second, _third = shifts(campaign)
    cover(first, "P1", "P7")
    fall_ill(first, ["P2"])
    solve_now(campaign.id, SolveRequest(seconds=10, mode="replan"), actor=ADMIN, now=NOW)
    assert "P2" not in on(first) and on(first)["P7"] and len(on(first)) == 2
    assert doubted(campaign) == pinned_away.Doubted()


def test_a_replan_leaves_the_pinned_and_they_are_named_with_shift_and_reason(campaign: Any) -> None:
    first, second = two_pinned_and_ill(campaign)
    run = solve_now(campaign.id, SolveRequest(seconds=10, mode="replan"), actor=ADMIN, now=NOW)
    assert run.changes is not None and run.changes["changed"] == 0
    found = doubted(campaign)
    assert found.seats == 2 and found.are_absent
    assert [(each.shift_id, each.person, each.why) for each in found.kept] == [
        (first.id, "Lê Văn P7", "vắng ngày 23/01"),
        (second.id, "Lê Văn P8", "vắng ngày 24/01"),
    ]


def test_just_those_pins_go_and_the_replan_moves_just_those(campaign: Any) -> None:
    first, second = two_pinned_and_ill(campaign)
    drafts.set_pinned(second.id, True, codes=["P4"], actor=ADMIN, now=NOW)
    asked = pinned_away.release(campaign.id, seconds=10, actor=ADMIN, now=NOW)
    assert (asked.mode, asked.status) == ("replan", "queued")
    assert on(first) == {"P7": False, "P2": False} and on(second) == {"P8": False, "P4": True}
    solving.cancel_solve(asked.id, actor=ADMIN, now=NOW)
    run = solve_now(campaign.id, SolveRequest(seconds=10, mode="replan"), actor=ADMIN, now=NOW)
    assert run.changes is not None and run.changes["changed"] == 2
    assert "P7" not in on(first) and "P2" in on(first) and "P8" not in on(second) and "P4" in on(second)
    assert doubted(campaign) == pinned_away.Doubted()


def test_of_a_part_only_its_pins_go_and_only_it_is_asked_anew(campaign: Any) -> None:
    first, second = two_pinned_and_ill(campaign)
    part = Part(first=second.local_on, last=second.local_on)
    taken = snapshot.take(campaign.id, now=NOW)
    assert [each.shift_id for each in pinned_away.pinned_though_away(taken, now=NOW, part=part).kept] == [second.id]
    asked = pinned_away.release(campaign.id, seconds=10, part=part, actor=ADMIN, now=NOW)
    assert asked.part == {"unit": None, "duty": None, "from": "2020-01-24", "to": "2020-01-24"}
    assert on(first) == {"P7": True, "P2": False} and on(second) == {"P8": False, "P4": False}


def test_it_is_one_step_to_undo(campaign: Any) -> None:
    first, second = two_pinned_and_ill(campaign)
    pinned_away.release(campaign.id, seconds=10, actor=ADMIN, now=NOW)
    undoing.undo(campaign.id, actor=ADMIN, now=NOW)
    assert on(first)["P7"] and on(second)["P8"]


def test_while_a_solve_is_under_way_nothing_is_unpinned(campaign: Any) -> None:
    first, second = two_pinned_and_ill(campaign)
    live = solving.request_solve(campaign.id, actor=ADMIN, now=NOW)
    with pytest.raises(Conflict, match=r"solve\.already_running") as refused:
        pinned_away.release(campaign.id, seconds=10, actor=ADMIN, now=NOW)
    assert refused.value.state["id"] == live.id
    assert on(first)["P7"] and on(second)["P8"]


def test_where_no_pin_keeps_anybody_there_is_nothing_to_let_go(campaign: Any, db: Any) -> None:
    first, _second, _third = shifts(campaign)
    fall_ill(first, ["P1"])
    found = doubted(campaign)
    assert (found.seats, list(found.kept)) == (1, []), "unsure, but no pin keeps that one"
    with pytest.raises(Conflict, match=r"pins\.none_in_doubt"):
        pinned_away.release(campaign.id, seconds=10, actor=ADMIN, now=NOW)
    assert db.session.scalars(select(SolveRun)).all() == []


def test_a_shift_that_has_begun_keeps_its_people_pinned_or_not(campaign: Any) -> None:
    first, second = two_pinned_and_ill(campaign)
    found = doubted(campaign, now=first.starts_at + timedelta(hours=1))
    assert found.seats == 2 and [each.shift_id for each in found.kept] == [second.id]


def test_who_may_not_edit_unpins_nothing(campaign: Any) -> None:
    first, _second = two_pinned_and_ill(campaign)
    with pytest.raises(Forbidden):
        pinned_away.release(campaign.id, seconds=10, actor=manager_of(make_unit("KHAC").id), now=NOW)
    assert on(first)["P7"]
