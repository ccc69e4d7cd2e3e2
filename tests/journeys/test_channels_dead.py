"""Mail and SMS die in the night: whoever may ring hears of it at once, rings by one list, and hears when it is over.

The mail server is closed and the SMS gateway answers nonsense: real sockets, real breakers.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from core.clock import local_date
from core.db import db as database, transaction
from core.observability import heartbeat
from desk.audit.findings import findings
from incidents.escalation import engine
from incidents.figures import queries as figures
from incidents.record import queries
from incidents.record.models import Incident, Page
from incidents.response import lifecycle
from notify.gateways import breakers
from people.queries import unit_by_code
from tests.support.dead_night import DeadNight
from tests.support.enterprise import sign_in
from tests.support.tet_night import ADMIN

BANNER = "Thư và SMS đang hỏng"


@pytest.fixture
def an(dead_night: DeadNight, new_client: Any) -> FlaskClient:
    return signed_in(new_client, "an1")


def signed_in(new_client: Any, login: str) -> FlaskClient:
    client: FlaskClient = new_client()
    sign_in(client, login)
    return client


def read_page(client: FlaskClient, path: str = "/calls/") -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def tap(client: FlaskClient, person: str, what: str, codes: list[str], **more: str) -> str:
    """A button of that person's line; the list as it is afterwards, with what it says."""
    assert client.post(f"/calls/{person}/{what}", data={"code": codes, **more}).status_code == 303
    return read_page(client)


def sent(page: Page) -> bool:
    return page.message is not None and page.message.state == "sent"


def test_the_pages_of_those_who_may_ring_are_red_before_a_minute_is_over(
    dead_night: DeadNight, an: FlaskClient, new_client: Any
) -> None:
    dung = signed_in(new_client, "du1")
    assert "banner alarm" not in read_page(an, "/") and 'data-red=""' in read_page(an, "/calls/banner")
    dead_night.dies()
    dead_night.log()
    dead_night.until(20)  # three attempts each: the breakers are open
    assert {row.name for row in breakers.known() if row.opened_at} == {"email", "sms/chính"}

    banner = read_page(an, "/calls/banner")
    assert f"{BANNER}: gọi tay 1 người" in banner and 'data-alarm="late"' in banner and 'href="/calls/"' in banner
    assert re.search(r"Thư từ 02:10, SMS từ 02:10; máy đang thử lại", banner)
    for path in ("/", "/incidents/", "/roster/", "/people/", "/?wall=1"):
        page = read_page(an, path)
        assert f"{BANNER}: gọi tay 1 người" in page, path
    page = read_page(an, "/incidents/")
    assert page.index(BANNER) < page.index('<header class="top">'), "above the bar"
    assert 'class="live dead"' in page and '<span class="count">1</span>' in page
    assert "Trần Thị Bình" in read_page(an) and '<a class="banner alarm"' not in read_page(an)

    # Whoever may not ring sees no more than before: no banner, no list, no number.
    page = read_page(dung, "/incidents/")
    assert BANNER not in page and "gọi tay" not in page.lower() and "data-unreached" not in page
    assert dung.get("/calls/banner").status_code == dung.get("/calls/").status_code == 403
    assert new_client().get("/calls/banner").status_code == 303


def test_pages_and_readyz_say_the_same_and_a_new_round_is_no_new_patience(
    dead_night: DeadNight, an: FlaskClient, new_client: Any
) -> None:
    """Nothing fails, nothing leaves: the worker's senders hang. After a minute nobody has heard of it."""
    incident = dead_night.log()
    engine.escalate_due(dead_night.now)
    dung = signed_in(new_client, "du1")

    def both(seconds: float) -> tuple[bool, bool]:
        dead_night.at(seconds)
        heartbeat.beat("worker", now=dead_night.now)
        database.session.rollback()
        engine.escalate_due(dead_night.now)
        database.session.rollback()
        found = {each.kind for each in findings(now=dead_night.now)}
        return "incidents_untold" in found, 'data-red="yes"' in read_page(an, "/calls/banner")

    assert both(59) == (False, False)
    assert both(60) == (True, True)
    assert "Tin không tới người trực: gọi tay 1 người" in read_page(an, "/")
    assert "đang hỏng" not in read_page(an, "/"), "no channel is accused that is not known to fail"
    assert 'class="live"' not in read_page(dung, "/incidents/"), "nobody reads that all is well"
    for seconds in (125, 305, 307, 610, 612, 920):  # steps and rounds go on
        assert both(seconds) == (True, True), seconds
    assert len({page.fired for page in queries.pages(incident.id)}) > 3


