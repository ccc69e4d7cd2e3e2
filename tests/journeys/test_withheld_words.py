"""What may not be written of items of Party and State: refused to who can mend it, withheld where nobody can."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from core.db import db as database
from incidents.alarms.models import IncidentDetails
from incidents.intake.models import IntakeEvent
from incidents.record.models import TimelineEntry
from incidents.response import lifecycle
from notify.models import Message
from people.accounts import keys
from tests.support.counter import Counter, incidents, timeline
from tests.support.desk_pages import text_of
from tests.support.desk_story import DeskStory
from tests.support.enterprise import sign_in
from tests.support.tet_night import ADMIN, NIGHT

pytestmark = pytest.mark.both_dbs("names of colleagues are looked up while an alarm is written down")
STRANGER = "Phạm Thị Lan Anh"


def test_an_alarm_is_logged_without_them_and_says_so(story: DeskStory) -> None:
    made = story.api("POST", "/intakes", {"name": "Tủ KT1", "kind": "generic", "unit": "BDA"}, 201)
    words = f"Túi KT1 tối mật của {STRANGER}, người nhận: Tỉnh ủy; Trần Thị Bình đã báo"
    sent = {"title": words, "dedup_key": "tui", "category": "kt1", "severity": "error", "khoang": STRANGER}
    code = story.client.post(made["address"], json=sent).get_json()["incident"]
    story.pulse()
    assert story.woken(), "nobody waits for a word"
    found = story.incident(code)
    assert found["title"] == "Túi KT1 […] của […], […] Tỉnh ủy; Trần Thị Bình đã báo", "a colleague is named"
    assert found["details"] is None and "lược bỏ" in found["timeline"][0]["text"]
    # Nor is it beside the incident: not as it came, not in what came along, not in the letter.
    event = database.session.scalars(select(IntakeEvent)).one()
    assert (event.payload, event.size > 0) == ("", True) and not database.session.query(IncidentDetails).count()
    assert STRANGER not in story.sink.arrivals[0].body and "tối mật" not in story.sink.arrivals[0].body
    sign_in(story.client, "an1")
    page = text_of(story.client.get(f"/incidents/{code}").text)
    assert "chữ không được ghi (độ mật, nội dung, người gửi, người nhận) đã lược bỏ" in page

    # Not marked as KT1, but it speaks of it; and told again the line in the timeline has it no more than the title.
    other = {"title": "Mất điện", "description": f"Hỏa tốc, người nhận: {STRANGER}", "dedup_key": "dien"}
    plain = story.client.post(made["address"], json=other).get_json()["incident"]
    assert story.incident(plain)["description"] == "Hỏa tốc, […] […]"
    story.client.post(made["address"], json=sent)
    assert STRANGER not in str([entry.note for entry in database.session.scalars(select(TimelineEntry))])


def test_a_program_is_not_refused_and_a_person_is(story: DeskStory) -> None:
    body = {"title": f"Công văn KT1 của {STRANGER}, tối mật", "category": "kt1", "unit": "BDA"}
    assert story.api("POST", "/incidents", body, 201)["title"] == "Công văn KT1 của […], […]"

    secret = keys.create_api_key(keys.NewApiKey("An", "manager", None, "AN1"), now=NIGHT, actor=ADMIN)[1]

    def as_an(path: str, given: dict[str, Any]) -> Any:
        bearer = {"Authorization": f"Bearer {secret}"}
        return story.client.post(f"/api/v1{path}", json=given, headers=bearer)

    assert as_an("/incidents", body).get_json()["code"] == "incident.secret"
    named = {"title": f"Xe thư chở hàng của {STRANGER}", "category": "vehicle", "unit": "BDA", "party_state": True}
    assert as_an("/incidents", named).get_json()["code"] == "incident.name_asked"
    code = as_an("/incidents", named | {"names_confirmed": True}).get_json()["code"]
    for note, refused in (
        (f"Đã giao cho {STRANGER}", False),
        ("Người gửi: Tỉnh ủy", True),
    ):
        assert as_an(f"/incidents/{code}/notes", {"note": note}).status_code == (422 if refused else 201), note
    kt1 = as_an("/incidents", {"title": "KT1 chậm", "category": "kt1", "unit": "BDA"}).get_json()["code"]
    for note, why in (
        (f"Đã giao cho {STRANGER}", "incident.name"),
        ("Đã giao cho Trần Thị Bình", None),
    ):
        answer = as_an(f"/incidents/{kt1}/notes", {"note": note})
        assert answer.get_json().get("code") == why or answer.status_code == 201, note


def test_whoever_reports_at_the_counter_is_never_sent_away_for_a_word(counter: Counter) -> None:
    answer = counter.send(counter.sheet(), title=f"Gói lạ của {STRANGER}, hàng tối mật", category="suspicious_item")
    [first] = incidents()
    assert first.title == "Gói lạ của […], hàng […]"
    counter.pulse()
    lifecycle.acknowledge(first.id, actor=counter.night.actor("BI1"), now=counter.now)
    more = {"do": "more", "note": f"{STRANGER} gọi lại"}
    assert counter.phone.post(answer.headers["Location"], data=more).status_code == 303
    assert ("reporter_added", "[…] gọi lại") in timeline(first.id)
    bodies = database.session.scalars(select(Message.body)).all()
    assert bodies and not any(STRANGER in body for body in bodies), "no letter says what the incident does not"


def test_what_turns_out_to_be_kt1_keeps_no_name_that_was_written_before(story: DeskStory) -> None:
    """There is no form by which to mend the title: it must not stand in the way of saying what it is."""
    code = story.report(title=f"Mất túi của {STRANGER}", category="item_lost")
    sign_in(story.client, "an1")
    answer = story.client.post(f"/incidents/{code}/classify", data={"category": "kt1", "note": "Là túi KT1"})
    assert answer.status_code == 303
    assert (story.incident(code)["category"], story.incident(code)["title"]) == ("kt1", "Mất túi của […]")
    assert story.api("GET", f"/incidents?q={STRANGER.split()[-1]}")["items"] == [], "nor is it found by it"
