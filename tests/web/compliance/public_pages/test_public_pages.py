"""Pages for the public: small, the same for everybody, kept by caches, in both languages, and nothing about people."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from compliance.public_pages import notices
from core import clock
from core.db import db, transaction
from people.models import Person, Unit
from roster.resolver.models import DeskPhone
from tests.support.cast import ADMIN, NIGHT
from tests.support.desk_pages import text_of
from tests.support.statements import statements
from tests.support.tet_night import Night

MOST_BYTES = 4000


def page(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers and answer.headers["Cache-Control"] == "public, max-age=60"
    whole = answer.get_data(as_text=True)
    assert len(whole.encode()) < MOST_BYTES and "<script" not in whole
    return whole


def settle() -> None:
    with transaction() as session:
        unit = session.query(Unit).filter_by(code="BDA-1").one()
        unit.phone, unit.address = "02693822222", "12 Trần Phú, Ia Grai"
        session.add(
            DeskPhone(unit_id=session.query(Unit.id).filter_by(code="BDT").scalar(), duty="support", phone="18001234")
        )


def test_a_point_says_where_it_is_and_whom_to_complain_to(night: Night, client: FlaskClient) -> None:
    settle()
    shown = text_of(page(client, "/p/BDA-1"))
    told = "Điểm phục vụ A1", "12 Trần Phú, Ia Grai", "0269 3822 222", "Hỗ trợ khách hàng", "Không có thông báo gián"
    for said in told:
        assert said in shown
    english = page(client, "/p/BDA-1?lang=en")
    assert 'lang="en"' in english and "Complaints" in english and "Khiếu nại" not in english
    # What hangs on the wall, word by word as the law has it, with the day from which it holds.
    posted = text_of(page(client, "/p/BDA-1/niem-yet"))
    assert posted.count("Vật phẩm, hàng hoá") >= 3 and "hiệu lực từ 01/01/2011" in posted
    assert "prohibited from carriage by post" in page(client, "/p/BDA-1/niem-yet?lang=en")


def test_nobody_who_works_there_is_named_and_no_incident_shows_by_itself(night: Night, client: FlaskClient) -> None:
    settle()
    night.log("Mất túi thư mật", "kt1", unit="BDA-1", party_state=True)
    people = [each.full_name for each in db.session.query(Person)]
    for path in ("/p/BDA-1", "/p/BDA-1/niem-yet", "/p/BDA", "/status"):
        whole = page(client, path)
        assert "túi thư" not in whole and "KT1" not in whole
        assert [name for name in people if name in whole] == []


@pytest.mark.both_dbs("row locks of notices")
def test_a_notice_is_public_until_it_is_over_with_the_next_news(night: Night, client: FlaskClient) -> None:
    with clock.travel(NIGHT):
        row = notices.write(
            "BDA",
            notices.NoticeWords(
                "Bưu điện huyện A tạm dừng nhận hàng do mất điện.",
                "No parcels are accepted: power cut.",
                NIGHT + timedelta(hours=2),
            ),
            actor=ADMIN,
            now=NIGHT,
        )
        for path in ("/p/BDA", "/p/BDA-1", "/status"):  # below it as well
            assert "tạm dừng nhận hàng" in page(client, path) and "Tin tiếp theo: 04:10." in page(client, path)
        assert "tạm dừng" not in page(client, "/p/BDC") and "power cut" in page(client, "/status?lang=en")
    with clock.travel(NIGHT + timedelta(hours=3)):
        assert "đang chậm" in page(client, "/p/BDA-1")
        notices.update(row.id, 1, None, actor=ADMIN, now=clock.now())
        assert "tạm dừng" not in page(client, "/p/BDA-1")


def test_a_cache_asks_again_and_hears_that_nothing_has_changed(night: Night, client: FlaskClient) -> None:
    settle()
    first = client.get("/p/BDA-1")
    again = client.get("/p/BDA-1", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304 and again.get_data() == b""
    with transaction() as session:
        session.query(Unit).filter_by(code="BDA-1").one().address = "14 Trần Phú"
    assert client.get("/p/BDA-1", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_a_closed_point_says_so_and_an_unknown_one_is_not_found(night: Night, client: FlaskClient) -> None:
    with clock.travel(NIGHT):
        with transaction() as session:
            session.query(Unit).filter_by(code="BDA-1").one().valid_to = clock.local_date(NIGHT) - timedelta(days=1)
        shown = page(client, "/p/BDA-1")
        assert "đã ngừng hoạt động từ ngày 25/01/2020" in shown and "Khiếu nại" not in shown
    answer = client.get("/p/KHONG-CO")
    assert answer.status_code == 404 and "Không có điểm phục vụ này" in answer.get_data(as_text=True)


def test_it_costs_few_statements(night: Night, client: FlaskClient) -> None:
    settle()
    client.get("/p/BDA-1")
    with statements() as asked:
        client.get("/p/BDA-1")
    assert len(asked) <= 11, asked  # opening hours and what hangs there included


def test_own_pages_are_still_where_they_were(night: Night, client: FlaskClient) -> None:
    assert client.get("/p/me/khong-co").status_code in (404, 410)
