"""A part by people, by each district's own manager, at once; the rest of the draft stays and can still be undone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from core.db import db
from core.errors import Conflict, DomainError, Forbidden
from core.models import AuditEntry
from notify.models import Message
from roster.covers import services as covering
from roster.dividing import amendments
from roster.draft import services as drafts, undoing
from roster.draft.edits import SeatEdit
from roster.draft.shift_edits import ShiftEdit
from roster.late_notices import queries as telling_queries, services as telling
from roster.models import Revision
from roster.publishing import amending, overtaken, parts, services as publishing
from roster.publishing.parts import Only
from roster.publishing.terms import PublishTerms
from tests.support import factories
from tests.support.districts import ADMIN, NOW, Districts
from tests.support.in_parallel import in_parallel


@pytest.fixture
def both(app: Flask) -> Districts:
    return Districts()


def publish(both: Districts, only: Only, letter: str = "", shown: Any = None, **named: Any) -> Revision:
    actor = both.manager(letter) if letter else ADMIN
    return amendments.publish_only(both.campaign_id, only, PublishTerms(**named), shown=shown, actor=actor, now=NOW)


def recipients(number: int) -> set[str]:
    keys = select(Message.recipient).where(Message.idempotency_key.like(f"%/r{number}/person/%"))
    return set(db.session.scalars(keys))


# --- people --------------------------------------------------------------------------------------------------------


def test_a_person_takes_the_other_side_of_a_swap_along(both: Districts) -> None:
    """A1 and A2 swap two shifts; A3 takes another of A1's. The change in the other district stays draft."""
    both.put("A", 0, "A2"), both.put("A", 1, "A1"), both.put("C", 0, "C3")
    publish(both, Only(people=("A2",)))
    assert (both.published("A", 0), both.published("A", 1)) == ("A2", "A1")
    assert (both.published("C", 0), both.drafted("C", 0)) == ("C1", "C3")


def test_a_chain_goes_whole_and_a_person_without_changes_is_nothing(both: Districts) -> None:
    both.put("A", 0, "A3"), both.put("A", 2, "A4"), both.put("A", 3, "A3")  # A1 → A3 and A4, A2 → A3
    with pytest.raises(Conflict, match="publish.nothing_changed"):
        publish(both, Only(people=("C1",)))
    publish(both, Only(people=("A4",)))
    assert [both.published("A", turn) for turn in (0, 2, 3)] == ["A3", "A4", "A3"]


# --- a unit's own manager ------------------------------------------------------------------------------------------


@pytest.mark.both_dbs
def test_a_manager_edits_and_publishes_the_own_unit_in_a_campaign_of_the_province(both: Districts) -> None:
    both.put("A", 4, "A3")
    revision = publish(both, Only(units=("BDA",)), "A")
    assert (revision.number, revision.published_by, both.published("A", 4)) == (2, "Nguyễn Văn An", "A3")
    assert recipients(2) == {"Trực A1", "Trực A3"}


def test_the_other_unit_is_not_theirs(both: Districts) -> None:
    """Not to edit, pin, undo or publish, by seat, unit or person; the answer names the unit."""
    both.put("C", 0, "C3")
    an, shift = both.manager("A"), both.shift("C", 0)
    mixed = [SeatEdit(both.seat("A", 0), "A3", "A1"), SeatEdit(both.seat("C", 0), "C4", "C3")]
    tries: list[Callable[[], Any]] = [
        lambda: drafts.set_people(shift, ["C4"], actor=an, now=NOW),
        lambda: drafts.set_pinned(shift, True, actor=an, now=NOW),
        lambda: drafts.edit_seats(both.campaign_id, mixed, actor=an, now=NOW),
        lambda: publish(both, Only(units=("BDC",)), "A"),
        lambda: publish(both, Only(units=("BDT",)), "A"),
        lambda: publish(both, Only(seats=(both.seat("C", 0),)), "A"),
        lambda: publish(both, Only(people=("C3",)), "A"),
    ]
    for each in tries:
        with pytest.raises(Forbidden, match="shift.other_unit") as refused:
            each()
        assert refused.value.params["unit"] == "Bưu điện huyện C"
    assert (both.drafted("A", 0), both.drafted("C", 0)) == ("A1", "C3"), "not the own half alone"
    with pytest.raises(Forbidden):
        publishing.publish(both.campaign_id, actor=an, now=NOW)
    with pytest.raises(Conflict, match="undo.nothing"):
        undoing.undo(both.campaign_id, actor=an, now=NOW)
    stranger = factories.manager_of(factories.make_unit("LA").id)
    for only in (Only(units=("BDA",)), Only(people=("A1",)), Only(seats=(both.seat("A", 0),))):
        with pytest.raises(Forbidden, match="forbidden"):
            amendments.publish_only(both.campaign_id, only, actor=stranger, now=NOW)


