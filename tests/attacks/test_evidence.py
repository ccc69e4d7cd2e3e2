"""What strangers do with the sheet on the wall: it reports what happens there, and is evidence of nothing."""

from __future__ import annotations

import io

import pypdfium2
import pytest
from PIL import Image
from sqlalchemy import func, select

from compliance.parcel_checks import queries as parcels
from compliance.posting import queries as posting
from compliance.posting.models import Posting
from compliance.today.models import PointDay
from core.db import db as database, transaction
from incidents.public_reports import sheets
from tests.support.enterprise import sign_in
from tests.support.service_point import DAY, ServicePoint, photo
from tests.support.tet_night import ADMIN

pytestmark = pytest.mark.both_dbs("upserts of what waits, photos accepted under lock")


def states(point: ServicePoint, what: str = "prohibited") -> str:
    database.session.rollback()
    return posting.states([point.unit_id], DAY)[point.unit_id, what].code


def checked(point: ServicePoint) -> int:
    database.session.rollback()
    found = parcels.by_day([point.unit_id], DAY, DAY).get((point.unit_id, DAY))
    return found.checked if found is not None else 0


def test_2_a_stranger_before_the_poster_writes_no_evidence(point: ServicePoint) -> None:
    """The code on the wall outside, typed at the address of the counter: 777 parcels checked, and a blank picture that
    became "Danh mục cấm gửi: đã niêm yết"."""
    sent = {"form_key": "la", "checked": "777", "do": "normal"}
    blank = {"form_key": "la", "what": "prohibited", "photos": (io.BytesIO(photo("white")), "trang.jpg")}
    assert point.phone.get(point.outside()).status_code == 410
    assert point.phone.post(point.outside(), data=sent).status_code == 410
    assert point.phone.post(f"{point.outside()}/niem-yet", data=blank).status_code == 410
    found = {"form_key": "la", "moment": "before", "goods": "pháo", "parcels": "9"}
    assert point.phone.post(f"{point.outside()}/phat-hien", data=found).status_code == 410
    assert (checked(point), states(point)) == (0, "missing")
    assert database.session.scalar(select(func.count(Posting.id))) == 0
    # What it is for goes on: whoever stands there reports.
    assert "Báo sự cố" in point.text(point.outside().replace("/diem/", "/bao/"))


def test_2_by_a_sheet_of_before_it_waits_until_the_unit_has_printed_new_ones(point: ServicePoint) -> None:
    point.has_old_sheets()
    page = point.text(point.outside())
    assert "Tờ QR cũ: những gì gửi từ đây chờ duyệt" in page
    sent = {"form_key": "la", "checked": "777", "do": "normal", "counter": "may-la"}
    there = point.phone.post(point.outside(), data=sent).headers["Location"]
    assert "chờ người phụ trách duyệt" in point.text(there)
    blank = {"form_key": "la", "what": "prohibited", "photos": (io.BytesIO(photo("white")), "trang.jpg")}
    assert point.phone.post(f"{point.outside()}/niem-yet", data=blank).status_code == 303
    found = {"form_key": "lb", "moment": "before", "goods": "pháo", "parcels": "9"}
    assert point.phone.post(f"{point.outside()}/phat-hien", data=found).status_code == 303
    assert (checked(point), states(point)) == (0, "waiting")
    assert parcels.told_days([point.unit_id], DAY, DAY) == set()
    assert parcels.by_day([point.unit_id], DAY, DAY)[point.unit_id, DAY].refused == 0

    # The counter's own sheet counts, and what a stranger said of the day takes nothing away from it.
    point.tap(34, counter="may-quay")
    point.phone.post(point.outside(), data=sent | {"form_key": "lc", "do": "differs", "hours_note": "Đóng cửa"})
    database.session.rollback()
    [day] = database.session.scalars(select(PointDay))
    assert (checked(point), day.hours_kept, day.waits) == (34, True, False)

    with transaction():
        sheets.mark_printed([point.unit_id], actor=ADMIN, now=point.now)
    closed = point.phone.get(point.outside())
    assert closed.status_code == 410 and "chỉ để báo sự cố" in closed.get_data(as_text=True)
    assert point.phone.get(point.path()).status_code == 200


def test_2_not_even_the_counters_photo_proves_before_somebody_has_accepted_it(point: ServicePoint) -> None:
    point.post("prohibited", photos=(io.BytesIO(photo("white")), "trang.jpg"))
    point.post("prohibited", photos=(io.BytesIO(poster_on_a_wall(point)), "tuong.jpg"))
    assert states(point) == "waiting"
    client = point.phone  # somebody of the enterprise since the poster was printed
    page = client.get("/letter/points/waiting").get_data(as_text=True)
    blank, shown = database.session.scalars(select(Posting.id).order_by(Posting.id))
    assert [row.code_read for row in database.session.scalars(select(Posting).order_by(Posting.id))] == [
        "none",
        "current",
    ]
    assert f'value="{shown}" checked' in page and "thấy đúng mã" in page
    assert f'value="{blank}"' not in page  # the newest of each text
    client.post("/letter/points/waiting", data={"do": "accept", "photo": str(shown)})
    assert states(point) == "posted"
    client.post("/letter/points/waiting", data={"do": "refuse", "photo": str(blank)})
    assert states(point) == "posted"


def poster_on_a_wall(point: ServicePoint) -> bytes:
    """The poster as it is printed, photographed: small in a brown picture, a little askew."""
    sign_in(point.phone, "qt1")
    draft = point.phone.get("/documents/about/point:BDA-1/compliance.poster/draft.pdf?o-what=prohibited&o-sheet=a4")
    page = pypdfium2.PdfDocument(draft.data)[0].render(scale=1.6).to_pil().convert("RGB")
    wall = Image.new("RGB", (1600, 2000), "peru")
    wall.paste(page.rotate(4, expand=True, fillcolor="peru"), (250, 200))
    out = io.BytesIO()
    wall.save(out, "JPEG", quality=80)
    return out.getvalue()
