"""What the public reads of a point beside the law: its hours and the conditions of service, in both languages."""

from __future__ import annotations

from datetime import date

from flask.testing import FlaskClient

from compliance.posting import services as posting
from compliance.posting.parts import PARTS
from compliance.service_hours import services as hours
from compliance.service_hours.services import TypedHours
from core import clock
from core.db import transaction
from people.models import Unit
from tests.support.cast import ADMIN, NIGHT
from tests.support.desk_pages import text_of
from tests.support.tet_night import Night

CHAP_28, MUNG_1, MUNG_2 = date(2020, 1, 22), date(2020, 1, 25), date(2020, 1, 26)


def read_page(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return text_of(answer.get_data(as_text=True))


def write_hours(night: Night) -> None:
    weekly = [TypedHours(0, "07:30", "17:00", "16:00"), TypedHours(6, closed=True)]
    special = [
        TypedHours(CHAP_28, "07:30", "20:00"),
        TypedHours(MUNG_1, closed=True),
        TypedHours(MUNG_2, "08:00", "10:00", "09:30"),
    ]
    hours.save(night.ids["BDT"], [*weekly, *special], actor=ADMIN, now=NIGHT)


def test_hours_are_those_of_the_week_and_of_the_days_of_tet_that_are_still_to_come(
    night: Night, client: FlaskClient
) -> None:
    with clock.travel(NIGHT):  # Mùng 1, after midnight
        assert "Giờ mở cửa" not in read_page(client, "/p/BDA-1")
        write_hours(night)
        shown = read_page(client, "/p/BDA-1")
        for said in (
            "Giờ mở cửa",
            "Thứ Hai",
            "07:30 – 17:00, nhận gửi đi trong ngày đến 16:00",
            "Chủ nhật Không mở cửa",
        ):
            assert said in shown, said
        assert "25/01/2020" in shown and "08:00 – 10:00" in shown
        assert "22/01/2020" not in shown and "20:00" not in shown  # it is over
        english = read_page(client, "/p/BDA-1?lang=en")
        for said in ("Opening hours", "Monday", "07:30 – 17:00", "Sunday Closed", "08:00 – 10:00"):
            assert said in english, said
        assert "Thứ" not in english and "mở cửa" not in english


def test_conditions_are_told_when_they_are_whole_and_in_the_reader_s_language(
    night: Night, client: FlaskClient
) -> None:
    with clock.travel(NIGHT):
        whole = {part: {"vi": f"Mục {part}", "en": f"Item {part}"} for part in PARTS["conditions"] if part != "other"}
        whole["prices"] = {"vi": "Đến 20 g: 4.000 đồng\nĐến 100 g: 6.000 đồng", "en": ""}
        some = {part: whole[part] for part in ("services", "prices")}
        posting.save(night.ids["BDT"], "conditions", some, upon=0, actor=ADMIN, now=NIGHT)
        assert "Điều kiện cung ứng" not in read_page(client, "/p/BDA-1/niem-yet")  # half a text binds nobody
        posting.save(night.ids["BDT"], "conditions", whole, upon=1, actor=ADMIN, now=NIGHT)
        shown = read_page(client, "/p/BDA-1/niem-yet")
        assert "Điều kiện cung ứng dịch vụ" in shown and "Mục services" in shown and "Đến 100 g: 6.000 đồng" in shown
        english = read_page(client, "/p/BDA-1/niem-yet?lang=en")
        assert "Item services" in english and "Mục services" not in english
        assert "Đến 20 g: 4.000 đồng" in english  # nobody has put it in English: better than nothing
        # The examples under the law's four lines are the nearest unit's.
        posting.save(
            night.ids["BDA"],
            "prohibited",
            {"examples": {"vi": "Pháo các loại", "en": "Firecrackers"}},
            upon=0,
            actor=ADMIN,
            now=NIGHT,
        )
        assert "Pháo các loại" in read_page(client, "/p/BDA-1/niem-yet")
        assert "Firecrackers" in read_page(client, "/p/BDA-1/niem-yet?lang=en")
        assert "Pháo các loại" not in read_page(client, "/p/BDC/niem-yet")


def test_a_closed_point_says_so_and_tells_neither_hours_nor_texts(night: Night, client: FlaskClient) -> None:
    with clock.travel(NIGHT):
        write_hours(night)
        with transaction() as session:
            session.query(Unit).filter_by(code="BDA-1").one().valid_to = date(2020, 1, 24)
        for path in ("/p/BDA-1", "/p/BDA-1/niem-yet"):
            shown = read_page(client, path)
            assert "ngừng hoạt động từ ngày 25/01/2020" in shown and "07:30" not in shown
