"""People swap, cover and drop published shifts: asked by one, answered by others, decided where that is wanted.

Three days of Tết Canh Tý, shifts from 07:30 and 19:30. O1 serves by day on 23 January, O2 the night after it, O3 the
day after that; O4 has nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from core import clock
from core.actor import Actor
from core.calendar.dates import VN
from core.db import db
from core.errors import Conflict, Forbidden, Invalid
from core.i18n import span
from duty.swaps import deciding, ending, queries, services as swaps
from duty.swaps.models import Swap
from duty.swaps.services import SwapWanted
from notify.models import Message
from people import queries as people
from people.accounts import keys, services as accounts
from people.accounts.services import NewAccount
from people.models import User
from roster.campaigns.models import Campaign
from roster.confirmations import queries as confirmations
from roster.coverage import proving
from roster.dividing.parting import SplitSpan
from roster.draft import services as drafts
from roster.models import DraftAssignment, Duty, Revision, Seat, Shift
from roster.publishing import services as publishing
from roster.publishing.terms import PublishTerms
from roster.resolver import resolver
from roster.revisions import withdrawing
from tests.support import enterprise, factories
from tests.support.in_parallel import in_parallel
from tests.support.mail import Mail
from tests.support.published import Published

MORNING = datetime(2020, 1, 21, 8, 0, tzinfo=VN)


@pytest.fixture(autouse=True)
def _morning(roster: Published, app: Flask) -> Iterator[None]:
    app.extensions.pop(ending.__name__, None)  # when this process last looked, in another story
    with clock.travel(MORNING):
        yield


def who(code: str) -> Actor:
    person = people.person_by_code(code)
    return Actor(name=person.full_name, role="staff", via="link", person_id=person.id, unit_id=person.unit_id)


def on(roster: Published, turn: int) -> str:
    """Who serves operations then, as everybody reads it."""
    held = select(Duty).where(Duty.shift_id == roster.shifts("operations")[turn], Duty.cancelled_at.is_(None))
    return " ".join(sorted(duty.person.code for duty in db.session.scalars(held)))


def told(code: str, about: str = "swap/") -> list[str]:
    mine = select(Message.subject).where(Message.person_id == people.person_by_code(code).id)
    return list(db.session.scalars(mine.where(Message.topic.like(f"{about}%")).order_by(Message.id)))


def lets_pass(roster: Published) -> None:
    db.session.get_one(Campaign, roster.campaign_id).swaps_pass = True
    db.session.commit()


def ask(roster: Published, turn: int, wanted: SwapWanted, *, by: str, at: datetime = MORNING) -> Swap:
    return swaps.ask(roster.seat("operations", turn), wanted, actor=who(by), now=at)


def test_a_cover_that_the_campaign_lets_pass_moves_the_seat_with_the_first_yes(roster: Published) -> None:
    lets_pass(roster)
    swap = ask(roster, 0, SwapWanted("cover", note="con ốm"), by="O1")
    assert [each.person.code for each in swap.asked] == ["O4"], "O2 and O3 would rest too little"
    assert told("O4") == [f"Đề nghị trực thay: {people.person_by_code('O1').full_name}"]
    deciding.accept(swap.id, actor=who("O4"), now=MORNING + timedelta(hours=1))
    assert on(roster, 0) == "O4"
    assert queries.get_swap(swap.id).state == "approved"
    taken = db.session.scalars(select(Duty).where(Duty.person_id == roster.person["O4"])).one()
    assert confirmations.answers_for([taken])[taken.id].state == "confirmed", "who said yes need not be asked again"
    with pytest.raises(Conflict) as refused:
        deciding.accept(swap.id, actor=who("O4"), now=MORNING + timedelta(hours=2))
    assert refused.value.code == "swap.decided" and people.person_by_code("O4").full_name in refused.value.message()


def test_a_manager_decides_where_the_campaign_does_not_let_swaps_pass(roster: Published) -> None:
    swap = ask(roster, 0, SwapWanted("cover", with_person="O4"), by="O1")
    later = MORNING + timedelta(hours=1)
    deciding.accept(swap.id, actor=who("O4"), now=later)
    assert on(roster, 0) == "O1" and queries.state_of(swap, later) == "accepted", "a yes alone moves nothing"
    with pytest.raises(Forbidden):
        deciding.approve(swap.id, actor=who("O4"), now=later)
    deciding.approve(swap.id, actor=factories.ADMIN, now=later)
    assert on(roster, 0) == "O4" and queries.get_swap(swap.id).revision == 2
    assert any("bản số 2" in subject for subject in told("O1", "roster/")), "who gave it away is told by the revision"


def test_a_no_of_everybody_is_the_end_and_whoever_asked_hears_it(roster: Published) -> None:
    swap = ask(roster, 0, SwapWanted("cover", with_person="O4"), by="O1")
    deciding.decline(swap.id, actor=who("O4"), note="đi xa", now=MORNING)
    assert queries.get_swap(swap.id).state == "declined"
    assert told("O1") == ["Đề nghị đổi người trực: không ai nhận"]
    again = ask(roster, 0, SwapWanted("cover", with_person="O4"), by="O1")
    assert again.id != swap.id


def test_two_exchange_their_shifts(roster: Published) -> None:
    """O1's night of Giao thừa, 24 January, for O2's day of Mùng 1: both rest twelve hours."""
    lets_pass(roster)
    mine, theirs = roster.seat("operations", 3), roster.seat("operations", 4)
    swap = ask(roster, 3, SwapWanted("swap", with_person="O2", for_seat=theirs), by="O1")
    deciding.accept(swap.id, actor=who("O2"), now=MORNING)
    assert (on(roster, 3), on(roster, 4)) == ("O2", "O1")
    held = {
        duty.person.code: duty
        for duty in db.session.scalars(select(Duty).where(Duty.cancelled_at.is_(None), Duty.sequence == 2))
    }
    assert (held["O2"].seat_id, held["O1"].seat_id) == (mine, theirs), "calendars keep their events"
    said = confirmations.answers_for(held.values())
    assert [said[duty.id].state for duty in held.values()] == ["confirmed", "confirmed"]


def test_what_moves_nothing_is_not_asked(roster: Published) -> None:
    for wanted, code in (
        (SwapWanted("cover", with_person="O1"), "swap.moves_nothing"),
        (SwapWanted("swap", with_person="O2", for_seat=roster.seat("operations", 0)), "swap.not_theirs"),
        (SwapWanted("cover", with_person="O2"), "swap.breaks_rules"),
    ):
        with pytest.raises(Conflict) as refused:
            ask(roster, 0, wanted, by="O1")
        assert refused.value.code == code
        assert not refused.value.state.get("violations"), "what keeps another from it is not O1's to read"
    with pytest.raises(Invalid):
        ask(roster, 0, SwapWanted("swap", with_person="O2"), by="O1")
    assert db.session.scalars(select(Swap)).all() == []


def test_a_shift_that_moves_voids_the_ask(roster: Published) -> None:
    swap = ask(roster, 0, SwapWanted("cover", with_person="O4"), by="O1")
    roster.reassign("operations", 0, "O4", at=MORNING)
    with pytest.raises(Conflict) as refused:
        deciding.accept(swap.id, actor=who("O4"), now=MORNING)
    assert refused.value.code == "swap.closed" and "lịch đã đổi" in refused.value.message()
    assert queries.asked_of(roster.person["O4"], now=MORNING) == [], "a page shows it no more, before the worker looks"
    ending.look(MORNING)
    assert queries.get_swap(swap.id).state == "void"
    roster.reassign("operations", 0, "O1", at=MORNING + timedelta(minutes=1))
    ask(roster, 0, SwapWanted("cover", with_person="O4"), by="O1", at=MORNING + timedelta(minutes=2))


def test_one_open_ask_a_seat_and_it_can_be_taken_back(roster: Published) -> None:
    swap = ask(roster, 0, SwapWanted("cover"), by="O1")
    with pytest.raises(Conflict) as refused:
        ask(roster, 0, SwapWanted("drop"), by="O1")
    assert refused.value.code == "swap.open_already"
    with pytest.raises(Forbidden):
        swaps.cancel(swap.id, actor=who("O4"), now=MORNING)
    swaps.cancel(swap.id, actor=who("O1"), now=MORNING)
    with pytest.raises(Conflict) as over:
        deciding.accept(swap.id, actor=who("O4"), now=MORNING)
    assert "đã rút" in over.value.message()
    ask(roster, 0, SwapWanted("drop"), by="O1")


def test_taken_back_it_is_told_to_whoever_heard_of_it_and_has_not_answered(roster: Published) -> None:
    swap = ask(roster, 0, SwapWanted("cover", with_person="O4"), by="O1")
    before = told("O4")
    assert len(before) == 1
    left = update(Message).where(Message.person_id == people.person_by_code("O4").id)
    db.session.execute(left.values(state="sent", sent_at=MORNING))
    db.session.commit()
    swaps.cancel(swap.id, actor=who("O1"), now=MORNING)
    assert [each for each in told("O4")[1:] if "đã rút" in each] == told("O4")[1:] != []
    again = ask(roster, 0, SwapWanted("cover", with_person="O4"), by="O1", at=MORNING + timedelta(minutes=1))
    known = len(told("O4"))
    swaps.cancel(again.id, actor=who("O1"), now=MORNING + timedelta(minutes=1))
    assert len(told("O4")) == known, "what never left is simply not sent"


def test_who_wants_to_be_rid_of_a_shift_is_heard_by_the_managers_at_once(roster: Published) -> None:
    manager = factories.make_person("QL", people.unit_by_code("TINH"), duties=("leadership",), phone="0900000199")
    db.session.add(
        User(login="ql", name="QL", role="manager", unit_id=roster.unit_id, person_id=manager.id, created_at=MORNING)
    )
    db.session.commit()
    ask(roster, 0, SwapWanted("drop", note="mẹ nằm viện"), by="O1")
    assert told(manager.code) == [f"Xin thôi ca: {people.person_by_code('O1').full_name}"]


def test_the_silent_are_asked_once_more_and_then_time_is_over(roster: Published, mail: Mail) -> None:
    """Asked at 08:00 on 21 January; the shift begins at 07:30 on the 23rd, the ask ends an hour before it."""
    swap = ask(roster, 0, SwapWanted("cover", with_person="O4"), by="O1")
    mail.goes()
    for hours in (1, 10, 20):
        ending.look(MORNING + timedelta(hours=hours))
    assert len(told("O4")) == 1, "halfway is 07:15 on the 22nd"
    ending.look(MORNING + timedelta(hours=23, minutes=20))
    ending.look(MORNING + timedelta(hours=24))
    assert len(told("O4")) == 2
    ending.look(MORNING + timedelta(hours=46, minutes=40))
    assert queries.get_swap(swap.id).state == "expired" and on(roster, 0) == "O1"
    assert told("O1") == ["Đề nghị đổi người trực: đã hết hạn"]


@pytest.mark.both_dbs("answers of a campaign wait for each other by a lock; the open ask of a seat is unique")
def test_of_two_who_say_yes_at_once_one_gets_it(roster: Published, app: Flask) -> None:
    lets_pass(roster)
    factories.make_person("O5", people.unit_by_code("TINH"), duties=("operations",), phone="0900000195")
    db.session.commit()
    swap = ask(roster, 0, SwapWanted("cover"), by="O1")
    assert sorted(each.person.code for each in swap.asked) == ["O4", "O5"]
    swap_id, actors = swap.id, [who("O4"), who("O5")]
    db.session.commit()

    def yes(turn: int) -> str:
        with clock.travel(MORNING):
            try:
                deciding.accept(swap_id, actor=actors[turn], now=MORNING)
            except Conflict as refused:
                return refused.code
        return "moved"

    assert sorted(in_parallel(app, 2, yes)) == ["moved", "swap.decided"]
    db.session.expire_all()
    assert on(roster, 0) in ("O4", "O5")
    assert db.session.get_one(Campaign, roster.campaign_id).revision == 2


def test_whoever_heard_it_on_the_telephone_notes_it_and_how(roster: Published) -> None:
    with pytest.raises(Invalid) as how:
        swaps.ask(roster.seat("operations", 0), SwapWanted("cover"), person="O1", actor=factories.ADMIN, now=MORNING)
    assert how.value.code == "swap.how"
    heard = SwapWanted("cover", with_person="O4", note="gọi điện 07:50")
    swap = swaps.ask(roster.seat("operations", 0), heard, person="O1", actor=factories.ADMIN, now=MORNING)
    assert swap.passes, "who could decide it has decided"
    deciding.accept(swap.id, person="O4", note="gọi điện 07:55", actor=factories.ADMIN, now=MORNING)
    assert on(roster, 0) == "O4"


def span_of(roster: Published, turn: int, first: int, last: int) -> SplitSpan:
    """Hours counted from the start of that shift."""
    shift = db.session.get_one(Shift, roster.shifts("operations")[turn])
    return SplitSpan(shift.starts_at + timedelta(hours=first), shift.starts_at + timedelta(hours=last))


def pieces(roster: Published) -> list[tuple[str, str]]:
    """Who serves operations when, of the first day and night."""
    held = select(Duty).where(Duty.duty == "operations", Duty.cancelled_at.is_(None)).order_by(Duty.starts_at)
    rows = db.session.scalars(held.limit(4)).all()
    return [(duty.person.code, span(duty.starts_at, duty.ends_at)) for duty in rows]


def test_a_part_of_a_night_becomes_a_shift_of_its_own(roster: Published) -> None:
    lets_pass(roster)
    seat = roster.seat("operations", 1)
    swap = ask(roster, 1, SwapWanted("cover", with_person="O4", span=span_of(roster, 1, 6, 12)), by="O2")
    deciding.accept(swap.id, actor=who("O4"), now=MORNING)
    assert pieces(roster)[:3] == [
        ("O1", "07:30 23/01 – 19:30"),
        ("O2", "19:30 23/01 – 01:30 24/01"),
        ("O4", "01:30 24/01 – 07:30"),
    ]
    kept = db.session.scalars(select(Duty).where(Duty.seat_id == seat, Duty.cancelled_at.is_(None))).one()
    assert kept.person.code == "O2" and kept.sequence == 2, "the seat stays, and its hours are told anew"
    at = datetime(2020, 1, 24, 3, 0, tzinfo=VN)
    unit = people.unit_by_code("TINH")
    assert [person.code for person in resolver.who_is_on(unit.id, "operations", at).people] == ["O4"]
    gaps = proving.stand(roster.campaign, proving.prove_published(roster.campaign_id), now=MORNING).proof.gaps
    assert [gap for gap in gaps if gap.duty == "operations"] == []
    assert told("O2", "roster/")[-1] == "Ca của đồng chí đã chia", "whoever keeps the rest is told what is left"


def test_a_middle_part_makes_two_new_seats(roster: Published) -> None:
    lets_pass(roster)
    swap = ask(roster, 1, SwapWanted("cover", with_person="O4", span=span_of(roster, 1, 3, 6)), by="O2")
    deciding.accept(swap.id, actor=who("O4"), now=MORNING)
    assert pieces(roster)[1:4] == [
        ("O2", "19:30 23/01 – 22:30"),
        ("O4", "22:30 23/01 – 01:30 24/01"),
        ("O2", "01:30 24/01 – 07:30"),
    ]
    seats = {duty.seat_id for duty in db.session.scalars(select(Duty).where(Duty.duty == "operations"))}
    assert len(seats) == 6 + 2


def test_a_part_that_is_the_whole_or_lies_outside_is_refused(roster: Published) -> None:
    for first, last in ((0, 12), (-1, 3), (6, 13), (4, 4)):
        with pytest.raises(Invalid) as refused:
            ask(roster, 1, SwapWanted("cover", span=span_of(roster, 1, first, last)), by="O2")
        assert refused.value.code == "swap.part"


def own_link(code: str) -> str:
    """The path of the personal page, as the newest message of the person has it."""
    mine = select(Message.body).where(Message.person_id == people.person_by_code(code).id).order_by(Message.id.desc())
    found = re.search(r"(/p/me/[\w-]+)", db.session.scalars(mine).first() or "")
    assert found is not None
    return found[1]


def test_all_of_it_by_links_without_signing_in(roster: Published, client: Any, new_client: Any) -> None:
    lets_pass(roster)
    mine = own_link("O1")
    seat = roster.seat("operations", 0)
    assert f"{mine}/swap/{seat}" in client.get(mine).text
    page = client.get(f"{mine}/swap/{seat}")
    name = people.person_by_code("O4").full_name
    assert name in page.text and "Hỏi đổi" in page.text and page.headers["Cache-Control"] == "no-store"
    assert db.session.scalars(select(Swap)).all() == [], "looking asks nobody"
    assert client.post(f"{mine}/swap/{seat}", data={"do": "with:O4", "note": "con ốm"}).status_code == 303
    assert "chưa hỏi được ai" in client.get(mine).text
    other = new_client()
    theirs = own_link("O4")
    asked = other.get(theirs).text
    assert "nhờ đồng chí trực thay" in asked and "con ốm" in asked
    number = re.search(r'name="swap" value="(\d+)"', asked)
    assert number is not None
    answer = {"do": "swap_yes", "swap": number[1]}
    assert other.post(theirs, data=answer).status_code == 303
    assert on(roster, 0) == "O4"
    again = other.post(theirs, data=answer)
    assert again.status_code == 409 and "đã kết thúc" in again.text
    assert "đã đổi" in client.get(mine).text
    assert client.get(f"{mine}/swap/{seat}").status_code == 404, "it is not theirs any more"
    stranger = new_client()
    assert stranger.get(f"{mine}/swap/{seat}").status_code == 303, "another browser says first who is there"
    assert stranger.post(f"{mine}/swap/{seat}", data={"do": "drop"}).status_code == 303
    assert len(db.session.scalars(select(Swap)).all()) == 1


def test_a_wrong_part_keeps_what_was_typed(roster: Published, client: Any) -> None:
    mine, seat = own_link("O1"), roster.seat("operations", 0)
    form = {"do": "part", "from": "12 giờ", "to": "19:30", "note": "đón con"}
    wrong = client.post(f"{mine}/swap/{seat}", data=form)
    assert wrong.status_code == 422 and "Phần nhờ trực thay" in wrong.text and "đón con" in wrong.text
    assert client.post(f"{mine}/swap/{seat}", data=form | {"from": "12:30"}).status_code == 303
    swap = db.session.scalars(select(Swap)).one()
    assert span(swap.from_at, swap.to_at) == "12:30 23/01 – 19:30"  # type: ignore[arg-type]


def test_the_page_of_whoever_decides(roster: Published, client: Any) -> None:
    account = accounts.create_user(NewAccount("qt", "Quản trị", "admin"), now=MORNING, actor=factories.ADMIN)
    account.password_hash = enterprise.password_hash()
    db.session.commit()
    swap = ask(roster, 0, SwapWanted("cover", with_person="O4", note="con ốm"), by="O1")
    deciding.accept(swap.id, actor=who("O4"), now=MORNING)
    enterprise.sign_in(client, "qt")
    here = f"/roster/campaigns/{roster.campaign_id}/swaps"
    page = client.get(here).text
    assert "chờ duyệt" in page and "con ốm" in page and "Duyệt:" in page
    wrong = client.post(f"{here}/{swap.id}", data={"do": "reject", "note": ""})
    assert wrong.status_code == 422 and "Ghi lý do" in wrong.text
    assert client.post(f"{here}/{swap.id}", data={"do": "approve", "person": "O4"}).status_code == 303
    assert on(roster, 0) == "O4"
    assert "đã đổi" in client.get(f"{here}?state=over").text
    twice = client.post(f"{here}/{swap.id}", data={"do": "approve", "person": "O4"})
    assert twice.status_code == 409 and "đã kết thúc" in twice.text
    client.post(f"{here}/setting", data={"passes": "y"})
    assert roster.campaign.swaps_pass


def test_by_the_api(roster: Published, client: Any) -> None:
    key = keys.create_api_key(keys.NewApiKey("trạm", "admin"), now=MORNING, actor=factories.ADMIN)[1]
    admin = {"Authorization": f"Bearer {key}"}
    seat = roster.seat("operations", 0)
    body = {"seat": seat, "kind": "cover", "with": "O4", "person": "O1", "note": "gọi 07:50"}
    made = client.post("/api/v1/swaps", json=body, headers=admin)
    assert made.status_code == 201, made.json
    assert made.json["state"] == "asked" and made.json["passes"] is True
    assert [each["person"] for each in made.json["check"]] == ["O1", "O4"]
    assert made.json["check"][1]["before"]["shifts"] == 0 and made.json["check"][1]["after"]["shifts"] == 1
    second = client.post("/api/v1/swaps", json=body, headers=admin)
    assert second.status_code == 409 and second.json["code"] == "swap.open_already"
    here = f"/api/v1/swaps/{made.json['id']}"
    done = client.post(f"{here}/accept", json={"person": "O4", "note": "gọi 07:55"}, headers=admin)
    assert (done.json["state"], done.json["revision"], done.json["taker"]) == ("approved", 2, "O4")
    late = client.post(f"{here}/cancel", json={"note": "thôi"}, headers=admin)
    assert late.status_code == 409 and late.json["state"]["state"] == "approved"
    listed = client.get(f"/api/v1/swaps?campaign={roster.campaign_id}", headers=admin).json["items"]
    assert [each["id"] for each in listed] == [made.json["id"]]


def two_on_a_night(roster: Published) -> int:
    """A second seat on the night of the 23rd, published for O4; the shift's id."""
    shift_id = roster.shifts("operations")[1]
    shift = db.session.get_one(Shift, shift_id)
    shift.headcount = 2
    db.session.add(Seat(shift_id=shift_id, position=2))
    db.session.commit()
    drafts.set_people(shift_id, ["O2", "O4"], override_reason="Hai người", actor=factories.ADMIN, now=MORNING)
    publishing.publish(roster.campaign_id, PublishTerms(accept_gaps="thử"), actor=factories.ADMIN, now=MORNING)
    return shift_id


