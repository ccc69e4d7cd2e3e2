"""An incident moves: hand-over at the change of duty, chosen people, more people, arrivals, put off and back again."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import Any

import pytest

from core.db import db as database, transaction
from incidents.response import handover
from roster.models import Duty
from tests.support.desk_story import DeskStory
from tests.support.enterprise import sign_in
from tests.support.tet_night import NIGHT


def ends_at(duty: str, when: datetime) -> None:
    """Whoever serves that duty leaves then."""
    with transaction() as session:
        for row in session.query(Duty).filter_by(duty=duty):
            row.ends_at = when


def change_at_three(story: DeskStory) -> None:
    """Operations: Bình until 03:00, then Phong, who has got a mailbox."""
    story.mail_of("PH1")
    ends_at("operations", NIGHT + timedelta(minutes=50))
    story.night.publish("operations", "PH1", start=NIGHT + timedelta(minutes=50))


def keep(story: DeskStory, code: str, minutes: float) -> None:
    """Whoever has it writes a note now and then."""
    story.until(minutes)
    story.api("POST", f"/incidents/{code}/notes", {"note": "Đang xử lý"}, 201)


def test_a_hand_over_moves_what_somebody_has_and_the_outgoing_stays_until_then(story: DeskStory) -> None:
    change_at_three(story)
    code = story.report()
    story.pulse()
    story.press(story.link(), "take")
    keep(story, code, 25)
    keep(story, code, 49)
    assert story.woken() == ["BI1"]
    # 03:00 – the duty changes. Phong is asked; Bình keeps it, and both pages say so.
    story.until(50)
    assert story.woken() == ["BI1", "PH1"] and story.sink.subjects[-1].startswith("Nhận bàn giao")
    assert story.incident(code)["acknowledged_by"] == "Trần Thị Bình"
    assert [ask["kind"] for ask in story.incident(code)["asks"]] == ["handover"]
    assert "Nhận bàn giao" in story.client.get(story.link()).get_data(as_text=True)
    assert "chờ người ca sau nhận bàn giao" in story.client.get(story.link(0)).get_data(as_text=True)
    # Not heard, asked again; one question for one change, however often the workers look.
    for _ in range(3):
        story.pulse()
    assert story.woken() == ["BI1", "PH1"]
    story.until(55)
    assert story.woken() == ["BI1", "PH1", "PH1"]
    # He accepts by the first of his two links.
    assert "Kpă Phong đã nhận" in story.press(story.link(1), "accept")
    assert story.incident(code)["acknowledged_by"] == "Kpă Phong"
    story.until(65)
    assert story.woken() == ["BI1", "PH1", "PH1", "BI1"] and story.incident(code)["asks"] == []
    assert story.sink.subjects[-1] == f"{code}: Kpă Phong đã nhận", "Bình hears that it is hers no more"
    assert story.told(code)[-1] == "handed_over"


def test_a_hand_over_that_nobody_accepts_goes_to_the_next_step_and_never_stops(story: DeskStory) -> None:
    change_at_three(story)
    code = story.report()
    story.pulse()
    story.press(story.link(), "take")
    keep(story, code, 28)
    keep(story, code, 50)
    keep(story, code, 62)
    asked = story.woken()[1:]
    assert asked[:2] == ["PH1", "PH1"] and "EM1" in asked, "after two calls in vain the next step is asked as well"
    em = story.woken().index("EM1")
    story.press(story.link(em), "decline")
    keep(story, code, 80)
    assert "AN1" in story.woken(), "and the step after that"
    assert story.incident(code)["acknowledged_by"] == "Trần Thị Bình", "who is still responsible"


def test_what_nobody_has_taken_calls_the_incomer_at_once(story: DeskStory) -> None:
    change_at_three(story)
    story.at(49)
    story.report()
    story.pulse()
    assert story.woken() == ["BI1"]
    story.until(50)
    assert story.woken() == ["BI1", "PH1"], "not after the five minutes of the next step"
    for _ in range(3):
        story.pulse()
    assert story.woken() == ["BI1", "PH1"]
    story.until(54)
    assert story.woken() == ["BI1", "PH1", "EM1"], "the steps go on as they were"


def test_a_substitution_hands_over_as_well(story: DeskStory) -> None:
    story.mail_of("PH1")
    code = story.report()
    story.pulse()
    story.press(story.link(), "take")
    story.at(5)
    story.night.withdraw("operations")
    story.night.publish("operations", "PH1")
    story.pulse()
    assert story.woken() == ["BI1", "PH1"]
    story.press(story.link(), "accept")
    assert story.incident(code)["acknowledged_by"] == "Kpă Phong"


@pytest.mark.both_dbs("two workers at once, behind a lock")
def test_two_workers_at_the_change_of_duty_ask_once(story: DeskStory) -> None:
    change_at_three(story)
    code = story.report()
    story.pulse()
    story.press(story.link(), "take")
    story.at(50)
    faults: list[Exception] = []

    def work() -> None:
        with story.app.app_context():
            try:
                handover.look(story.now)
            except Exception as fault:
                faults.append(fault)
            finally:
                database.session.remove()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    assert faults == [] and len(story.incident(code)["asks"]) == 1
    assert story.told(code).count("handover_asked") == 1


def test_whoever_has_it_chooses_somebody_who_must_accept(story: DeskStory) -> None:
    code = story.report()
    story.pulse()
    story.takes(code, "BI1")
    story.api("POST", f"/incidents/{code}/reassign", {"to": "AN1", "note": "Cần lãnh đạo quyết định"})
    story.pulse()
    assert story.woken() == ["BI1", "AN1"] and story.sink.subjects[-1].startswith("Nhận việc được giao")
    assert story.incident(code)["acknowledged_by"] == "Trần Thị Bình"
    story.press(story.link(), "decline")
    assert story.incident(code)["acknowledged_by"] == "Trần Thị Bình" and story.incident(code)["asks"] == []
    story.api("POST", f"/incidents/{code}/reassign", {"to": "EM1"})
    story.pulse()
    story.press(story.link(), "accept")
    assert story.incident(code)["acknowledged_by"] == "Rơ Châm Em"
    assert story.told(code)[-1] == "reassigned"
    story.api("POST", f"/incidents/{code}/reassign", {"to": "EM1"}, 409)


def test_whoever_is_asked_sees_at_the_desk_that_it_waits_for_them(story: DeskStory) -> None:
    """A hand-over or a choice comes not only by message: who opens the desk finds it before everything else."""
    story.api(
        "PUT",
        "/escalation-policies/BDA",
        {
            "steps": [{"duty": "operations", "after_seconds": 0}],
            "repeat_after_seconds": 300,
            "ack_timeout_seconds": 1800,
            "alive_seconds": 600,
        },
    )
    code = story.report()
    story.pulse()
    story.press(story.link(), "take")
    sign_in(story.client, "an1")
    asks = ("Xem và trả lời", "Chờ tôi", "Đồng chí không cần làm gì thêm")
    shown = lambda: [  # noqa: E731
        words in story.client.get(path).get_data(as_text=True)
        for words, path in zip(asks, ("/", "/incidents/", story.link()), strict=True)
    ]
    assert shown()[:2] == [False, False]
    story.api("POST", f"/incidents/{code}/reassign", {"to": "AN1"})
    story.pulse()
    assert shown() == [True, True, False]
    story.press(story.link(), "accept")
    assert shown()[:2] == [False, False]
    # Whoever has it and goes silent is asked, and finds that there as well.
    story.api("POST", f"/incidents/{code}/notes", {"note": "Đang đi"}, 201)
    story.until(11)
    assert story.incident(code)["status"] == "acknowledged" and shown()[:2] == [True, True]


def test_more_people_are_called_without_moving_the_steps(story: DeskStory) -> None:
    code = story.report()
    story.pulse()
    due = story.incident(code)["due_at"]
    story.at(1)
    story.api("POST", f"/incidents/{code}/call-more", {"people": ["QT1"], "duties": ["leadership"]})
    story.pulse()
    assert sorted(story.woken()[1:]) == ["AN1", "QT1"] and story.incident(code)["due_at"] == due
    # Bình takes it: who was called to help is still asked, until there is an answer.
    story.press(story.link(0), "take")
    links = {person: story.link(number) for number, person in enumerate(story.woken())}
    story.press(links["AN1"], "confirm")
    story.until(6)
    assert story.woken()[3:] == ["QT1"]
    story.press(story.link(), "decline")
    story.until(16)
    assert len(story.woken()) == 4
    story.api("POST", f"/incidents/{code}/call-more", {}, 409)


def test_an_expected_arrival_is_shown_and_asked_about_when_overdue(story: DeskStory) -> None:
    code = story.report()
    story.pulse()
    link = story.link()
    story.press(link, "take")
    assert "02:40" in story.press(link, "arrival", arrives="02:40")
    assert story.incident(code)["arrives_at"] == "2020-01-25T02:40:00+07:00"
    story.until(29)
    assert story.woken() == ["BI1"]
    story.until(30)
    assert story.woken() == ["BI1", "BI1"] and story.sink.subjects[-1].startswith("Đã tới nơi chưa")
    # On the road still: a new hour, asked about by itself.
    story.press(story.link(), "arrival", arrives="02:50")
    story.until(40)
    assert story.woken()[2:] == ["BI1"]
    story.until(51)
    assert "AN1" not in story.woken()[3:4] and len(story.woken()) > 4, "then the others are asked as well"
    story.press(link, "arrived")
    calls = len(story.woken())
    story.until(60)
    assert len(story.woken()) == calls and story.incident(code)["arrived_at"] is not None
    assert story.incident(code)["acknowledged_by"] == "Trần Thị Bình"


def test_what_is_put_off_returns_by_itself(story: DeskStory) -> None:
    code = story.report()
    story.pulse()
    story.takes(code, "BI1")

    def put_off(until: str, status: int) -> Any:
        body = {"until": until, "note": "Chờ thợ điện đến lúc trời sáng"}
        return story.api("POST", f"/incidents/{code}/snooze", body, status)

    assert put_off("2020-01-25T23:00:00+07:00", 409)["errors"][0]["field"] == "until"
    assert put_off("2020-01-25T03:40:00+07:00", 200)["snoozed_until"] == "2020-01-25T03:40:00+07:00"
    story.until(89)
    assert story.woken() == ["BI1"] and story.incident(code)["status"] == "acknowledged"
    # 03:40 – it returns: Bình first …
    story.until(90)
    assert story.woken() == ["BI1", "BI1"] and story.incident(code)["snoozed_until"] is None
    # … and as she sleeps, the policy from its first step.
    story.until(95)
    assert story.incident(code)["status"] == "open" and len(story.woken()) == 3
    # Nobody has it: nothing puts off the calls, and the next step comes when it was due.
    assert put_off("2020-01-25T04:00:00+07:00", 409)["code"] == "incident.not_taken"
    story.until(100)
    assert story.woken()[3:] == ["EM1"]
    assert story.told(code).count("returned") == 1


def test_whoever_resolves_ends_every_question(story: DeskStory) -> None:
    code = story.report()
    story.pulse()
    story.takes(code, "BI1")
    story.api("POST", f"/incidents/{code}/call-more", {"people": ["QT1", "AN1"]})
    story.api("POST", f"/incidents/{code}/reassign", {"to": "EM1"})
    story.api("POST", f"/incidents/{code}/resolve", {"note": "Có điện"})
    story.until(30)
    assert story.woken() == ["BI1", "BI1"], "what had not left never leaves; she hears that it is done"
    assert story.sink.subjects[-1] == f"{code}: đã hết", "a key of the API is a machine"
    assert story.incident(code)["asks"] == []
