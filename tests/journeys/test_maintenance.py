"""The line of district A is being repaired in the night of Mùng 1: machines report, nobody is woken for nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from core import clock
from core.i18n import dt
from tests.support.desk_pages import text_of
from tests.support.desk_story import DeskStory
from tests.support.enterprise import sign_in
from tests.support.tet_night import NIGHT

pytestmark = pytest.mark.both_dbs("the story of maintenance, told on both")
PAGE = "/incidents/maintenance/"


def test_machines_are_kept_quiet_and_people_never(story: DeskStory, new_client: Any) -> None:
    made = story.api("POST", "/intakes", {"name": "Giám sát trạm", "kind": "generic", "unit": "BDA"}, 201)
    binh, an = new_client(), new_client()
    sign_in(binh, "bi1")
    sign_in(an, "an1")

    def send(key: str, **more: Any) -> str:
        body = {"title": f"Trạm {key} mất kết nối", "dedup_key": key} | more
        return str(binh.post(made["address"], json=body).get_json()["outcome"])

    # 02:10: Bình plans it; duty is demanded meanwhile, so it holds nothing yet.
    typed = {"unit": "BDA", "ends_at": "25/01/2020 04:00", "reason": "Thay bộ chuyển mạch", "confirmed": "y"}
    refused = binh.post(PAGE, data=typed | {"ends_at": "25/01/2020 01:00"})
    assert refused.status_code == 422
    assert "Giờ kết thúc phải sau giờ bắt đầu." in refused.text and "Thay bộ chuyển mạch" in refused.text
    said = text_of(binh.post(PAGE, data=typed, follow_redirects=True).text)
    assert "chờ quản lý đơn vị hoặc lãnh đạo trực xác nhận" in said and "Xác nhận giữ tin" not in said
    assert "Chờ xác nhận bảo trì: Bưu điện huyện A" in text_of(an.get("/").text)
    [window] = story.api("GET", "/maintenance-windows")["items"]
    assert (window["state"], window["obligatory_minutes"]) == ("waiting", 110)
    assert binh.post(f"{PAGE}{window['id']}/confirm").status_code == 403
    story.pulse()
    assert story.woken() == ["AN1"], "who may confirm is told, once; whoever planned it is not"
    asked = story.sink.arrivals[0]
    assert "Chờ đồng chí xác nhận bảo trì: Bưu điện huyện A" in asked.mail["Subject"]
    for words in ("Thay bộ chuyển mạch", "1 giờ 50 phút phải có người trực", PAGE):
        assert words in asked.body.replace("\n", " "), words
    story.sink.arrivals.clear()
    story.pulse()
    assert "Trong đó 1 giờ 50 phút phải có người trực" in text_of(an.get(PAGE).text)
    assert an.post(f"{PAGE}{window['id']}/confirm").status_code == 303

    # 02:20: two alarms, one goes away; a program reports; nobody is called.
    story.at(10)
    assert [send("12"), send("13"), send("13", status="resolved")] == ["held", "held", "cleared"]
    program = {"title": "Máy chủ chậm", "unit": "BDA", "category": "software", "dedup_key": "srv"}
    assert story.api("POST", "/incidents", program, 202) == {"held_by": window["id"]}
    story.pulse()
    assert story.woken() == []
    held = "Đang bảo trì: Bưu điện huyện A đến 04:00, 3 tin giữ lại, 1 đã tự hết"
    assert held in text_of(binh.get("/").text)
    listed = text_of(binh.get(PAGE).text)
    assert "Tin đang giữ" in listed and "Trạm 12 mất kết nối" in listed and "tự hết 02:20" in listed
    binh.post("/language", data={"language": "en"})
    assert "Under maintenance: Bưu điện huyện A until 04:00, 3 reports held, 1 cleared by themselves" in text_of(
        binh.get("/").text
    )
    binh.post("/language", data={"language": "vi"})

    # 02:30: Bình sees smoke: asked, and what was typed is kept; then it calls at once.
    story.at(20)
    report = {"title": "Khói ở tủ điện", "category": "power", "unit": "BDA", "drill": "real", "form_key": "k1"}
    asked = binh.post("/incidents/new", data=report)
    assert held in text_of(asked.text) and 'value="Khói ở tủ điện"' in asked.text
    assert binh.post("/incidents/new", data=report | {"distinct": "1", "during": "1"}).status_code == 303
    story.pulse()
    assert story.woken() == ["BI1"]
    fire = report | {"title": "Cháy kho", "category": "fire", "form_key": "k2"}
    assert binh.post("/incidents/new", data=fire).status_code == 303, "nobody is asked about a fire"

    # 04:00: it is over; what still fires calls.
    story.at(110)
    story.pulse()
    codes = story.api("GET", "/incidents?status=open")["items"]
    assert sorted(each["title"] for each in codes) == [
        "Cháy kho",
        "Khói ở tủ điện",
        "Máy chủ chậm",
        "Trạm 12 mất kết nối",
    ]
    code = next(each["code"] for each in codes if each["title"].startswith("Trạm"))
    page = an.get(f"/incidents/{code}").text
    assert f"Đã giữ lại từ {dt(NIGHT + timedelta(minutes=10))} vì bảo trì" in page
    assert story.api("POST", f"/maintenance-windows/{window['id']}/end", status=409)["code"] == "maintenance.over"

    # It flaps: An silences the source from the incident; what they press confirms it. Then ends it early.
    assert "bấm nút là xác nhận vẫn giữ lại tin báo" in page and f"Đang xử lý {code}" in page
    tap = {"source": str(made["id"]), "hours": "1", "reason": f"Đang xử lý {code}", "next": f"/incidents/{code}"}
    quiet = text_of(an.post(f"{PAGE}silence", data=tap, follow_redirects=True).text)
    assert "Nguồn báo tạm im đến 05:00" in quiet
    assert "Đang tạm im: Giám sát trạm · Bưu điện huyện A đến 05:00" in quiet
    assert send("14") == "held"
    assert an.post(f"{PAGE}silence", data=tap | {"hours": "99"}).status_code == 422
    sign_in(chi := new_client(), "ch1")
    assert chi.post(f"{PAGE}silence", data=tap).status_code == 403
    second = story.api("GET", "/maintenance-windows")["items"][-1]
    assert second["is_silence"] and second["state"] == "holding"
    assert an.post(f"{PAGE}{second['id']}/end").status_code == 303
    story.pulse()
    assert any(each["title"] == "Trạm 14 mất kết nối" for each in story.api("GET", "/incidents?status=open")["items"])
    assert clock.now() == story.now
