"""Pages of letters: who may write them, what is wrong is said at its field, a crowd of units stays one short page."""

from __future__ import annotations

import html
import io
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from compliance.register import letters, queries
from compliance.register.models import Directive, Requirement
from core import clock
from core.db import db, transaction
from people.models import Unit
from tests.support import enterprise
from tests.support.cast import ADMIN, NIGHT
from tests.support.statements import statements

GOOD = {"number": "9/BĐ", "dated_on": "02/01/2020", "issuer": "Sở", "abstract": "V/v Tết", "body": "Một câu."}


@pytest.fixture(autouse=True)
def _then(app: Flask) -> Iterator[None]:
    enterprise.make()
    with clock.travel(NIGHT):
        yield


@pytest.fixture
def spread() -> int:
    """Id of letter 77, handed out."""
    with transaction() as session:
        row = session.scalars(select(Directive).where(Directive.seed == "77-2020")).one()
        row.season_from, row.season_to = date(2020, 1, 17), date(2020, 2, 8)
    letters.spread(row.id, actor=ADMIN, now=NIGHT)
    return row.id


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("number", "  ", "Ghi số, ký hiệu"),
        ("dated_on", "31/02/2020", "Ghi ngày ban hành"),
        ("issuer", "", "Ghi cơ quan"),
        ("abstract", "", "Ghi trích yếu"),
        ("notes", "câu khác => sai", "không có trong nguyên văn"),
        ("season_from", "03/01/2020", "ghi cả hai ngày"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(
    client: Any, field: str, typed: str, says: str
) -> None:
    enterprise.sign_in(client, "qt1")
    answer = client.post("/letter/new", data={**GOOD, field: typed})
    page = html.unescape(answer.text)
    assert answer.status_code == 422 and says in page and f'href="#{field}"' in page and "Một câu." in page
    assert client.post("/letter/new", data=GOOD).status_code == 303
    again = client.post("/letter/new", data=GOOD)
    assert again.status_code == 422 and "Đã có văn bản số 9/BĐ" in html.unescape(again.text)


def test_a_manager_of_a_district_reads_letters_and_writes_none(client: Any, spread: int) -> None:
    enterprise.sign_in(client, "an1")
    assert client.get(f"/letter/{spread}").status_code == 200
    for path, data in (
        ("/letter/new", GOOD),
        (f"/letter/{spread}/edit", GOOD),
        (f"/letter/{spread}/acknowledge", {}),
        (f"/letter/{spread}/receive", {"received_on": "18/01/2020"}),
        (f"/letter/{spread}/relate", {"kind": "basis", "to": "1"}),
        (f"/letter/{spread}/spread", {}),
        (f"/letter/{spread}/requirements/new", {"text": "x", "phase": "all"}),
    ):
        assert client.post(path, data=data).status_code == 403, path


def test_a_requirement_says_its_excerpt_word_for_word_and_names_units_that_are_there(client: Any, spread: int) -> None:
    enterprise.sign_in(client, "qt1")
    good = {"text": "Báo cáo", "phase": "after", "scope": "some", "units": "BDA, BDC", "wants": ["file"]}
    for field, typed, says in (
        ("excerpt", "Tiếp tục thực hiện tôt", "không có trong nguyên văn"),
        ("due_on", "hôm nào", "Ghi hạn"),
        ("units", "KHONG", "KHONG"),
        ("units", "", "ít nhất một đơn vị"),
        ("text", "", "Ghi yêu cầu"),
    ):
        answer = client.post(f"/letter/{spread}/requirements/new", data={**good, field: typed})
        assert answer.status_code == 422 and says in html.unescape(answer.text), field
    assert client.post(f"/letter/{spread}/requirements/new", data=good).status_code == 303
    made = db.session.scalars(select(Requirement).order_by(Requirement.id.desc())).first()
    assert made is not None and made.position == 12
    page = client.get(f"/letter/requirements/{made.id}/units?unit=BDT").text
    assert "0 trong 2 đơn vị" in page and "Điểm phục vụ A1" not in page
    assert client.post(f"/letter/requirements/{made.id}/remove").status_code == 303


def test_a_photo_of_forty_megabytes_or_of_another_kind_gets_a_clear_answer(client: Any, spread: int) -> None:
    enterprise.sign_in(client, "bi1")
    row = next(each for each in queries.requirements(spread) if each.key == "post-list")
    path = f"/letter/requirements/{row.id}/units/BDA/evidence"
    heic = b"\x00\x00\x00\x18ftypheic" + b"\x00" * 40
    for content, says in ((heic, "HEIC"), (b"", "Chưa có bằng chứng"), (b"x" * (11 << 20), "10 MB")):
        sent = {"file": (io.BytesIO(content), "a.jpg" if content else "")}
        answer = client.post(path, data=sent, content_type="multipart/form-data")
        assert answer.status_code == 422 and says in html.unescape(answer.text)
    huge = {"file": (io.BytesIO(b"x" * (40 << 20)), "a.jpg")}
    assert client.post(path, data=huge, content_type="multipart/form-data").status_code == 413
    assert client.post(path, data={"url": "javascript:alert(1)"}).status_code == 422


def test_the_matrix_asks_as_little_of_a_thousand_units_as_of_four(client: Any, spread: int) -> None:
    enterprise.sign_in(client, "qt1")
    path = f"/letter/{spread}/matrix?unit=BDT"
    client.get(path)
    with statements() as few:
        assert client.get(path).status_code == 200
    top = db.session.scalars(select(Unit).where(Unit.code == "BDA")).one()
    with transaction() as session:
        session.add_all(
            Unit(code=f"X{number}", name=f"Điểm {number}", kind="service_point", parent_id=top.id)
            for number in range(1000)
        )
    with statements() as many:
        page = client.get(path).text
    assert len(many) <= len(few) + 1 and "0 trong 1.004" in page
    below = client.get(f"/letter/{spread}/matrix?unit=BDA").text
    assert len(below) < 1_000_000 and "Điểm 999" in below
