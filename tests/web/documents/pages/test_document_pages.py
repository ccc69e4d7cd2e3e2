"""Pages of documents: a manager names the agency, sees a draft, issues, replaces, withdraws, keeps what is signed."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from core import clock
from core.db import db
from core.security.throttle import AttemptLimit
from documents.batches import making
from documents.rendering import allowance
from people.models import Unit
from tests.support import enterprise, papers
from tests.support.cast import NIGHT
from tests.support.enterprise import sign_in

DRAFT = "/documents/about/unit:BDA/test.notice"


@pytest.fixture(autouse=True)
def kinds(app: Flask) -> Iterator[None]:
    enterprise.make()
    with papers.registered(), clock.travel(NIGHT):
        yield


@pytest.fixture
def an(client: FlaskClient) -> FlaskClient:
    sign_in(client, "an1")
    return client


def page(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return answer.get_data(as_text=True)


def issued(client: FlaskClient, **more: str) -> str:
    """The address of one that was issued by the form as it stands on the page."""
    said = page(client, DRAFT)
    once = re.search(r'name="once" value="([^"]+)"', said)
    assert once
    answer = client.post(DRAFT, data={"once": once[1], **more})
    assert answer.status_code == 303
    return answer.location


def settle(client: FlaskClient) -> None:
    at = "/documents/agencies/BDA"
    agency = {"superior": "Bưu điện tỉnh", "name": "Bưu điện huyện A", "symbol": "BĐA", "place": "Ia Grai"}
    rest = {"pattern": "{number}/{kind}-{symbol}", "series": "kind", "recipients": "Như trên\n\nLưu: VT"}
    assert client.post(at, data={"act": "agency", "from": "01/01/2020", **agency, **rest}).status_code == 303
    signs = {"lines": "KT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC", "signatory_name": "Nguyễn Văn An", "from": "01/01/2020"}
    assert client.post(at, data={"act": "signatory", **signs}).status_code == 303


def test_from_nothing_to_a_numbered_notice(an: FlaskClient) -> None:
    said = page(an, DRAFT)
    assert "Chưa khai báo tên cơ quan" in said
    assert "Chưa có người ký nào còn hiệu lực hôm nay." in said
    settle(an)
    said = page(an, DRAFT)
    assert "KT. GIÁM ĐỐC · PHÓ GIÁM ĐỐC Nguyễn Văn An" in said
    assert "Cấp số 01/TB-BĐA" in said
    assert "Đã ban hành cho cùng nội dung này" not in said
    at = issued(an)
    assert "Thông báo 01/TB-BĐA" in page(an, at)
    assert "Đã ban hành cho cùng nội dung này" in page(an, DRAFT)
    assert "Đã ban hành cho cùng nội dung này" not in page(an, f"{DRAFT}?o-copy=phones")
    assert "01/TB-BĐA" in page(an, "/documents/")
    assert "01/TB-BĐA" in page(an, "/documents/about/unit:BDA")
    assert "Chưa có văn bản nào" in page(an, "/documents/?q=99%25")
    assert an.get(f"{at}/file.pdf").data.startswith(b"%PDF-1.7")
    assert zipfile.is_zipfile(io.BytesIO(an.get(f"{at}/file.docx").data))
    assert an.get(f"{at}/file.exe").status_code == 404
    assert Image.open(io.BytesIO(an.get(f"{at}/pages/1.png").data)).width > 800
    assert an.get(f"{at}/pages/9.png").status_code == 404


def test_a_draft_is_seen_before_it_is_issued(an: FlaskClient) -> None:
    settle(an)
    assert an.get(f"{DRAFT}/preview", headers={"HX-Request": "true"}).get_data(as_text=True).count("<img") == 2
    assert "Xem trước" in page(an, f"{DRAFT}/preview")
    assert an.get(f"{DRAFT}/pages/2.png").mimetype == "image/png"
    draft = an.get(f"{DRAFT}/draft.pdf?recipients=Huyện ủy")
    assert (
        draft.headers["Content-Disposition"]
        == 'attachment; filename="thong-bao-truc-tet-cua-buu-dien-huyen-a-plain.pdf"'
    )
    assert an.get(f"{DRAFT}/draft.docx").status_code == 200
    assert "02/TB" not in page(an, DRAFT)


def test_one_account_does_not_keep_typst_from_the_others(
    an: FlaskClient, new_client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody opens one preview after the other: they wait, and nobody else does."""
    monkeypatch.setattr(allowance, "PER_MINUTE", AttemptLimit(2, timedelta(minutes=1)))
    settle(an)
    names = [f"{DRAFT}/preview?recipients=Nơi%20{n}" for n in range(4)]
    assert [an.get(each).status_code for each in names] == [200, 200, 429, 429]
    page(an, names[1])  # was drawn before
    refused = an.get(f"{DRAFT}/draft.docx")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "61")
    part = an.get(names[2], headers={"HX-Request": "true"}).text
    assert "Đồng chí vừa cho lập nhiều văn bản liên tiếp. Đợi 61 giây rồi thử lại." in part
    assert 'hx-trigger="load delay:61s"' in part
    kept = an.post(DRAFT, data={"once": "form-one", "recipients": "Huyện ủy"})
    assert (kept.status_code, kept.headers["Retry-After"]) == (429, "61")
    assert "Huyện ủy" in kept.text and "vừa cho lập nhiều văn bản" in kept.text
    other = new_client()
    sign_in(other, "qt1")
    page(other, names[3])
    an.post("/language", data={"language": "en"})
    assert "Wait 61 seconds" in an.get(names[2]).text
    with clock.travel(NIGHT + timedelta(minutes=1)):
        page(an, names[2])


