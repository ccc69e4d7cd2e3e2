"""Undo takes back one's own last change and nothing else, redo does it again; both until the draft is published."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from core import clock
from core.actor import Actor
from core.db import db as handle
from core.errors import Conflict, Forbidden
from core.models import AuditEntry
from roster.campaigns import queries as campaigns
from roster.campaigns.models import Campaign
from roster.draft import edit_log, services as drafts, undoing
from roster.draft.models import DraftEdit
from roster.draft.steps import DraftSteps, steps_of
from roster.models import Shift
from roster.publishing import services as publishing
from roster.publishing.terms import PublishTerms
from roster.snapshot import snapshot
from roster.solving import jobs
from roster.solving.services import SolveRequest
from tests.support import enterprise, factories
from tests.support.enterprise import NOW, ROOT

AN = Actor(name="An", role="manager", via="web", user_id=901)
BI = Actor(name="Bi", role="manager", via="web", user_id=902)

pytestmark = [pytest.mark.both_dbs, pytest.mark.usefixtures("engines_inside")]


def make() -> Campaign:
    from people.queries import unit_by_code

    enterprise.make()
    unit = unit_by_code("BDA")
    for code in ("P1", "P2", "P3"):
        factories.make_person(code, unit, duties=("leadership", "operations", "emergency"))
    factories.make_round_the_clock(unit)
    return factories.make_campaign(unit, first="2020-01-23", last="2020-01-24")


@pytest.fixture
def campaign(app):
    return make()


def shifts(campaign: Campaign) -> list[int]:
    wanted = select(Shift.id).filter_by(campaign_id=campaign.id, duty="operations").order_by(Shift.starts_at)
    return list(handle.session.scalars(wanted))


def on(shift_id: int) -> list[tuple[str, bool]]:
    handle.session.rollback()
    shift = handle.session.get_one(Shift, shift_id, populate_existing=True)
    return [(seat.draft.person.code, seat.draft.pinned) for seat in shift.seats if seat.draft]


def put(shift_id: int, *codes: str, actor: Actor = AN, reason: str | None = None) -> None:
    drafts.set_people(shift_id, codes, override_reason=reason, actor=actor, now=NOW)


def test_each_undo_goes_one_further_back_and_never_does_anything_again(campaign):
    first, second = shifts(campaign)[:2]
    put(first, "P1")
    put(first, "P2")
    put(second, "P3")
    told = undoing.undo(campaign.id, actor=AN, now=NOW)
    assert told.text.startswith("bỏ") is False and "Nay Đức" in told.text and told.shifts == (second,)
    assert on(second) == [] and on(first) == [("P2", True)]
    assert "thay" in undoing.undo(campaign.id, actor=AN, now=NOW).text
    assert on(first) == [("P1", True)]
    undoing.undo(campaign.id, actor=AN, now=NOW)
    assert on(first) == []
    with pytest.raises(Conflict) as refused:
        undoing.undo(campaign.id, actor=AN, now=NOW)
    assert refused.value.code == "undo.nothing"


def test_redo_goes_forward_in_order_until_something_else_is_changed(campaign):
    first, second = shifts(campaign)[:2]
    put(first, "P1")
    put(first, "P2")
    for _ in range(2):
        undoing.undo(campaign.id, actor=AN, now=NOW)
    undoing.redo(campaign.id, actor=AN, now=NOW)
    assert on(first) == [("P1", True)]
    undoing.redo(campaign.id, actor=AN, now=NOW)
    assert on(first) == [("P2", True)]
    with pytest.raises(Conflict) as refused:
        undoing.redo(campaign.id, actor=AN, now=NOW)
    assert refused.value.code == "redo.nothing"
    undoing.undo(campaign.id, actor=AN, now=NOW)
    put(second, "P3")
    with pytest.raises(Conflict):
        undoing.redo(campaign.id, actor=AN, now=NOW)


def test_what_somebody_else_changed_since_is_left_alone(campaign):
    first, second = shifts(campaign)[:2]
    put(first, "P1")
    put(second, "P3", actor=BI)
    undoing.undo(campaign.id, actor=AN, now=NOW)
    assert on(first) == [] and on(second) == [("P3", True)], "mine alone, though another came later"
    undoing.redo(campaign.id, actor=AN, now=NOW)
    put(first, "P2", actor=BI)
    with pytest.raises(Conflict) as refused:
        undoing.undo(campaign.id, actor=AN, now=NOW)
    assert refused.value.code == "undo.changed" and refused.value.state["shifts"] == [first]
    assert on(first) == [("P2", True)]
    taken = snapshot.take(campaign.id, now=NOW)
    seen = steps_of(campaigns.get_campaign(campaign.id), taken, actor=AN)
    assert seen.undo is not None and seen.undo.touched is not None and seen.redo is None


def test_pins_and_reasons_come_back_as_they_were(campaign):
    first, second = shifts(campaign)[:2]
    put(first, "P1")
    put(second, "P1", reason="chỉ còn một người")  # no rest in between
    drafts.set_pinned(second, False, actor=AN, now=NOW)
    assert "bỏ ghim" in undoing.undo(campaign.id, actor=AN, now=NOW).text
    assert on(second) == [("P1", True)]
    put(second)
    undoing.undo(campaign.id, actor=AN, now=NOW)
    taken = snapshot.take(campaign.id, now=NOW)
    reasons = {cell.reason for seat, cell in taken.cells.items() if seat in taken.seats[second]}
    assert reasons == {"chỉ còn một người"}


def test_publishing_makes_what_was_before_history(campaign):
    put(shifts(campaign)[0], "P1")
    publishing.publish(campaign.id, PublishTerms(accept_gaps="thử"), actor=ROOT, now=NOW)
    with pytest.raises(Conflict) as refused:
        undoing.undo(campaign.id, actor=AN, now=NOW)
    assert refused.value.code == "undo.nothing"
    put(shifts(campaign)[1], "P2")
    assert [row.revision for row in handle.session.scalars(select(DraftEdit))] == [1]


def test_a_solve_is_taken_back_by_whoever_asked_for_it(campaign):
    first = shifts(campaign)[0]
    put(first, "P1")
    with clock.travel(NOW):
        jobs.solve_now(campaign.id, SolveRequest(seconds=1), actor=AN, now=NOW)
    assert len(snapshot.take(campaign.id, now=NOW).cells) > 1
    told = undoing.undo(campaign.id, actor=AN, now=NOW)
    assert "máy xếp" in told.text
    assert len(snapshot.take(campaign.id, now=NOW).cells) == 1 and on(first) == [("P1", True)]


def test_who_may_not_edit_undoes_nothing_and_it_is_written_down(campaign):
    put(shifts(campaign)[0], "P1")
    viewer = Actor(name="Xem", role="viewer", via="web", user_id=901)
    with pytest.raises(Forbidden):
        undoing.undo(campaign.id, actor=viewer, now=NOW)
    undoing.undo(campaign.id, actor=AN, now=NOW)
    assert handle.session.scalar(select(AuditEntry).filter_by(action="draft.undo")) is not None


def test_a_change_that_changes_nothing_is_not_remembered(campaign):
    put(shifts(campaign)[0], "P1")
    put(shifts(campaign)[0], "P1")
    undoing.undo(campaign.id, actor=AN, now=NOW)
    assert edit_log.next_to_undo(campaigns.get_campaign(campaign.id), AN.ref) is None


def seen_by(campaign: Campaign, actor: Actor) -> DraftSteps:
    handle.session.rollback()
    return steps_of(campaigns.get_campaign(campaign.id), snapshot.take(campaign.id, now=NOW), actor=actor)


def clash_of(campaign: Campaign, **asked) -> Conflict:
    with pytest.raises(Conflict) as refused:
        undoing.undo(campaign.id, actor=AN, now=NOW, **asked)
    return refused.value


def test_the_list_names_every_step_and_says_beforehand_which_was_touched_since(campaign):
    first, second = shifts(campaign)[:2]
    put(first, "P1")
    put(second, "P3")
    put(first, "P2", actor=BI)
    mine = seen_by(campaign, AN)
    assert [(step.mine, step.touched is None) for step in mine.listed] == [(False, True), (True, True), (True, False)]
    touch = mine.listed[2].touched
    assert touch is not None and touch.by == "902" and not touch.mine and touch.at == NOW
    assert mine.undo == mine.listed[1] and mine.redo is None
    undoing.undo(campaign.id, actor=AN, now=NOW)
    after = seen_by(campaign, AN)
    assert [step.undone for step in after.listed] == [True, False, False] and after.waiting == 1
    assert after.redo == after.listed[0] and after.undo == after.listed[2]
    assert [step.mine for step in seen_by(campaign, BI).listed] == [True, False], "what An took back is An's to redo"


def test_a_step_further_back_is_undone_alone(campaign):
    first, second = shifts(campaign)[:2]
    put(first, "P1")
    put(second, "P3")
    oldest = seen_by(campaign, AN).listed[-1]
    undoing.undo(campaign.id, edit=oldest.id, actor=AN, now=NOW)
    assert on(first) == [] and on(second) == [("P3", True)]
    assert clash_of(campaign, edit=oldest.id).code == "undo.gone", "it is undone already, the other still stands"
    undoing.redo(campaign.id, edit=oldest.id, actor=AN, now=NOW)
    assert on(first) == [("P1", True)]
    with pytest.raises(Conflict):
        undoing.undo(campaign.id, edit=oldest.id, actor=BI, now=NOW)
    assert on(first) == [("P1", True)], "nobody undoes what another did"


def three_seats(campaign: Campaign) -> list[int]:
    """In one step An puts three people on three shifts; then Bi gives the second to another."""
    some = shifts(campaign)[:3]
    seats = [handle.session.get_one(Shift, each).seats[0].id for each in some]
    wanted = [drafts.SeatEdit(seat, code, None) for seat, code in zip(seats, ("P1", "P2", "P3"), strict=True)]
    drafts.edit_seats(campaign.id, wanted, actor=AN, now=NOW)
    put(some[1], "BI1", actor=BI)
    return some


def test_both_versions_are_told_and_what_stands_is_kept(campaign):
    one, two, three = three_seats(campaign)
    told = clash_of(campaign).state
    (seat,) = told["seats"]
    assert (seat["shift"], seat["person"], seat["then"], seat["by"]) == (two, "BI1", None, "902")
    assert told["rest"] == 2 and told["may_put_back"]
    done = undoing.undo(campaign.id, clash="keep", actor=AN, now=NOW)
    assert done.shifts == (one, three)
    assert told["text"].endswith("và 2 ca khác") and done.text.endswith("và 1 ca khác"), (
        "what was kept is not told as undone"
    )
    assert [on(each) for each in (one, two, three)] == [[], [("BI1", True)], []]
    undoing.redo(campaign.id, actor=AN, now=NOW)
    assert [on(each) for each in (one, two, three)] == [[("P1", True)], [("BI1", True)], [("P3", True)]]


def test_what_was_before_is_put_back_as_a_step_of_its_own(campaign):
    one, two, three = three_seats(campaign)
    undoing.undo(campaign.id, clash="put_back", actor=AN, now=NOW)
    assert [on(each) for each in (one, two, three)] == [[], [], []]
    undoing.undo(campaign.id, actor=AN, now=NOW)
    assert [on(each) for each in (one, two, three)] == [[("P1", True)], [("BI1", True)], [("P3", True)]]
    assert clash_of(campaign).code == "undo.nothing"


def test_a_step_of_which_nothing_stands_is_set_aside_and_the_one_before_comes_up(campaign):
    first, second = shifts(campaign)[:2]
    put(second, "P3")
    put(first, "P1")
    put(first, "P2", actor=BI)
    version = campaigns.get_campaign(campaign.id).draft_version
    assert undoing.undo(campaign.id, clash="keep", actor=AN, now=NOW).shifts == (), "all of it was kept"
    assert on(first) == [("P2", True)] and campaigns.get_campaign(campaign.id).draft_version == version
    undoing.undo(campaign.id, actor=AN, now=NOW)
    assert on(second) == []


def test_nobody_gets_two_seats_of_a_shift_by_undoing(campaign):
    """An moves P1 from the first to the second shift, Bi puts P1 on another seat of the first."""
    shift = handle.session.get_one(Shift, shifts(campaign)[0])
    shift.headcount = 2
    handle.session.add(type(shift.seats[0])(shift_id=shift.id, position=len(shift.seats) + 1))
    handle.session.commit()
    seats = [each.id for each in handle.session.get_one(Shift, shift.id, populate_existing=True).seats]
    drafts.edit_seats(campaign.id, [drafts.SeatEdit(seats[0], "P1", None)], actor=AN, now=NOW)
    drafts.edit_seats(campaign.id, [drafts.SeatEdit(seats[0], None, "P1")], actor=AN, now=NOW)
    drafts.edit_seats(campaign.id, [drafts.SeatEdit(seats[1], "P1", None)], actor=BI, now=NOW)
    assert clash_of(campaign).code == "seats.twice"
    assert on(shift.id) == [("P1", True)]
