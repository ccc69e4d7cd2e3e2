"""A part becomes a revision: named seats or units; covers of the day at once. The rest of the draft stays draft."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core import clock
from core.actor import Actor
from core.db import db, transaction
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.i18n import span
from core.models import AuditEntry
from notify.models import Message
from people.accounts import services as accounts
from people.accounts.services import NewAccount
from people.models import Absence, Person
from roster.campaigns.models import Campaign
from roster.covers import services as covering
from roster.dividing import amendments
from roster.draft import grid, page_head, services as drafts
from roster.models import Duty, Revision, Seat, Shift
from roster.publishing import amending, revisions, services as publishing
from roster.publishing.parts import Only
from roster.publishing.terms import PublishTerms
from roster.resolver import resolver
from roster.revisions import difference, supplementing
from roster.revisions.supplementing import Attested
from tests.support import factories
from tests.support.published import Published

ADMIN = factories.ADMIN
EVE = datetime(2020, 1, 23, 12, 0, tzinfo=UTC)
"""19:00: the first night has not begun."""
NIGHT = datetime(2020, 1, 23, 14, 0, tzinfo=UTC)
"""21:00 on the first day: L2 leads, O2 and E2 serve until 07:30."""


def leader(roster: Published, code: str = "L2") -> Actor:
    """A staff account of that person."""
    return Actor(
        name=f"Nguyễn Văn {code}",
        role="staff",
        via="session",
        user_id=1,
        person_id=roster.person[code],
        unit_id=roster.unit_id,
    )


def on(shift_id: int) -> list[str]:
    """Codes of who is published there."""
    wanted = select(Person.code).join(Duty, Duty.person_id == Person.id)
    return list(db.session.scalars(wanted.where(Duty.shift_id == shift_id, Duty.cancelled_at.is_(None))))


def rest_of(shift_id: int) -> int:
    """The shift that was cut off from this one."""
    return db.session.scalars(select(Shift.id).where(Shift.parted_from == shift_id, Shift.id != shift_id)).one()


def hours(shift_id: int) -> str:
    shift = drafts.get_shift(shift_id)
    return span(shift.starts_at, shift.ends_at)


def drafted(shift_id: int) -> list[str]:
    return [seat.draft.person.code for seat in drafts.get_shift(shift_id).seats if seat.draft]


def put(shift_id: int, code: str, now: datetime = NIGHT) -> None:
    drafts.set_people(shift_id, [code], override_reason="Đổi ca", actor=ADMIN, now=now)


def told(revision: int) -> set[str]:
    keys = select(Message.recipient).where(Message.idempotency_key.like(f"%/r{revision}/person/%"))
    return {name.split()[-1] for name in db.session.scalars(keys)}


@pytest.mark.both_dbs
def test_only_the_named_seats_become_a_revision(roster: Published) -> None:
    """Two shifts are changed in the draft, one seat is published: the other change stays draft, and nobody hears."""
    first, other = roster.shifts("operations")[1], roster.shifts("operations")[3]
    put(first, "O4"), put(other, "O4")
    revision = amendments.publish_only(
        roster.campaign_id, Only(seats=(roster.seat("operations", 1),)), PublishTerms("Ốm"), actor=ADMIN, now=EVE
    )
    assert revision.number == 2
    assert (on(first), on(other)) == (["O4"], ["O1"])
    assert drafted(other) == ["O4"]
    assert told(2) == {"O2", "O4"}
    loaded = grid.load(roster.campaign_id, now=EVE)
    assert page_head.is_changed(roster.campaign, loaded)
    # The revision is readable whole: every shift of the campaign, with the people that hold now.
    content = {each["shift"]: [one["code"] for one in each["people"]] for each in revision.content}
    assert len(content) == len(revisions.get(roster.campaign_id, 1).content)
    assert (content[first], content[other]) == (["O4"], ["O1"])
    moves = difference.between(revisions.get(roster.campaign_id, 1).content, revision.content).moves
    assert [[who.name for who in move.came] for move in moves] == [["Nguyễn Văn O4"]]


def served(shift_id: int) -> list[tuple[str, str]]:
    """(hours, code) of who is published on the shift and on what was cut off from it, by start."""
    pieces = select(Duty.starts_at, Duty.ends_at, Person.code).join(Person, Person.id == Duty.person_id)
    ids = [shift_id, *db.session.scalars(select(Shift.id).where(Shift.parted_from == shift_id))]
    rows = db.session.execute(
        pieces.where(Duty.shift_id.in_(ids), Duty.cancelled_at.is_(None)).order_by(Duty.starts_at)
    )
    return [(f"{clock.local(start):%H:%M}-{clock.local(end):%H:%M}", code) for start, end, code in rows.tuples()]


@pytest.mark.both_dbs
@pytest.mark.parametrize("only", ["seats", "units", "people"])
def test_of_a_seat_that_runs_what_is_left_changes_hands(roster: Published, only: str) -> None:
    """At 21:00: O2 has served since 19:30, which stays so for hours, calendars and the draft; O2 and O4 are told."""
    first = roster.shifts("operations")[1]
    put(first, "O4")
    named = {"seats": (roster.seat("operations", 1),), "units": ("TINH",), "people": ("O4",)}[only]
    amendments.publish_only(roster.campaign_id, Only(**{only: named}), actor=ADMIN, now=NIGHT)
    assert served(first) == [("19:30-21:00", "O2"), ("21:00-07:30", "O4")]
    assert resolver.who_is_on(roster.unit_id, "operations", NIGHT).people[0].code == "O4"
    assert told(2) == {"O4"}
    kept = db.session.scalars(select(Message).where(Message.idempotency_key.like("%/kept/%"))).one()
    assert "Phần còn lại của ca vẫn là của đồng chí" in kept.body and kept.person_id == roster.person["O2"]
    assert not page_head.is_changed(roster.campaign, grid.load(roster.campaign_id, now=NIGHT))
    with pytest.raises(Conflict, match=r"publish\.nothing_changed"):
        publishing.publish(roster.campaign_id, actor=ADMIN, now=NIGHT)


def test_who_is_taken_off_a_shift_that_runs_has_served_until_then_and_the_rest_is_a_gap(roster: Published) -> None:
    first, seat = roster.shifts("operations")[1], roster.seat("operations", 1)
    drafts.set_people(first, [], actor=ADMIN, now=NIGHT)
    only = Only(seats=(seat,))
    with pytest.raises(Conflict, match=r"publish\.blocked") as refused:
        amendments.publish_only(roster.campaign_id, only, actor=ADMIN, now=NIGHT)
    assert len(refused.value.state["gaps"]) == 1 and served(first) == [("19:30-07:30", "O2")]
    amendments.publish_only(
        roster.campaign_id, only, PublishTerms(accept_gaps="Tỉnh trực thay"), actor=ADMIN, now=NIGHT
    )
    assert served(first) == [("19:30-21:00", "O2")]


@pytest.mark.both_dbs
def test_who_fills_an_empty_seat_of_a_shift_that_runs_serves_from_then_on(roster: Published) -> None:
    """Nobody has the night until 21:00. O4 has not served since 19:30; who did is entered when it is over."""
    first, seat = roster.shifts("operations")[1], roster.seat("operations", 1)
    drafts.set_people(first, [], actor=ADMIN, now=EVE)
    amendments.publish_only(
        roster.campaign_id, Only(seats=(seat,)), PublishTerms(accept_gaps="Tỉnh trực thay"), actor=ADMIN, now=EVE
    )
    put(first, "O4")
    with pytest.raises(Conflict, match=r"amend\.running_empty") as refused:
        publishing.publish(roster.campaign_id, actor=ADMIN, now=NIGHT)
    assert "chưa có ai trực" in refused.value.message() and served(first) == []
    amendments.publish_only(roster.campaign_id, Only(seats=(seat,)), actor=ADMIN, now=NIGHT)
    assert served(first) == [("21:00-07:30", "O4")] and told(3) == {"O4"}
    assert resolver.who_is_on(roster.unit_id, "operations", NIGHT).people[0].code == "O4"
    assert not page_head.is_changed(roster.campaign, grid.load(roster.campaign_id, now=NIGHT))
    by = Attested("Lê L", "Trưởng phòng", "Sót")
    over = NIGHT + timedelta(hours=12)
    supplementing.supplement(roster.campaign_id, seat, person="O2", attested=by, actor=ADMIN, now=over)
    assert served(first) == [("19:30-21:00", "O2"), ("21:00-07:30", "O4")]


@pytest.mark.both_dbs
def test_who_comes_to_a_seat_that_nobody_had_to_have_leaves_no_gap_behind(roster: Published) -> None:
    """One has to serve the night, which O2 does; two may. O4 comes at 21:00: before that nobody was missing."""
    first = roster.shifts("operations")[1]
    with transaction() as session:
        session.get_one(Shift, first).wanted = 2
        session.add(seat := Seat(shift_id=first, position=2))
        session.flush()
        second = seat.id
    drafts.set_people(first, ["O2", "O4"], override_reason="Thêm người", actor=ADMIN, now=NIGHT)
    made = amendments.publish_only(roster.campaign_id, Only(seats=(second,)), actor=ADMIN, now=NIGHT)
    assert served(first) == [("19:30-07:30", "O2"), ("21:00-07:30", "O4")] and told(2) == {"O4"}
    assert made.proof["gaps"] == [] and db.session.get_one(Shift, rest_of(first)).headcount == 0
    listed = {each["shift"]: (each["required"], len(each["people"])) for each in made.content}
    assert (listed[first], listed[rest_of(first)]) == ((1, 1), (0, 1))
    assert [one.code for one in resolver.who_is_on(roster.unit_id, "operations", NIGHT).people] == ["O2", "O4"]
    assert not page_head.is_changed(roster.campaign, grid.load(roster.campaign_id, now=NIGHT))


def test_a_whole_publish_takes_nobody_off_a_shift_that_runs(roster: Published) -> None:
    first = roster.shifts("operations")[1]
    put(first, "O4")
    with pytest.raises(Conflict, match=r"amend\.running") as refused:
        publishing.publish(roster.campaign_id, actor=ADMIN, now=NIGHT)
    assert refused.value.state["shifts"] == [first] and "Nguyễn Văn O2 đang trực" in refused.value.message()
    assert served(first) == [("19:30-07:30", "O2")]


@pytest.mark.both_dbs
def test_the_rest_follows_with_the_next_whole_revision(roster: Published) -> None:
    first, other = roster.shifts("operations")[1], roster.shifts("operations")[3]
    put(first, "O4"), put(other, "O4")
    amendments.publish_only(roster.campaign_id, Only(seats=(roster.seat("operations", 1),)), actor=ADMIN, now=EVE)
    publishing.publish(roster.campaign_id, actor=ADMIN, now=EVE)
    assert (on(first), on(other)) == (["O4"], ["O4"])
    assert told(3) == {"O1", "O4"}
    assert not page_head.is_changed(roster.campaign, grid.load(roster.campaign_id, now=EVE))


def test_the_same_part_again_changes_nothing(roster: Published) -> None:
    put(roster.shifts("operations")[1], "O4")
    only = Only(seats=(roster.seat("operations", 1),))
    amendments.publish_only(roster.campaign_id, only, actor=ADMIN, now=EVE)
    with pytest.raises(Conflict, match="publish.nothing_changed"):
        amendments.publish_only(roster.campaign_id, only, actor=ADMIN, now=EVE)
    assert db.session.scalars(select(Revision.number).order_by(Revision.number)).all() == [1, 2]


def test_a_part_is_judged_by_what_the_published_roster_becomes(roster: Published) -> None:
    """A gap that the part makes blocks; one that stands already does not block somebody else's cover."""
    empty, covered = roster.shifts("operations")[1], roster.shifts("emergency")[1]
    drafts.set_people(empty, [], actor=ADMIN, now=EVE)
    only = Only(seats=(roster.seat("operations", 1),))
    with pytest.raises(Conflict, match="publish.blocked") as refused:
        amendments.publish_only(roster.campaign_id, only, actor=ADMIN, now=EVE)
    assert len(refused.value.state["gaps"]) == 1
    assert on(empty) == ["O2"]
    amendments.publish_only(roster.campaign_id, only, PublishTerms(accept_gaps="Tỉnh trực thay"), actor=ADMIN, now=EVE)
    put(covered, "E3")
    seat = Only(seats=(roster.seat("emergency", 1),))
    later = amendments.publish_only(roster.campaign_id, seat, actor=ADMIN, now=EVE)
    assert not later.proof["complete"]
    assert later.accept_gaps == "Tỉnh trực thay"


