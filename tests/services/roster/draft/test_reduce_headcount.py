"""A campaign that asks for fewer people: its own shifts alone, undone as any change, and never quietly."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from core.actor import Actor
from core.db import db as handle, transaction
from core.errors import Conflict, Forbidden
from people.queries import person_by_code, unit_by_code
from roster.by_month import reading as by_month
from roster.campaigns import queries as campaigns
from roster.campaigns.models import Campaign
from roster.coverage import proving
from roster.draft import editor, grid, reduce_headcount, services as drafts, undoing
from roster.models import Seat, Shift
from roster.publishing import overview, services as publishing, sheet
from roster.publishing.terms import PublishTerms
from roster.reachability import report
from roster.snapshot import snapshot
from roster.solving import jobs
from roster.solving.services import SolveRequest
from roster.sources.models import Demand
from tests.support import enterprise, factories
from tests.support.enterprise import NOW, ROOT

AN = Actor(name="An", role="manager", via="web", user_id=901)
BI = Actor(name="Bi", role="manager", via="web", user_id=902)

pytestmark = [pytest.mark.both_dbs, pytest.mark.usefixtures("engines_inside")]


@pytest.fixture
def campaign(app: Any) -> Campaign:
    """Two days; two people are needed by day, one of them a driver, and one for support. Only P1 is there."""
    enterprise.make()
    unit = unit_by_code("BDA")
    factories.make_demand(unit, headcount=2)
    factories.make_demand(unit, duty="support", template="Hỗ trợ")
    factories.make_person("P1", unit, duties=("operations",))
    with transaction() as session:
        for row in session.scalars(select(Demand).where(Demand.duty == "operations")):
            row.skills = {"lái xe": 2}
    return factories.make_campaign(unit, first="2020-01-23", last="2020-01-24")


def shifts_of(campaign: Campaign, duty: str) -> list[Shift]:
    wanted = select(Shift).filter_by(campaign_id=campaign.id, duty=duty).order_by(Shift.starts_at)
    return list(handle.session.scalars(wanted.execution_options(populate_existing=True)))


def asks(shift_id: int) -> tuple[int, int | None, dict[str, int]]:
    handle.session.rollback()
    row = handle.session.get_one(Shift, shift_id, populate_existing=True)
    return row.headcount, row.wanted, dict(row.skills)


def less(campaign: Campaign, seats: dict[int, int], actor: Actor = AN) -> int:
    return reduce_headcount.lessen(campaign.id, seats, actor=actor, now=NOW)


def seats_of(shift_id: int) -> list[int]:
    return list(handle.session.scalars(select(Seat.id).filter_by(shift_id=shift_id).order_by(Seat.position)))


def test_only_the_shifts_named_need_fewer_and_their_seats_stay(campaign: Campaign) -> None:
    day, other = shifts_of(campaign, "operations")
    before = seats_of(day.id)
    demand = [(row.duty, row.headcount, row.wanted) for row in handle.session.scalars(select(Demand))]
    version = campaign.draft_version
    assert less(campaign, {day.id: 1}) == 1
    assert asks(day.id) == (1, 2, {"lái xe": 1}) and asks(other.id) == (2, None, {"lái xe": 2})
    assert seats_of(day.id) == before
    assert [(row.duty, row.headcount, row.wanted) for row in handle.session.scalars(select(Demand))] == demand
    assert campaigns.get_campaign(campaign.id).draft_version == version + 1


def test_undo_and_redo_name_it_and_give_back_exactly_what_was_asked(campaign: Campaign) -> None:
    (day, _), (support, _) = shifts_of(campaign, "operations"), shifts_of(campaign, "support")
    less(campaign, {day.id: 2, support.id: 1})
    assert asks(day.id) == (0, 2, {}) and asks(support.id) == (0, 1, {})
    told = undoing.undo(campaign.id, actor=AN, now=NOW)
    assert told.text == "bớt 3 lượt khỏi nhu cầu của 2 ca" and set(told.shifts) == {day.id, support.id}
    assert asks(day.id) == (2, None, {"lái xe": 2}) and asks(support.id) == (1, None, {})
    undoing.redo(campaign.id, actor=AN, now=NOW)
    assert asks(day.id) == (0, 2, {}) and asks(support.id) == (0, 1, {})


def test_undo_is_refused_once_somebody_else_has_asked_for_still_less(campaign: Campaign) -> None:
    day = shifts_of(campaign, "operations")[0]
    less(campaign, {day.id: 1})
    less(campaign, {day.id: 1}, actor=BI)
    with pytest.raises(Conflict) as refused:
        undoing.undo(campaign.id, actor=AN, now=NOW)
    assert refused.value.code == "undo.changed" and asks(day.id)[0] == 0
    undoing.undo(campaign.id, actor=BI, now=NOW)
    undoing.undo(campaign.id, actor=AN, now=NOW)
    assert asks(day.id) == (2, None, {"lái xe": 2})


def test_a_solve_counts_nobody_missing_there_and_still_seats_whoever_can_come(campaign: Campaign) -> None:
    with transaction() as session:
        for row in session.scalars(select(Shift).filter_by(campaign_id=campaign.id)):
            row.skills = {}
    less(
        campaign,
        {each.id: each.headcount for each in (*shifts_of(campaign, "operations"), *shifts_of(campaign, "support"))},
    )
    run = jobs.solve_now(campaign.id, SolveRequest(seconds=5), actor=ROOT, now=NOW)
    assert run.conflicts == [] and run.status in ("optimal", "feasible")
    assert any("P1" in editor.seated_codes(each) for each in shifts_of(campaign, "operations"))


def test_what_is_signed_keeps_its_demand(campaign: Campaign) -> None:
    publishing.publish(campaign.id, PublishTerms("", accept_gaps="Thử"), actor=ROOT, now=NOW)
    day = shifts_of(campaign, "operations")[0]
    with pytest.raises(Conflict) as refused:
        less(campaign, {day.id: 1})
    assert refused.value.code == "demand.stands" and asks(day.id)[0] == 2


def test_an_obligatory_shift_left_with_nobody_still_needs_a_reason_to_be_published(campaign: Campaign) -> None:
    less(
        campaign,
        {each.id: each.headcount for each in (*shifts_of(campaign, "operations"), *shifts_of(campaign, "support"))},
    )
    stand = proving.stand(campaigns.get_campaign(campaign.id), proving.prove_draft(campaign.id), now=NOW)
    empty = [(gap.duty, gap.blocks) for gap in stand.proof.gaps if gap.kind == "empty"]
    assert empty == [("operations", True), ("operations", True)]
    with pytest.raises(Conflict):
        publishing.publish(campaign.id, PublishTerms("", accept_gaps=None), actor=ROOT, now=NOW)


def test_an_obligatory_shift_that_asks_for_nobody_is_short_of_one_on_every_page(campaign: Campaign) -> None:
    """Support is not obligatory: of it nobody is missing."""
    less(
        campaign,
        {each.id: each.headcount for each in (*shifts_of(campaign, "operations"), *shifts_of(campaign, "support"))},
    )
    found = grid.load(campaign.id, now=NOW)
    assert [(each.seats, each.missing) for each in found.cover] == [(1, 1), (1, 1)]
    assert found.whole.missing == 2 and grid.load(campaign.id, now=NOW, duty="support").missing == 0
    needed = [(entry.duty, entry.required) for day in sheet.sheet_of_grid(found) for entry in day.entries]
    assert sorted(needed) == [("operations", 1), ("operations", 1), ("support", 0), ("support", 0)]
    signed = publishing.publish(campaign.id, PublishTerms("", accept_gaps="Thử"), actor=ROOT, now=NOW)
    printed = [
        (entry.duty, entry.missing)
        for day in sheet.sheet_of_revision(signed, (), phones=False)
        for entry in day.entries
    ]
    assert sorted(printed) == [("operations", 1), ("operations", 1), ("support", 0), ("support", 0)]
    strip = overview.strip(campaigns.get_campaign(campaign.id), now=NOW)
    assert (strip.missing, strip.cells["operations"], strip.cells["support"]) == (2, ("gap", "gap"), ("none", "none"))
    short = [(each.shift.duty, each.missing) for each in report.short(None, now=NOW)]
    assert short == [("operations", 1), ("operations", 1)]
    day, support = shifts_of(campaign, "operations")[0], shifts_of(campaign, "support")[0]
    assert tuple(editor.published(each, now=NOW).empty for each in (day, support)) == (1, 0)


def test_undo_is_refused_once_wanted_or_skills_are_others(campaign: Campaign) -> None:
    """It would write all three."""
    day = shifts_of(campaign, "operations")[0]
    less(campaign, {day.id: 1})
    for changed, back in (({"wanted": 5}, {"wanted": 2}), ({"skills": {}}, {"skills": {"lái xe": 1}})):
        put(day.id, **changed)
        with pytest.raises(Conflict) as refused:
            undoing.undo(campaign.id, actor=AN, now=NOW)
        assert refused.value.state["shifts"] == [day.id]
        put(day.id, **back)
    undoing.undo(campaign.id, actor=AN, now=NOW)
    assert asks(day.id) == (2, None, {"lái xe": 2})


def put(shift_id: int, **values: Any) -> None:
    with transaction() as session:
        row = session.get_one(Shift, shift_id)
        for name, value in values.items():
            setattr(row, name, value)


def test_who_may_not_edit_the_campaign_changes_nothing(campaign: Campaign) -> None:
    day = shifts_of(campaign, "operations")[0]
    with pytest.raises(Forbidden):
        less(campaign, {day.id: 1}, actor=Actor(name="Khách", role="viewer", via="web", user_id=903))
    assert asks(day.id)[0] == 2 and snapshot.take(campaign.id, now=NOW).problem.shift_of[day.id].wanted is None


def test_who_serves_where_nobody_is_needed_any_more_stands_in_the_month(campaign: Campaign) -> None:
    factories.make_person("P2", unit_by_code("BDA"), duties=("support",))
    support = shifts_of(campaign, "support")[0]
    less(campaign, {support.id: 1})
    drafts.edit_seats(campaign.id, [drafts.SeatEdit(seats_of(support.id)[0], "P2", None)], actor=AN, now=NOW)
    found = grid.load(campaign.id, now=NOW, source="draft", duty="support", unit_id=None, page=1, find="")
    asked = by_month.MonthFilter("support", None, None, None)
    days = by_month.month(found, asked, order=["support"], now=NOW).days
    lines = [line for week in days for day in week for line in day.lines if line.shift.id == support.id]
    assert [[who.person_id for who in line.people] for line in lines] == [[person_by_code("P2").id]]
    assert [day.seats for week in days for day in week if day.lines and day.on.day == 23] == [1]
