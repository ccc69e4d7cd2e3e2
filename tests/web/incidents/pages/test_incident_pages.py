"""Board, quick log, detail and the one-tap page, as a browser without scripts sees them."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from flask.testing import FlaskClient

from core import clock
from core.db import db as database, transaction
from incidents.escalation import engine
from incidents.record.models import Incident
from incidents.response import lifecycle
from notify.models import Message
from people.models import Person, Unit, User
from tests.support.enterprise import sign_in
from tests.support.html_form import form_of
from tests.support.tet_night import ADMIN, NIGHT, Night

SEC = timedelta(seconds=1)


def log(night: Night, **changes: Any) -> Incident:
    return night.log(**{"title": "Mất điện <trung tâm>"} | changes)


def links() -> list[str]:
    """The paths in the mails, in order."""
    database.session.rollback()
    bodies = database.session.query(Message).order_by(Message.id)
    return [re.search(r"/a/[\w-]+", mail.body).group() for mail in bodies]  # type: ignore[union-attr]


def status_of(code: str = "SC-2020-0001") -> str:
    database.session.rollback()
    return database.session.query(Incident).filter_by(code=code).populate_existing().one().status


def text(response: Any) -> str:
    return response.get_data(as_text=True)


# --- one tap -------------------------------------------------------------------------------------------------------


def test_looking_never_acts(night: Night, client: FlaskClient) -> None:
    with transaction() as session:
        session.get_one(Unit, night.ids["BDA"]).phone = "02693824999"
    log(night)
    engine.escalate_due(NIGHT)
    for _ in range(3):
        page = client.get(links()[0])
    assert page.status_code == 200
    for words in (
        "Mất điện &lt;trung tâm&gt;",
        "Bưu điện huyện A",
        "Tôi nhận",
        "Không đi được – chuyển người khác",
        "Gọi Bưu điện, 0269 3824 999",
        "tel:02693824999",
        "Mùng 1 tháng Giêng năm Canh Tý",
    ):
        assert words in text(page), words
    assert "tel:0900000102" not in text(page), "nobody is asked to ring themselves"
    assert "đã nhận sự cố" not in text(page)
    assert (page.headers["Cache-Control"], page.headers["Referrer-Policy"]) == ("no-store", "no-referrer")
    assert status_of() == "open"
    assert client.head(links()[0]).status_code == 200 and status_of() == "open"


def test_one_tap_takes_it_without_session_or_csrf_token(night: Night, client: FlaskClient, app: Any) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    log(night)
    engine.escalate_due(NIGHT)
    answer = client.post(links()[0], data={"do": "take"})
    assert answer.status_code == 200
    assert "Đồng chí Trần Thị Bình đã nhận sự cố này lúc 02:10 25/01/2020" in text(answer)
    assert status_of() == "acknowledged"


def test_whoever_presses_second_hears_who_has_it_and_since_when(night: Night, client: FlaskClient) -> None:
    log(night)
    engine.escalate_due(NIGHT)
    engine.escalate_due(NIGHT + 300 * SEC)
    first, second = links()
    client.post(first, data={"do": "take"})
    for press in ({"do": "take"}, {"do": "pass"}):
        answer = client.post(second, data=press)
        assert answer.status_code == 200
        assert "đã có Trần Thị Bình nhận lúc 02:10 25/01/2020" in text(answer)
        assert "Đồng chí Rơ Châm Em đã nhận" not in text(answer)
    assert "Đồng chí Trần Thị Bình đã nhận" in text(client.post(first, data={"do": "take"}))
    assert "Trần Thị Bình đã nhận sự cố này" in text(client.get(second))


def test_passing_on_calls_the_next_person_at_once(night: Night, client: FlaskClient) -> None:
    log(night)
    engine.escalate_due(NIGHT)
    answer = client.post(links()[0], data={"do": "pass"})
    assert answer.status_code == 200 and "đã báo không đi được" in text(answer)
    engine.escalate_due(NIGHT)
    assert len(links()) == 2


def test_a_link_ends_after_a_day_says_so_and_names_nobody(night: Night, client: FlaskClient) -> None:
    """Whoever holds it by then may be anybody: it gives the number of the office, and nobody's own."""
    with transaction() as session:
        session.get_one(Unit, night.ids["BDA"]).phone = "02693824999"
    log(night)
    engine.escalate_due(NIGHT)
    (link,) = links()
    with clock.travel(NIGHT + timedelta(hours=24)):
        for answer in (client.get(link), client.post(link, data={"do": "take"})):
            assert answer.status_code == 410
            assert "tel:02693824999" in text(answer)
            assert "tel:09" not in text(answer) and "Bình" not in text(answer)
    assert status_of() == "open"


