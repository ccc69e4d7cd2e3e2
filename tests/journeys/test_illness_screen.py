"""05:10, somebody rings that they are ill: one screen asks others for each of their shifts, and says how far that is.

Three days of Tết Canh Tý, shifts from 07:30 and 19:30. O1 serves operations by day on 23 January and by night on the
24th; O4 has nothing.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select

from core import clock
from core.actor import Actor
from core.calendar.dates import VN
from core.db import db
from core.errors import Conflict, Forbidden
from core.i18n import span
from duty.illness import hits, services as illness
from duty.illness.services import IllnessPlan
from duty.swaps import deciding, ending, queries, services as swaps
from duty.swaps.models import Swap
from duty.swaps.services import SwapWanted
from notify.models import Message
from people import queries as people
from people.absences import queries as absence_queries, services as absence_services
from people.accounts import services as accounts
from people.accounts.services import NewAccount
from people.models import Absence, ContactMethod, Person, User
from roster.campaigns.models import Campaign
from roster.confirmations.models import Confirmation
from roster.coverage import unsure
from roster.covers import bases
from roster.models import Duty, Seat
from tests.support import enterprise, factories
from tests.support.in_parallel import in_parallel
from tests.support.mail import Mail
from tests.support.published import Published

DAWN = datetime(2020, 1, 23, 5, 10, tzinfo=VN)
TODAY, TOMORROW = date(2020, 1, 23), date(2020, 1, 24)


@pytest.fixture(autouse=True)
def _dawn(roster: Published, app: Flask) -> Iterator[None]:
    app.extensions.pop(ending.__name__, None)  # when this process last looked, in another story
    with clock.travel(DAWN):
        for number in (5, 6):
            factories.make_person(
                f"O{number}", people.unit_by_code("TINH"), duties=("operations",), phone=f"090000020{number}"
            )
        db.session.commit()
        yield


@pytest.fixture
def operator(client: Any) -> Any:
    """Signed in as whoever may decide."""
    account = accounts.create_user(NewAccount("qt", "Quản trị", "admin"), now=DAWN, actor=factories.ADMIN)
    account.password_hash = enterprise.password_hash()
    db.session.commit()
    enterprise.sign_in(client, "qt")
    return client


def holder(roster: Published, turn: int) -> str:
    held = select(Person.code).join(Duty, Duty.person_id == Person.id)
    now_on = held.where(Duty.shift_id == roster.shifts("operations")[turn], Duty.cancelled_at.is_(None))
    return db.session.scalars(now_on).one()


def told(code: str) -> list[str]:
    mine = select(Message.subject).where(Message.person_id == people.person_by_code(code).id)
    return list(db.session.scalars(mine.where(Message.topic.like("swap/%")).order_by(Message.id)))


def see(client: Any, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return " ".join(re.sub(r"<[^>]+>", " ", html.unescape(answer.text)).split())


def asks() -> list[Swap]:
    return list(db.session.scalars(select(Swap).order_by(Swap.id)))


def test_three_taps_from_the_persons_page_to_everybody_being_asked(
    roster: Published, operator: Any, mail: Mail
) -> None:
    assert "/roster/illness/O1" in operator.get("/people/person/O1").text  # 1
    page = see(operator, "/roster/illness/O1?until=2020-01-24")  # 2: until tomorrow
    assert "2 ca bị ảnh hưởng." in page and "sau 2 giờ 20 phút" in page
    assert db.session.scalars(select(Absence)).all() == [], "looking records nothing"
    first, second = roster.seat("operations", 0), roster.seat("operations", 3)
    form = {"do": "ask", "until": "2020-01-24", "note": "gọi điện 05:10"}
    form |= {f"first-{first}": "O5", f"first-{second}": "O6"}
    assert operator.post("/roster/illness/O1", data=form).status_code == 303  # 3
    absence = db.session.scalars(select(Absence)).one()
    assert (absence.from_on, absence.to_on, absence.kind) == (TODAY, TOMORROW, "sick")
    assert [[each.person.code for each in ask.asked][0] for ask in asks()] == ["O5", "O6"]
    assert len(told("O5")) == 1 and told("O4") == [], "the others wait for their turn"
    live = see(operator, "/roster/illness/O1/live?until=2020-01-24")
    assert "chờ gửi" in live and "đã gửi đi" not in live and "hỏi lúc 05:15 nếu chưa ai nhận" in live
    mail.goes()
    live = see(operator, "/roster/illness/O1/live?until=2020-01-24")
    assert "đã gửi đi · đến lượt lúc 05:10" in live
    waiting = unsure.list_for_campaign(roster.campaign_id, now=DAWN)
    assert len(waiting) == 2, "nothing is green before somebody has said yes"


def test_a_page_that_stands_open_judges_no_roster_again(
    roster: Published, operator: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every ten seconds it asks how far the asks are, while other shifts have nobody who is asked."""
    judged, real = list[int](), bases.signed

    def signed(campaign_id: int, now: datetime, also: Any = ()) -> Any:
        judged.append(campaign_id)
        return real(campaign_id, now, also)

    monkeypatch.setattr(bases, "signed", signed)
    see(operator, "/roster/illness/O1?until=2020-01-24")
    assert judged == [roster.campaign_id]
    see(operator, "/roster/illness/O1/live?until=2020-01-24")
    assert judged == [roster.campaign_id]


