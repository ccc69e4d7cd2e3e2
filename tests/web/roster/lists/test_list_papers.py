"""A unit sends a photo or PDF of its list on paper; whoever plans sees it beside the form and types it over."""

from __future__ import annotations

import io
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict

from core import clock
from core.db import db
from roster.campaigns.models import Campaign
from roster.lists import papers, queries
from roster.lists.models import ListFile, ListPick
from tests.support.enterprise import NOW
from tests.web.roster.lists.test_unit_lists import Office, campaign, made, rows, seats

__all__ = ["campaign", "made"]
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF\n"


def picture(colour: str = "white", *, size: tuple[int, int] = (900, 1200), kind: str = "JPEG") -> bytes:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Máy của chị Lan"
    Image.new("RGB", size, colour).save(out, kind, exif=exif)
    return out.getvalue()


@pytest.fixture
def province(new_client: Any, campaign: Campaign) -> Office:
    office = Office(new_client(), campaign, "qt1")
    office.open()
    return office


def list_of_unit(code: str) -> str:
    return "/l/u/" + queries.url(rows()[code]).rpartition("/")[2]


@pytest.fixture
def link(province: Office) -> str:
    return list_of_unit("BDA")


@pytest.fixture
def anybody(new_client: Any, campaign: Campaign) -> Office:
    return Office(new_client(), campaign)


def sends(office: Office, link: str, *files: tuple[bytes, str], status: int = 303, **more: Any) -> Any:
    fields: list[tuple[str, Any]] = [("name", "Chị Lan"), ("act", "send"), *more.items()]
    fields += [("paper", (io.BytesIO(data), name)) for data, name in files]
    with clock.travel(NOW):
        answer = office.client.post(link, data=MultiDict(fields), content_type="multipart/form-data")
    assert answer.status_code == status, answer.text
    return answer


def kept() -> list[ListFile]:
    db.session.rollback()
    return list(db.session.scalars(select(ListFile).order_by(ListFile.id)))


def picked() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(ListPick)) or 0


def test_a_photo_is_sent_seen_typed_over_and_merged(anybody: Office, province: Office, link: str) -> None:
    sends(anybody, link, (picture(), "Bảng trực.jpg"))
    row = rows()["BDA"]
    assert (row.state, row.sent_by, row.picks) == ("sent", "Chị Lan", [])
    assert "Chị Lan đã gửi ảnh lúc" in anybody.see(link)
    here = f"/lists/{row.id}"
    assert "1 ảnh: chờ nhập" in province.see("/lists")
    page = province.see(here)
    assert "Bảng giấy đơn vị gửi" in page and "Nhập theo ảnh" in page and "Ghép vào dự thảo" not in page
    refused = province.post(here, status=409, act="merge", sent=row.sent_at.isoformat())
    assert "nhập theo ảnh rồi ghép" in refused.text

    [paper] = kept()
    shown = province.client.get(f"{province.base}{here}/files/{paper.key}")
    assert shown.mimetype == "image/jpeg" and b"Lan" not in shown.data, "what the camera adds stays outside"
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    assert shown.headers["Content-Disposition"].startswith("inline") and "no-store" in shown.headers["Cache-Control"]
    assert f"/files/{paper.key}" in province.client.get(f"{province.base}{here}/type").text

    day, seat = rows()["BDA"].sent_at.isoformat(), seats("BDA")[0]
    province.post(f"{here}/type", seen=day, **{f"seat-{seat}": "P1"})
    row = rows()["BDA"]
    assert (row.state, row.sent_by, row.typed_by, [each.person.code for each in row.picks]) == (
        "sent",
        "Chị Lan",
        "Lê Quản Trị",
        ["P1"],
    )
    assert "Lê Quản Trị đã nhập theo ảnh đơn vị gửi" in anybody.see(link)
    province.post(here, act="merge", sent=row.sent_at.isoformat())
    assert rows()["BDA"].state == "merged" and len(kept()) == 1, "the paper stays with the list"


def test_it_goes_back_for_a_better_photo_and_comes_again(anybody: Office, province: Office, link: str) -> None:
    sends(anybody, link, (picture("grey"), "mờ.jpg"))
    here = f"/lists/{rows()['BDA'].id}"
    province.post(here, act="return", remark="Ảnh mờ, chụp lại")
    assert "Ảnh mờ, chụp lại" in anybody.see(link)
    [blurred] = kept()
    with clock.travel(NOW):
        page = anybody.client.post(link, data={"drop": blurred.key, "name": "Chị Lan"})
    assert page.status_code == 200 and "Đã bỏ ảnh." in page.text and kept() == []
    sends(anybody, link, (picture(), "rõ.png"), (PDF, "Quyết định.pdf"))
    assert rows()["BDA"].state == "sent" and [each.name for each in kept()] == ["rõ.jpg", "Quyết định.pdf"]
    pdf = anybody.client.get(f"{link}/files/{kept()[1].key}")
    assert pdf.headers["Content-Disposition"].startswith("attachment"), "a PDF is never opened inside a page of ours"