def test_a_link_that_nobody_made(client: FlaskClient) -> None:
    assert client.get("/a/abc").status_code == 404
    assert client.post("/a/abc", data={"do": "take"}).status_code == 404


def test_an_unknown_button_changes_nothing(night: Night, client: FlaskClient) -> None:
    log(night)
    engine.escalate_due(NIGHT)
    assert client.post(links()[0], data={"do": "dance"}).status_code == 200
    assert status_of() == "open"


def test_an_exercise_says_so_on_the_page(night: Night, client: FlaskClient) -> None:
    log(night, rehearsal=night.rehearse(now=NIGHT))
    engine.escalate_due(NIGHT)
    assert "DIỄN TẬP" in text(client.get(links()[0]))


# --- board ---------------------------------------------------------------------------------------------------------


def test_the_board_shows_open_ones_first_and_filters(night: Night, client: FlaskClient) -> None:
    done = log(night, title="Đã xong")
    lifecycle.resolve(done.id, actor=ADMIN, now=NIGHT)
    log(night, title="Cháy kho", category="fire")
    sign_in(client, "bi1")
    page = text(client.get("/incidents/"))
    assert page.index("Cháy kho") < page.index("Đã xong")
    assert "Đã xong" not in text(client.get("/incidents/?status=open"))
    assert "Cháy kho" in text(client.get("/incidents/?q=chay")), "no diacritics needed"
    assert "Cháy kho" in text(client.get("/incidents/?q=sc-2020-0002"))
    assert "Cháy kho" not in text(client.get("/incidents/?severity=4&unit=BDC"))


