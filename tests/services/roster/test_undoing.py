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
from roster.draft import edit_log, services as drafts, undoing
from roster.models import Campaign, DraftEdit, Shift
from roster.publishing import services as publishing
from roster.snapshot import snapshot
from roster.solving import jobs
from tests.support import enterprise, factories
from tests.support.enterprise import NOW, ROOT

AN = Actor(name="An", role="manager", via="web", user_id=901)
BI = Actor(name="Bi", role="manager", via="web", user_id=902)

pytestmark = [pytest.mark.both_dbs, pytest.mark.usefixtures("engines_inside")]


@pytest.fixture
def campaign(app):
    from people.queries import unit_by_code

    enterprise.make()
    unit = unit_by_code("BDA")
    for code in ("P1", "P2", "P3"):
        factories.make_person(code, unit, duties=("leadership", "operations", "emergency"))
    factories.make_round_the_clock(unit)
    return factories.make_campaign(unit, first="2020-01-23", last="2020-01-24")


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
    undo, redo = undoing.offers(campaigns.get_campaign(campaign.id), taken, actor=AN)
    assert undo is not None and not undo.fits and redo is None


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
    publishing.publish(campaign.id, accept_gaps="thử", actor=ROOT, now=NOW)
    with pytest.raises(Conflict) as refused:
        undoing.undo(campaign.id, actor=AN, now=NOW)
    assert refused.value.code == "undo.nothing"
    put(shifts(campaign)[1], "P2")
    assert [row.revision for row in handle.session.scalars(select(DraftEdit))] == [1]


def test_a_solve_is_taken_back_by_whoever_asked_for_it(campaign):
    first = shifts(campaign)[0]
    put(first, "P1")
    with clock.travel(NOW):
        jobs.solve_now(campaign.id, seconds=1, actor=AN, now=NOW)
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
