"""Crews over a draft: rotated as one step, edited as one row, and the day after, when people fall ill or leave."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core.db import db as database, transaction
from core.errors import Conflict, Forbidden, Invalid, NotFound
from people import queries as people
from people.models import Absence, Person
from roster.campaigns.models import Campaign
from roster.crews import applying, queries, services, typed
from roster.crews.models import Crew
from roster.crews.proposing import CrewProposal, CrewWanted, propose
from roster.crews.rotating import OFF, Rotation
from roster.crews.services import Joining
from roster.crews.typed import CrewCell, LaidCrews
from roster.draft import services as drafts, undoing
from roster.draft.edit_log import described
from roster.draft.edits import SeatEdit
from roster.draft.models import DraftEdit
from roster.models import DraftAssignment, Seat, Shift
from tests.support import crew_world, factories
from tests.support.crew_world import NOW, codes
from tests.support.districts import Districts
from tests.support.factories import ADMIN

DAY = date(2020, 1, 23)
ROUND = ("Sáng", "Chiều", "Đêm", OFF)


@pytest.fixture
def post(db: Any) -> Campaign:
    return database.session.get_one(Campaign, crew_world.write())


def crew(name: str) -> Crew:
    return next(each for each in queries.crews_of([people.unit_by_code("BDA").id]) if each.name == name)


def rotation(**changed: Any) -> Rotation:
    ids = tuple(crew(name).id for name in crew_world.CREWS)
    return Rotation(**({"crews": ids, "cycle": ROUND, "first": DAY} | changed))


def look(campaign: Campaign, **changed: Any) -> CrewProposal:
    return propose(campaign, CrewWanted("BDA", rotation(), **changed), actor=ADMIN, now=NOW)


def rotate(campaign: Campaign, **changed: Any) -> CrewProposal:
    return applying.apply(campaign.id, CrewWanted("BDA", rotation(), **changed), actor=ADMIN, now=NOW)[0]


def on(campaign: Campaign, day: date, template: str) -> list[str]:
    """Codes of everybody on the shifts of that name, in order."""
    wanted = (
        select(Person.code)
        .join(DraftAssignment, DraftAssignment.person_id == Person.id)
        .join(Seat, Seat.id == DraftAssignment.seat_id)
        .join(Shift, Shift.id == Seat.shift_id)
        .where(Shift.campaign_id == campaign.id, Shift.local_on == day, Shift.template == template)
    )
    return sorted(database.session.scalars(wanted))


def seats_of(campaign: Campaign, who: Sequence[str], day: date) -> tuple[int, ...]:
    wanted = (
        select(DraftAssignment.seat_id)
        .join(Person, DraftAssignment.person_id == Person.id)
        .join(Seat, Seat.id == DraftAssignment.seat_id)
        .join(Shift, Shift.id == Seat.shift_id)
        .where(Shift.campaign_id == campaign.id, Shift.local_on == day, Person.code.in_(who))
    )
    return tuple(database.session.scalars(wanted))


def free(_taken: Any, _shift: int) -> str:
    return ""


def lay(campaign: Campaign, *cells: CrewCell, reason: str | None = None) -> LaidCrews:
    return typed.laid_out(campaign, cells, bars=free, reason=reason, now=NOW)


def type_into(campaign: Campaign, *cells: CrewCell, reason: str | None = None) -> LaidCrews:
    laid = lay(campaign, *cells, reason=reason)
    drafts.edit_seats(campaign.id, laid.edits, reason=reason, about=laid.about, actor=ADMIN, now=NOW)
    return laid


def cell(campaign: Campaign, name: str, day: date, text: str) -> CrewCell:
    own = crew(name)
    return CrewCell(own.id, day, text, seats_of(campaign, [each.person.code for each in own.members], day))


def be_ill(code: str, first: date, last: date) -> None:
    with transaction() as session:
        session.add(Absence(person_id=people.person_by_code(code).id, from_on=first, to_on=last, kind="sick"))


def last_step() -> str:
    row = database.session.scalars(select(DraftEdit).order_by(DraftEdit.id.desc())).first()
    assert row is not None
    return described(row)


def test_a_rotation_is_looked_at_then_done_as_one_step_and_taken_back(post: Campaign) -> None:
    found = look(post)
    assert on(post, DAY, "Sáng") == []  # looking writes nothing
    assert (found.before, found.after, found.seats) == (0, 72, 72) and not found.broken
    rotate(post)
    assert on(post, DAY, "Sáng") == ["K11", "K12", "K13"]
    assert set(on(post, DAY + timedelta(days=1), "Sáng")) < set(codes(4))
    assert last_step() == "Xoay kíp Bưu điện huyện A (Kíp 1, Kíp 2, Kíp 3, Kíp 4): 72 lượt"
    undoing.undo(post.id, actor=ADMIN, now=NOW)
    assert on(post, DAY, "Sáng") == []


def test_who_is_to_spare_changes_so_that_all_serve_alike(post: Campaign) -> None:
    """Three seats for four people over two rounds: nobody of a crew is left out of both."""
    rotate(post)
    shifts = [name for name in ROUND if name != OFF]
    served = [set(on(post, DAY + timedelta(days=n + later), shifts[n])) for later in (0, 4) for n in range(3)]
    first, second = set.union(*served[:3]), set.union(*served[3:])
    assert first | second >= set(codes(1))
    assert first != second


def test_the_same_again_changes_nothing(post: Campaign) -> None:
    rotate(post)
    assert look(post).edits == () and look(post, replaces=True).edits == ()


def test_who_is_absent_is_named_and_a_colleague_takes_the_seat(post: Campaign) -> None:
    be_ill("K11", DAY, DAY)
    found = rotate(post)
    assert on(post, DAY, "Sáng") == ["K12", "K13", "K14"]
    names = {found.names.people[who][0]: why for each in found.filled for who, why in each.passed}
    assert names == {"K11": ("absence.away",)}


def test_what_the_rules_forbid_is_not_done_and_the_reason_is_named(db: Any) -> None:
    """Somebody who has the whole day cannot have the morning as well; a colleague takes it."""
    campaign = database.session.get_one(Campaign, crew_world.write(whole_days=True))
    drafts.set_people(shift(campaign, DAY, "Ngày", "operations").id, ["K12"], actor=ADMIN, now=NOW)
    first = look(campaign).filled[0]
    code_of = {each.person_id: each.person.code for each in crew("Kíp 1").members}
    assert {code_of[who]: why for who, why in first.passed} == {"K12": ("overlap.shifts",)}
    assert {code_of[who] for who in first.serving} == {"K11", "K13", "K14"}
    with pytest.raises(Conflict):  # nobody else of a crew of one
        services.change_crew(crew("Kíp 1").id, "Kíp 1", [Joining("K12")], actor=ADMIN, now=NOW)
        lay(campaign, CrewCell(crew("Kíp 1").id, DAY, "Sáng"))


def shift(campaign: Campaign, day: date, template: str, duty: str) -> Shift:
    wanted = select(Shift).filter_by(campaign_id=campaign.id, local_on=day, template=template, duty=duty)
    return database.session.scalars(wanted).one()


def test_a_seat_that_somebody_has_stays_unless_it_replaces(post: Campaign) -> None:
    seat = shift(post, DAY, "Sáng", "emergency").seats[0].id
    drafts.edit_seats(post.id, [SeatEdit(seat, "K44", None, pin=False)], actor=ADMIN, now=NOW)
    assert look(post).kept.taken == 1
    found = look(post, replaces=True)
    assert found.kept.taken == 0
    assert next(each.person for each in found.edits if each.seat == seat) in codes(1)


def test_what_is_pinned_for_somebody_of_no_crew_is_never_given_away(post: Campaign) -> None:
    factories.make_person("X1", people.unit_by_code("BDA"), duties=("operations",))
    seat = shift(post, DAY, "Sáng", "operations").seats[0].id
    drafts.edit_seats(post.id, [SeatEdit(seat, "X1", None)], actor=ADMIN, now=NOW)
    found = look(post, replaces=True)
    assert found.kept.pinned == 1 and seat not in {each.seat for each in found.edits}


def test_what_changed_since_the_look_is_not_done(post: Campaign) -> None:
    found = look(post)
    services.change_crew(crew("Kíp 1").id, "Kíp 1", [Joining("K12")], actor=ADMIN, now=NOW)
    with pytest.raises(Conflict) as refused:
        applying.apply(post.id, found.wanted, stamp=found.stamp, actor=ADMIN, now=NOW)
    assert refused.value.code == "rotation.moved" and on(post, DAY, "Sáng") == []


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"crews": ()}, "rotation.no_crews", "crews"),
        ({"cycle": (OFF, OFF)}, "rotation.no_cycle", "cycle"),
        ({"cycle": ("Khuya",)}, "rotation.no_shift", "cycle"),
        ({"first": date(2020, 2, 20)}, "rotation.outside", "first"),
        ({"until": date(2020, 1, 1)}, "rotation.outside", "until"),
    ],
)
def test_a_rotation_that_does_not_fit_says_which_field(
    post: Campaign, changed: dict[str, Any], code: str, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        propose(post, CrewWanted("BDA", rotation(**changed)), actor=ADMIN, now=NOW)
    assert (refused.value.code, refused.value.field) == (code, field)


def test_a_crew_has_one_place_in_a_round(post: Campaign) -> None:
    twice = (crew("Kíp 1").id, crew("Kíp 1").id)
    with pytest.raises(Invalid) as refused:
        propose(post, CrewWanted("BDA", rotation(crews=twice)), actor=ADMIN, now=NOW)
    assert refused.value.code == "rotation.twice"


def test_one_cell_seats_all_of_the_crew_as_one_named_step(post: Campaign) -> None:
    laid = type_into(post, cell(post, "Kíp 2", DAY, "đ"))
    assert on(post, DAY, "Đêm") == ["K21", "K22", "K23"] and len(laid.filled[0].spare) == 1
    assert last_step() == "Kíp 2: ca Đêm 23/01"
    type_into(post, cell(post, "Kíp 2", DAY, "Sáng"))
    assert (on(post, DAY, "Đêm"), on(post, DAY, "Sáng")) == ([], ["K21", "K22", "K23"])
    type_into(post, cell(post, "Kíp 2", DAY, "nghỉ"))
    assert on(post, DAY, "Sáng") == [] and last_step() == "Kíp 2: nghỉ 23/01"
    undoing.undo(post.id, actor=ADMIN, now=NOW)
    assert on(post, DAY, "Sáng") == ["K21", "K22", "K23"]


def test_two_crews_exchange_their_shifts_in_one_paste(post: Campaign) -> None:
    rotate(post)
    before = on(post, DAY, "Sáng"), on(post, DAY, "Chiều")
    type_into(post, cell(post, "Kíp 1", DAY, "C"), cell(post, "Kíp 2", DAY, "S"))
    assert {each[:2] for each in on(post, DAY, "Sáng")} == {"K2"} and {each[:2] for each in before[0]} == {"K1"}
    assert last_step() == "Kíp 1: ca Chiều 23/01 và 1 ô khác"


def test_a_seat_that_was_not_seen_is_left_alone(post: Campaign) -> None:
    type_into(post, cell(post, "Kíp 1", DAY, "Sáng"))
    own = crew("Kíp 1")
    laid = lay(post, CrewCell(own.id, DAY, "", ()))
    assert laid.edits == []


def test_a_full_shift_takes_nobody_and_nothing_is_written(post: Campaign) -> None:
    type_into(post, cell(post, "Kíp 1", DAY, "Sáng"))
    with pytest.raises(Conflict) as refused:
        lay(post, cell(post, "Kíp 2", DAY, "Sáng"))
    assert refused.value.code == "crews.nobody"


def test_what_names_no_shift_says_so(post: Campaign) -> None:
    with pytest.raises(Conflict) as refused:
        lay(post, cell(post, "Kíp 1", DAY, "Khuya"))
    assert refused.value.code == "crews.misfit" and "Khuya" in refused.value.state["misfits"][0].why


def test_whoever_is_in_two_crews_is_named_where_they_cannot_be_twice(db: Any) -> None:
    campaign = database.session.get_one(Campaign, crew_world.write(whole_days=True))
    services.change_crew(crew("Kíp 2").id, "Kíp 2", [Joining("K11"), Joining("K21")], actor=ADMIN, now=NOW)
    type_into(campaign, cell(campaign, "Kíp 1", DAY, "Ngày"))
    assert on(campaign, DAY, "Ngày") == ["K11"]
    [sang] = type_into(campaign, CrewCell(crew("Kíp 2").id, DAY, "Sáng")).filled
    assert sang.passed == ((people.person_by_code("K11").id, ("overlap.shifts",)),)
    assert on(campaign, DAY, "Sáng") == ["K21"]
    assert queries.others_of(crew("Kíp 2")) == {people.person_by_code("K11").id: ("Kíp 1",)}


def test_a_member_serves_in_the_crew_only_what_is_said(post: Campaign) -> None:
    members = [Joining("K11", ("emergency",)), Joining("K12")]
    services.change_crew(crew("Kíp 1").id, "Kíp 1", members, actor=ADMIN, now=NOW)
    type_into(post, cell(post, "Kíp 1", DAY, "Sáng"))
    seat = shift(post, DAY, "Sáng", "emergency").seats[0]
    database.session.refresh(seat)
    assert seat.draft is not None and seat.draft.person.code == "K11"


def test_who_leaves_a_crew_keeps_the_shifts_and_history_keeps_its_name(post: Campaign) -> None:
    type_into(post, cell(post, "Kíp 1", DAY, "Sáng"))
    kept = [Joining(code) for code in codes(1)[1:]]
    changed = services.change_crew(crew("Kíp 1").id, "Kíp Hoa", kept, version=1, actor=ADMIN, now=NOW)
    assert (changed.version, [each.person.code for each in changed.members]) == (2, codes(1)[1:])
    assert on(post, DAY, "Sáng") == ["K11", "K12", "K13"] and last_step() == "Kíp 1: ca Sáng 23/01"
    services.delete_crew(changed.id, actor=ADMIN, now=NOW)
    assert on(post, DAY, "Sáng") == ["K11", "K12", "K13"] and last_step() == "Kíp 1: ca Sáng 23/01"
    undoing.undo(post.id, actor=ADMIN, now=NOW)
    assert on(post, DAY, "Sáng") == []


def test_whoever_left_the_enterprise_serves_with_no_crew(post: Campaign) -> None:
    with transaction():
        people.person_by_code("K11").active = False
    type_into(post, cell(post, "Kíp 1", DAY, "Sáng"))
    assert on(post, DAY, "Sáng") == ["K12", "K13", "K14"]


def test_order_and_members_may_change_places(post: Campaign) -> None:
    members = [Joining("K14"), Joining("K11"), Joining("K22")]
    changed = services.change_crew(crew("Kíp 1").id, "Kíp 1", members, actor=ADMIN, now=NOW)
    assert [each.person.code for each in changed.members] == ["K14", "K11", "K22"]


def test_two_who_change_a_crew_at_once_hear_of_each_other(post: Campaign) -> None:
    own = crew("Kíp 1")
    services.change_crew(own.id, "Kíp A", [], version=1, actor=ADMIN, now=NOW)
    with pytest.raises(Conflict) as refused:
        services.change_crew(own.id, "Kíp B", [], version=1, actor=ADMIN, now=NOW)
    assert refused.value.code == "crew.changed"


def test_what_a_crew_may_not_be(post: Campaign) -> None:
    for name, members, wanted in (
        ("kíp  1", [], "crew.name_taken"),
        (" ", [], "crew.name_blank"),
        ("Kíp 9", [Joining("K11"), Joining("K11")], "crew.twice"),
        ("Kíp 9", [Joining("KHONG")], "person.unknown"),
        ("Kíp 9", [Joining("K11", ("bay",))], "duty_kind.unknown"),
    ):
        with pytest.raises((Conflict, Invalid, NotFound)) as refused:
            services.make_crew("BDA", name, members, actor=ADMIN, now=NOW)
        assert refused.value.code == wanted
    assert len(queries.crews_of([people.unit_by_code("BDA").id])) == 4


def test_crews_of_another_unit_are_another_managers(db: Any) -> None:
    both = Districts()
    with pytest.raises(Forbidden):
        services.make_crew("BDC", "Kíp 1", [], actor=both.manager("A"), now=NOW)
    made = services.make_crew("BDA", "Kíp 1", [], actor=both.manager("A"), now=NOW)
    with pytest.raises(Forbidden):
        services.change_crew(made.id, "Kíp 2", [], actor=both.manager("C"), now=NOW)
    with pytest.raises(Forbidden):
        services.delete_crew(made.id, actor=both.manager("C"), now=NOW)
    assert made.unit.code == "BDA"