def seat_of(code: str, shift_id: int) -> int:
    held = select(Duty.seat_id).where(Duty.shift_id == shift_id, Duty.cancelled_at.is_(None))
    return db.session.scalars(held.where(Duty.person_id == people.person_by_code(code).id)).one()


def listed(roster: Published) -> list[tuple[str, list[str]]]:
    """Operations of the first night as the newest revision has them."""
    last = select(Revision).where(Revision.campaign_id == roster.campaign_id).order_by(Revision.number.desc())
    content = db.session.scalars(last).first().content  # type: ignore[union-attr]
    night = [each for each in content if each["duty"] == "operations" and "23T19:30" in each["starts_at"]]
    late = [each for each in content if each["duty"] == "operations" and "24T01:30" in each["starts_at"]]
    return [(each["ends_at"][11:16], sorted(who["code"] for who in each["people"])) for each in (*night, *late)]


def test_of_two_on_a_shift_one_gives_a_part_and_the_signed_list_names_nobody_twice(roster: Published) -> None:
    lets_pass(roster)
    factories.make_person("O5", people.unit_by_code("TINH"), duties=("operations",), phone="0900000195")
    db.session.commit()
    shift_id = two_on_a_night(roster)
    swap = swaps.ask(
        seat_of("O2", shift_id),
        SwapWanted("cover", with_person="O5", span=span_of(roster, 1, 6, 12)),
        actor=who("O2"),
        now=MORNING,
    )
    deciding.accept(swap.id, actor=who("O5"), now=MORNING)
    assert listed(roster) == [("07:30", ["O4"]), ("01:30", ["O2"]), ("07:30", ["O5"])]
    assert db.session.get_one(Shift, shift_id).headcount == 1


