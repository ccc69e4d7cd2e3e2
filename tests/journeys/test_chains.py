"""Nobody could take the shift of whoever is ill alone: one takes it, another takes the shift of that one, or nobody.

Three days of Tết Canh Tý, shifts from 07:30 and 19:30. O1 is ill on 23 January, O4 is away that day. O3 could serve it
but for the day after, which O4 could take.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from core import clock
from core.actor import Actor
from core.calendar.dates import VN
from core.db import db
from core.errors import Conflict, Forbidden
from duty.illness import hits, services as illness
from duty.illness.services import IllnessPlan
from duty.swaps import carrying, deciding, ending, queries, services as swaps
from duty.swaps.chaining import Chain
from duty.swaps.models import Swap
from duty.swaps.services import SwapWanted
from notify.models import Message
from people import queries as people
from people.absences import services as absence_services
from people.accounts import services as accounts
from people.accounts.services import NewAccount
from people.models import Person, User
from roster.campaigns.models import Campaign
from roster.confirmations import queries as confirmations
from roster.covers import services as covering
from roster.models import Duty
from tests.support import enterprise, factories
from tests.support.in_parallel import in_parallel
from tests.support.published import Published

DAWN = datetime(2020, 1, 23, 5, 10, tzinfo=VN)
TODAY = date(2020, 1, 23)


@pytest.fixture(autouse=True)
def _dawn(roster: Published, app: Flask) -> Iterator[None]:
    app.extensions.pop(ending.__name__, None)  # when this process last looked, in another story
    with clock.travel(DAWN):
        absence_services.add_absence("O4", TODAY, TODAY, "annual_leave", actor=factories.ADMIN, now=DAWN)
        yield


@pytest.fixture
def manager(roster: Published) -> Actor:
    """Somebody with a phone, who may decide."""
    person = factories.make_person("QL", people.unit_by_code("TINH"), duties=("leadership",), phone="0900000199")
    db.session.add(
        User(login="ql", name="QL", role="manager", unit_id=roster.unit_id, person_id=person.id, created_at=DAWN)
    )
    db.session.commit()
    return Actor(name="QL", role="manager", via="session", person_id=person.id, unit_id=roster.unit_id)


def who(code: str) -> Actor:
    person = people.person_by_code(code)
    return Actor(name=person.full_name, role="staff", via="link", person_id=person.id, unit_id=person.unit_id)


def holder(roster: Published, turn: int) -> str:
    held = select(Person.code).join(Duty, Duty.person_id == Person.id)
    now_on = held.where(Duty.shift_id == roster.shifts("operations")[turn], Duty.cancelled_at.is_(None))
    return db.session.scalars(now_on).one()


def told(code: str, about: str = "swap/") -> list[str]:
    mine = select(Message.subject).where(Message.person_id == people.person_by_code(code).id)
    return list(db.session.scalars(mine.where(Message.topic.like(f"{about}%")).order_by(Message.id)))


def body(code: str) -> str:
    mine = select(Message.body).where(Message.person_id == people.person_by_code(code).id, Message.topic.like("swap/%"))
    return list(db.session.scalars(mine.order_by(Message.id)))[-1]


def chain_of(roster: Published, now: datetime = DAWN) -> Chain:
    found = hits.find_hits(people.person_by_code("O1"), TODAY, actor=factories.ADMIN, now=now)
    seat = roster.seat("operations", 2)
    return next(each.chain for each in found.shifts[0].chains if each.chain.passed.seat_id == seat)


def report(roster: Published, actor: Actor = factories.ADMIN, now: datetime = DAWN) -> Swap:
    plan = IllnessPlan("O1", TODAY, {}, "gọi điện 05:10", {roster.seat("operations", 0): chain_of(roster)})
    [swap] = illness.report(plan, actor=actor, now=now)
    return swap


def see(client: Any, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return " ".join(re.sub(r"<[^>]+>", " ", html.unescape(answer.text)).split())


def test_nobody_alone_but_two_together_and_both_seats_move_with_the_second_yes(roster: Published) -> None:
    found = hits.find_hits(people.person_by_code("O1"), TODAY, actor=factories.ADMIN, now=DAWN)
    assert found.shifts[0].candidates == [] and found.shifts[0].chosen == found.shifts[0].chains[0].key
    swap = report(roster)
    assert len(told("O3")) == len(told("O4")) == 1, "both are asked at once"
    o1, o3, o4 = (people.person_by_code(code).full_name for code in ("O1", "O3", "O4"))
    assert f"của đồng chí thì {o4} trực thay" in body("O3")
    assert f"đề nghị đồng chí trực thay {o3}" in body("O4") and o1 not in body("O4"), "who is ill is not O4's to read"
    deciding.accept(swap.id, person="O3", note="gọi", actor=factories.ADMIN, now=DAWN + timedelta(minutes=2))
    assert holder(roster, 0) == "O1" and holder(roster, 2) == "O3", "one yes of two moves nothing"
    deciding.accept(swap.id, person="O4", note="gọi", actor=factories.ADMIN, now=DAWN + timedelta(minutes=3))
    assert (holder(roster, 0), holder(roster, 2)) == ("O3", "O4")
    assert db.session.get_one(Campaign, roster.campaign_id).revision == 2, "both moves in one revision"
    legs = queries.legs_of(swap)
    assert [(leg.state, leg.revision) for leg in legs] == [("approved", 2), ("approved", 2)]
    rows = db.session.scalars(select(Duty).where(Duty.sequence == 2, Duty.cancelled_at.is_(None))).all()
    assert {confirmations.answers_for([row])[row.id].state for row in rows} == {"confirmed"}
    assert any("bản số 2" in subject for subject in told("O1", "roster/")), "who is ill hears that it is seen to"


def test_a_manager_decides_once_from_the_screen_of_the_illness(
    roster: Published, manager: Actor, client: Any, app: Flask
) -> None:
    """Asked by somebody who may note what people say, and not decide."""
    account = accounts.create_user(NewAccount("qt", "Quản trị", "admin"), now=DAWN, actor=factories.ADMIN)
    account.password_hash = enterprise.password_hash()
    db.session.commit()
    enterprise.sign_in(client, "qt")
    page = see(client, "/roster/illness/O1")
    assert "hai người cùng đổi thì được" in page and people.person_by_code("O4").full_name in page
    swap = report(roster)
    for leg in queries.legs_of(swap):
        leg.passes = False  # as if asked by somebody who may not decide
    db.session.commit()
    deciding.accept(swap.id, person="O4", note="gọi", actor=factories.ADMIN, now=DAWN)
    assert told("QL") == [], "nothing is to be decided yet"
    assert "Duyệt cả hai ca" not in client.get("/roster/illness/O1").text
    with pytest.raises(Conflict) as early:
        deciding.approve(queries.legs_of(swap)[1].id, actor=factories.ADMIN, now=DAWN)
    assert early.value.code == "swap.chain_waits"
    deciding.accept(swap.id, actor=who("O3"), now=DAWN)
    assert told("QL") == [f"Chờ duyệt đổi người trực: {people.person_by_code('O1').full_name}"]
    assert holder(roster, 0) == "O1"
    assert "Duyệt cả hai ca" in client.get("/roster/illness/O1").text
    listed = see(client, f"/roster/campaigns/{roster.campaign_id}/swaps")
    assert listed.count("Duyệt cả hai ca") == 1, "two asks, one decision"
    form = {"do": "approve", "swap": str(swap.id), "taker": "O3"}
    assert client.post("/roster/illness/O1", data=form).status_code == 303
    assert (holder(roster, 0), holder(roster, 2)) == ("O3", "O4")
    again = client.post("/roster/illness/O1", data=form)
    assert again.status_code == 409 and "đã kết thúc" in again.text
    assert db.session.get_one(Campaign, roster.campaign_id).revision == 2


@pytest.mark.parametrize("no", ["O3", "O4"])
def test_when_one_refuses_the_other_is_told_and_free(roster: Published, manager: Actor, no: str) -> None:
    swap = report(roster)
    yes = "O4" if no == "O3" else "O3"
    deciding.accept(swap.id, actor=who(yes), now=DAWN)
    deciding.decline(swap.id, person=no, note="đi xa", actor=factories.ADMIN, now=DAWN)
    assert told(yes)[-1] == "Đề nghị đổi người trực: người kia không nhận được, ca không đổi"
    assert len(told(no)) == 1, "who said no knows"
    assert told("QL") == [f"Chưa có ai trực thay: {people.person_by_code('O1').full_name}"]
    assert {leg.state for leg in queries.legs_of(swap)} == {"declined"}
    assert (holder(roster, 0), holder(roster, 2)) == ("O1", "O3")
    assert report(roster, now=DAWN + timedelta(minutes=1)).id != swap.id, "both seats may be asked for again"


def test_a_no_before_the_other_has_said_anything_releases_them_too(roster: Published) -> None:
    swap = report(roster)
    deciding.decline(swap.id, actor=who("O4"), now=DAWN)
    assert told("O3")[-1].endswith("người kia không nhận được, ca không đổi")
    with pytest.raises(Conflict) as late:
        deciding.accept(swap.id, actor=who("O3"), now=DAWN)
    assert late.value.code == "swap.decided"


def test_time_ends_both(roster: Published, manager: Actor) -> None:
    swap = report(roster)
    deciding.accept(swap.id, actor=who("O3"), now=DAWN)
    assert len({leg.expires_at for leg in queries.legs_of(swap)}) == 1
    later = swap.expires_at
    with clock.travel(later):
        assert ending.look(later) > 0
    assert {leg.state for leg in queries.legs_of(swap)} == {"expired"}
    assert told("O3")[-1] == told("O4")[-1] == "Đề nghị đổi người trực: đã hết hạn"
    assert told("QL") == [f"Chưa có ai trực thay: {people.person_by_code('O1').full_name}"], "once, not once a seat"
    assert (holder(roster, 0), holder(roster, 2)) == ("O1", "O3")


def test_when_a_seat_moves_meanwhile_nothing_else_does_and_it_is_said(roster: Published, manager: Actor) -> None:
    """The second seat goes to O2 by a revision: O3 cannot pass it on any more."""
    swap = report(roster)
    deciding.accept(swap.id, actor=who("O4"), now=DAWN)
    shift = roster.shifts("operations")[2]
    covering.cover_now(shift, [(shift, "O3", "O2")], override_reason="gấp", actor=factories.ADMIN, now=DAWN)
    later = DAWN + timedelta(minutes=2)
    with pytest.raises(Conflict) as moved:
        deciding.accept(swap.id, actor=who("O3"), now=later)
    assert moved.value.code == "swap.closed" and "lịch đã đổi" in moved.value.message()
    with clock.travel(later):
        ending.look(later)
    ended = "Đề nghị đổi người trực: lịch đã đổi nên không còn hiệu lực"
    assert told("O3")[-1] == told("O4")[-1] == ended
    assert told("QL") == [f"Chưa có ai trực thay: {people.person_by_code('O1').full_name}"]
    assert (holder(roster, 0), holder(roster, 2)) == ("O1", "O2")
    assert {leg.state for leg in queries.legs_of(swap)} == {"void"}


def test_whoever_asked_takes_back_both(roster: Published) -> None:
    swap = report(roster)
    deciding.accept(swap.id, actor=who("O3"), now=DAWN)
    second = queries.legs_of(swap)[1]
    swaps.cancel(second.id, note="đã tìm được người khác", actor=factories.ADMIN, now=DAWN)
    assert {leg.state for leg in queries.legs_of(swap)} == {"cancelled"}
    assert told("O3")[-1] == told("O4")[-1] == "Đề nghị đổi người trực: đã rút"


def test_each_of_the_two_answers_on_their_own_page(roster: Published, client: Any) -> None:
    report(roster)
    links = {}
    for code in ("O3", "O4"):
        links[code] = (re.search(r"(/p/me/[\w-]+)", body(code)) or [""])[0]
    page = client.get(links["O4"]).text
    assert "Cả hai người cùng nhận thì hai ca đổi ngay" in page
    swap = next(each for each in re.findall(r'name="swap" value="(\d+)"', page))
    assert client.post(links["O4"], data={"do": "swap_yes", "swap": swap}).status_code == 303
    waits = see(client, links["O4"])
    assert f"đang chờ {people.person_by_code('O3').full_name} trả lời" in waits
    page = client.get(links["O3"]).text
    assert "Rút đề nghị" not in page, "O3 has asked for nothing"
    swap = next(each for each in re.findall(r'name="swap" value="(\d+)"', page))
    assert client.post(links["O3"], data={"do": "swap_yes", "swap": swap}).status_code == 303
    assert (holder(roster, 0), holder(roster, 2)) == ("O3", "O4")


def test_decided_without_asking_both_move_in_one_revision(roster: Published) -> None:
    plan = IllnessPlan("O1", TODAY, {}, "lãnh đạo trực quyết định", {roster.seat("operations", 0): chain_of(roster)})
    assert illness.decide(plan, actor=factories.ADMIN, now=DAWN) == 2
    assert (holder(roster, 0), holder(roster, 2)) == ("O3", "O4")
    assert db.session.get_one(Campaign, roster.campaign_id).revision == 2


def test_who_may_not_ask_for_the_second_seat_asks_for_neither(roster: Published) -> None:
    stranger = Actor(name="khác", role="manager", via="session", unit_id=roster.unit_id + 1000)
    with pytest.raises(Forbidden):
        report(roster, stranger)
    assert told("O3") == [] and db.session.scalars(select(Swap)).all() == []


def test_a_seat_that_is_asked_for_already_is_in_no_chain(roster: Published) -> None:
    swaps.ask(roster.seat("operations", 2), SwapWanted("cover"), person="O3", actor=who("O3"), now=DAWN)
    found = hits.find_hits(people.person_by_code("O1"), TODAY, actor=factories.ADMIN, now=DAWN)
    assert roster.seat("operations", 2) not in {each.chain.passed.seat_id for each in found.shifts[0].chains}


@pytest.mark.both_dbs(
    "two say yes at once: each waits for the other under the campaign's lock, and the second moves both"
)
def test_two_yes_at_once_move_both_seats_once(roster: Published, app: Flask) -> None:
    swap_id = report(roster).id

    def say_yes(number: int) -> str:
        with clock.travel(DAWN):
            deciding.accept(swap_id, actor=who(("O3", "O4")[number]), now=DAWN)
        return "yes"

    assert in_parallel(app, 2, say_yes) == ["yes", "yes"]
    db.session.expire_all()  # two other sessions wrote
    assert (holder(roster, 0), holder(roster, 2)) == ("O3", "O4")
    assert db.session.get_one(Campaign, roster.campaign_id).revision == 2


@pytest.mark.both_dbs("a yes and a no at once: the lock of the campaign lets one of them be the last word")
def test_a_yes_and_a_no_at_once_leave_nothing_half_moved(roster: Published, app: Flask) -> None:
    swap_id = report(roster).id
    deciding.accept(swap_id, actor=who("O3"), now=DAWN)

    def answer(number: int) -> str:
        with clock.travel(DAWN):
            try:
                (deciding.accept, deciding.decline)[number](swap_id, actor=who("O4"), now=DAWN)
            except Conflict as refused:
                assert refused.code == "swap.decided"
                return ""
            return ("yes", "no")[number]

    last_word = "".join(in_parallel(app, 2, answer))
    moved = (holder(roster, 0), holder(roster, 2))
    assert moved == {"yes": ("O3", "O4"), "no": ("O1", "O3")}[last_word]


def test_who_said_yes_and_falls_ill_ends_both_before_their_time(roster: Published, manager: Actor) -> None:
    """O3 would have taken it; nobody waits for O4's answer any more, and the manager hears that nobody comes."""
    swap_id = report(roster).id
    deciding.accept(swap_id, actor=who("O3"), now=DAWN)
    later = DAWN + timedelta(minutes=5)
    illness.record("O3", TODAY, actor=factories.ADMIN, now=later)
    with clock.travel(later):
        ending.look(later)
    assert {leg.state for leg in queries.legs_of(queries.get_swap(swap_id))} == {"declined"}
    assert told("QL") == [f"Chưa có ai trực thay: {people.person_by_code('O1').full_name}"]
    assert told("O4")[-1] == "Đề nghị đổi người trực: người kia không nhận được, ca không đổi"
    assert (holder(roster, 0), holder(roster, 2)) == ("O1", "O3")