def test_a_hard_rule_without_a_reason_blocks_the_part(roster: Published) -> None:
    """Absent tonight: the draft was made before anybody knew."""
    shift = roster.shifts("operations")[1]
    drafts.set_people(shift, ["O4"], actor=ADMIN, now=EVE)
    with transaction() as session:
        session.add(
            Absence(person_id=roster.person["O4"], from_on=date(2020, 1, 23), to_on=date(2020, 1, 24), kind="sick")
        )
    with pytest.raises(Conflict, match="publish.blocked") as refused:
        amendments.publish_only(roster.campaign_id, Only(seats=(roster.seat("operations", 1),)), actor=ADMIN, now=EVE)
    assert [each["person"] for each in refused.value.state["violations"]] == ["O4"]


def test_units_take_what_is_below_them_and_nothing_else(app: Any) -> None:
    top = factories.make_unit("TINH")
    for code in ("A", "B"):
        unit = factories.make_unit(code, parent=top, kind="district")
        factories.make_person(f"{code}1", unit, phone=f"090000010{'AB'.index(code)}")
        factories.make_person(f"{code}2", unit, phone=f"090000011{'AB'.index(code)}")
        factories.make_demand(unit)
    campaign_id = factories.make_campaign(top).id
    rows = db.session.scalars(select(Shift).order_by(Shift.id)).all()
    where = {shift.id: shift.unit.code for shift in rows}
    for shift_id, unit_code in where.items():
        drafts.set_people(shift_id, [f"{unit_code}1"], override_reason="x", actor=ADMIN, now=factories.NOW)
    publishing.publish(campaign_id, PublishTerms(accept_gaps="Ban đêm không trực"), actor=ADMIN, now=factories.NOW)
    for shift_id, unit_code in where.items():
        drafts.set_people(shift_id, [f"{unit_code}2"], override_reason="x", actor=ADMIN, now=factories.NOW)
    amendments.publish_only(campaign_id, Only(units=("A",)), actor=ADMIN, now=factories.NOW)
    assert {tuple(on(shift_id)) for shift_id, unit_code in where.items() if unit_code == "A"} == {("A2",)}
    assert {tuple(on(shift_id)) for shift_id, unit_code in where.items() if unit_code == "B"} == {("B1",)}