def test_a_draft_with_the_same_people_on_other_seats_does_not_give_the_part_back(roster: Published) -> None:
    lets_pass(roster)
    factories.make_person("O5", people.unit_by_code("TINH"), duties=("operations",), phone="0900000195")
    db.session.commit()
    shift_id = two_on_a_night(roster)
    first, second = seat_of("O2", shift_id), seat_of("O4", shift_id)
    rows = {row.seat_id: row for row in db.session.scalars(select(DraftAssignment))}
    rows[first].person_id, rows[second].person_id = rows[second].person_id, rows[first].person_id
    db.session.commit()
    swap = swaps.ask(
        first, SwapWanted("cover", with_person="O5", span=span_of(roster, 1, 6, 12)), actor=who("O2"), now=MORNING
    )
    deciding.accept(swap.id, actor=who("O5"), now=MORNING)
    drafts.set_people(
        roster.shifts("operations")[0], ["O3"], override_reason="Đổi ca", actor=factories.ADMIN, now=MORNING
    )
    publishing.publish(roster.campaign_id, PublishTerms(accept_gaps="thử"), actor=factories.ADMIN, now=MORNING)
    assert listed(roster) == [("07:30", ["O4"]), ("01:30", ["O2"]), ("07:30", ["O5"])]


def test_who_comes_back_to_a_seat_has_the_hours_that_it_has_now(roster: Published) -> None:
    lets_pass(roster)
    roster.reassign("operations", 1, "O4", at=MORNING)
    roster.reassign("operations", 1, "O2", at=MORNING)
    factories.make_person("O5", people.unit_by_code("TINH"), duties=("operations",), phone="0900000195")
    db.session.commit()
    swap = ask(roster, 1, SwapWanted("cover", with_person="O5", span=span_of(roster, 1, 6, 12)), by="O2")
    deciding.accept(swap.id, actor=who("O5"), now=MORNING)
    roster.reassign("operations", 1, "O4", at=MORNING + timedelta(minutes=1))
    assert pieces(roster)[1:3] == [("O4", "19:30 23/01 – 01:30 24/01"), ("O5", "01:30 24/01 – 07:30")]