def test_a_chain_of_covers_that_leaves_the_unit_is_refused(both: Districts) -> None:
    """A1's day goes to C1, whose day goes to C3: the second link is the other district's to change."""
    moves = [
        ShiftEdit(both.shift("C", 0), leaves="C1", comes="C3"),
        ShiftEdit(both.shift("A", 0), leaves="A1", comes="C1"),
    ]
    with pytest.raises(Forbidden, match="shift.other_unit"):
        drafts.edit_shifts(moves, override_reason="Ốm", actor=both.manager("A"), now=NOW)
    assert (both.drafted("A", 0), both.drafted("C", 0)) == ("A1", "C1")
    drafts.edit_shifts(moves, override_reason="Ốm", actor=ADMIN, now=NOW)
    with pytest.raises(Forbidden, match="shift.other_unit"):
        publish(both, Only(people=("A1",)), "A")


def test_the_first_revision_is_the_campaigns_own(app: Flask) -> None:
    both = Districts()
    fresh = factories.make_campaign(both.campaign.unit, first="2020-02-03", last="2020-02-04")
    with pytest.raises(Conflict, match="amend.before_first"):
        amendments.publish_only(fresh.id, Only(units=("BDA",)), actor=both.manager("A"), now=NOW)


def test_a_part_answers_for_what_it_makes_worse_alone(both: Districts) -> None:
    """Chi leaves a seat empty and has no reason; An's change next door passes all the same."""
    both.put("C", 0), both.put("A", 0, "A3")
    with pytest.raises(Conflict, match="publish.blocked"):
        publish(both, Only(units=("BDC",)), "C")
    publish(both, Only(units=("BDA",)), "A")
    assert publish(both, Only(units=("BDC",)), "C", accept_gaps="Huyện A trực thay").number == 3


# --- two at once ---------------------------------------------------------------------------------------------------


@pytest.mark.both_dbs("two at once: locks")
def test_two_managers_at_once_both_publish_their_own(app: Flask, both: Districts) -> None:
    both.put("A", 0, "A3"), both.put("C", 0, "C3")
    done = in_parallel(app, 2, lambda n: publish(both, Only(units=(("BDA", "BDC")[n],)), "AC"[n]).number)
    assert sorted(done) == [2, 3]
    assert (both.published("A", 0), both.published("C", 0)) == ("A3", "C3")
    last = db.session.scalars(select(Revision).order_by(Revision.number.desc())).first()
    assert last is not None
    content = {each["shift"]: [one["code"] for one in each["people"]] for each in last.content}
    assert (content[both.shift("A", 0)], content[both.shift("C", 0)]) == (["A3"], ["C3"])