def test_who_says_nothing_is_passed_over_after_five_minutes_and_the_first_yes_moves_it(
    roster: Published, operator: Any, mail: Mail
) -> None:
    plan = IllnessPlan("O1", TODAY, {roster.seat("operations", 0): ["O4", "O5", "O6"]}, "gọi điện 05:10")
    [swap] = illness.report(plan, actor=factories.ADMIN, now=DAWN)
    ending.look(DAWN + timedelta(minutes=4))
    assert told("O5") == []
    ending.look(DAWN + timedelta(minutes=5))
    assert len(told("O5")) == 1 and told("O6") == []
    deciding.decline(swap.id, person="O5", note="gọi lại", actor=factories.ADMIN, now=DAWN + timedelta(minutes=6))
    assert len(told("O6")) == 1, "a no is not waited out"
    deciding.accept(swap.id, person="O6", note="gọi lại", actor=factories.ADMIN, now=DAWN + timedelta(minutes=7))
    assert holder(roster, 0) == "O6"
    assert unsure.list_for_campaign(roster.campaign_id, now=DAWN + timedelta(minutes=7)) == []
    page = see(operator, "/roster/illness/O1")
    assert "trực thay" in page and "nhận lúc 05:17" in page
    assert db.session.get_one(Campaign, roster.campaign_id).revision == 2


def test_without_asking_where_there_is_no_time(roster: Published, operator: Any) -> None:
    seat = roster.seat("operations", 0)
    form = {"do": "decide", "until": "", "note": "lãnh đạo trực quyết định", f"first-{seat}": "O5"}
    assert operator.post("/roster/illness/O1", data=form).status_code == 303
    assert holder(roster, 0) == "O5" and told("O5") == [], "the revision tells them, and nobody asks"
    assert asks() == [] and [each.to_on for each in absence_queries.list_for_person(roster.person["O1"])] == [TODAY]
    said = db.session.scalars(select(Confirmation)).all()
    assert said == [], "nobody has heard it from them"


def test_to_leave_it_unsure_is_a_choice_and_to_choose_nothing_is_said(roster: Published, operator: Any) -> None:
    seat = roster.seat("operations", 0)
    form = {"do": "ask", "note": "gọi điện 05:10", f"first-{seat}": "none"}
    answer = operator.post("/roster/illness/O1", data=form)
    assert answer.status_code == 422 and "Chọn ít nhất một ca" in answer.text and "gọi điện 05:10" in answer.text
    assert asks() == [] and db.session.scalars(select(Absence)).all() == []


def test_what_is_asked_already_does_not_keep_the_illness_from_being_noted(roster: Published, operator: Any) -> None:
    """They had asked for a cover, and are ill before anybody has answered: the roster must say so."""
    person, seat = people.person_by_code("O1"), roster.seat("operations", 0)
    holder_of_it = Actor(name="O1", role="staff", via="link", person_id=person.id)
    swaps.ask(seat, SwapWanted("cover", note="con ốm"), person="O1", actor=holder_of_it, now=DAWN)
    page = operator.get("/roster/illness/O1").text
    assert "Chỉ ghi vắng" in page and "Hỏi người thay cho" not in page
    for _twice in range(2):
        done = operator.post("/roster/illness/O1", data={"do": "record"}, follow_redirects=True)
        assert "Đã ghi vắng đến hết 23/01/2020." in done.text and "Chỉ ghi vắng" not in done.text
    assert [(each.from_on, each.to_on) for each in absence_queries.list_for_person(person.id)] == [(TODAY, TODAY)]
    assert [each.state for each in asks()] == ["asked"]
    assert [each.seat_id for each in unsure.list_for_campaign(roster.campaign_id, now=DAWN)] == [seat]