def test_leadership_on_duty_decides_what_is_of_the_day_on_both_sides(roster: Published) -> None:
    """L1 leads on the 23rd: of a swap of the 24th for the 25th only the first is of the day."""
    on_duty = datetime(2020, 1, 23, 9, 0, tzinfo=VN)
    with clock.travel(on_duty):
        theirs = roster.seat("operations", 4)
        wanted = SwapWanted("swap", with_person="O2", for_seat=theirs, note="gọi 09:00")
        swap = swaps.ask(roster.seat("operations", 3), wanted, person="O1", actor=who("L1"), now=on_duty)
        assert not swap.passes
        deciding.accept(swap.id, actor=who("O2"), now=on_duty)
        with pytest.raises(Forbidden):
            deciding.approve(swap.id, actor=who("L1"), now=on_duty)
        assert on(roster, 3) == "O1"


def test_why_somebody_cannot_come_is_not_told_to_colleagues(roster: Published) -> None:
    heard = SwapWanted("cover", with_person="O4", note="vợ gọi: cấp cứu")
    swaps.ask(roster.seat("operations", 0), heard, person="O1", actor=factories.ADMIN, now=MORNING)
    assert not [body for body in bodies("O4") if "cấp cứu" in body]
    assert bodies("O4"), "they were asked"


