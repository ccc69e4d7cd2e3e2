"""Whom the desk calls, by which policy, and that it never falls silent: told by API, mail and one-tap pages."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest

from core.db import transaction
from duty.on_duty import rehearsals
from incidents.creation import services as creation
from incidents.creation.drafting import IncidentReport
from incidents.escalation import forecast
from people.models import UnitHead
from tests.support.desk_story import DeskStory
from tests.support.enterprise import sign_in
from tests.support.tet_night import ADMIN, NIGHT

WAITS = {"repeat_after_seconds": 120, "ack_timeout_seconds": 600}


def policy(*steps: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"steps": list(steps)} | WAITS | more


def heads(story: DeskStory, **by_unit: str) -> None:
    with transaction() as session:
        for unit, person in by_unit.items():
            session.add(UnitHead(unit_id=story.night.ids[unit], person_id=story.night.ids[person]))


def test_a_step_calls_duties_people_and_heads_up_the_tree(story: DeskStory) -> None:
    heads(story, BDA="AN1", BDT="QT1")
    story.api(
        "PUT",
        "/escalation-policies/BDA",
        policy(
            {"targets": [{"duty": "operations"}, {"person": "EM1"}], "after_seconds": 0},
            {"targets": [{"head": "each"}], "after_seconds": 60},
        ),
    )
    code = story.report()
    story.pulse()
    assert sorted(story.woken()) == ["BI1", "EM1"], "both at once"
    story.until(1)
    assert story.woken()[2:] == ["AN1"], "then the head of the district"
    story.until(2)
    assert story.woken()[3:] == ["QT1"], "then, one level up, the head of the province"
    sign_in(story.client, "an1")
    page = story.client.get(f"/incidents/{code}").get_data(as_text=True)
    assert "Rồi Trưởng đơn vị" in page and "Bước 2, lượt 1 · Trưởng đơn vị: gọi Nguyễn Văn An" in page
    assert "Chưa có ai được phân công" not in page, "a head needs no roster"
    story.until(4)
    assert sorted(story.woken()[4:]) == ["BI1", "EM1"], "and again from the first"
    assert [page["rule"] for page in story.incident(code)["pages"]][:4] == ["assigned", "person", "head", "head"]


def test_everybody_of_an_all_must_step_is_called_until_each_has_answered(story: DeskStory) -> None:
    story.api(
        "PUT",
        "/escalation-policies/BDA",
        policy(
            {
                "targets": [{"duty": "operations"}, {"duty": "emergency"}, {"duty": "leadership"}],
                "after_seconds": 0,
                "all_must_acknowledge": True,
            },
        ),
    )
    code = story.report()
    story.pulse()
    assert sorted(story.woken()) == ["AN1", "BI1", "EM1"]
    links = {code_of: story.link(number) for number, code_of in enumerate(story.woken())}
    # Bình takes it; the two others have not said yet that they know.
    story.at(1)
    story.press(links["BI1"], "take")
    story.until(2)
    assert sorted(story.woken()[3:]) == ["AN1", "EM1"]
    assert all(subject.startswith("Xác nhận đã nắm") for subject in story.sink.subjects[3:])
    # Em confirms; only An goes on being called, and the incident stays Bình's.
    assert "đã nắm" in story.press(links["EM1"], "confirm")
    story.until(4)
    assert story.woken()[5:] == ["AN1"]
    story.press(story.link(), "confirm")
    story.until(9)
    assert len(story.woken()) == 6, "everybody has answered"
    assert story.incident(code)["acknowledged_by"] == "Trần Thị Bình"


ALL_MUST: dict[str, Any] = {
    "targets": [{"duty": "operations"}, {"duty": "emergency"}, {"duty": "leadership"}],
    "after_seconds": 0,
    "all_must_acknowledge": True,
}


def green(page: str) -> list[str]:
    """What the green buttons of a page do."""
    return re.findall(r'<button class="btn yes[^"]*" name="do" value="(\w+)"', page)


def test_of_a_call_that_all_must_answer_one_button_is_green_and_the_page_says_who_is_called_on(
    story: DeskStory,
) -> None:
    story.api("PUT", "/escalation-policies/BDA", policy(ALL_MUST))
    code = story.report()
    story.pulse()
    assert "Mọi người được gọi ở bước này đều cần trả lời" in story.sink.arrivals[0].body
    links = {code_of: story.link(number) for number, code_of in enumerate(story.woken())}
    page = story.client.get(links["BI1"]).get_data(as_text=True)
    assert green(page) == ["take"] and "Đã nắm, để người khác nhận" in page, "taking it says that one knows"
    taken = story.press(links["BI1"], "take")
    assert green(taken) == ["arrived"] and "Hệ thống còn gọi: " in taken and "ngừng gọi" not in taken
    # An wanted to take it, too late: that says that An knows, and An is called no more.
    late = story.press(links["AN1"], "take")
    assert "Trần Thị Bình đã nhận" in late and "đã xác nhận đã nắm" in late and "Chưa ghi được" not in late
    sign_in(story.client, "an1")
    detail = story.client.get(f"/incidents/{code}").get_data(as_text=True)
    assert "Hệ thống còn gọi" in detail and "lượt thứ 1" in detail and "gọi lại lúc 02:12" in detail
    story.until(2)
    assert story.woken()[3:] == ["EM1"]
    letter = story.sink.arrivals[-1].body
    assert "đã có người nhận" in letter and "Bấm để xác nhận đã nắm:" in letter
    assert green(story.client.get(story.link()).get_data(as_text=True)) == ["confirm"]
    story.press(story.link(), "confirm")
    assert "Hệ thống đã ngừng gọi người khác" in story.client.get(links["BI1"]).get_data(as_text=True)
    assert story.incident(code)["acknowledged_by"] == "Trần Thị Bình"


def test_who_is_only_to_confirm_is_called_by_the_policys_waits_with_back_off_also_in_an_exercise(
    story: DeskStory,
) -> None:
    waits = {"repeat_after_seconds": 120, "repeat_most_seconds": 300, "ack_timeout_seconds": 7200}
    story.api("PUT", "/escalation-policies/BDA", {"steps": [ALL_MUST]} | waits)
    exercise = rehearsals.start(
        story.night.campaign, play_at=NIGHT, source="published", minutes=60, step_seconds=20, now=NIGHT, actor=ADMIN
    )
    incident, _ = creation.log(
        IncidentReport(
            title="Diễn tập: mất điện",
            category="power",
            severity=3,
            unit_id=story.night.ids["BDA"],
            detected_at=NIGHT,
            rehearsal=exercise,
            actor=ADMIN,
        ),
        now=NIGHT,
    )
    story.pulse()
    story.takes(incident.code, "BI1")
    for minute in range(3, 16, 3):
        story.until(minute)
        story.api("POST", f"/incidents/{incident.code}/notes", {"note": "Bình còn đang xử lý.", "person": "BI1"}, 201)
    told = story.incident(incident.code)["pages"]
    at = [(datetime.fromisoformat(each["at"]) - NIGHT).total_seconds() for each in told if each["person"] == "AN1"]
    assert at == [0, 120, 240, 360, 540, 810], "as the policy says, ever slower up to its cap"


def test_policies_hold_by_level_category_hour_and_phase(story: DeskStory) -> None:
    ways = {
        "Ban đêm": ({"hours": ["22:00", "06:00"]}, "EM1"),
        "Cháy ban đêm trong Tết": ({"hours": ["22:00", "06:00"], "categories": ["fire"], "phases": ["during"]}, "AN1"),
        "Mức 4": ({"severities": [4], "hours": ["08:00", "09:00"]}, "CH1"),
    }
    for name, (conditions, person) in ways.items():
        step = {"person": person, "after_seconds": 0}
        body = policy(step, name=name, conditions=conditions)
        story.api("POST", "/escalation-policies/BDA/conditional", body, 201)
    story.report()
    story.report(category="fire", title="Cháy kho")
    story.pulse()
    assert sorted(story.woken()) == ["AN1", "EM1"], "the most specific that fits"
    story.at(10 * 60)
    story.report(severity=4)
    story.report()
    story.pulse()
    assert "CH1" not in story.woken(), "ten past twelve is not before nine"
    # The night policy goes: what runs keeps it, what comes follows the main one.
    slot = story.api("GET", "/escalation-policies/BDA/conditional")["items"][0]["slot"]
    story.api("DELETE", f"/escalation-policies/BDA/conditional/{slot}", status=204)
    assert [each["name"] for each in story.api("GET", "/escalation-policies/BDA/conditional")["items"]] == [
        "Cháy ban đêm trong Tết",
        "Mức 4",
    ]


def test_after_the_last_step_it_goes_on_with_back_off_and_the_desk_hears(story: DeskStory) -> None:
    story.api(
        "PUT",
        "/escalation-policies/BDA",
        policy(
            {"duty": "operations", "after_seconds": 0},
            repeat_most_seconds=300,
            urgent_most_seconds=180,
        ),
    )
    calm, urgent = story.report(), story.report(severity=1, title="Cháy")
    assert not story.incident(calm)["exhausted"]
    story.until(30)
    for code, cap in ((calm, 300), (urgent, 180)):
        at = [page["at"] for page in story.incident(code)["pages"]]
        moments = [(NIGHT.fromisoformat(each) - NIGHT) // timedelta(seconds=1) for each in at]
        gaps = [later - earlier for earlier, later in zip(moments, moments[1:], strict=False)]
        assert gaps[:3] == [120, 120, 120] and gaps[3] > 120, "three turns at the full rate, then slower"
        assert gaps == sorted(gaps) and gaps[-1] <= cap + 30, "ever slower, up to the cap"
        assert moments[-1] >= 1800 - cap - 30, "and never silent"
        assert story.incident(code)["exhausted"], "the desk goes red"
    story.takes(calm, "BI1")
    assert not story.incident(calm)["exhausted"]


@pytest.mark.both_dbs("a gap is locked while it is looked at")
def test_an_empty_step_raises_one_coverage_incident_per_gap(story: DeskStory) -> None:
    story.night.withdraw("emergency")
    codes = [story.report(title=f"Xe hỏng {number}", category="vehicle") for number in range(3)]
    story.until(6)
    listed = story.api("GET", "/incidents?q=Không có người trực")["items"]
    assert [(each["category"], each["status"]) for each in listed] == [("coverage", "open")]
    coverage = listed[0]["code"]
    for code in codes[1:]:  # the first goes on meeting the gap
        story.takes(code, "BI1")
    story.until(16)
    assert len(story.api("GET", "/incidents?limit=100")["items"]) == 4, "its own empty step raises nothing more"
    # Somebody is put on duty: the gap is filled, and its incident with it.
    story.night.publish("emergency", "EM1", hours=11)
    story.pulse()
    assert story.incident(coverage)["status"] == "resolved"
    # The same seat is emptied once more: that is a new gap.
    story.night.withdraw("emergency")
    story.report(title="Xe hỏng nữa", category="vehicle")
    story.until(24)
    states = [each["status"] for each in story.api("GET", "/incidents?q=Không có người trực")["items"]]
    assert sorted(states) == ["open", "resolved"]


def test_who_goes_silent_after_a_sign_of_life_is_asked_first(story: DeskStory) -> None:
    story.api(
        "PUT",
        "/escalation-policies/BDA",
        policy(
            {"duty": "operations", "after_seconds": 0},
            {"duty": "leadership", "after_seconds": 60},
            alive_seconds=1200,
        ),
    )
    code = story.report()
    story.pulse()
    story.press(story.link(), "take")
    story.at(5)
    story.api("POST", f"/incidents/{code}/notes", {"note": "Đang kiểm tra máy phát"}, 201)
    story.until(24)
    assert story.woken() == ["BI1"], "twenty minutes are hers"
    story.until(25)
    assert story.woken() == ["BI1", "BI1"] and story.sink.subjects[-1].startswith("Còn xử lý không")
    story.press(story.link(), "alive")
    story.until(45)
    assert story.woken()[2:] == ["BI1"], "heard of again, asked again"
    # This time no answer: after a grace it is open, from the first step.
    story.until(47)
    assert story.incident(code)["status"] == "open" and story.woken()[3:] == ["BI1"]
    story.until(48)
    assert story.woken()[4:] == ["AN1"]


def test_the_forecast_is_what_then_happens(story: DeskStory) -> None:
    heads(story, BDA="AN1")
    story.night.withdraw("emergency")
    story.api(
        "PUT",
        "/escalation-policies/BDA",
        policy(
            {"duty": "operations", "after_seconds": 0},
            {"duty": "emergency", "after_seconds": 60},
            {"targets": [{"head": "each"}], "after_seconds": 90},
            repeat_most_seconds=240,
        ),
    )
    code = story.report(severity=4)
    from core.db import db
    from incidents.record import queries

    promised = forecast.next_calls(queries.by_code(code), story.now, lines=8)
    lines = [(each.at, person.code) for each in promised for person in each.people]
    db.session.rollback()
    assert len(promised) == 8
    story.until((promised[-1].at - NIGHT) / timedelta(minutes=1))
    happened = [(page["at"], page["person"]) for page in story.incident(code)["pages"]]
    assert [(NIGHT.fromisoformat(at), person) for at, person in happened][: len(lines)] == lines


def test_a_new_version_is_applied_to_everything_that_runs_in_the_unit(story: DeskStory) -> None:
    codes = [story.report(title=f"Việc {n}") for n in range(3)]
    elsewhere = story.report(unit="BDC")
    story.pulse()
    story.api("PUT", "/escalation-policies/BDA", policy({"person": "QT1", "after_seconds": 0}))
    assert story.api("POST", "/escalation-policies/BDA/apply")["applied"] == 3
    assert story.api("POST", "/escalation-policies/BDA/apply")["applied"] == 0
    assert all("policy" in story.told(code) for code in codes) and "policy" not in story.told(elsewhere)
    story.until(6)
    assert {page["person"] for page in story.incident(codes[0])["pages"]} == {"BI1", "QT1"}