def test_the_other_does_not_read_why_it_cannot_be(roster: Published) -> None:
    """Before the worker has looked: that O3 is away from today until tomorrow is not O4's to read."""
    swap_id = report(roster).id
    deciding.accept(swap_id, actor=who("O3"), now=DAWN)
    illness.record("O3", TODAY + timedelta(days=1), actor=factories.ADMIN, now=DAWN)
    with pytest.raises(Conflict) as refused:
        deciding.accept(swap_id, actor=who("O4"), now=DAWN)
    assert refused.value.code == "swap.breaks_rules" and refused.value.state["violations"] == []


def test_the_second_does_not_read_who_is_ill_when_it_comes_to_nothing(roster: Published) -> None:
    swap_id = report(roster).id
    deciding.accept(swap_id, actor=who("O4"), now=DAWN)
    deciding.decline(swap_id, actor=who("O3"), now=DAWN)
    o1, o3 = (people.person_by_code(code).full_name for code in ("O1", "O3"))
    assert "người kia không nhận được" in body("O4") and o3 in body("O4") and o1 not in body("O4")


def test_by_the_api_the_second_does_not_read_who_is_ill_either(roster: Published) -> None:
    legs = queries.legs_of(queries.get_swap(report(roster).id))
    read = [carrying.sides(queries.line(leg, now=DAWN), now=DAWN) or [] for leg in legs]
    assert [{each["person"] for each in sides} for sides in read] == [{"O1", "O3", "O4"}, {"O3", "O4"}]