def bodies(code: str) -> list[str]:
    mine = select(Message.body).where(Message.person_id == people.person_by_code(code).id)
    return list(db.session.scalars(mine.where(Message.topic.like("swap/%")).order_by(Message.id)))


def test_a_guessed_seat_tells_nobody_whose_it_is(roster: Published, client: Any) -> None:
    key = keys.create_api_key(keys.NewApiKey("của O1", "staff", None, "O1"), now=MORNING, actor=factories.ADMIN)[1]
    body = {"seat": roster.seat("leadership", 0), "kind": "cover"}
    answer = client.post("/api/v1/swaps", json=body, headers={"Authorization": f"Bearer {key}"})
    assert answer.status_code == 403 and people.person_by_code("L1").full_name not in answer.text
    half = {"seat": roster.seat("operations", 0), "kind": "cover", "from": "2020-01-23T12:00:00+07:00"}
    assert client.post("/api/v1/swaps", json=half, headers={"Authorization": f"Bearer {key}"}).status_code == 409


def test_while_a_yes_waits_nobody_else_is_asked_and_it_ends_undecided(roster: Published) -> None:
    manager = factories.make_person("QL", people.unit_by_code("TINH"), duties=("leadership",), phone="0900000199")
    db.session.add(
        User(login="ql", name="QL", role="manager", unit_id=roster.unit_id, person_id=manager.id, created_at=MORNING)
    )
    db.session.commit()
    factories.make_person("O5", people.unit_by_code("TINH"), duties=("operations",), phone="0900000195")
    db.session.commit()
    swap = ask(roster, 0, SwapWanted("cover"), by="O1")
    deciding.accept(swap.id, actor=who("O4"), now=MORNING)
    before = len(told("O5"))
    ending.look(MORNING + timedelta(hours=23, minutes=20))
    assert len(told("O5")) == before, "whoever is silent is left alone while a yes waits"
    ending.look(MORNING + timedelta(hours=46, minutes=40))
    assert told("QL")[-1].startswith("Hết hạn mà chưa duyệt")
    assert "đã hết hạn" in told("O4")[-1]


def test_a_revision_that_cut_a_shift_is_not_withdrawn(roster: Published) -> None:
    lets_pass(roster)
    swap = ask(roster, 1, SwapWanted("cover", with_person="O4", span=span_of(roster, 1, 6, 12)), by="O2")
    deciding.accept(swap.id, actor=who("O4"), now=MORNING)
    with pytest.raises(Conflict) as refused:
        withdrawing.withdraw(roster.campaign_id, reason="nhầm", actor=factories.ADMIN, now=MORNING)
    assert refused.value.code == "withdraw.parted" and "đã chia một ca" in refused.value.message()
    assert pieces(roster)[2][0] == "O4"