def test_what_cannot_be_is_said_and_what_was_typed_is_kept(an: FlaskClient) -> None:
    settle(an)
    assert "chọn một trong các mục có sẵn" in page(an, f"{DRAFT}?o-copy=secret", 422)
    assert "không còn hiệu lực hôm nay" in page(an, f"{DRAFT}?signatory=99", 422)
    many = "%0A".join(f"Nơi thứ {n}" for n in range(21))
    said = page(an, f"{DRAFT}?recipients={many}", 422)
    assert "nhiều nhất 20 dòng" in said
    at = "/documents/agencies/BDA"
    answer = an.post(at, data={"act": "agency", "from": "hôm qua", "name": "Bưu cục <b>", "pattern": "TB"})
    assert answer.status_code == 422
    wrong = answer.get_data(as_text=True)
    assert "Bưu cục &lt;b&gt;" in wrong
    assert "Mẫu số phải có {number}" in wrong
    assert an.post(at, data={"act": "first", "series": "TB", "first": "0"}).status_code == 422
    assert page(an, "/documents/about/unit:BDA/test.none", 404)
    assert page(an, "/documents/about/planet:Mars", 404)


def test_what_was_not_seen_is_not_issued(an: FlaskClient) -> None:
    """Between looking and pressing, the unit is renamed: the page shows the new text, and the next press issues it."""
    settle(an)
    seen = hidden(page(an, DRAFT))
    db.session.scalars(select(Unit).filter_by(code="BDA")).one().name = "Bưu điện khu vực A"
    db.session.commit()
    refused = an.post(DRAFT, data=seen)
    assert (refused.status_code, "khác bản đồng chí đã xem" in refused.text) == (409, True)
    assert "Cấp số 01/TB-BĐA" in refused.text
    assert an.post(DRAFT, data=hidden(refused.text)).status_code == 303
    assert "Bưu điện khu vực A" in page(an, "/documents/")


def test_a_document_says_when_what_it_tells_has_changed(an: FlaskClient, new_client: Any) -> None:
    settle(an)
    at = issued(an)
    assert "nội dung đã khác bản này" not in page(an, at)
    db.session.scalars(select(Unit).filter_by(code="BDA")).one().name = "Bưu điện khu vực A"
    db.session.commit()
    assert "nội dung đã khác bản này" in page(an, at)
    clerk = new_client()
    sign_in(clerk, "bi1")
    assert "nội dung đã khác bản này" not in page(clerk, at)  # nothing that they could do about it
    assert an.post(f"{at}/withdraw", data={"reason": "Đổi tên"}).status_code == 303
    assert "nội dung đã khác bản này" not in page(an, at)