def test_what_is_named_has_to_exist(roster: Published) -> None:
    for only, error in (
        (Only(seats=(999_999,)), NotFound),
        (Only(units=("KHONG",)), NotFound),
        (Only(), Invalid),
        (Only(units=("TINH",), seats=(1,)), Invalid),
    ):
        with pytest.raises(error):
            amendments.publish_only(roster.campaign_id, only, actor=ADMIN, now=NIGHT)
    with pytest.raises(Forbidden):
        amendments.publish_only(
            roster.campaign_id,
            Only(seats=(roster.seat("operations", 1),)),
            now=NIGHT,
            actor=Actor(name="x", role="staff", via="session", unit_id=roster.unit_id),
        )


@pytest.mark.both_dbs
def test_leadership_amends_today_and_tomorrow_and_no_further(roster: Published) -> None:
    """The lent right: named seats of the days at hand; the roster of the day after is its manager's."""
    put(roster.shifts("operations")[3], "O4"), put(roster.shifts("operations")[5], "O4")
    on_duty = leader(roster)
    tomorrow = Only(seats=(roster.seat("operations", 3),))
    assert amendments.publish_only(roster.campaign_id, tomorrow, actor=on_duty, now=NIGHT).number == 2
    after = Only(seats=(roster.seat("operations", 5),))
    with pytest.raises(Forbidden, match="amend.not_of_the_day"):
        amendments.publish_only(roster.campaign_id, after, actor=on_duty, now=NIGHT)
    with pytest.raises(Forbidden, match="grant.ended"):
        amendments.publish_only(roster.campaign_id, tomorrow, actor=on_duty, now=NIGHT + timedelta(hours=11))
    with pytest.raises(Forbidden):
        publishing.publish(roster.campaign_id, actor=on_duty, now=NIGHT)
    used = select(AuditEntry.detail).where(AuditEntry.action == "grant.used")
    assert [each["used_for"] for each in db.session.scalars(used)] == ["roster.amend"]


