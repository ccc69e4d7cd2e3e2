"""What the incident desk claims holds: who was told, what was late, who chose the level, what was counted."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from core.actor import SYSTEM
from core.db import db as database, transaction
from incidents.catalogue.models import IncidentCategory
from incidents.creation import services as creation
from incidents.creation.drafting import IncidentReport
from incidents.merging import services as merging
from incidents.paging import bundle
from incidents.record import queries
from incidents.record.models import Incident, Page
from incidents.response import lifecycle
from notify.models import Message
from people.models import Person
from tests.support.desk_pages import text_of
from tests.support.desk_story import DeskStory
from tests.support.enterprise import sign_in
from tests.support.tet_night import ADMIN, NIGHT

TO_LEADERS = {"duty": "leadership", "after_seconds": 0}


def leadership(story: DeskStory, code: str) -> str:
    return str(next(each["state"] for each in story.incident(code)["clocks"] if each["kind"] == "leadership"))


def called(story: DeskStory, **more: object) -> str:
    """An incident about which the leadership on duty has just got a mail."""
    waits = {"repeat_after_seconds": 3600, "ack_timeout_seconds": 3600}
    story.api("PUT", "/escalation-policies/BDA", {"steps": [TO_LEADERS]} | waits)
    code = story.report(severity=2, **more)
    story.pulse()
    assert story.woken()[-1] == "AN1"
    return code


def test_a_mail_that_left_has_told_the_leadership_nothing_until_somebody_opens_it(story: DeskStory) -> None:
    code = called(story)
    story.client.get(story.link())  # as the mail server that checks links does
    assert leadership(story, code) == "sent"
    sign_in(story.client, "qt1")
    page = story.client.get(f"/incidents/{code}").get_data(as_text=True)
    assert "đã gửi, chưa ai trả lời" in page and "phải báo trước" in page
    story.at(5)
    assert story.client.post(story.link(), data={"do": "seen"}).status_code == 204
    assert leadership(story, code) == "met"
    assert "đã gửi, chưa ai trả lời" not in story.client.get(f"/incidents/{code}").get_data(as_text=True)
    assert story.incident(code)["pages"][0]["state"] == "opened" and story.incident(code)["status"] == "open"


def test_what_was_sent_and_not_answered_in_time_is_late(story: DeskStory) -> None:
    code = called(story)
    story.at(31)
    assert leadership(story, code) == "overdue"
    sign_in(story.client, "qt1")
    page = story.client.get(f"/incidents/{code}").get_data(as_text=True)
    assert "đã gửi, chưa ai trả lời" in page and ">quá giờ báo 01:00<" in page and ">quá giờ nhận 21:00<" in page
    assert ">quá hạn xử lý" not in page, "not to be taken in time and not to be done in time are two things"


@pytest.mark.parametrize("how", ["signed in", "passed", "rung"])
def test_told_is_who_looked_at_it_answered_or_was_rung(story: DeskStory, how: str) -> None:
    code = called(story)
    if how == "signed in":
        sign_in(story.client, "an1")
        story.client.get(f"/incidents/{code}")
    elif how == "passed":
        story.press(story.link(), "pass")
    else:
        story.api("POST", f"/incidents/{code}/leadership-told", {"whom": "Nguyễn Văn An"})
    assert leadership(story, code) == "met"


def test_a_list_of_several_that_is_opened_tells_of_everything_that_it_shows(story: DeskStory) -> None:
    codes = [called(story), called(story, title="Xe thư hỏng")]
    person = database.session.get_one(Person, story.night.ids["AN1"])
    link = f"/b/{bundle.token_for(person.id, story.now)}"
    page = story.client.get(link).get_data(as_text=True)  # as the mail server that checks links does
    assert [leadership(story, code) for code in codes] == ["sent", "sent"] and "js/seen" in page
    shown = re.findall(r'data-shown="([^"]+)"', page)
    later = called(story, title="Đến sau khi danh sách hiện ra")
    story.at(5)
    assert story.client.post(link, data={"do": "seen", "shown": [*shown, "x", "9" * 30]}).status_code == 204
    assert [leadership(story, code) for code in (*codes, later)] == ["met", "met", "sent"]
    assert [story.incident(code)["status"] for code in codes] == ["open", "open"]


def unheard(story: DeskStory) -> str:
    """An incident of level 2 about which nobody of the leadership has been called yet."""
    steps = [{"duty": "operations", "after_seconds": 0}, {"duty": "leadership", "after_seconds": 3600}]
    waits = {"repeat_after_seconds": 3600, "ack_timeout_seconds": 3600}
    story.api("PUT", "/escalation-policies/BDA", {"steps": steps} | waits)
    code = story.report(severity=2)
    story.pulse()
    assert story.woken() == ["BI1"] and leadership(story, code) == "running"
    return code


def take(story: DeskStory, login: str, code: str) -> None:
    sign_in(story.client, login)
    assert story.client.post(f"/incidents/{code}/acknowledge", data={"take_over": "1"}).status_code in (302, 303)


@pytest.mark.parametrize("duty", ["district", "above", "nobody's"])
def test_leadership_that_takes_it_before_it_is_called_is_told_and_stays_told(story: DeskStory, duty: str) -> None:
    """An leads the district tonight; or Quản Trị the province while An leads the district; or nobody is rostered, and
    An stands in for it."""
    code = unheard(story)
    if duty == "above":
        story.night.publish("leadership", "QT1", unit="BDT")
    if duty == "nobody's":
        story.night.withdraw("leadership")
    story.at(2)
    take(story, "qt1" if duty == "above" else "an1", code)
    assert leadership(story, code) == "met"
    page = text_of(story.client.get(f"/incidents/{code}").get_data(as_text=True))
    assert "Báo lãnh đạo đúng hạn" in page, page
    listed = next(each for each in story.api("GET", "/incidents")["items"] if each["code"] == code)
    assert listed["clocks"] == story.incident(code)["clocks"]
    # Neither that the duty is given to others, nor that somebody else has it now, nor time makes them know less.
    story.night.withdraw("leadership")
    story.at(3)
    take(story, "bi1", code)
    story.at(40)
    assert leadership(story, code) == "met"
    # Opened again, it is another case of which they must hear.
    story.api("POST", f"/incidents/{code}/resolve", {})
    story.api("POST", f"/incidents/{code}/reopen", {})
    assert leadership(story, code) == "running"


def test_who_serves_another_duty_or_is_off_tells_leadership_nothing_by_taking_it(story: DeskStory) -> None:
    code = unheard(story)
    take(story, "bi1", code)
    assert leadership(story, code) == "running"
    story.night.withdraw("leadership")
    story.night.publish("leadership", "QT1")
    story.at(3)
    take(story, "an1", code)  # who led until now
    assert leadership(story, code) == "running"
    story.at(31)
    assert leadership(story, code) == "overdue"


def test_leadership_that_is_handed_the_incident_or_says_that_it_knows_is_told(story: DeskStory) -> None:
    handed, known = unheard(story), story.report(severity=2, title="Xe thư hỏng")
    for code in (handed, known):
        story.takes(code, "BI1")
    story.api("POST", f"/incidents/{handed}/reassign", {"to": "AN1"})
    story.api("POST", f"/incidents/{known}/call-more", {"people": ["AN1"]})
    story.until(1)
    assert [leadership(story, code) for code in (handed, known)] == ["running", "running"], "asked, not answered"
    sign_in(story.client, "an1")
    for code in (handed, known):
        [ask] = story.incident(code)["asks"]
        story.api("POST", f"/incidents/{code}/asks/{ask['id']}", {"accept": True})
    assert [leadership(story, code) for code in (handed, known)] == ["met", "met"]


def test_a_call_by_hand_that_is_taken_back_has_told_nobody(story: DeskStory) -> None:
    code = unheard(story)
    sign_in(story.client, "qt1")
    story.at(1)
    said = {"code": code, "outcome": "taken"}
    assert story.client.post("/calls/AN1/result", data=said).status_code in (302, 303)
    assert leadership(story, code) == "met"
    assert story.client.post("/calls/AN1/undo", data={"code": code}).status_code in (302, 303)
    assert leadership(story, code) == "running"


def test_who_lifts_the_receiver_at_the_second_number_is_told_and_that_letter_counts(story: DeskStory) -> None:
    code = called(story)
    with transaction() as session:
        [page] = session.query(Page).filter(Page.duty == "leadership")
        first = session.get_one(Message, page.message_id)
        kept = {each.name: getattr(first, each.name) for each in Message.__table__.columns if each.name != "id"}
        at = story.now + timedelta(minutes=2)
        first.channel, first.state, first.sent_at, first.letter_id = "voice", "failed_permanent", None, ""
        session.add(
            Message(
                **kept
                | {
                    "idempotency_key": "second",
                    "channel": "voice",
                    "rung": 1,
                    "letter_id": "<second>",
                    "sent_at": at,
                    "reported": "delivered",
                    "reported_at": at,
                }
            )
        )
        page.channel = "voice"
    story.at(3)
    assert first.ladder and leadership(story, code) == "met"
    sign_in(story.client, "qt1")
    assert "1 thư, tin và cuộc gọi đã đi" in story.client.get("/incidents/figures/").get_data(as_text=True)


@pytest.mark.parametrize("everybody", [False, True])
def test_an_absent_leader_is_offered_last_and_marked_and_never_filled_in(story: DeskStory, everybody: bool) -> None:
    story.night.publish("leadership", "QT1")
    for person in ("AN1", "QT1") if everybody else ("AN1",):
        body = {"person_code": person, "from": "2020-01-24", "to": "2020-01-26", "kind": "sick", "note": "mổ"}
        story.api("POST", "/absences", body, 201)
    code = story.report(severity=2)
    sign_in(story.client, "qt1")
    page = story.client.get(f"/incidents/{code}").get_data(as_text=True)
    an, qt = (database.session.get_one(Person, story.night.ids[each]).full_name for each in ("AN1", "QT1"))
    assert f'name="whom" type="text" value="{"" if everybody else qt}"' in page
    assert f'label="{an} · vắng đến hết 26/01"' in page and f"{an} vắng đến hết 26/01" in page
    assert "mổ" not in page and "ốm" not in page
    with transaction() as session:
        session.get_one(IncidentCategory, "power").legal = True
    page = story.client.get(f"/incidents/{code}/legal").get_data(as_text=True)
    assert f'label="{an} · vắng đến hết 26/01"' in page


def test_a_level_that_came_with_the_alarm_was_chosen_by_nobody(story: DeskStory) -> None:
    code = story.report(severity=1)
    sign_in(story.client, "an1")
    page = story.client.get(f"/incidents/{code}").get_data(as_text=True)
    assert "mức do nguồn gửi tin đặt" in page and "chọn bằng tay" not in page.lower()
    story.client.post(f"/incidents/{code}/classify", data={"category": "power", "severity": "2"})
    assert "chọn bằng tay" in story.client.get(f"/incidents/{code}").get_data(as_text=True)


def test_desk_and_board_stand_by_level_then_party_and_state_then_how_long_they_wait(story: DeskStory) -> None:
    story.report(title="Nhẹ, lâu nhất", severity=4)
    story.at(1)
    story.report(title="Nặng", severity=2)
    story.at(2)
    story.report(title="Nặng, Đảng và Nhà nước", severity=2, party_state=True)
    story.report(title="Nặng, sau", severity=2)
    order = ["Nặng, Đảng và Nhà nước", "Nặng", "Nặng, sau", "Nhẹ, lâu nhất"]
    assert [each.title for each in queries.unfinished()] == order
    sign_in(story.client, "an1")
    for path in ("/", "/incidents/"):
        page = story.client.get(path).get_data(as_text=True)
        assert sorted(order, key=lambda title: page.index(f">{title}<")) == order, path


def test_figures_keep_apart_what_healed_by_itself_what_was_joined_and_drills(story: DeskStory) -> None:
    ids = [story.report(title=title) for title in ("Người xử lý", "Tự hết", "Tin trùng")]
    story.pulse()
    with transaction() as session:
        by_person, by_itself, again = (session.query(Incident).filter_by(code=code).one().id for code in ids)
    later = NIGHT + timedelta(minutes=10)
    lifecycle.acknowledge(by_person, person_id=story.night.ids["BI1"], actor=ADMIN, now=later)
    merging.join(again, main_id=by_person, actor=ADMIN, now=later)
    lifecycle.resolve(by_person, actor=ADMIN, now=later + timedelta(minutes=50))
    lifecycle.resolve(by_itself, actor=SYSTEM, now=NIGHT + timedelta(minutes=2))
    exercise = story.night.rehearse(now=NIGHT)
    creation.log(
        IncidentReport(
            title="Thử",
            category="power",
            severity=3,
            unit_id=story.night.ids["BDA"],
            detected_at=NIGHT,
            actor=ADMIN,
            rehearsal=exercise,
        ),
        now=NIGHT,
    )
    story.at(120)
    sign_in(story.client, "an1")
    page = story.client.get("/incidents/figures/").get_data(as_text=True)
    for words in (
        "1 sự cố tự hết: máy báo",
        "1 tin trùng đã gộp",
        "1 sự cố diễn tập",
        "trung vị thời gian nhận",
        "phần lớn (9 trên 10)",
        "3 lượt gọi tới 1 người",
    ):
        assert words in page, words
    assert "một nửa" not in page and "chín phần mười" not in page
    table = story.client.get("/incidents/figures/export.csv").get_data(as_text=True)
    assert "Tin trùng, đã gộp (không tính)" in table and "Trong đó tự hết, máy báo" in table