@pytest.mark.parametrize("shifts", ["nobody could take it", "none"])
def test_nobody_to_ask_is_no_reason_to_leave_it_green(roster: Published, operator: Any, shifts: str) -> None:
    code = "O1" if shifts != "none" else "O4"
    if shifts != "none":
        for other in ("O2", "O3", "O4", "O5", "O6"):
            absence_services.add_absence(other, TODAY, TODAY, "sick", actor=factories.ADMIN, now=DAWN)
    page = operator.get(f"/roster/illness/{code}").text
    assert "Chỉ ghi vắng" in page and "Hỏi người thay cho" not in page
    assert operator.post(f"/roster/illness/{code}", data={"do": "record"}).status_code == 303
    assert [each.kind for each in absence_queries.list_for_person(people.person_by_code(code).id)] == ["sick"]


def test_a_manager_elsewhere_notes_nothing(roster: Published) -> None:
    stranger = Actor(name="khác", role="manager", via="session", unit_id=people.unit_by_code("TINH").id + 1000)
    with pytest.raises(Forbidden):
        illness.record("O1", TODAY, actor=stranger, now=DAWN)
    assert absence_queries.list_for_person(people.person_by_code("O1").id) == []


def test_whole_or_not_at_all(roster: Published) -> None:
    taken = roster.seat("operations", 3)
    illness.report(IllnessPlan("O1", TODAY, {taken: ["O4"]}, "05:10"), actor=factories.ADMIN, now=DAWN)
    plan = IllnessPlan("O1", TOMORROW, {roster.seat("operations", 0): ["O5"], taken: ["O6"]}, "05:12")
    with pytest.raises(Conflict) as refused:
        illness.report(plan, actor=factories.ADMIN, now=DAWN)
    assert refused.value.code == "swap.open_already" and len(asks()) == 1
    assert [each.to_on for each in absence_queries.list_for_person(people.person_by_code("O1").id)] == [TODAY]


def test_reported_twice_the_absence_grows_and_what_is_asked_is_not_asked_again(roster: Published) -> None:
    plan = IllnessPlan("O1", TODAY, {roster.seat("operations", 0): ["O5"]}, "05:10")
    illness.report(plan, actor=factories.ADMIN, now=DAWN)
    person = people.person_by_code("O1")
    found = hits.find_hits(person, TOMORROW, actor=factories.ADMIN, now=DAWN)
    assert [hit.ask is not None for hit in found.shifts] == [True, False]
    illness.report(
        IllnessPlan("O1", TOMORROW, {roster.seat("operations", 3): ["O6"]}, "05:20"), actor=factories.ADMIN, now=DAWN
    )
    days = [(each.from_on, each.to_on) for each in absence_queries.list_for_person(person.id)]
    assert sorted(days) == [(TODAY, TODAY), (TOMORROW, TOMORROW)]


def test_on_duty_already_somebody_else_takes_over_at_once(roster: Published) -> None:
    ten = DAWN + timedelta(hours=5)
    with clock.travel(ten):
        found = hits.find_hits(people.person_by_code("O1"), TODAY, actor=factories.ADMIN, now=ten)
        codes = [each.person.code for each in found.shifts[0].candidates]
        assert codes, "the shift runs, and somebody can still come"
        plan = IllnessPlan("O1", TODAY, {roster.seat("operations", 0): codes}, "ngất, gọi 10:10")
        [swap] = illness.report(plan, actor=factories.ADMIN, now=ten)
        assert queries.state_of(swap, ten) == "asked"
        deciding.accept(swap.id, person=codes[0], note="gọi", actor=factories.ADMIN, now=ten)
        held = select(Duty).where(Duty.duty == "operations", Duty.cancelled_at.is_(None)).order_by(Duty.starts_at)
        first, second = db.session.scalars(held.limit(2)).all()
        assert (first.person.code, span(first.starts_at, first.ends_at)) == ("O1", "07:30 23/01 – 10:10")
        assert (second.person.code, span(second.starts_at, second.ends_at)) == (codes[0], "10:10 23/01 – 19:30")