@pytest.mark.both_dbs
def test_a_cover_by_leadership_holds_at_once_and_is_told(roster: Published) -> None:
    """O2 falls ill at 21:00; L2, staff on leadership duty, puts O4 on what is left of the night: what O2 has served
    stays theirs. Tomorrow's plans stay draft."""
    manager = factories.make_person("QL", roster.campaign.unit, duties=(), name="Bùi Thị Quản")
    accounts.create_user(
        NewAccount("ql", "Bùi Thị Quản", "manager", unit_code="TINH", person_code="QL"), now=NIGHT, actor=ADMIN
    )
    other, shift = roster.shifts("operations")[4], roster.shifts("operations")[1]
    put(other, "O4")
    revision = covering.cover_now(shift, [(shift, "O2", "O4")], override_reason="Ốm", actor=leader(roster), now=NIGHT)
    left = rest_of(shift)
    assert (revision.number, on(shift), on(left), drafted(left)) == (2, ["O2"], ["O4"], ["O4"])
    assert (hours(shift), hours(left)) == ("19:30 23/01 – 21:00", "21:00 23/01 – 07:30 24/01")
    assert (on(other), drafted(other)) == (["O2"], ["O4"])
    kept = db.session.scalars(select(Message.recipient).where(Message.idempotency_key.like("%/r2/kept/%"))).all()
    assert told(2) == {"O4"} and [name.split()[-1] for name in kept] == ["O2"]
    letters = db.session.scalars(select(Message).where(Message.recipient == manager.full_name)).all()
    assert len(letters) == 1
    assert "O4 trực thay Nguyễn Văn O2" in letters[0].body
    audited = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "shift.cover")).one()
    assert (audited.detail["leaves"], audited.detail["comes"], audited.detail["revision"]) == ("O2", "O4", 2)
    used = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "grant.used")).all()
    assert {each.detail["used_for"] for each in used} == {"roster.cover"}


