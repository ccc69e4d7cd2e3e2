"""Days off and wishes asked for on a phone, answered by the manager, many at once.

Three days of Tết Canh Tý, shifts from 07:30 and 19:30. O1 serves operations by day on 23 January and by night on the
24th. It is 08:00 on 20 January.
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
from core.db import db, transaction
from core.errors import Conflict, Forbidden, Invalid
from duty.time_off import answering, queries, telling
from duty.time_off.models import DayRequest
from notify.models import Message
from people import queries as people
from people.absences import queries as absence_queries, services as absence_services, spans
from people.accounts import keys, services as accounts
from people.accounts.services import NewAccount
from people.models import Absence, Person, User
from roster.coverage import unsure
from roster.draft import services as drafts
from roster.models import Duty
from roster.sources.models import Wish
from tests.support import enterprise, factories
from tests.support.in_parallel import in_parallel
from tests.support.own_links import own_path
from tests.support.published import Published

EIGHT = datetime(2020, 1, 20, 8, 0, tzinfo=VN)
LEAVE = {"do": "absent", "absent_from": "23/01/2020", "absent_to": "24/01/2020", "kind": "annual_leave"}
FREE = {"do": "absent", "absent_from": "28/01/2020", "absent_to": "30/01/2020", "kind": "annual_leave"}


def at(hour: int, minute: int = 0, *, day: int = 20) -> datetime:
    return datetime(2020, 1, day, hour, minute, tzinfo=VN)


@pytest.fixture(autouse=True)
def _morning(roster: Published, app: Flask) -> Iterator[None]:
    app.extensions.pop(telling.__name__, None)  # when this process last looked, in another story
    with clock.travel(EIGHT):
        yield


@pytest.fixture
def manager(roster: Published, new_client: Any) -> Any:
    """Signed in as who manages the province."""
    person = factories.make_person("QL", people.unit_by_code("TINH"), duties=("leadership",), phone="0900000199")
    made = accounts.create_user(
        NewAccount("ql", "Trần Quản Lý", "manager", unit_code="TINH", person_code=person.code),
        now=EIGHT,
        actor=factories.ADMIN,
    )
    made.password_hash = enterprise.password_hash()
    db.session.commit()
    client = new_client()
    enterprise.sign_in(client, "ql")
    return client


def boss(roster: Published) -> Actor:
    return Actor(name="Trần Quản Lý", role="manager", via="session", unit_id=roster.unit_id)


def path_of(code: str) -> str:
    """Of the personal page."""
    return own_path(code, now=EIGHT)


def see(client: Any, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return words(answer)


def words(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html.unescape(answer.text)).split())


def row(code: str = "O1") -> DayRequest:
    found = select(DayRequest).where(DayRequest.person_id == people.person_by_code(code).id)
    return db.session.scalars(found.execution_options(populate_existing=True)).one()


def absences(code: str = "O1") -> list[tuple[date, str]]:
    return sorted((each.from_on, each.kind) for each in absence_queries.list_for_person(people.person_by_code(code).id))


def mails(code: str = "O1") -> list[str]:
    mine = select(Message.body).where(Message.person_id == people.person_by_code(code).id)
    return list(db.session.scalars(mine.where(Message.topic.like("requests/%")).order_by(Message.id)))


def chosen(*rows: DayRequest) -> dict[str, Any]:
    return {"chosen": [f"{each.id}.{each.sequence}" for each in rows]}


def test_leave_counts_while_it_is_open_and_no_more_once_it_is_refused(
    roster: Published, client: Any, manager: Any
) -> None:
    mine = path_of("O1")
    assert client.post(mine, data={**LEAVE, "note": "Cưới em gái"}).status_code == 303
    page = see(client, mine)
    assert "Nghỉ phép: 23/01/2020 – 24/01/2020 chưa trả lời" in page
    assert "2 ca đã ban hành thành không chắc" in page and "Tự hỏi đồng nghiệp" in page
    assert {each.person_id for each in unsure.found(Duty.ends_at > EIGHT, now=EIGHT)} == {roster.person["O1"]}

    page = see(manager, "/roster/requests")
    assert "Nghỉ phép 23/01/2020 – 24/01/2020" in page and "“Cưới em gái”" in page
    assert "Vào những ngày này: 2 ca đã ban hành" in page
    assert "chưa trả lời" in see(manager, "/people/absences") and "chưa trả lời" in see(manager, "/people/person/O1")

    without = manager.post("/roster/requests", data={"do": "refuse", **chosen(row())})
    assert without.status_code == 422 and "Ghi lý do" in without.text and "checked" in without.text
    answer = manager.post("/roster/requests", data={"do": "refuse", "reason": "Thiếu người", **chosen(row())})
    assert answer.status_code == 303
    assert absences() == [] and list(unsure.found(Duty.ends_at > EIGHT, now=EIGHT)) == []
    page = see(client, mine)
    assert "không chấp nhận" in page and "“Thiếu người”" in page and "không chắc" not in page
    assert "Thiếu người" in see(manager, "/roster/requests?state=answered")


def test_what_is_answered_is_told_in_one_message_in_waking_hours(roster: Published, client: Any, manager: Any) -> None:
    mine = path_of("O1")
    client.post(mine, data=FREE)
    client.post(mine, data={"do": "wish", "wish_on": "02/02/2020", "want": "off"})
    client.post(mine, data={"do": "wish", "wish_on": "03/02/2020", "want": "on"})
    rows = db.session.scalars(select(DayRequest).order_by(DayRequest.id)).all()
    with clock.travel(at(21, 30)):
        manager.post("/roster/requests", data={"do": "accept", **chosen(*rows[:2])})
        manager.post("/roster/requests", data={"do": "refuse", "reason": "Đủ người rồi", **chosen(rows[2])})
    assert telling.tell(at(21, 45)) == 0 and telling.tell(at(23)) == 0
    assert telling.tell(at(7, 0, day=21)) == 1
    [body] = mails()
    assert body.startswith("Trả lời 3 đề nghị của đồng chí\n") and "/p/me/" in body
    assert "Nghỉ phép 28/01/2020 – 30/01/2020: đã chấp nhận" in body
    assert "không xếp theo được (Đủ người rồi)" in body
    assert telling.tell(at(7, 2, day=21)) == 0 and len(mails()) == 1
    assert [each.want for each in db.session.scalars(select(Wish))] == ["off"]


def test_whoever_answers_one_after_the_other_makes_one_message(roster: Published, client: Any) -> None:
    mine = path_of("O1")
    for day in (1, 2, 3):
        client.post(mine, data={"do": "wish", "wish_on": f"0{day}/02/2020", "want": "off"})
    for minute, each in enumerate(db.session.scalars(select(DayRequest).order_by(DayRequest.id)).all()):
        answering.answer({each.id: each.sequence}, "accepted", "", actor=boss(roster), now=at(9, 5 * minute))
    assert telling.tell(at(9, 15)) == 0
    assert telling.tell(at(9, 20)) == 1 and mails()[0].count("sẽ xếp theo") == 3


def test_a_question_comes_back_with_its_answer(roster: Published, client: Any, manager: Any) -> None:
    mine = path_of("O1")
    client.post(mine, data=FREE)
    manager.post("/roster/requests", data={"do": "return", "reason": "Về quê hay ở lại?", **chosen(row())})
    assert absences() == [(date(2020, 1, 28), "annual_leave")]
    page = see(client, mine)
    assert "Được hỏi lại" in page and "“Về quê hay ở lại?”" in page
    empty = client.post(mine, data={"do": "reply", "request": row().id, "sequence": row().sequence, "reply": " "})
    assert empty.status_code == 422
    form = {"do": "reply", "request": row().id, "sequence": row().sequence, "reply": "Ở lại, gọi là có mặt"}
    assert client.post(mine, data=form).status_code == 303
    again = client.post(mine, data=form)
    assert again.status_code == 409 and "vừa đổi" in again.text
    assert "“Ở lại, gọi là có mặt”" in see(manager, "/roster/requests")


def test_illness_is_a_fact_and_so_is_what_managers_enter(roster: Published, client: Any, manager: Any) -> None:
    mine = path_of("O1")
    client.post(mine, data={**LEAVE, "kind": "sick"})
    form = {"from_on": "28/01/2020", "to_on": "30/01/2020", "kind": "annual_leave", "note": ""}
    assert manager.post("/people/person/O1/absences", data=form).status_code == 303
    assert db.session.scalars(select(DayRequest)).all() == []
    assert "chưa trả lời" not in see(client, mine)
    sick = next(each for each in absence_queries.list_for_person(roster.person["O1"]) if each.kind == "sick")
    assert client.post(mine, data={"do": "take_back", "absence": sick.id}).status_code == 303
    assert absences() == [(date(2020, 1, 28), "annual_leave")]


def test_who_falls_ill_in_leave_that_waits_needs_no_answer_any_more(roster: Published, client: Any) -> None:
    mine = path_of("O1")
    client.post(mine, data=FREE)
    client.post(mine, data={**FREE, "kind": "sick"})
    assert absences() == [(date(2020, 1, 28), "sick")]
    assert queries.waiting(None, now=EIGHT) == [] and row().state == "withdrawn"


def test_changing_or_taking_back_what_was_agreed_asks_again(roster: Published, client: Any, manager: Any) -> None:
    mine = path_of("O1")
    client.post(mine, data=FREE)
    manager.post("/roster/requests", data={"do": "accept", **chosen(row())})
    assert "đã chấp nhận" in see(client, mine)
    client.post(mine, data={**FREE, "kind": "other"})
    assert row().state == "asked" and "Lý do khác" in see(manager, "/roster/requests")
    manager.post("/roster/requests", data={"do": "accept", **chosen(row())})

    [absence] = absence_queries.list_for_person(roster.person["O1"])
    client.post(mine, data={"do": "take_back", "absence": absence.id})
    assert "đề nghị rút, chưa trả lời" in see(client, mine) and len(absences()) == 1
    assert "Rút: Lý do khác" in see(manager, "/roster/requests")
    client.post(mine, data={"do": "take_back", "absence": absence.id})  # no more
    assert (row().state, row().is_withdrawal) == ("accepted", False)
    client.post(mine, data={"do": "take_back", "absence": absence.id})
    manager.post("/roster/requests", data={"do": "refuse", "reason": "Đã có người thay", **chosen(row())})
    assert "không rút được" in see(client, mine) and len(absences()) == 1
    client.post(mine, data={"do": "take_back", "absence": absence.id})
    manager.post("/roster/requests", data={"do": "accept", **chosen(row())})
    assert absences() == [] and row().state == "withdrawn"


def test_what_nobody_answered_yet_is_taken_back_at_once(roster: Published, client: Any) -> None:
    mine = path_of("O1")
    client.post(mine, data=FREE)
    client.post(mine, data={"do": "wish", "wish_on": "02/02/2020", "want": "off"})
    [absence], [wish] = absence_queries.list_for_person(roster.person["O1"]), db.session.scalars(select(Wish)).all()
    wished = {"do": "take_back", "wish": wish.id}
    client.post(mine, data={"do": "take_back", "absence": absence.id})
    client.post(mine, data=wished)
    assert absences() == [] and db.session.scalars(select(Wish)).all() == []
    assert client.post(mine, data=wished).status_code == 404
    assert client.post(mine, data={"do": "take_back"}).status_code == 409
    client.post(mine, data=FREE)
    assert row_of("absence").state == "asked"


def row_of(about: str) -> DayRequest:
    return db.session.scalars(select(DayRequest).where(DayRequest.about == about)).one()


def test_contradictions_are_said_at_once_and_nothing_is_kept(roster: Published, client: Any) -> None:
    mine = path_of("O1")
    client.post(mine, data=FREE)
    wish = {"do": "wish", "wish_on": "29/01/2020", "want": "on"}
    for form, said in (
        (FREE, "đã báo vắng đúng những ngày này"),
        (wish, "rút báo vắng trước"),
        ({**wish, "wish_on": "23/01/2020"}, "không cần xin trực"),
        ({**wish, "wish_on": "23/01/2020", "want": "off"}, "muốn đổi thì dùng “Đổi ca”"),
        ({**wish, "wish_on": "19/01/2020"}, "Ngày này đã qua"),
        ({**FREE, "absent_from": "10/01/2020", "absent_to": "11/01/2020"}, "Ngày này đã qua"),
    ):
        answer = client.post(mine, data=form)
        assert answer.status_code == 409 and said in answer.text, form
    assert len(db.session.scalars(select(DayRequest)).all()) == 1
    client.post(mine, data={**wish, "wish_on": "02/02/2020"})
    twice = client.post(mine, data={**wish, "wish_on": "02/02/2020"})
    assert twice.status_code == 409 and "đã gửi nguyện vọng này" in twice.text
    assert client.post(mine, data={**wish, "wish_on": "02/02/2020", "want": "off"}).status_code == 303
    assert [each.want for each in db.session.scalars(select(Wish))] == ["off"]


def test_staff_may_not_take_agreed_leave_back_on_other_ways_either(roster: Published) -> None:
    o1 = people.person_by_code("O1")
    own = Actor(name=o1.full_name, role="staff", via="session", person_id=o1.id, unit_id=o1.unit_id)
    day = date(2020, 1, 28)
    absence, _new = absence_services.add_absence("O1", day, day, "travel", actor=own, now=EIGHT)
    assert row().state == "asked"
    answering.answer({row().id: row().sequence}, "accepted", "", actor=boss(roster), now=EIGHT)
    absence_services.add_absence("O1", day, day, "travel", actor=own, now=EIGHT)  # the same again is no news
    assert row().state == "accepted"
    with pytest.raises(Conflict, match=r"request\.answered"):
        absence_services.remove_absence(absence.id, actor=own, now=EIGHT)
    absence_services.remove_absence(absence.id, actor=boss(roster), now=EIGHT)
    assert row().state == "withdrawn"


def test_a_manager_who_deletes_open_leave_has_refused_it(roster: Published, client: Any) -> None:
    client.post(path_of("O1"), data=FREE)
    [absence] = absence_queries.list_for_person(roster.person["O1"])
    absence_services.remove_absence(absence.id, actor=boss(roster), now=EIGHT)
    assert row().state == "refused" and telling.tell(at(9)) == 1 and "không chấp nhận" in mails()[0]


def test_who_has_leave_that_a_manager_takes_away_hears_of_it(roster: Published, client: Any) -> None:
    """Agreed to in December, deleted in January: nobody stands at the bus with a ticket and a shift."""
    client.post(path_of("O1"), data=FREE)
    answering.answer({row().id: row().sequence}, "accepted", "", actor=boss(roster), now=EIGHT)
    assert telling.tell(at(9)) == 1
    [absence] = absence_queries.list_for_person(roster.person["O1"])
    absence_services.remove_absence(absence.id, actor=boss(roster), now=at(11))
    assert telling.tell(at(12)) == 1 and "đã rút (Trần Quản Lý)" in mails()[1]


def test_who_asks_to_take_it_back_hears_that_it_was_deleted(roster: Published, client: Any) -> None:
    client.post(path_of("O1"), data=FREE)
    answering.answer({row().id: row().sequence}, "accepted", "", actor=boss(roster), now=EIGHT)
    [absence] = absence_queries.list_for_person(roster.person["O1"])
    client.post(path_of("O1"), data={"do": "take_back", "absence": str(absence.id)})
    assert row().is_withdrawal and row().state == "asked"
    absence_services.remove_absence(absence.id, actor=boss(roster), now=at(11))
    assert telling.tell(at(12)) == 1 and "đã rút" in mails()[-1]


def test_nobody_answers_oneself_or_people_of_others(roster: Published, client: Any, new_client: Any) -> None:
    other = factories.make_unit("KHAC", name="Bưu điện khác")
    db.session.commit()
    stranger = Actor(name="Khác", role="manager", via="session", unit_id=other.id)
    client.post(path_of("O1"), data=FREE)
    read = {row().id: row().sequence}
    with pytest.raises(Forbidden):
        answering.answer(read, "accepted", "", actor=stranger, now=EIGHT)
    own = Actor(name="O1", role="manager", via="session", person_id=roster.person["O1"], unit_id=roster.unit_id)
    with pytest.raises(Forbidden, match=r"request\.own"):
        answering.answer(read, "accepted", "", actor=own, now=EIGHT)
    with pytest.raises(Invalid, match=r"request\.nothing"):
        answering.answer({}, "accepted", "", actor=boss(roster), now=EIGHT)
    assert queries.listed("asked", {other.id}, 1, but=None, now=EIGHT).total == 0
    assert queries.listed("asked", None, 1, but=roster.person["O1"], now=EIGHT).total == 0
    assert row().state == "asked"


def test_a_managers_own_leave_waits_for_whoever_is_above_and_stands_where_nobody_is(
    roster: Published, client: Any, manager: Any, new_client: Any
) -> None:
    """An account without a person is nobody's superior, so that nobody waits for the installation's."""
    client.post(path_of("QL"), data=FREE)  # by link as signed in
    assert absences("QL") == [(date(2020, 1, 28), "annual_leave")]
    assert db.session.scalars(select(DayRequest)).all() == [], "nobody is above, and nobody else manages the unit"
    assert "có hiệu lực ngay" in see(client, path_of("QL")) and "chưa trả lời" not in see(client, path_of("QL"))

    accounts.create_user(NewAccount("root", "Quản trị", "admin"), now=EIGHT, actor=factories.ADMIN)
    client.post(path_of("QL"), data={**FREE, "absent_from": "03/02/2020", "absent_to": "03/02/2020"})
    assert db.session.scalars(select(DayRequest)).all() == []

    other = accounts.create_user(
        NewAccount("ph", "Phó", "manager", unit_code="TINH", person_code="L2"), now=EIGHT, actor=factories.ADMIN
    )
    other.password_hash = enterprise.password_hash()
    db.session.commit()
    manager.post("/me/", data={**FREE, "absent_from": "05/02/2020", "absent_to": "06/02/2020"})
    assert row("QL").state == "asked" and "có hiệu lực ngay" not in see(client, path_of("QL"))
    assert "Nghỉ phép 05/02/2020" not in see(manager, "/roster/requests"), "nobody answers oneself"
    deputy = new_client()
    enterprise.sign_in(deputy, "ph")
    assert "Nghỉ phép 05/02/2020" in see(deputy, "/roster/requests")
    answer = deputy.post(
        "/roster/requests", data={"do": "refuse", "reason": "Cả hai không cùng nghỉ", **chosen(row("QL"))}
    )
    assert answer.status_code == 303 and (date(2020, 2, 5), "annual_leave") not in absences("QL")
    assert "“Cả hai không cùng nghỉ”" in see(client, path_of("QL"))
    with pytest.raises(Forbidden, match=r"request\.own"):
        own = Actor("QL", "manager", "session", person_id=people.person_by_code("QL").id, unit_id=roster.unit_id)
        answering.answer({row("QL").id: row("QL").sequence}, "accepted", "", actor=own, now=EIGHT)


def test_answers_to_what_changed_meanwhile_are_left_out(roster: Published, client: Any, manager: Any) -> None:
    client.post(path_of("O1"), data=FREE)
    client.post(path_of("O2"), data=FREE)
    seen = [row("O1"), row("O2")]
    form = {"do": "accept", **chosen(*seen)}
    client.post(path_of("O1"), data={**FREE, "kind": "other"})
    page = manager.post("/roster/requests", data=form, follow_redirects=True)
    assert "Đã trả lời 1 đề nghị." in page.text and "1 đề nghị vừa đổi" in page.text
    assert (row("O1").state, row("O2").state) == ("asked", "accepted")


def test_the_list_says_what_only_the_draft_has(roster: Published, client: Any, manager: Any) -> None:
    drafts.set_people(roster.shifts("operations")[2], ["O4"], override_reason="thử", actor=factories.ADMIN, now=EIGHT)
    client.post(path_of("O4"), data={**LEAVE, "absent_to": "25/01/2020"})
    assert "Vào những ngày này: 1 ca trong dự thảo" in see(manager, "/roster/requests")


def test_all_of_a_page_are_chosen_by_one_tap(roster: Published, client: Any, manager: Any) -> None:
    """Before Tết a hundred ask: nobody ticks a hundred boxes."""
    for code in ("O1", "O2", "O3"):
        client.post(path_of(code), data=FREE)
    ticked = r'name="chosen" value="([\d.]+)"[^>]*\schecked'
    page = manager.get("/roster/requests").text
    assert re.findall(ticked, page) == []
    [every] = re.findall(r'href="([^"]+pick=all[^"]*)"', page)
    chosen = re.findall(ticked, manager.get(html.unescape(every)).text)
    assert manager.post("/roster/requests", data={"do": "accept", "chosen": chosen}).status_code == 303
    assert {row(code).state for code in ("O1", "O2", "O3")} == {"accepted"}


@pytest.mark.both_dbs("two answers at once: the lock of the person decides which one holds")
def test_two_managers_at_once_are_not_both_right(roster: Published, client: Any, app: Flask) -> None:
    client.post(path_of("O1"), data=FREE)
    read = {row().id: row().sequence}
    actors = [boss(roster), Actor(name="Khác", role="admin", via="session")]
    db.session.commit()

    def say(number: int) -> int:
        said: answering.Answer = "accepted" if number else "refused"
        return len(answering.answer(read, said, "vì thế", actor=actors[number], now=EIGHT).done)

    assert sorted(in_parallel(app, 2, say)) == [0, 1]
    assert len(absences()) == (1 if row().state == "accepted" else 0)


@pytest.mark.both_dbs("two workers at once: who holds the person writes, the other finds nothing left")
def test_two_workers_tell_it_once(roster: Published, client: Any, app: Flask) -> None:
    client.post(path_of("O1"), data=FREE)
    answering.answer({row().id: row().sequence}, "accepted", "", actor=boss(roster), now=EIGHT)
    later = EIGHT + timedelta(minutes=11)

    assert sorted(in_parallel(app, 2, lambda _n: telling.tell(later))) == [0, 1]
    assert len(mails()) == 1


def test_english_readers_are_told_in_english(roster: Published, client: Any) -> None:
    db.session.add(
        User(
            login="o1",
            name="O1",
            role="staff",
            unit_id=roster.unit_id,
            locale="en",
            created_at=EIGHT,
            person_id=roster.person["O1"],
        )
    )
    db.session.commit()
    client.post(path_of("O1"), data=FREE)
    page = see(client, path_of("O1"))
    assert "no answer yet" in page
    answering.answer({row().id: row().sequence}, "refused", "Full", actor=boss(roster), now=EIGHT)
    telling.tell(at(9))
    assert "Annual leave 28/01/2020 – 30/01/2020: not accepted (Full)" in mails()[0]


def test_leave_stands_in_the_spans_that_calls_ask(roster: Published, client: Any) -> None:
    """An open request keeps people from being called; a refused one does not."""
    client.post(path_of("O1"), data=LEAVE)
    who, start, end = [roster.person["O1"]], at(0, day=23), at(0, day=24)
    assert spans.during(who, start, end)
    answering.answer({row().id: row().sequence}, "refused", "Thiếu", actor=boss(roster), now=EIGHT)
    assert not spans.during(who, start, end)
    assert db.session.scalars(select(Absence)).all() == [] and db.session.get(Person, who[0]) is not None


def test_what_was_refused_and_is_entered_by_a_manager_after_all_is_so(roster: Published, client: Any) -> None:
    """By an import nobody asks this room; by page it says so."""
    mine = path_of("O1")
    client.post(mine, data=FREE)
    answering.answer({row().id: row().sequence}, "refused", "Thiếu người", actor=boss(roster), now=EIGHT)
    with transaction() as session:
        session.add(
            Absence(
                person_id=roster.person["O1"], from_on=date(2020, 1, 28), to_on=date(2020, 1, 30), kind="annual_leave"
            )
        )
    assert "không chấp nhận" not in see(client, mine)
    absence_services.add_absence(
        "O1", date(2020, 1, 28), date(2020, 1, 30), "annual_leave", note="được", actor=boss(roster), now=EIGHT
    )
    assert row().state == "accepted" and "đã chấp nhận" in see(client, mine)


def test_staff_who_ask_on_their_page_of_the_directory_read_that_it_waits(roster: Published, client: Any) -> None:
    made = accounts.create_user(
        NewAccount("o1", "O1", "staff", unit_code="TINH", person_code="O1"), now=EIGHT, actor=factories.ADMIN
    )
    made.password_hash = enterprise.password_hash()
    db.session.commit()
    enterprise.sign_in(client, "o1")
    form = {"from_on": "28/01/2020", "to_on": "30/01/2020", "kind": "annual_leave", "note": ""}
    page = client.post("/people/person/O1/absences", data=form, follow_redirects=True)
    assert "chờ quản lý trả lời" in page.text and row().state == "asked"
    assert "chưa trả lời" in see(client, "/me/")
    assert client.get("/roster/requests").status_code == 403
    [absence] = absence_queries.list_for_person(roster.person["O1"])
    answering.answer({row().id: row().sequence}, "accepted", "", actor=boss(roster), now=EIGHT)
    refused = client.post(f"/people/absences/{absence.id}/remove")
    assert refused.status_code == 409 and "Đề nghị rút" in refused.text


def test_a_wish_by_an_own_key_is_asked_for_and_by_a_managers_stands(roster: Published, client: Any) -> None:
    def call(role: Any, person: str | None) -> int:
        key = keys.create_api_key(keys.NewApiKey(role, role, "TINH", person), now=EIGHT, actor=factories.ADMIN)[1]
        body = {"person_code": "O1", "date": "2020-02-02", "shift": "any", "want": want, "weight": 1}
        return int(client.post("/api/v1/wishes", json=body, headers={"Authorization": f"Bearer {key}"}).status_code)

    want = "off"
    assert call("staff", "O1") == 201 and row().state == "asked"
    want = "on"
    assert call("manager", None) == 200 and (row().state, row().what) == ("accepted", "on")
    want = "off"
    assert call("staff", "O1") == 200 and row().state == "asked"