def test_a_manager_elsewhere_sees_nothing_of_it(roster: Published, app: Flask, client: Any) -> None:
    other = factories.make_unit("KHAC")
    db.session.commit()
    account = accounts.create_user(
        NewAccount("xa", "Quản lý xa", "manager", unit_code=other.code), now=DAWN, actor=factories.ADMIN
    )
    account.password_hash = enterprise.password_hash()
    db.session.commit()
    enterprise.sign_in(client, "xa")
    for path in ("/roster/illness/O1", "/roster/illness/O1/live"):
        assert client.get(path).status_code == 403
    assert client.post("/roster/illness/O1", data={"do": "ask"}).status_code == 403


def own_link(code: str) -> str:
    """The path of the personal page, as the message about the roster has it."""
    mine = select(Message.body).where(Message.person_id == people.person_by_code(code).id)
    found = re.search(r"(/p/me/[\w-]+)", db.session.scalars(mine.order_by(Message.id)).first() or "")
    assert found is not None
    return found[1]


def test_who_is_ill_says_so_on_their_own_page_and_reads_at_once_what_it_hits(roster: Published, client: Any) -> None:
    manager = factories.make_person("QL", people.unit_by_code("TINH"), duties=("leadership",), phone="0900000199")
    db.session.add(
        User(login="ql", name="QL", role="manager", unit_id=roster.unit_id, person_id=manager.id, created_at=DAWN)
    )
    db.session.commit()
    path = own_link("O1")
    wrong = client.post(path, data={"do": "absent", "absent_from": "hôm nay", "absent_to": "23/01/2020"})
    assert wrong.status_code == 422 and "ví dụ 05/02/2027" in wrong.text and "23/01/2020" in wrong.text
    form = {"do": "absent", "absent_from": "23/01/2020", "absent_to": "24/01/2020", "kind": "sick"}
    assert client.post(path, data=form).status_code == 303
    page = see(client, path)
    assert "2 ca đã ban hành thành không chắc" in page and "không chắc: vắng" in page.replace(" :", ":")
    mails = db.session.scalars(select(Message).where(Message.person_id == manager.id, Message.topic.like("absence/%")))
    assert [mail.subject.partition(" báo ")[2] for mail in mails] == ["vắng, 2 ca không chắc"]


def test_a_wish_that_contradicts_what_stands_is_told_so(roster: Published, client: Any) -> None:
    path = own_link("O1")
    published = client.post(path, data={"do": "wish", "wish_on": "24/01/2020", "want": "off"})
    assert published.status_code == 409 and "nguyện vọng không đổi được lịch ấy" in published.text
    client.post(path, data={"do": "wish", "wish_on": "30/01/2020", "want": "on"})
    form = {"do": "absent", "absent_from": "30/01/2020", "absent_to": "30/01/2020", "kind": "annual_leave"}
    assert client.post(path, data=form).status_code == 303
    assert "Ngày này đồng chí đã báo vắng." in see(client, path)
    assert client.post(path, data={"do": "wish", "wish_on": "x", "want": "on"}).status_code == 422


def test_when_all_have_said_no_whoever_finds_another_hears_it(roster: Published) -> None:
    manager = factories.make_person("QL", people.unit_by_code("TINH"), duties=("leadership",), phone="0900000199")
    db.session.add(
        User(login="ql", name="QL", role="manager", unit_id=roster.unit_id, person_id=manager.id, created_at=DAWN)
    )
    db.session.commit()
    plan = IllnessPlan("O1", TODAY, {roster.seat("operations", 0): ["O4"]}, "gọi điện 05:10")
    [swap] = illness.report(plan, actor=factories.ADMIN, now=DAWN)
    deciding.decline(swap.id, person="O4", note="gọi", actor=factories.ADMIN, now=DAWN)
    assert told("QL") == [f"Chưa có ai trực thay: {people.person_by_code('O1').full_name}"]


def test_whom_nothing_reaches_is_passed_over_at_once(roster: Published, operator: Any, mail: Mail) -> None:
    db.session.execute(delete(ContactMethod).where(ContactMethod.person_id == people.person_by_code("O4").id))
    db.session.commit()
    plan = IllnessPlan("O1", TODAY, {roster.seat("operations", 0): ["O4", "O5", "O6"]}, "gọi điện 05:10")
    illness.report(plan, actor=factories.ADMIN, now=DAWN)
    assert len(told("O5")) == 1 and told("O6") == []
    assert "không có cách báo" in see(operator, "/roster/illness/O1/live")


