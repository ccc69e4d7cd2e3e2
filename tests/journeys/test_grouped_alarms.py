"""Twelve stations lose their line within a minute: one incident, one letter, and it is over when all are back."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.desk_pages import text_of
from tests.support.desk_story import DeskStory
from tests.support.enterprise import sign_in

pytestmark = pytest.mark.both_dbs("the story of grouping, told on both")


def test_twelve_stations_are_one_incident_with_a_list(story: DeskStory) -> None:
    made = story.api("POST", "/intakes", {"name": "Giám sát trạm", "kind": "generic", "unit": "BDA"}, 201)
    browser = story.client
    sign_in(browser, "an1")
    setting = f"/incidents/sources/{made['id']}/grouping"
    refused = browser.post(setting, data={"minutes": "10000"})
    assert refused.status_code == 422
    assert "từ 1 đến 720" in refused.text and 'value="10000"' in refused.text
    assert browser.post(setting, data={"minutes": "10"}).status_code == 303
    assert [each["group_minutes"] for each in story.api("GET", "/intakes")["items"]] == [10]

    def send(station: int, **more: Any) -> str:
        body = {"title": f"Trạm {station} mất kết nối", "dedup_key": f"tram-{station}"} | more
        return str(browser.post(made["address"], json=body).get_json()["incident"])

    code = {send(station) for station in range(1, 13)}.pop()
    story.pulse()
    assert story.woken() == ["BI1"]
    letter = story.sink.arrivals[0]
    assert "Trạm 1 mất kết nối và 11 cảnh báo khác" in str(letter.mail["Subject"])
    assert "Gộp từ một nguồn: 12 cảnh báo." in letter.body and "và 7 cảnh báo khác còn báo" in letter.body

    for station in range(1, 10):
        send(station, status="resolved")
    page = text_of(browser.get(f"/incidents/{code}").text)
    assert "Các cảnh báo 12 cảnh báo, 9 đã tự hết" in page and "Thêm 11 cảnh báo vào sự cố này" in page
    assert "Các cảnh báo 12 cảnh báo, 9 đã tự hết" in text_of(browser.get(story.link(0)).text)
    told = story.api("GET", f"/incidents/{code}/alarms")
    assert (told["alarms"], told["places"], told["cleared"]) == (12, 1, 9)
    assert [each["title"] for each in told["items"]][:3] == [f"Trạm {n} mất kết nối" for n in (10, 11, 12)]

    # Somebody takes it; then one of them is worse than was known: they are called anew.
    story.takes(code, "BI1")
    send(13, severity="critical")
    story.pulse()
    assert story.woken() == ["BI1", "BI1"]
    assert "nặng hơn: mức 2 (Nghiêm trọng); trước đó Trần Thị Bình giữ" in browser.get(f"/incidents/{code}").text
    browser.post("/language", data={"language": "en"})
    page = text_of(browser.get(f"/incidents/{code}").text)
    assert "13 alarms, 9 cleared by themselves" in page and "Called anew from the first step" in page

    # One of them turns out to carry KT1: an incident of its own, and somebody is called about it.
    kt1 = send(10, title="Trạm 10 giữ túi KT1, mất kết nối", host="tram-10")
    assert kt1 != code and send(10, title="Trạm 10 giữ túi KT1, mất kết nối") == kt1
    story.pulse()
    assert len(story.woken()) == 3 and kt1 in story.sink.arrivals[-1].body
    assert story.incident(kt1)["details"] is None, "what came along may say more than the incident does"
    assert story.told(code).count("alarm_apart") == 1
    for station in range(10, 14):
        send(station, status="resolved")
    assert story.incident(kt1)["status"] == "resolved"
    assert story.incident(code)["status"] == "resolved"