def test_form_and_photo_go_together(anybody: Office, link: str) -> None:
    sends(anybody, link, (picture(), "a.jpg"), **{f"seat-{seats('BDA')[0]}": "P0"})
    assert picked() == 1 and len(kept()) == 1
    sends(anybody, link, **{f"seat-{seats('BDA')[0]}": "P1"})
    assert picked() == 1 and len(kept()) == 1, "a new list takes no paper away"


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00", "IMG_1.HEIC", "IMG_1.HEIC: Ảnh HEIC chưa đọc được"),
        (picture()[:2000], "cụt.jpg", "cụt.jpg: Tệp hỏng hoặc chưa tải lên hết"),
        (PDF[:40], "cụt.pdf", "cụt.pdf: Tệp hỏng hoặc chưa tải lên hết"),
        (b"MZ\x90", "lịch.exe", "lịch.exe: Chỉ nhận ảnh JPEG, PNG, WebP và tệp PDF"),
        (b"", "rỗng.jpg", "rỗng.jpg: Tệp trống"),
        (PDF.replace(b"\n", b"\n" + b" " * 11_000_000, 1), "nặng.pdf", "nặng.pdf: Mỗi tệp lớn nhất 10 MB"),
    ],
)
def test_what_cannot_be_read_is_named_and_nothing_is_sent(
    anybody: Office, link: str, data: bytes, name: str, said: str
) -> None:
    seat = seats("BDA")[0]
    page = sends(anybody, link, (picture(), "tốt.jpg"), (data, name), status=422, **{f"seat-{seat}": "P1"}).text
    assert said in page and "chọn lại ảnh" in page
    assert '· P1" selected' in page and 'value="Chị Lan"' in page, "what was chosen stays"
    assert kept() == [] and rows()["BDA"].state == "waiting"


def test_forty_megabytes_are_refused_in_words(anybody: Office, link: str) -> None:
    page = sends(anybody, link, (PDF + b" " * 40_000_000, "cả quyển.pdf"), status=422).text
    assert "cả thảy nhiều nhất 16 MB" in page and "Gửi danh sách" in page and kept() == []


def test_the_same_photo_twice_is_one_and_it_says_so(anybody: Office, link: str) -> None:
    sends(anybody, link, (picture(), "a.jpg"))
    page = sends(anybody, link, (picture(), "b.jpg"), (picture("red"), "c.jpg"), status=200).text
    assert "Tệp đã có từ trước, không lưu thêm: b.jpg" in page
    assert [each.name for each in kept()] == ["a.jpg", "c.jpg"]


def test_there_is_an_end_to_what_a_link_may_send(anybody: Office, link: str) -> None:
    many = [(picture(f"#{n:02x}{n:02x}00"), f"{n}.jpg") for n in range(papers.MOST + 1)]
    too_many = sends(anybody, link, *many[:7], status=409).text
    assert "Mỗi lần gửi nhiều nhất 6 tệp; đã chọn 7" in too_many
    sends(anybody, link, *many[:6])
    sends(anybody, link, *many[6:12])
    assert "đã có 12 tệp" in sends(anybody, link, many[12], status=409).text and len(kept()) == 12
    huge = [(picture("white", size=(7000, 7000), kind="PNG"), f"{n}.png") for n in range(2)]
    assert "nhiều nhất 80 triệu điểm ảnh" in sends(anybody, link, *huge, status=422).text
    statuses = set()
    for n in range(papers.LOOKS.attempts):
        with clock.travel(NOW):
            again = {"name": "Chị Lan", "act": "send", "paper": (io.BytesIO(many[0][0]), f"{n}.jpg")}
            statuses.add(anybody.client.post(link, data=again).status_code)
    assert 429 in statuses


def test_only_who_may_see_the_list_sees_its_paper(
    anybody: Office, province: Office, link: str, new_client: Any, campaign: Campaign
) -> None:
    sends(anybody, link, (picture(), "a.jpg"))
    [paper], row = kept(), rows()["BDA"]
    path = f"/lists/{row.id}/files/{paper.key}"
    for login, status in (("an1", 200), ("ch1", 403), ("bi1", 403)):
        who = Office(new_client(), campaign, login)
        assert who.client.get(who.base + path).status_code == status, login
    assert anybody.client.get(province.base + path).status_code in (302, 303, 401)
    other = list_of_unit("BDC")
    assert anybody.client.get(f"{other}/files/{paper.key}").status_code == 404
    assert province.client.get(f"{province.base}/lists/{rows()['BDC'].id}/files/{paper.key}").status_code == 404
    an = Office(new_client(), campaign, "an1")
    assert an.client.get(f"{an.base}/lists/{row.id}/type").status_code == 403, "typing over is the planner's"
    province.post(f"/lists/{row.id}", act="end")
    assert anybody.client.get(f"{link}/files/{paper.key}").status_code == 410


def test_who_types_from_an_old_photo_is_told(anybody: Office, province: Office, link: str) -> None:
    sends(anybody, link, (picture(), "a.jpg"))
    row, seat = rows()["BDA"], seats("BDA")[0]
    seen = row.sent_at.isoformat()
    with clock.travel(NOW.replace(minute=30)):
        anybody.client.post(link, data={"name": "Anh Ba", "act": "send", f"seat-{seat}": "P2"})
    page = province.post(f"/lists/{row.id}/type", status=409, seen=seen, **{f"seat-{seat}": "P1"}).text
    assert "vừa gửi lại danh sách khác" in page and '· P1" selected' in page
    assert [each.person.code for each in rows()["BDA"].picks] == ["P2"]
    assert province.post(f"/lists/{row.id}/type", status=422, seen=rows()["BDA"].sent_at.isoformat())


def test_paper_goes_with_the_campaign(app: Flask, anybody: Office, province: Office, link: str) -> None:
    sends(anybody, link, (picture(), "a.jpg"))
    province.post("/delete")
    assert kept() == []