def hidden(said: str) -> dict[str, str]:
    """What the form that issues sends, but for the token."""
    form = re.search(r'<form[^>]*method="post"[^>]*action="[^"]*test\.notice".*?</form>', said, re.DOTALL)
    assert form
    return dict(re.findall(r'name="([\w-]+)" value="([^"]*)"', form[0]))


def test_replaced_withdrawn_and_signed(an: FlaskClient) -> None:
    settle(an)
    first = issued(an)
    replaces = first.rpartition("/")[2]
    assert f"replaces={replaces}" in page(an, first)
    assert "Ban hành sẽ thay thế Thông báo 01/TB-BĐA." in page(an, f"{DRAFT}?replaces={replaces}")
    second = issued(an, replaces=replaces)
    assert "Đã được thay thế" in page(an, first)
    empty = an.post(f"{second}/withdraw", data={"reason": ""})
    assert (empty.status_code, "Ghi lý do" in empty.get_data(as_text=True)) == (422, True)
    assert an.post(f"{second}/withdraw", data={"reason": "Đổi <ca>"}).status_code == 303
    assert "Đổi &lt;ca&gt;" in page(an, second)
    photo = io.BytesIO()
    Image.new("RGB", (60, 80), "white").save(photo, "JPEG")
    sent = {"file": (io.BytesIO(photo.getvalue()), "Bản ký.jpg")}
    assert an.post(f"{second}/scans", data=sent).status_code == 303
    assert "Bản ký.jpg" in page(an, second)
    kept = re.search(r"/documents/\d+/scans/\d+", page(an, second))
    assert kept
    named = an.get(kept[0]).headers["Content-Disposition"]
    assert named.isascii() and named.startswith('attachment; filename="ban ky.jpg"')  # what servers can send
    missing = an.post(f"{second}/scans", data={})
    assert (missing.status_code, "Chọn ảnh hoặc tệp PDF" in missing.get_data(as_text=True)) == (422, True)


def test_a_batch_from_the_page_to_the_zip(an: FlaskClient) -> None:
    sheet = "/documents/about/unit:BDA/test.sheet"
    assert "2 tệp trong một ZIP" in page(an, sheet)
    assert an.post(f"{sheet}/batch", data={"each": "copy"}).status_code == 303
    assert "0 trên 2 tệp" in page(an, "/documents/batches/")
    making.run_waiting(NIGHT, read_clock=lambda: NIGHT)
    said = page(an, "/documents/batches/")
    found = re.search(r"/documents/batches/\d+/file.zip", said)
    assert found
    assert zipfile.ZipFile(io.BytesIO(an.get(found[0]).data)).namelist() == [
        "niem-yet-plain.pdf",
        "co-so-may-phones.pdf",
    ]
    assert an.post(found[0].replace("file.zip", "cancel")).status_code == 303


def test_clerks_read_and_do_not_issue(an: FlaskClient, new_client: Any) -> None:
    settle(an)
    at = issued(an)
    clerk = new_client()
    sign_in(clerk, "bi1")
    said = page(clerk, at)
    assert "Thu hồi văn bản" not in said
    assert clerk.post(DRAFT, data={"once": "once-more"}).status_code == 403
    assert clerk.post(f"{at}/withdraw", data={"reason": "x"}).status_code == 403
    assert page(clerk, "/documents/agencies/", 403)
    clerk.post("/language", data={"language": "en"})
    assert "As issued" in page(clerk, at)


def test_a_link_to_a_draft_outlives_who_was_to_sign_it(an: FlaskClient) -> None:
    """The form says so, and offers those who sign now."""
    settle(an)
    said = page(an, f"{DRAFT}?signatory=999", 422)
    assert "Người ký này không còn hiệu lực hôm nay." in said
    assert "PHÓ GIÁM ĐỐC Nguyễn Văn An</option>" in said