def test_a_cover_leaves_alone_what_a_manager_has_planned_otherwise(roster: Published) -> None:
    shift = roster.shifts("operations")[1]
    put(shift, "O3")
    covering.cover_now(shift, [(shift, "O2", "O4")], override_reason="Ốm", actor=leader(roster), now=NIGHT)
    left = rest_of(shift)
    assert (on(shift), on(left), drafted(left)) == (["O2"], ["O4"], ["O3"])


def test_a_cover_needs_the_day_the_seat_and_a_reason_for_what_it_breaks(roster: Published) -> None:
    shift, far = roster.shifts("operations")[1], roster.shifts("operations")[5]
    on_duty = leader(roster)
    with pytest.raises(Forbidden, match="amend.not_of_the_day"):
        covering.cover_now(far, [(far, "O3", "O4")], actor=on_duty, now=NIGHT)
    with pytest.raises(Conflict, match="shift.not_on_it"):
        covering.cover_now(shift, [(shift, "O3", "O4")], actor=on_duty, now=NIGHT)
    with pytest.raises(Conflict, match="shift.breaks_rules"):
        covering.cover_now(shift, [(shift, "O2", "E1")], actor=on_duty, now=NIGHT)
    with pytest.raises(Forbidden):
        covering.cover_now(shift, [(shift, "O2", "O4")], actor=leader(roster, "L1"), now=NIGHT)
    with pytest.raises(Forbidden):
        drafts.set_people(shift, ["O4"], actor=on_duty, now=NIGHT)
    assert on(shift) == ["O2"]
    assert db.session.get_one(Campaign, roster.campaign_id).revision == 1


@pytest.mark.both_dbs
def test_a_part_judged_from_an_older_draft_is_judged_anew(roster: Published, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody edits between judging and writing: what is published is judged from what they left."""
    shift = roster.shifts("operations")[1]
    put(shift, "O4")
    real, calls = amending.judged, []

    def slow(*given: Any, **named: Any) -> Any:
        part = real(*given, **named)
        if not calls:
            put(shift, "O3")
        calls.append(part)
        return part

    monkeypatch.setattr(amending, "judged", slow)
    amendments.publish_only(roster.campaign_id, Only(seats=(roster.seat("operations", 1),)), actor=ADMIN, now=EVE)
    assert len(calls) == 2
    assert on(shift) == ["O3"]


def test_calendars_see_the_amended_seat_move(roster: Published) -> None:
    """The seat keeps its UID; its sequence is the new revision's number, the others keep theirs."""
    put(roster.shifts("operations")[1], "O4")
    amendments.publish_only(roster.campaign_id, Only(seats=(roster.seat("operations", 1),)), actor=ADMIN, now=EVE)
    seat = roster.seat("operations", 1)
    rows = db.session.scalars(select(Duty).where(Duty.campaign_id == roster.campaign_id)).all()
    moved = {(row.sequence, row.cancelled_at is None) for row in rows if row.seat_id == seat}
    assert moved == {(2, True), (2, False)}
    assert {row.sequence for row in rows if row.seat_id != seat} == {1}