def test_of_many_incidents_the_three_worst_are_said(dead_night: DeadNight, an: FlaskClient) -> None:
    dead_night.dies()
    for severity, title in enumerate(("Cháy kho", "Mất điện", "Mất mạng", "Xe muộn"), start=1):
        dead_night.log(title, severity=severity)
    dead_night.log("Máy in hỏng", severity=4)
    dead_night.until(20)
    said = re.search(r"Nói:</span> “([^”]*)”", read_page(an))
    assert said and "Mất mạng, tại Bưu điện huyện A, mức 3. Và 2 việc khác, nặng nhất mức 4. Đồng chí" in said[1]


def test_one_line_a_person_with_everything_and_results_in_one_tap(dead_night: DeadNight, an: FlaskClient) -> None:
    dead_night.dies()
    bad = dead_night.log("Xe thư hỏng ở đèo Mang Yang", category="vehicle", severity=1).code
    mild = dead_night.log("Máy soi trung tâm ngừng").code
    dead_night.until(20)
    page = read_page(an)
    assert page.count('id="call-BI1"') == 1 and "2 sự cố" in page
    said = re.search(r"Nói:</span> “([^”]*)”", page)
    assert said and said[1] == (
        "Xe thư hỏng ở đèo Mang Yang, tại Bưu điện huyện A, mức 1. "
        "Máy soi trung tâm ngừng, tại Bưu điện huyện A, mức 3. Đồng chí nhận cả 2 việc không?"
    )
    assert "Nhận cả 2 việc" in page and 'href="tel:0900000102"' in page and "https://zalo.me/0900000102" in page

    page = tap(an, "BI1", "result", [bad, mild], outcome="taken")
    assert f"Trần Thị Bình đã nhận {bad}, {mild} qua điện thoại" in page and "xong 1 trên 1" in page
    for code in (bad, mild):
        assert dead_night.code(queries.by_code(code)).acknowledged_by == "Trần Thị Bình"
    assert 'data-red=""' in read_page(an, "/calls/banner")
    # Tapped twice it counts once.
    tap(an, "BI1", "result", [bad, mild], outcome="taken")
    assert read_page(an, f"/incidents/{bad}").count("đã nhận qua điện thoại") == 1


def test_what_is_of_level_1_and_was_not_named_on_the_telephone_is_taken_by_a_button_of_its_own(
    dead_night: DeadNight, an: FlaskClient
) -> None:
    dead_night.dies()
    fires = [dead_night.log(f"Cháy kho {number}", category="fire", severity=1).code for number in range(4)]
    mild = dead_night.log("Máy in hỏng", severity=4).code
    dead_night.until(20)
    page = read_page(an)
    said = re.search(r"Nói:</span> “([^”]*)”", page)
    assert said and said[1].endswith("Và 2 việc khác, nặng nhất mức 1. Đồng chí nhận những việc nào?")
    assert "Nhận cả 4 việc, trừ 1 sự cố mức 1" in page
    unsaid = re.search(r'name="alone" value="([^"]+)"', page)
    assert unsaid and page.count('name="alone"') == 1 and unsaid[1] in fires
    shown = list(dict.fromkeys(re.findall(r'name="code" value="([^"]+)"', page)))
    page = tap(an, "BI1", "result", shown, outcome="taken")
    assert f"Nhận từng việc một: {unsaid[1]}." in page and 'id="call-BI1"' in page
    taken = {code for code in (*fires, mild) if dead_night.code(queries.by_code(code)).acknowledged_by}
    assert taken == {*fires, mild} - {unsaid[1]}
    assert "Trần Thị Bình đã nhận" in tap(an, "BI1", "result", [unsaid[1]], alone=unsaid[1])
    assert dead_night.code(queries.by_code(unsaid[1])).acknowledged_by == "Trần Thị Bình"