def test_leave_that_stands_already_is_not_recorded_twice(roster: Published) -> None:
    absence_services.add_absence("O1", TOMORROW, TOMORROW, "annual_leave", actor=factories.ADMIN, now=DAWN)
    plan = IllnessPlan("O1", TOMORROW, {roster.seat("operations", 0): ["O5"]}, "05:10")
    illness.report(plan, actor=factories.ADMIN, now=DAWN)
    days = [(each.from_on, each.kind) for each in absence_queries.list_for_person(roster.person["O1"])]
    assert sorted(days) == [(TODAY, "sick"), (TOMORROW, "annual_leave")]


def test_who_may_only_note_answers_does_not_decide(roster: Published) -> None:
    """L1 leads on the 23rd: a shift of the 25th is not of the day."""
    morning = datetime(2020, 1, 23, 9, 0, tzinfo=VN)
    with clock.travel(morning):
        person = people.person_by_code("L1")
        leader = Actor(name="L1", role="staff", via="session", person_id=person.id, unit_id=person.unit_id)
        plan = IllnessPlan("O2", TODAY, {roster.seat("operations", 4): ["O5"]}, "09:00")
        with pytest.raises(Conflict) as refused:
            illness.decide(plan, actor=leader, now=morning)
        assert refused.value.code == "illness.may_not_decide" and holder(roster, 4) == "O2"
        assert absence_queries.list_for_person(person.id) == []


def test_who_dropped_out_of_the_list_meanwhile_is_said(roster: Published, operator: Any) -> None:
    seat = roster.seat("operations", 0)
    form = {"do": "ask", "note": "gọi điện 05:10", f"first-{seat}": "O2"}
    answer = operator.post("/roster/illness/O1", data=form)
    assert answer.status_code == 409 and "không còn nhận được ca này" in answer.text and asks() == []


@pytest.mark.both_dbs("two workers look at once: an ask is seen to by one of them, under the lock of its campaign")
def test_two_workers_tell_whoever_comes_next_once(roster: Published, app: Flask, mail: Mail) -> None:
    plan = IllnessPlan("O1", TODAY, {roster.seat("operations", 0): ["O4", "O5", "O6"]}, "gọi điện 05:10")
    illness.report(plan, actor=factories.ADMIN, now=DAWN)
    later = DAWN + timedelta(minutes=5)

    def look(_turn: int) -> int:
        with clock.travel(later):
            return ending.look(later)

    in_parallel(app, 2, look)
    assert len(told("O5")) == 1 and told("O6") == []


def test_who_says_on_wednesday_that_they_cannot_come_tomorrow_is_asked_for_tomorrow_alone(
    operator: Any, roster: Published
) -> None:
    """O1 serves today by day and tomorrow by night. The screen is opened from the shift of tomorrow."""
    shift_id = db.session.get_one(Seat, roster.seat("operations", 3)).shift_id
    covers = operator.get(f"/roster/shifts/{shift_id}/covers?for=O1").text
    (at,) = set(re.findall(r'href="(/roster/illness/O1[^"]*)"', covers))
    page = operator.get(html.unescape(at)).text
    assert 'value="24/01/2020"' in page and "1 ca bị ảnh hưởng" in page
    assert len(re.findall(r'<fieldset class="hit', page)) == 1
    form = {"from": "2020-01-24", "until": "2020-01-24", "do": "record"}
    said = operator.post("/roster/illness/O1", data=form, follow_redirects=True).text
    assert "Đã ghi vắng từ" in said
    person = people.person_by_code("O1")
    assert [(each.from_on, each.to_on) for each in absence_queries.list_for_person(person.id)] == [(TOMORROW, TOMORROW)]
    assert unsure.by_campaign(now=DAWN)[roster.campaign.id] == 1, "today's shift is theirs as it was"


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        ("2020-01-25", "2020-01-24", (date(2020, 1, 25), date(2020, 1, 25))),
        ("2020-01-20", "2020-01-23", (TODAY, TODAY)),
        ("hôm kia", "", (TODAY, TODAY)),
        ("2020-01-24", "unknown", (TOMORROW, date(2020, 1, 26))),
    ],
)
def test_days_of_no_sense_become_the_nearest_that_have_some(
    operator: Any, first: str, last: str, days: tuple[date, date]
) -> None:
    operator.post("/roster/illness/O1", data={"from": first, "until": last, "do": "record"})
    person = people.person_by_code("O1")
    assert [(each.from_on, each.to_on) for each in absence_queries.list_for_person(person.id)] == [days]
