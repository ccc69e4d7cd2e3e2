"""A small unit's draft filled by a pattern: only what is empty, never what is pinned or running, undone by its name."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core.db import db as database, transaction
from core.errors import Conflict, Forbidden, Invalid
from people import queries as people
from people.models import Absence, Person
from roster.campaigns.models import Campaign
from roster.draft import services as drafts, undoing
from roster.draft.edit_log import described
from roster.draft.models import DraftEdit
from roster.draft.proposed import KeptSeats
from roster.models import DraftAssignment, Seat, Shift
from roster.patterns import services
from roster.patterns.proposing import PatternProposal, PatternWanted, propose
from tests.support import factories
from tests.support.districts import Districts
from tests.support.factories import ADMIN, NOW

FIRST, LAST = "2020-01-23", "2020-01-27"
"""More, and the hours of overtime that five people may have in a month are used up."""


@pytest.fixture
def post(db: Any) -> Campaign:
    """A post of six people: five days, somebody by day and somebody on call by night; P1 leads."""
    unit = factories.make_unit("BDA", name="Bưu điện huyện A", kind="district")
    for number in range(1, 7):
        duties = ("leadership", "operations") if number == 1 else ("operations",)
        factories.make_person(f"P{number}", unit, duties=duties)
    factories.make_demand(unit, "leadership", "24/24", "07:30", 24, form="command")
    factories.make_demand(unit, "operations", "Ngày", "07:30", 12)
    factories.make_demand(unit, "operations", "Đêm", "19:30", 12)
    return factories.make_campaign(unit, first=FIRST, last=LAST)


ROTATE = PatternWanted("rotate", "BDA", ("P2", "P3", "P4", "P5", "P6"), duties=("operations",))
LEADER = PatternWanted("leader", "BDA", ("P1",))


def look(campaign: Campaign, wanted: PatternWanted, now: datetime = NOW) -> PatternProposal:
    return propose(campaign, wanted, actor=ADMIN, now=now)


def use(campaign: Campaign, wanted: PatternWanted, now: datetime = NOW, **named: Any) -> PatternProposal:
    return services.apply(campaign.id, wanted, actor=named.pop("actor", ADMIN), now=now, **named)[0]


def seated(campaign: Campaign, duty: str = "operations") -> list[str]:
    """Codes in order of shift, "" where nobody sits."""
    wanted = (
        select(Person.code)
        .select_from(Seat)
        .join(Shift, Shift.id == Seat.shift_id)
        .outerjoin(DraftAssignment, DraftAssignment.seat_id == Seat.id)
        .outerjoin(Person, Person.id == DraftAssignment.person_id)
        .where(Shift.campaign_id == campaign.id, Shift.duty == duty)
    )
    return [code or "" for code in database.session.scalars(wanted.order_by(Shift.starts_at, Seat.position))]


def shifts(campaign: Campaign, duty: str = "operations") -> list[Shift]:
    wanted = select(Shift).filter_by(campaign_id=campaign.id, duty=duty)
    return list(database.session.scalars(wanted.order_by(Shift.starts_at)))


def be_ill(code: str, first: date, last: date) -> None:
    with transaction() as session:
        session.add(Absence(person_id=people.person_by_code(code).id, from_on=first, to_on=last, kind="sick"))


def test_five_in_turn_are_even_and_one_step_takes_it_back(post: Campaign) -> None:
    found = look(post, ROTATE)
    assert seated(post) == [""] * 10  # looking writes nothing
    assert (found.filled, found.left_empty, found.broken) == (10, 0, ())
    use(post, ROTATE, stamp=found.stamp)
    assert seated(post) == [f"P{n % 5 + 2}" for n in range(10)]
    edits = database.session.scalars(select(DraftEdit)).all()
    assert [described(each) for each in edits] == ["Xoay vòng Bưu điện huyện A: 10 ca"]
    assert undoing.undo(post.id, actor=ADMIN, now=NOW).text == "Xoay vòng Bưu điện huyện A: 10 ca"
    assert seated(post) == [""] * 10
    undoing.redo(post.id, actor=ADMIN, now=NOW)
    assert Counter(seated(post)) == dict.fromkeys(ROTATE.people, 2)


def test_the_director_holds_the_leadership_of_all_days_and_nothing_else(post: Campaign) -> None:
    found = use(post, LEADER)
    assert (found.filled, set(seated(post, "leadership")), set(seated(post))) == (5, {"P1"}, {""})
    assert described(database.session.scalars(select(DraftEdit)).one()) == "Giám đốc cả đợt Bưu điện huyện A: 5 ca"


def test_a_unit_of_one_has_every_second_shift_and_the_rest_is_said_to_be_empty(db: Any) -> None:
    unit = factories.make_unit("BD1", kind="district")
    factories.make_person("X1", unit)
    factories.make_demand(unit, "operations", "Ngày", "07:30", 12)
    factories.make_demand(unit, "operations", "Đêm", "19:30", 12)
    campaign = factories.make_campaign(unit, first="2020-01-23", last="2020-01-24")
    found = use(campaign, PatternWanted("rotate", "BD1", ("X1",)))
    assert seated(campaign) == ["X1", "", "X1", ""]
    passed = {why for each in found.lines for _who, why in each.dealt.passed}
    assert found.left_empty == 2 and all("rest.between_shifts" in why for why in passed)


def test_who_is_ill_is_passed_over_with_the_reason_and_serves_afterwards(post: Campaign) -> None:
    be_ill("P3", date(2020, 1, 23), date(2020, 1, 24))
    found = use(post, ROTATE)
    ill = people.person_by_code("P3").id
    assert all(each.becomes != ill for each in found.lines if each.shift.local_date <= date(2020, 1, 24))
    assert ("absence.away",) in {why for each in found.lines for who, why in each.dealt.passed if who == ill}
    assert "P3" in seated(post) and found.left_empty == 0


def test_twice_changes_nothing_and_pinned_seats_stay_when_all_is_dealt_anew(post: Campaign) -> None:
    use(post, ROTATE)
    before, edits = seated(post), len(database.session.scalars(select(DraftEdit)).all())
    again = use(post, ROTATE)
    assert (again.edits, again.kept) == ((), KeptSeats(pinned=10))
    assert (seated(post), len(database.session.scalars(select(DraftEdit)).all())) == (before, edits)
    other = use(post, replace(ROTATE, first="P4", replaces=True))
    assert (other.kept, seated(post)) == (KeptSeats(pinned=10), before)


def test_unpinned_seats_are_dealt_anew_only_when_asked(post: Campaign) -> None:
    loose = replace(ROTATE, pin=False)
    use(post, loose)
    assert use(post, replace(loose, first="P4")).kept == KeptSeats(taken=10)
    use(post, replace(loose, first="P4", replaces=True))
    assert seated(post)[:5] == ["P4", "P5", "P6", "P2", "P3"]
    assert use(post, replace(loose, first="P4", replaces=True)).edits == ()


def test_what_was_chosen_by_hand_stays_and_the_turns_go_on_around_it(post: Campaign) -> None:
    drafts.set_people(shifts(post)[0].id, ["P6"], actor=ADMIN, now=NOW)
    use(post, ROTATE)
    assert seated(post)[:5] == ["P6", "P2", "P3", "P4", "P5"]


def test_a_shift_that_runs_and_one_that_was_served_are_left(post: Campaign) -> None:
    runs = shifts(post)[2].starts_at + timedelta(hours=1)
    found = use(post, ROTATE, now=runs)
    assert (found.kept, seated(post)[:3], seated(post)[3]) == (KeptSeats(begun=3), [""] * 3, "P2")


def test_what_was_shown_is_what_is_done_or_nothing(post: Campaign) -> None:
    """Another manager seats somebody between the look and the click."""
    found = look(post, ROTATE)
    drafts.set_people(shifts(post)[4].id, ["P2"], actor=factories.manager_of(post.unit_id), now=NOW)
    with pytest.raises(Conflict, match="pattern_of.moved"):
        use(post, ROTATE, stamp=found.stamp)
    assert Counter(seated(post)) == {"": 9, "P2": 1}


def test_undo_after_another_manager_changed_one_of_its_seats_says_so(post: Campaign) -> None:
    use(post, ROTATE)
    drafts.set_people(shifts(post)[4].id, [], actor=factories.manager_of(post.unit_id), now=NOW)
    with pytest.raises(Conflict, match="undo.changed"):
        undoing.undo(post.id, actor=ADMIN, now=NOW)


def test_what_a_unit_may_not_choose_is_refused_by_name_of_the_field(post: Campaign) -> None:
    tries = {
        "people": [replace(ROTATE, people=()), PatternWanted("leader", "BDA", ("P1", "P2"))],
        "first": [replace(ROTATE, first="P1")],
        "duties": [replace(ROTATE, duties=("emergency",))],
    }
    for field, some in tries.items():
        for wanted in some:
            with pytest.raises(Invalid) as caught:
                look(post, wanted)
            assert caught.value.field == field


def test_a_closed_campaign_is_left_alone(post: Campaign) -> None:
    post.state = "closed"
    with pytest.raises(Conflict, match="campaign.cannot_edit"):
        look(post, ROTATE)


# --- two districts of one campaign ---------------------------------------------------------------------------------


ALL_FOUR = PatternWanted("rotate", "BDA", ("A3", "A4", "A1", "A2"), replaces=True)


@pytest.fixture
def both(db: Any) -> Districts:
    """Published; An has emptied the own draft."""
    made = Districts()
    for turn in range(6):
        made.put("A", turn)
    return made


def test_a_district_deals_its_own_shifts_and_no_others(both: Districts) -> None:
    services.apply(both.campaign_id, ALL_FOUR, actor=both.manager("A"), now=NOW)
    assert [both.drafted("A", turn) for turn in range(6)] == ["A3", "A4", "A1", "A2", "A3", "A4"]
    assert [both.drafted("C", turn) for turn in range(6)] == ["C1", "C2"] * 3
    assert both.published("A", 0) == "A1"  # until it is published
    with pytest.raises(Forbidden):
        services.apply(both.campaign_id, replace(ALL_FOUR, unit="BDC"), actor=both.manager("A"), now=NOW)


def test_a_shift_that_was_parted_is_dealt_by_its_pieces(both: Districts) -> None:
    """What is left of it and what was cut off are places of their own, each for one person."""
    with transaction() as session:
        whole = session.get_one(Shift, both.shift("A", 2))
        names = [each.key for each in Shift.__table__.columns if each.key not in ("id", "starts_at", "parted_from")]
        own = {name: getattr(whole, name) for name in names}
        piece = Shift(**own, starts_at=whole.starts_at + timedelta(hours=6), parted_from=whole.id)
        whole.ends_at = piece.starts_at
        session.add(piece)
        session.flush()
        session.add(Seat(shift_id=piece.id, position=1))
    found = services.apply(both.campaign_id, ALL_FOUR, actor=both.manager("A"), now=NOW)[0]
    assert (len(found.lines), found.left_empty) == (7, 0)
    assert [both.drafted("A", turn) for turn in (2, 3)] == ["A1", "A2"]