def test_a_result_is_taken_back_within_two_minutes_and_not_afterwards(dead_night: DeadNight, an: FlaskClient) -> None:
    dead_night.dies()
    codes = [dead_night.log(title).code for title in ("Mất điện", "Mất mạng")]
    dead_night.until(20)
    tap(an, "BI1", "result", codes, outcome="taken")
    dead_night.until(30)
    page = tap(an, "BI1", "undo", codes)
    assert "Đã bỏ kết quả vừa ghi về Trần Thị Bình" in page and 'id="call-BI1"' in page and "Nhận cả 2 việc" in page
    for code in codes:
        incident = dead_night.code(queries.by_code(code))
        assert (incident.status, incident.acknowledged_by, incident.acknowledged_at) == ("open", "", None)
        assert "Sửa kết quả gọi điện cho Trần Thị Bình" in read_page(an, f"/incidents/{code}")
    assert f"{BANNER}: gọi tay 1 người" in read_page(an, "/calls/banner")

    # Not answered, by mistake: taken back it is as if nobody had rung, and she is rung again.
    tap(an, "BI1", "result", codes, outcome="no_answer")
    assert "Trần Thị Bình" in tap(an, "BI1", "undo", codes) and 'id="call-BI1"' in read_page(an)

    # Later than two minutes, or when somebody has gone on with it, it stays.
    tap(an, "BI1", "result", codes, outcome="taken")
    lifecycle.resolve(queries.by_code(codes[0]).id, actor=dead_night.night.actor("BI1"), now=dead_night.now)
    assert "đã có người xử lý tiếp" in tap(an, "BI1", "undo", codes)
    assert dead_night.code(queries.by_code(codes[1])).status == "acknowledged", "all of a call or nothing"
    dead_night.at(30 + 121)
    assert "Quá hai phút" in tap(an, "BI1", "undo", codes) and "Sửa kết quả" not in read_page(an)


def test_a_taking_that_was_taken_back_is_none_in_the_figures(dead_night: DeadNight, an: FlaskClient) -> None:
    dead_night.dies()
    code = dead_night.log("Mất điện").code
    dead_night.until(20)
    tap(an, "BI1", "result", [code], outcome="taken")
    dead_night.until(80)
    tap(an, "BI1", "undo", [code])
    dead_night.at(600)

    def told() -> tuple[timedelta | None, list[tuple[str, timedelta]]]:
        database.session.rollback()
        period = figures.period_of(None, local_date(dead_night.now), local_date(dead_night.now), "", now=dead_night.now)
        found = figures.read_figures(unit_by_code("BDA"), period, actor=ADMIN, now=dead_night.now)
        return found.cases[0].taken, [(person.code, load.held) for person, load in found.loads if load.held]

    assert told() == (None, []), "the minute for which she seemed to have it is nobody's work"
    tap(an, "BI1", "result", [code], outcome="taken")
    assert told()[0] == timedelta(seconds=600)


def test_who_was_to_be_called_as_well_is_called_again_when_a_taking_is_taken_back(
    dead_night: DeadNight, an: FlaskClient
) -> None:
    """Whoever takes it silences the others: so a wrong tap may not leave them silent."""
    dead_night.night.publish("operations", "EM1")
    dead_night.dies()
    code = dead_night.log("Mất điện").code
    dead_night.until(20)
    page = read_page(an)
    assert 'id="call-BI1"' in page and 'id="call-EM1"' in page
    page = tap(an, "BI1", "result", [code], outcome="taken")
    assert 'id="call-EM1"' not in page
    page = tap(an, "BI1", "undo", [code])
    assert 'id="call-BI1"' in page and 'id="call-EM1"' in page
    dead_night.mended()
    dead_night.until(90)
    assert {page.person.code for page in queries.pages(queries.by_code(code).id) if sent(page)} == {"BI1", "EM1"}


def test_takes_one_cannot_do_the_other_or_asks_for_later(dead_night: DeadNight, an: FlaskClient) -> None:
    dead_night.dies()
    one, other = (dead_night.log(title).code for title in ("Mất điện", "Mất mạng"))
    dead_night.until(20)
    page = tap(an, "BI1", "result", [one, other], later="10")
    assert "hẹn gọi lại" in page and "gọi lại sau 10:00" in page
    page = tap(an, "BI1", "result", [one, other], only=other)
    assert f"Trần Thị Bình đã nhận {one}" not in page
    assert dead_night.code(queries.by_code(other)).acknowledged_by == "Trần Thị Bình"
    assert dead_night.code(queries.by_code(one)).status == "open"
    assert "nghe máy, không đi được" in read_page(an, f"/incidents/{one}")
    dead_night.until(22)  # the next step follows at once
    assert "Rơ Châm Em" in read_page(an)
    refused = an.post("/calls/EM1/result", data={"code": one, "outcome": "hừm"})
    assert refused.status_code == 422 and "Chọn kết quả cuộc gọi" in refused.get_data(as_text=True)