def test_the_board_asked_again_answers_304_until_something_happens(night: Night, client: FlaskClient) -> None:
    incident = log(night)
    sign_in(client, "bi1")
    first = client.get("/incidents/?rows=1")
    again = client.get("/incidents/?rows=1", headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status_code, again.status_code, again.data) == (200, 304, b"")
    assert f'data-etag="{first.headers["ETag"]}"'.replace('="', "=").replace('"', "") in text(
        client.get("/incidents/")
    ).replace("&#34;", "").replace("&quot;", "").replace('"', "")
    lifecycle.acknowledge(incident.id, actor=night.actor("BI1"), now=NIGHT)
    assert client.get("/incidents/?rows=1", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_a_viewer_reads_the_own_unit_and_logs_nothing(night: Night, client: FlaskClient) -> None:
    log(night, title="Chuyện của A")
    log(night, title="Chuyện của C", unit_id=night.ids["BDC"])
    sign_in(client, "du1")
    page = text(client.get("/incidents/"))
    assert "Chuyện của C" in page and "Chuyện của A" not in page
    assert client.get("/incidents/SC-2020-0001").status_code == 403
    assert client.get("/incidents/SC-2020-0002").status_code == 200
    assert client.get("/incidents/new").status_code == 403
    assert client.post("/incidents/SC-2020-0002/acknowledge").status_code == 403


def test_nobody_reads_without_signing_in(night: Night, client: FlaskClient) -> None:
    log(night)
    for path in ("/incidents/", "/incidents/new", "/incidents/SC-2020-0001", "/incidents/policy/BDA"):
        assert client.get(path).headers["Location"].startswith("/login"), path


# --- quick log -----------------------------------------------------------------------------------------------------


def test_logging_takes_a_line_a_kind_and_nothing_else(night: Night, client: FlaskClient) -> None:
    sign_in(client, "bi1")
    form = text(client.get("/incidents/new"))
    assert re.search(r'<option selected value="BDA">', form), "the unit is the person's own"
    sent = client.post("/incidents/new", data={"title": "Mất điện", "category": "power", "unit": "BDA"})
    assert (sent.status_code, sent.headers["Location"]) == (303, "/incidents/SC-2020-0001")
    page = text(client.get(sent.headers["Location"]))
    assert "Đã ghi SC-2020-0001" in page and "Trần Thị Bình" in page


def test_the_list_of_kinds_wins_over_the_buttons_and_details_are_kept(night: Night, client: FlaskClient) -> None:
    sign_in(client, "bi1")
    client.post(
        "/incidents/new",
        data={
            "title": "Lộ dữ liệu",
            "category": "power",
            "more": "data_leak",
            "unit": "BDA-1",
            "severity": "4",
            "party_state": "y",
            "reporter": "Bảo vệ",
            "detected_at": "2020-01-25T01:30",
            "description": "Xem máy 3",
        },
    )
    incident = database.session.query(Incident).one()
    assert (incident.category, incident.severity, incident.reporter, incident.unit.code) == (
        "data_leak",
        2,
        "Bảo vệ",
        "BDA-1",
    )
    assert NIGHT - incident.detected_at == timedelta(minutes=40)


def test_what_was_typed_stays_when_something_is_wrong(night: Night, client: FlaskClient) -> None:
    sign_in(client, "bi1")
    answer = client.post("/incidents/new", data={"title": "", "description": "máy nổ hỏng", "unit": "BDA"})
    assert answer.status_code == 422
    assert "máy nổ hỏng" in text(answer) and "Ghi ngắn gọn việc gì đang xảy ra" in text(answer)
    assert database.session.query(Incident).count() == 0


def test_an_exercise_is_offered_only_while_one_runs(night: Night, client: FlaskClient) -> None:
    sign_in(client, "bi1")
    assert "Thật hay diễn tập" not in text(client.get("/incidents/new"))
    drill = {"title": "Thử", "category": "power", "unit": "BDA", "drill": "drill"}
    late = client.post("/incidents/new", data=drill)
    assert (late.status_code, form_of(late.text, "drill")["drill"]) == (422, "drill"), (
        "sent again it would be a real one"
    )
    night.rehearse(now=NIGHT)
    assert "Thật hay diễn tập" in text(client.get("/incidents/new"))
    sent = client.post("/incidents/new", data=drill)
    assert "DIỄN TẬP" in text(client.get(sent.headers["Location"]))
    assert database.session.query(Incident).one().rehearsal_id is not None
    forms = f"{sent.headers['Location']}/legal"
    assert ">DIỄN TẬP</p>" in client.get(f"{forms}/record").text
    assert client.get(f"{forms}/notice").status_code == 409, "nobody outside hears of an exercise"


# --- one incident --------------------------------------------------------------------------------------------------


def test_the_detail_says_who_is_called_when_and_what_happened(night: Night, client: FlaskClient) -> None:
    log(night)
    sign_in(client, "bi1")
    before = text(client.get("/incidents/SC-2020-0001"))
    order = [before.index(words) for words in ("Gọi Trực điều hành", "Rồi Trực ứng cứu", "Rồi Trực lãnh đạo")]
    assert order == sorted(order)
    assert "sau 5 phút" in before and "đến khi có người nhận" in before
    engine.escalate_due(NIGHT)
    after = text(client.get("/incidents/SC-2020-0001"))
    assert "Bước 1, lượt 1 · Trực điều hành: gọi Trần Thị Bình (theo lịch trực)" in after
    assert "Mất điện &lt;trung tâm&gt;" in after and "<trung tâm>" not in after
    client.post("/language", data={"language": "en", "next": "/"})
    english = text(client.get("/incidents/SC-2020-0001"))
    assert 'lang="en"' in english and "Operations duty" in english, "the timeline is worded for whoever reads it"


def test_what_stands_open_follows_the_rights_of_whoever_reads_it(night: Night, client: FlaskClient) -> None:
    """Nothing happens to the incident, but its reader is a manager no longer: the button goes with the next poll."""
    night.withdraw("leadership")
    log(night)
    sign_in(client, "an1")
    live = "/incidents/SC-2020-0001?live=1"
    first = client.get(live)
    tag = {"If-None-Match": first.headers["ETag"]}
    assert "Tôi nhận" in text(first) and client.get(live, headers=tag).status_code == 304
    with transaction() as session:
        session.query(User).filter_by(login="an1").update({"role": "viewer"})
    then = client.get(live, headers=tag)
    assert then.status_code == 200 and "Tôi nhận" not in text(then)


def test_acting_from_the_page(night: Night, client: FlaskClient) -> None:
    log(night)
    engine.escalate_due(NIGHT)
    sign_in(client, "bi1")
    address = "/incidents/SC-2020-0001"
    assert client.post(f"{address}/acknowledge").status_code == 303
    assert "Đã xử lý xong" in text(client.get(address))
    assert client.post(f"{address}/note", data={"note": "Đang chạy máy nổ"}).status_code == 303
    assert "Đang chạy máy nổ" in text(client.get(address))
    assert client.post(f"{address}/resolve").status_code == 303
    assert client.post(f"{address}/close").status_code == 303, "operations on duty may close"
    assert client.post(f"{address}/reopen").status_code == 303
    assert status_of() == "open"


def test_a_refusal_shows_the_page_with_what_was_typed(night: Night, client: FlaskClient) -> None:
    incident = log(night)
    lifecycle.resolve(incident.id, actor=ADMIN, now=NIGHT)
    sign_in(client, "bi1")
    answer = client.post("/incidents/SC-2020-0001/resolve", data={"note": "đã thay cầu dao"})
    assert answer.status_code == 409
    assert "đã được Quản trị báo xử lý xong" in text(answer) and "đã thay cầu dao" in text(answer)


def test_a_call_by_hand_on_somebodys_behalf(night: Night, client: FlaskClient) -> None:
    log(night)
    engine.escalate_due(NIGHT)
    sign_in(client, "an1")
    address = "/incidents/SC-2020-0001"
    assert client.post(f"{address}/call", data={"outcome": "taken"}).status_code == 422, "whom?"
    client.post(f"{address}/call", data={"outcome": "no_answer", "person": "BI1"})
    client.post(f"{address}/call", data={"outcome": "taken", "person": "EM1"})
    page = text(client.get(address))
    assert "Gọi điện cho Trần Thị Bình: không trả lời" in page and "Rơ Châm Em đã nhận" in page
    client.post(f"{address}/acknowledge", data={"person": "BI1", "take_over": "1"})
    assert "Trần Thị Bình nhận thay Rơ Châm Em" in text(client.get(address))


def test_a_person_without_mail_is_shown_as_to_be_called_by_hand(night: Night, client: FlaskClient) -> None:
    night.withdraw("operations")
    night.publish("operations", "PH1")
    log(night)
    engine.escalate_due(NIGHT)
    sign_in(client, "an1")
    page = text(client.get("/incidents/SC-2020-0001"))
    assert "Gọi tay" in page and "tel:0900000106" in page


def test_unknown_incidents_and_actions(night: Night, client: FlaskClient) -> None:
    log(night)
    sign_in(client, "bi1")
    assert client.get("/incidents/SC-1999-0001").status_code == 404
    assert client.post("/incidents/SC-2020-0001/dance").status_code == 422


def test_a_form_that_is_sent_twice_is_logged_once(night: Night, client: FlaskClient) -> None:
    sign_in(client, "bi1")
    keys = [re.search(r'name="form_key"[^>]* value="([^"]+)"', text(client.get("/incidents/new"))) for _ in range(2)]
    first, second = (found.group(1) for found in keys if found)
    sent = {"title": "Mất điện", "category": "power", "unit": "BDA", "form_key": first}
    other = sent | {"distinct": "1"}
    codes = [
        client.post("/incidents/new", data=each).headers["Location"].rpartition("/")[2]
        for each in (sent, sent, other | {"title": "Cháy"}, other | {"form_key": second})
    ]
    assert codes == ["SC-2020-0001", "SC-2020-0001", "SC-2020-0002", "SC-2020-0003"]


def test_the_link_of_somebody_who_has_left_opens_nothing(night: Night, client: FlaskClient) -> None:

    log(night)
    engine.escalate_due(NIGHT)
    with transaction() as session:
        session.get(Person, night.ids["BI1"]).active = False
    assert client.get(links()[0]).status_code == 410
    assert client.post(links()[0], data={"do": "take"}).status_code == 410