def test_who_gives_a_seat_on_in_a_chain_says_no_and_does_not_take_it_back(roster: Published) -> None:
    """It is the manager's ask: taken back, nobody would hear that O1's shift has nobody."""
    swap_id = report(roster).id
    second = queries.legs_of(queries.get_swap(swap_id))[1]
    with pytest.raises(Forbidden):
        swaps.cancel(second.id, actor=who("O3"), now=DAWN)
    assert {leg.state for leg in queries.legs_of(queries.get_swap(swap_id))} == {"asked"}


def test_managers_of_both_units_hear_and_who_may_decide_about_both_is_asked(roster: Published, manager: Actor) -> None:
    """The second seat is of a commune: its manager cannot decide about O1's, and reads afterwards that theirs moved."""
    commune = factories.make_unit("XA", parent=people.unit_by_code("TINH"))
    person = factories.make_person("QX", commune, duties=(), phone="0900000198")
    db.session.add(
        User(login="qx", name="QX", role="manager", unit_id=commune.id, person_id=person.id, created_at=DAWN)
    )
    db.session.commit()
    swap_id = report(roster).id
    for leg in queries.legs_of(queries.get_swap(swap_id)):
        leg.passes = False
        leg.unit_id = commune.id if leg.id != swap_id else leg.unit_id
    db.session.commit()
    for code in ("O3", "O4"):
        deciding.accept(swap_id, actor=who(code), now=DAWN)
    waits, done = (
        f"{what}: {people.person_by_code('O1').full_name}" for what in ("Chờ duyệt đổi người trực", "Đã đổi người trực")
    )
    assert (told("QL"), told("QX")) == ([waits], [])
    elsewhere = factories.make_unit("XB", parent=people.unit_by_code("TINH"))
    for units, listed in (({roster.unit_id}, [swap_id]), ({commune.id}, [swap_id]), ({elsewhere.id}, [])):
        found = queries.list_for_campaign(roster.campaign_id, units, is_open_only=True, page=1, now=DAWN)
        assert [line.swap.id for line in found.rows] == listed, "each unit whose shift would move lists it"
    deciding.approve(swap_id, actor=factories.ADMIN, now=DAWN)
    assert (told("QL"), told("QX")) == ([waits, done], [done])