def test_who_took_it_while_the_telephone_rang_keeps_it(dead_night: DeadNight, an: FlaskClient) -> None:
    dead_night.dies()
    incident = dead_night.log()
    dead_night.until(20)
    lifecycle.acknowledge(incident.id, person_id=dead_night.night.ids["EM1"], actor=ADMIN, now=dead_night.now)
    page = tap(an, "BI1", "result", [incident.code], outcome="taken")
    assert f"{incident.code} đã có Rơ Châm Em nhận" in page
    assert dead_night.code(incident).acknowledged_by == "Rơ Châm Em"


def test_what_is_secret_or_restricted_is_never_said(dead_night: DeadNight, an: FlaskClient) -> None:
    dead_night.dies()
    state = dead_night.log("Túi công văn Tỉnh ủy rơi ở cầu", category="vehicle", party_state=True)
    hidden = dead_night.log("Bưu gửi nghi có chất nổ")
    with transaction() as session:
        session.get_one(Incident, hidden.id).restricted = True
    dead_night.until(20)
    said = re.search(r"Nói:</span> “([^”]*)”", read_page(an))
    assert said and "Tỉnh ủy" not in said[1] and "chất nổ" not in said[1]
    assert "Sự cố hạn chế xem" in said[1] and "mức" in said[1] and "Bưu điện huyện A" in said[1]
    assert "có bưu gửi KT1 hoặc của cơ quan Đảng, Nhà nước" in said[1]
    for words in ("Tỉnh ủy", "chất nổ", state.code, "Bình"):
        assert words not in read_page(an, "/calls/banner")


def test_nobody_is_asked_to_ring_themselves(dead_night: DeadNight, new_client: Any) -> None:
    """Bình, on duty, may ring, and is the one who is called."""
    binh = signed_in(new_client, "bi1")
    dead_night.dies()
    incident = dead_night.log()
    dead_night.until(20)
    assert "Không phải gọi tay cho ai" in read_page(binh)
    banner = read_page(binh, "/calls/banner")
    assert f"{BANNER}: đồng chí đang được gọi về {incident.code}" in banner
    assert f'href="/incidents/{incident.code}"' in banner
    assert "không gọi điện cho chính mình" in tap(binh, "BI1", "ring", [incident.code])


def test_when_the_message_leaves_after_all_the_line_goes_with_a_note(dead_night: DeadNight, an: FlaskClient) -> None:
    dead_night.dies()
    incident = dead_night.log()
    dead_night.until(75)
    assert "Trần Thị Bình" in read_page(an) and 'data-red="yes"' in read_page(an, "/calls/banner")
    dead_night.mended()
    dead_night.until(100)
    assert dead_night.states(incident)["email"] == "sent"
    page = read_page(an)
    assert 'id="call-BI1"' not in page and "Không phải gọi tay cho ai" in page
    assert re.search(rf"(Thư|SMS) đi được lúc 02:11, về {incident.code}: không phải gọi nữa", page)
    assert 'data-red=""' in read_page(an, "/calls/banner")
    dead_night.at(100 + 310)
    assert "không phải gọi nữa" not in read_page(an)


def test_one_dead_channel_of_two_alarms_nobody(dead_night: DeadNight, an: FlaskClient) -> None:
    dead_night.mail_dies()
    dead_night.log()
    dead_night.until(70)
    assert dead_night.sms.asked and 'data-red=""' in read_page(an, "/calls/banner")
    assert "Không phải gọi tay cho ai" in read_page(an)


def test_the_page_for_times_without_a_line_gives_the_numbers_to_ring(dead_night: DeadNight, new_client: Any) -> None:
    """Kept on the machine by the service worker; never the reader's own number."""
    page = read_page(signed_in(new_client, "bi1"), "/incidents/offline")
    assert "tel:0900000101" in page and "Nguyễn Văn An" in page and "tel:0900000102" not in page