@pytest.mark.both_dbs("two at once: locks")
def test_eight_disjoint_parts_at_once_never_refuse_each_other(app: Flask, both: Districts) -> None:
    for turn in range(4):
        both.put("A", turn, "A3" if turn % 2 else "A4"), both.put("C", turn, "C3" if turn % 2 else "C4")
    seats = [both.seat(letter, turn) for letter in "AC" for turn in range(4)]
    done = in_parallel(app, 8, lambda n: publish(both, Only(seats=(seats[n],)), "AC"[n // 4], accept_gaps="x").number)
    assert sorted(done) == list(range(2, 10))


@pytest.mark.both_dbs("two at once: locks")
def test_of_two_who_publish_the_same_the_second_hears_by_whom(app: Flask, both: Districts) -> None:
    both.put("A", 0, "A3")

    def work(n: int) -> Any:
        try:
            return publish(both, Only(people=("A3",)), "A" if n else "").number
        except Conflict as conflict:
            return conflict

    done = in_parallel(app, 2, work)
    told = next(each for each in done if isinstance(each, Conflict))
    assert [each for each in done if each != told] == [2]
    assert told.code in ("part.changed", "publish.nothing_changed")
    by = db.session.scalars(select(Revision.published_by).where(Revision.number == 2)).one()
    assert by in (told.params.get("who"), told.params.get("by"))


@pytest.mark.both_dbs("two at once: locks")
def test_the_whole_beside_a_part(app: Flask, both: Districts) -> None:
    both.put("A", 0, "A3"), both.put("C", 0, "C3")

    def work(n: int) -> Any:
        if not n:
            return publishing.publish(both.campaign_id, PublishTerms(accept_gaps="x"), actor=ADMIN, now=NOW).number
        try:
            return publish(both, Only(units=("BDA",)), "A").number
        except Conflict as conflict:  # the whole was first, and had the part in it
            return conflict.code

    done = in_parallel(app, 2, work)
    assert set(done) in ({2, 3}, {2, "part.changed"}, {2, "publish.nothing_changed"})
    assert (both.published("A", 0), both.published("C", 0)) == ("A3", "C3")


def test_a_busy_campaign_is_judged_while_the_others_wait(both: Districts, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each time that An's part, or a cover of the night, is judged, somebody has just edited elsewhere."""
    both.put("A", 0, "A3")
    real, turns = amending.judged, iter(range(amending.TRIES))

    def busy(*given: Any, **named: Any) -> Any:
        part = real(*given, **named)
        turn = next(turns, None)
        if turn is not None:
            both.put("C", 5, f"C{3 + turn % 2}")
        return part

    monkeypatch.setattr(amending, "judged", busy)
    assert publish(both, Only(units=("BDA",)), "A").number == 2
    assert next(turns, None) is None
    turns = iter(range(1, 1 + amending.TRIES))
    day = factories.datetime(2020, 1, 23, 1, 0, tzinfo=factories.UTC)
    moves = [(both.shift("A", 1), "A2", "A4")]
    covering.cover_now(both.shift("A", 1), moves, override_reason="Ốm", actor=both.manager("A"), now=day)
    assert (both.published("A", 1), next(turns, None)) == ("A4", None)


def test_what_was_shown_counts_and_not_what_others_did_elsewhere(both: Districts) -> None:
    both.put("A", 0, "A3")
    shown = overtaken.shown(parts.moves(parts.standing(both.campaign_id, now=NOW)))
    both.put("C", 0, "C3")
    assert publish(both, Only(people=("A3",)), "A", shown=shown).number == 2
    both.put("A", 1, "A3")
    shown = overtaken.shown(parts.moves(parts.standing(both.campaign_id, now=NOW)))
    both.put("A", 1, "A4", actor=ADMIN)
    with pytest.raises(Conflict, match="part.changed") as refused:
        publish(both, Only(people=("A3",)), "A", shown=shown)
    assert refused.value.params["who"] == ADMIN.name
    assert refused.value.state["seats"] == [
        {"seat": both.seat("A", 1), "shift": both.shift("A", 1), "published": "A2", "draft": "A4"}
    ]


# --- undo ----------------------------------------------------------------------------------------------------------


@pytest.mark.both_dbs
def test_undo_and_redo_go_on_across_a_part_and_a_cover(both: Districts) -> None:
    an = both.manager("A")
    both.put("A", 2, "A3"), both.put("A", 3, "A4"), both.put("A", 4, "A4")
    undoing.undo(both.campaign_id, actor=an, now=NOW)
    publish(both, Only(seats=(both.seat("A", 3),)), "A")
    undoing.undo(both.campaign_id, actor=an, now=NOW)
    assert (both.drafted("A", 2), both.drafted("A", 3)) == ("A1", "A4"), "what is published is not undone"
    with pytest.raises(Conflict, match="undo.nothing"):
        undoing.undo(both.campaign_id, actor=an, now=NOW)
    for expected in ("A3", "A4"):
        undoing.redo(both.campaign_id, actor=an, now=NOW)
        assert expected in (both.drafted("A", 2), both.drafted("A", 4))
    moves = [(both.shift("A", 0), "A1", "A2")]
    day = factories.datetime(2020, 1, 23, 0, 0, tzinfo=factories.UTC)
    covering.cover_now(both.shift("A", 0), moves, override_reason="Ốm", actor=an, now=day)
    undoing.undo(both.campaign_id, actor=an, now=NOW)
    assert both.drafted("A", 4) == "A1"
    publishing.publish(both.campaign_id, PublishTerms(accept_gaps="x"), actor=ADMIN, now=NOW)
    with pytest.raises(DomainError, match="nothing"):
        undoing.redo(both.campaign_id, actor=an, now=NOW)


# --- telling nobody ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("whole", [True, False])
def test_telling_nobody_takes_a_reason_and_can_be_made_good(both: Districts, whole: bool) -> None:
    both.put("A", 0, "A3")

    def sign(**named: Any) -> Revision:
        if whole:
            terms = PublishTerms(accept_gaps="x", **named)
            return publishing.publish(both.campaign_id, terms, actor=ADMIN, now=NOW)
        return publish(both, Only(people=("A3",)), "A", **named)

    with pytest.raises(DomainError, match="publish.why_untold") as refused:
        sign(tell=False, tell_reason=" ")
    assert [each.field for each in refused.value.errors] == ["tell_reason"]
    revision = sign(tell=False, tell_reason="Đã gọi từng người")
    assert (revision.tell_reason, recipients(2)) == ("Đã gọi từng người", set())
    kept = select(AuditEntry.detail).where(AuditEntry.action.in_(("campaign.amend", "campaign.publish")))
    assert db.session.scalars(kept.order_by(AuditEntry.id.desc())).first()["tell"] is False  # type: ignore[index]
    found = telling_queries.list_for_campaign(both.campaign, now=NOW)
    assert [[person.code for person in each.people] for each in found] == [["A1", "A3"]]
    with pytest.raises(Forbidden):
        telling.tell(both.campaign_id, actor=factories.manager_of(factories.make_unit("LA").id), now=NOW)
    with pytest.raises(Conflict, match="telling.nobody"):
        telling.tell(both.campaign_id, actor=both.manager("C"), now=NOW)
    assert telling.tell(both.campaign_id, actor=both.manager("A"), now=NOW) == (0, 2), "no machine tells anybody here"
    assert recipients(2) == {"Trực A1", "Trực A3"}
    assert (revision.told_at, revision.told_by) == (NOW, "Nguyễn Văn An")
    with pytest.raises(Conflict, match="telling.nobody"):
        telling.tell(both.campaign_id, actor=ADMIN, now=NOW)


@pytest.mark.both_dbs("two at once: locks")
def test_two_who_tell_at_once_write_each_person_once(app: Flask, both: Districts) -> None:
    both.put("A", 0, "A3")
    publish(both, Only(people=("A3",)), tell=False, tell_reason="Khuya")

    def work(_n: int) -> Any:
        try:
            return sum(telling.tell(both.campaign_id, actor=ADMIN, now=NOW))
        except Conflict as conflict:
            return conflict.code

    assert sorted(map(str, in_parallel(app, 2, work))) == ["2", "telling.nobody"]
    assert len(db.session.scalars(select(Message).where(Message.idempotency_key.like("%/r2/person/%"))).all()) == 2


def test_what_changed_again_is_told_with_the_change(both: Districts) -> None:
    """A3 got a shift in silence and lost it again in a revision that was told: nothing is left to tell of it."""
    both.put("A", 0, "A3")
    publish(both, Only(people=("A3",)), tell=False, tell_reason="Khuya")
    both.put("A", 0, "A1")
    publish(both, Only(people=("A3",)))
    assert telling_queries.list_for_campaign(both.campaign, now=NOW) == []
