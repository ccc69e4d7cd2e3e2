"""Ca của tôi, calendar addresses, and the pages of a rehearsal, as a browser without JavaScript meets them."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core import clock
from core.calendar.dates import moment_shown
from core.db import transaction
from duty.on_duty import rehearsals
from people.absences import services as absence_services
from people.accounts.services import NewAccount
from roster.feeds import services as subscriptions
from roster.feeds.models import FeedSubscription
from roster.models import Duty, Rehearsal
from roster.sources.models import Wish
from tests.support import enterprise
from tests.support.enterprise import sign_in
from tests.support.tet_night import ADMIN, NIGHT, Night


@pytest.fixture
def binh(client: FlaskClient, night: Night) -> FlaskClient:
    with clock.travel(NIGHT):
        sign_in(client, "bi1")
    return client


def read_page(client: FlaskClient, path: str, at: Any = NIGHT, **kwargs: Any) -> str:
    with clock.travel(at):
        response = client.get(path, **kwargs)
    assert response.status_code == 200, response.text
    return html.unescape(response.text)


def send(client: FlaskClient, path: str, at: Any = NIGHT, **data: Any) -> Any:
    with clock.travel(at):
        return client.post(path, data=data)


def test_the_shift_of_this_minute_comes_first_with_whom_it_is_handed_to(binh: FlaskClient, night: Night) -> None:
    night.publish("operations", "BI1", start=NIGHT + timedelta(days=2))
    night.publish("operations", "PH1", start=NIGHT + timedelta(hours=9))
    page = read_page(binh, "/me/")
    assert "Thứ Bảy, 25/01/2020" in page and "Mùng 1 tháng Giêng năm Canh Tý" in page
    assert page.index("Đang trực") < page.index("Các ca sắp tới")
    assert "23:10 24/01 – 11:10 25/01" in page and "Trong Tết" in page
    handed = page[page.index("Giao ca cho") :]
    assert "Kpă Phong" in handed[:200] and 'href="tel:0900000106"' in handed[:500]
    assert "Thứ Hai, 27/01/2020" in page and "Mùng 3 tháng Giêng năm Canh Tý" in page
    assert len(re.findall(r'href="/roster/shifts/\d+/why\?person=BI1"', page)) == 2


def test_past_and_lost_shifts_are_kept_apart(binh: FlaskClient, night: Night) -> None:
    lost = night.publish("operations", "BI1", start=NIGHT + timedelta(days=3))
    with transaction() as session:
        session.get_one(Duty, lost).cancelled_at = NIGHT
    page = read_page(binh, "/me/", NIGHT + timedelta(hours=10))
    assert "Các ca đã trực" in page and "Đang trực" not in page
    assert "Ca đã được chuyển cho người khác" in page and "đồng chí không còn trực ca này từ 02:10 25/01/2020" in page


def test_absences_and_wishes_that_are_still_to_come_are_shown(binh: FlaskClient, night: Night) -> None:
    day = clock.local_date(NIGHT)
    absence_services.add_absence(
        "BI1", day + timedelta(days=9), day + timedelta(days=9), "sick", now=NIGHT, actor=ADMIN
    )
    with transaction() as session:
        session.add(Wish(person_id=night.ids["BI1"], on_date=day + timedelta(days=5), want="off"))
        session.add(Wish(person_id=night.ids["BI1"], on_date=day - timedelta(days=1), want="on"))
    page = read_page(binh, "/me/")
    assert "03/02/2020 · Ốm" in page
    assert "Thứ Năm, 30/01/2020 · xin nghỉ" in page and "· xin trực" not in page


def test_an_account_without_a_person_is_told_so_and_can_still_subscribe(client: FlaskClient, night: Night) -> None:
    from people.accounts import services as accounts

    accounts.create_user(
        NewAccount("khach", "Khách", "staff", unit_code="BDA", password=enterprise.PASSWORD), now=NIGHT, actor=ADMIN
    )
    with clock.travel(NIGHT):
        sign_in(client, "khach")
    assert "không gắn với người nào" in read_page(client, "/me/")
    assert "Lịch của một đơn vị" in read_page(client, "/me/feeds") and 'id="own"' not in read_page(client, "/me/feeds")


def test_looking_makes_no_address_and_asking_makes_one(app: Flask, binh: FlaskClient, db: Any) -> None:
    app.config["PUBLIC_URL"] = "https://truc.example"
    for path in ("/me/", "/me/feeds"):
        read_page(binh, path)
    assert db.session.query(FeedSubscription).count() == 0
    made = send(binh, "/me/feeds", scope="person")
    assert made.status_code == 303
    row = db.session.query(FeedSubscription).one()
    assert made.location.endswith(f"/me/feeds/{row.id}")
    address = subscriptions.url_of(row)
    page = read_page(binh, f"/me/feeds/{row.id}")
    assert f'value="{address}"' in page and f'href="webcal{address.removeprefix("https")}"' in page
    assert "<svg" in page and "12–24 giờ" in page and "calendar.google.com" in page
    assert "Chưa có máy nào đọc" in page
    assert send(binh, "/me/feeds", scope="person").location == made.location
    assert db.session.query(FeedSubscription).count() == 1


def test_how_a_calendar_is_shown_is_chosen_beside_what_that_means_and_changed_later(
    app: Flask, binh: FlaskClient, db: Any
) -> None:
    assert "sẽ lưu các số điện thoại này trên máy chủ của họ" in read_page(binh, "/me/feeds")
    send(binh, "/me/feeds", scope="person", lang="en", busy="y")
    row = db.session.query(FeedSubscription).one()
    assert (row.lang, row.busy, row.show_phones) == ("en", True, False)
    page = read_page(binh, f"/me/feeds/{row.id}")
    assert "sẽ lưu các số điện thoại này trên máy chủ của họ" in page
    assert send(binh, f"/me/feeds/{row.id}/options", lang="vi", show_phones="y").status_code == 303
    db.session.expire_all()
    row = db.session.query(FeedSubscription).one()
    assert (row.lang, row.busy, row.show_phones) == ("vi", False, True)
    assert send(binh, f"/me/feeds/{row.id}/options", lang="fr").status_code == 422


def test_the_code_on_the_page_is_the_address(app: Flask, binh: FlaskClient, db: Any) -> None:
    import segno

    from roster.reachability.address_scope import webcal

    send(binh, "/me/feeds", scope="person")
    row = db.session.query(FeedSubscription).one()
    expected = segno.make(webcal(subscriptions.url_of(row)), error="m", micro=False).svg_inline(border=0, omitsize=True)
    assert html.unescape(expected) in read_page(binh, f"/me/feeds/{row.id}")


@pytest.mark.parametrize(
    ("public_url", "said", "google"),
    [
        ("http://127.0.0.1:8000", "chỉ mở được trên chính máy chủ", False),
        ("http://192.168.1.9:8000", "chỉ mở được trong mạng nội bộ", False),
        ("https://truc.buudien.vn", None, True),
    ],
)
def test_the_page_says_when_phones_or_google_cannot_read_it(
    app: Flask, binh: FlaskClient, db: Any, public_url: str, said: str | None, google: bool
) -> None:
    app.config["PUBLIC_URL"] = public_url
    send(binh, "/me/feeds", scope="person")
    for path in ("/me/feeds", f"/me/feeds/{db.session.query(FeedSubscription).one().id}"):
        page = read_page(binh, path)
        assert (said in page) if said else ("PUBLIC_URL" not in page and "mạng nội bộ" not in page)
    assert ("Hiện chưa dùng được" in page) is not google
    assert ("chưa đọc được" in read_page(binh, "/me/")) == (public_url.startswith("http://127"))


@pytest.mark.parametrize(
    ("agent", "opened"),
    [("Mozilla/5.0 (iPhone; CPU iPhone OS 26_0)", "iPhone, iPad"), ("Mozilla/5.0 (Linux; Android 16)", "Android")],
)
def test_the_instructions_for_this_kind_of_phone_are_open(binh: FlaskClient, db: Any, agent: str, opened: str) -> None:
    send(binh, "/me/feeds", scope="person")
    number = db.session.query(FeedSubscription).one().id
    page = read_page(binh, f"/me/feeds/{number}", headers={"User-Agent": agent})
    unfolded = re.findall(r'<details class="panel unfold" open>\s*<summary>.*?</summary>', page, re.DOTALL)
    assert len(unfolded) == 1 and opened in unfolded[0]


def test_units_duties_and_campaigns_can_be_subscribed_to_with_or_without_phones(binh: FlaskClient, db: Any) -> None:
    wanted = [
        {"scope": "unit", "unit": "BDA"},
        {"scope": "unit", "unit": "BDA", "duty": "operations", "show_phones": "y"},
        {"scope": "campaign", "campaign": "1"},
    ]
    for data in wanted:
        assert send(binh, "/me/feeds", **data).status_code == 303
    rows = db.session.query(FeedSubscription).order_by(FeedSubscription.id).all()
    assert [(row.scope, row.duty, row.show_phones) for row in rows] == [
        ("unit", None, False),
        ("duty", "operations", True),
        ("campaign", None, False),
    ]
    page = read_page(binh, "/me/feeds")
    for name in ("Lịch trực Bưu điện huyện A", "Trực điều hành · Bưu điện huyện A", "Tết Canh Tý"):
        assert name in page
    assert page.count("có số điện thoại") == 1


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"scope": "dragon"},
        {"scope": "campaign", "campaign": "abc"},
        {"scope": "campaign", "campaign": "999"},
        {"scope": "unit", "unit": "NOWHERE"},
        {"scope": "unit", "unit": "BDA", "duty": "dragons"},
    ],
)
def test_a_wrong_wish_is_said_and_what_was_chosen_stays(binh: FlaskClient, data: dict[str, str]) -> None:
    response = send(binh, "/me/feeds", **data)
    assert response.status_code in (404, 422)
    assert 'role="alert"' in response.text and "Lịch của một đơn vị" in response.text


def test_an_address_is_rotated_and_revoked_once_asked_and_only_by_its_owner(
    binh: FlaskClient, new_client: Any, db: Any
) -> None:
    send(binh, "/me/feeds", scope="person")
    row = db.session.query(FeedSubscription).one()
    number, old = row.id, subscriptions.token_of(row)
    stranger = new_client()
    with clock.travel(NIGHT):
        sign_in(stranger, "an1")
    for path in ("", "/rotate", "/revoke"):
        method = "GET" if not path else "POST"
        with clock.travel(NIGHT):
            assert stranger.open(f"/me/feeds/{number}{path}", method=method).status_code == 404
    assert "Đổi sang địa chỉ mới?" in read_page(binh, f"/me/feeds/{number}")
    assert binh.get(f"/feeds/{old}.ics").status_code == 200

    assert send(binh, f"/me/feeds/{number}/rotate").status_code == 303
    assert "BEGIN:VEVENT" not in read_page(binh, f"/feeds/{old}.ics")
    new = subscriptions.token_of(db.session.get_one(FeedSubscription, number))
    assert binh.get(f"/feeds/{new}.ics").status_code == 200

    assert send(binh, f"/me/feeds/{number}/revoke").status_code == 303
    assert "BEGIN:VEVENT" not in read_page(binh, f"/feeds/{new}.ics")
    assert send(binh, f"/me/feeds/{number}/revoke").status_code == 404


def test_who_read_it_last_is_said_in_words_that_people_know(binh: FlaskClient, db: Any) -> None:
    send(binh, "/me/feeds", scope="person")
    row = db.session.query(FeedSubscription).one()
    with clock.travel(NIGHT + timedelta(minutes=5)):
        binh.get(f"/feeds/{subscriptions.token_of(row)}.ics", headers={"User-Agent": "Google-Calendar-Importer"})
    said = "Đọc gần nhất: 02:15 25/01/2020, bởi Google Lịch."
    for path in ("/me/", "/me/feeds", f"/me/feeds/{row.id}"):
        assert said in read_page(binh, path)


def test_pages_for_oneself_need_a_sign_in(client: FlaskClient, night: Night) -> None:
    for path in ("/me/", "/me/feeds", "/me/feeds/1", "/roster/rehearsals/", "/roster/rehearsals/1"):
        assert client.get(path).location.startswith("/login")


# --- rehearsals ----------------------------------------------------------------------------------------------------

NOVEMBER = NIGHT + timedelta(days=2131, hours=5)


@pytest.fixture
def boss(client: FlaskClient, night: Night) -> FlaskClient:
    with clock.travel(NOVEMBER):
        sign_in(client, "qt1")
    return client


def test_the_form_proposes_mung_1_at_this_time_of_day(boss: FlaskClient, night: Night) -> None:
    page = read_page(boss, f"/roster/campaigns/{night.campaign}/rehearse", NOVEMBER)
    assert 'value="25/01/2020 07:10"' in page and "Mùng 1, giờ này" in page
    first = read_page(boss, f"/roster/campaigns/{night.campaign}/rehearse?at=first", NOVEMBER)
    assert 'value="24/01/2020 23:10"' in first
    assert "Bản đã ban hành (số 1)" in page and "Dự thảo" not in page


def test_a_rehearsal_is_started_watched_and_ended(boss: FlaskClient, night: Night, db: Any) -> None:
    form = {"play_at": "2020-01-25T02:10", "source": "published", "minutes": "30", "step_seconds": "25"}
    started = send(boss, f"/roster/campaigns/{night.campaign}/rehearse", NOVEMBER, **form)
    assert started.status_code == 303
    row = db.session.query(Rehearsal).one()
    assert (row.step_seconds, row.ends_at) == (25, NOVEMBER + timedelta(minutes=30))
    desk = read_page(boss, started.location, NOVEMBER + timedelta(minutes=1))
    assert "DIỄN TẬP" in desk and "02:11 · Thứ Bảy, 25/01/2020" in desk and "còn 29:00" in desk
    # The campaign is the province's, and nobody there is on duty: the resolver answers with its chain.
    assert "gọi theo danh sách thường trực" in desk and "Lê Quản Trị" in desk
    assert f"/incidents/new?rehearsal={row.id}" in desk
    assert "Tết Canh Tý" in read_page(boss, "/roster/rehearsals/", NOVEMBER)
    again = send(boss, f"/roster/campaigns/{night.campaign}/rehearse", NOVEMBER, **form)
    assert again.status_code == 409 and "đang có một buổi diễn tập" in again.text

    assert send(boss, f"/roster/rehearsals/{row.id}/end", NOVEMBER + timedelta(minutes=2)).status_code == 303
    over = read_page(boss, f"/roster/rehearsals/{row.id}", NOVEMBER + timedelta(minutes=3))
    assert "Buổi diễn tập đã kết thúc" in over and "Ai đang trực" not in over
    assert "Mọi tin nhắn và trang đều là thử" not in over


def test_the_desk_of_a_rehearsal_names_who_served_that_night_in_the_rosters_own_times(
    boss: FlaskClient, night: Night
) -> None:
    night.publish("operations", "QT1", "BDT")
    played = rehearsals.start(night.campaign, play_at=NIGHT, source="published", now=NOVEMBER, actor=ADMIN)
    desk = read_page(boss, f"/roster/rehearsals/{played.id}", NOVEMBER)
    card = desk[desk.index("Trực điều hành") :]
    assert "Lê Quản Trị" in card[:400] and "đến 11:10 25/01/2020" in card[:600]


def test_an_incident_of_the_rehearsal_is_logged_from_its_desk_and_listed_for_it_alone(
    boss: FlaskClient, night: Night
) -> None:
    played = rehearsals.start(night.campaign, play_at=NIGHT, source="published", now=NOVEMBER, actor=ADMIN)
    form = read_page(boss, f"/incidents/new?rehearsal={played.id}", NOVEMBER)
    assert re.search(r'value="drill" checked', form) and 'selected value="BDT"' in form
    data = {"title": "Mất điện thử", "category": "power", "severity": "2", "unit": "BDT"}
    for title, drill in (("Mất điện thử", "drill"), ("Mất điện thật", "real")):
        sent = send(
            boss, f"/incidents/new?rehearsal={played.id}", NOVEMBER, **(data | {"title": title, "drill": drill})
        )
        assert sent.status_code == 303, sent.text
    desk = read_page(boss, f"/roster/rehearsals/{played.id}", NOVEMBER)
    rows = html.unescape(re.findall(r'hx-get="([^"]+)"', desk)[0])
    listed = read_page(boss, rows, NOVEMBER)
    assert "Mất điện thử" in listed and "DIỄN TẬP" in listed and "Mất điện thật" not in listed
    assert "Mất điện thật" in read_page(boss, "/incidents/?rows=1", NOVEMBER)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"play_at": "hôm nay"}, "Cần ngày và giờ"),
        ({"play_at": "2021-01-25T02:10"}, "nằm ngoài đợt trực"),
        ({"minutes": "99999"}, "từ 1 đến 240 phút"),
        ({"minutes": "x"}, "từ 1 đến 240 phút"),
        ({"step_seconds": "1"}, "từ 5 đến 300 giây"),
        ({"source": "draft"}, "Dự thảo chưa phân công ai"),
        ({"source": ""}, "Chọn diễn tập theo"),
    ],
)
def test_what_cannot_be_rehearsed_is_said_and_the_form_keeps_what_was_typed(
    boss: FlaskClient, night: Night, db: Any, changed: dict[str, str], said: str
) -> None:
    form = {"play_at": "2020-01-25T02:10", "source": "published", "minutes": "33", "step_seconds": "25"} | changed
    response = send(boss, f"/roster/campaigns/{night.campaign}/rehearse", NOVEMBER, **form)
    assert response.status_code == 422 and said in html.unescape(response.text)
    page = html.unescape(response.text)
    assert f'value="{moment_shown(form["play_at"])}"' in page and f'value="{form["minutes"]}"' in page
    assert db.session.query(Rehearsal).count() == 0


def test_only_managers_of_the_unit_start_and_end_rehearsals(client: FlaskClient, night: Night) -> None:
    played = rehearsals.start(night.campaign, play_at=NIGHT, source="published", now=NOVEMBER, actor=ADMIN)
    for login in ("an1", "bi1"):
        with clock.travel(NOVEMBER):
            sign_in(client, login)
        form = {"play_at": "2020-01-25T02:10", "source": "published", "minutes": "30", "step_seconds": "25"}
        assert send(client, f"/roster/campaigns/{night.campaign}/rehearse", NOVEMBER, **form).status_code == 403
        assert send(client, f"/roster/rehearsals/{played.id}/end", NOVEMBER).status_code == 403
        desk = read_page(client, f"/roster/rehearsals/{played.id}", NOVEMBER)
        assert "Kết thúc diễn tập" not in desk
    with clock.travel(NOVEMBER):
        assert client.get("/roster/rehearsals/999").status_code == 404
