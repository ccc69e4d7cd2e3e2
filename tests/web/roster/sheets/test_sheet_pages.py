"""An office's sheet comes in through its preview: what it says, what nobody can tell, and one edit of it all."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import Workbook, load_workbook
from sqlalchemy import select

from core import clock
from core.db import db
from people.queries import unit_by_code
from roster.campaigns.models import Campaign
from roster.draft.models import DraftEdit
from roster.models import DraftAssignment, Seat, Shift
from roster.sheets import reading
from roster.sheets.models import SheetCode
from tests.support import enterprise, factories
from tests.support.enterprise import NOW, sign_in
from tests.support.stores import SqliteStore, prepare

P1, P2, P3 = "Ksor Phước", "Y Thuyên", "Nay Đức"


def make_draft() -> int:
    """Three empty days of the district BDA, which six more people may serve."""
    enterprise.make()
    unit = unit_by_code("BDA")
    for number in range(6):
        factories.make_person(f"P{number}", unit, duties=("leadership", "operations", "emergency"))
    factories.make_round_the_clock(unit)
    return factories.make_campaign(unit, first="2020-01-23", last="2020-01-25").id


@pytest.fixture(scope="module")
def made(_sqlite: tuple[SqliteStore, Flask]) -> tuple[Path, int]:
    return prepare(*_sqlite, "sheets", make_draft)


@pytest.fixture
def campaign(app: Flask, made: tuple[Path, int], _sqlite: tuple[SqliteStore, Flask]) -> Campaign:
    database, campaign_id = made
    _sqlite[0].reset(database)
    return db.session.get_one(Campaign, campaign_id)


@pytest.fixture
def an(client: FlaskClient, campaign: Campaign) -> FlaskClient:
    sign_in(client, "an1")
    return client


def workbook(*rows: Sequence[Any], title: str = "Trực Tết") -> bytes:
    book = Workbook()
    sheet: Any = book.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def send(client: FlaskClient, campaign: Campaign, content: bytes, name: str = "truc tet.xlsx") -> str:
    """The address of its preview."""
    with clock.travel(NOW):
        answer = client.post(
            f"/roster/campaigns/{campaign.id}/sheet", data={"file": (io.BytesIO(content), name)}, follow_redirects=False
        )
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


def see(client: FlaskClient, address: str) -> str:
    with clock.travel(NOW):
        answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


def act(client: FlaskClient, address: str, what: str, **chosen: str) -> Any:
    with clock.travel(NOW):
        return client.post(address, data={"act": what, **chosen})


def sitting() -> dict[tuple[str, str, str], list[str]]:
    """(day, kind, shift) → codes of who is on it in the draft."""
    db.session.rollback()
    db.session.expire_all()
    rows = db.session.scalars(select(DraftAssignment).join(Seat).join(Shift).order_by(Shift.starts_at, Seat.position))
    found: dict[tuple[str, str, str], list[str]] = {}
    for row in rows:
        shift = row.seat.shift
        found.setdefault((shift.local_on.isoformat(), shift.duty, shift.template), []).append(row.person.code)
    return found


OFFICE = workbook(
    ["BƯU ĐIỆN HUYỆN A"],
    ["BẢNG PHÂN CÔNG TRỰC TẾT CANH TÝ 2020"],
    [],
    ["STT", "Họ và tên", "Chức vụ", "Thứ năm", "Thứ sáu", "Thứ bảy"],
    ["", "", "", date(2026, 1, 23), "30 Tết", "Mùng 1"],
    [1, P1.upper(), "GĐ", "LĐ N", "", "TC"],
    [],
    [2, "Y Thuyen", "PGĐ", "", "LĐ N", ""],
    [3, "Nay Đạt", "KSV", "ĐH N", "", "ĐH N"],
)


def test_an_offices_own_sheet_becomes_one_edit_that_undo_takes_back(an: FlaskClient, campaign: Campaign) -> None:
    here = send(an, campaign, OFFICE)
    page = see(an, here)
    assert "Dòng ngày 5, 3 cột ngày" in page
    assert "năm khác đợt trực, hiểu là 23/01/2020" in page, "Excel added the year in which it was typed"
    assert "Dòng 9 Nay Đạt không có ai tên “Nay Đạt” trong đợt trực" in page
    assert "Ô F6 TC chưa biết “TC” là ca gì (1 ô)" in page
    assert "khớp tên không dấu" in page, "it is shown that a name was only alike"
    assert "2 lượt xếp thêm, 0 lượt bỏ" in page
    assert sitting() == {}, "to look writes nothing"
    # What is chosen is read again before it is taken: the first press shows it.
    chosen = {"code-1-is": "tc", "code-1": "emergency|Ngày", "person-8": "P3"}
    assert act(an, here, "take", **chosen).headers["Location"] == here
    page = see(an, here)
    assert "Đã đọc lại theo các lựa chọn" in page and "5 lượt xếp thêm" in page
    assert sitting() == {}
    done = act(an, here, "take")
    assert done.status_code == 303 and "/sheet" not in done.headers["Location"]
    assert sitting() == {
        ("2020-01-23", "leadership", "Ngày"): ["P1"],
        ("2020-01-23", "operations", "Ngày"): ["P3"],
        ("2020-01-24", "leadership", "Ngày"): ["P2"],
        ("2020-01-25", "operations", "Ngày"): ["P3"],
        ("2020-01-25", "emergency", "Ngày"): ["P1"],
    }
    (noted,) = db.session.scalars(select(DraftEdit))
    assert (noted.about, len(noted.cells)) == ({"sheet": "truc tet.xlsx"}, 5)
    with clock.travel(NOW):
        undone = an.post(f"/roster/campaigns/{campaign.id}/edits/undo")
    assert undone.json["said"] == "Đã hoàn tác: nhập 5 lượt từ truc tet.xlsx."
    assert sitting() == {}


def test_what_a_code_means_is_asked_once_for_a_unit(an: FlaskClient, campaign: Campaign) -> None:
    content = workbook(["Tên", "23/1", "24/1"], [P1, "TC", ""])
    here = send(an, campaign, content)
    act(an, here, "read", **{"code-0-is": "tc", "code-0": "emergency|Ngày"})
    act(an, here, "take")
    (kept,) = db.session.scalars(select(SheetCode))
    assert (kept.code, kept.means, kept.unit_id) == ("tc", "emergency|Ngày", unit_by_code("BDA").id)
    page = see(an, send(an, campaign, workbook(["Tên", "23/1", "24/1"], [P2, "", "TC"])))
    assert "đã nhớ từ lần trước" in page and "1 lượt xếp thêm" in page


def test_days_and_columns_can_be_put_right(an: FlaskClient, campaign: Campaign) -> None:
    content = workbook(["Nhân viên", "Ngày 30", "23/1", "1/3"], [P1, "LĐ N", "", "LĐ N"])
    here = send(an, campaign, content)
    page = see(an, here)
    assert "Ô D2 LĐ N cột này không phải ngày nào của đợt trực" in page
    act(an, here, "read", **{"column-3": "2020-01-25"})
    assert "1 lượt xếp thêm" in see(an, here)
    act(an, here, "take")
    assert sitting() == {("2020-01-25", "leadership", "Ngày"): ["P1"]}


def test_people_of_one_name_are_never_taken_for_each_other(an: FlaskClient, campaign: Campaign) -> None:
    factories.make_person("P7", unit_by_code("BDA"), duties=("leadership",), name=P1)
    here = send(an, campaign, workbook(["Tên", "23/1", "24/1"], [P1, "LĐ N", ""]))
    assert "2 người tên “Ksor Phước”: chọn người, hoặc ghi mã vào tệp" in see(an, here)
    assert act(an, here, "take").status_code == 409, "there is nothing that anybody is sure of"
    assert sitting() == {}
    by_code = workbook(["Mã NV", "Tên", "23/1", "24/1"], ["P7", P1, "LĐ N", ""], ["P2", P3, "", "LĐ N"])
    page = see(an, send(an, campaign, by_code))
    assert f"mã P2 là của {P2}, không phải “{P3}”" in page and "1 lượt xếp thêm" in page


def test_rules_are_judged_before_it_is_taken_and_a_reason_answers_for_them(an: FlaskClient, campaign: Campaign) -> None:
    here = send(an, campaign, workbook(["Tên", "23/1", "24/1"], [P1, "ĐH N, LĐ N", ""]))
    assert "1 chỗ vi phạm quy tắc Ô B2" in see(an, here)
    assert act(an, here, "take").status_code == 409
    assert act(an, here, "read", reason="Thiếu người").status_code == 303
    with clock.travel(NOW):
        assert ">Thiếu người</textarea>" in an.get(here).text, "what was typed is there after every look"
    assert act(an, here, "take", reason="Thiếu người").status_code == 303
    assert {row.override_reason for row in db.session.scalars(select(DraftAssignment))} == {"Thiếu người"}


def test_what_the_law_forbids_is_left_out_and_no_reason_answers_for_it(an: FlaskClient, campaign: Campaign) -> None:
    here = send(an, campaign, workbook(["Tên", "23/1", "24/1"], [P1, "ĐH Đ, LĐ Đ", "ĐH N"], [P2, "LĐ N", ""]))
    page = see(an, here)
    assert "vi phạm quy tắc" in page and "Ô B2" in page
    assert "Có quy định của pháp luật" in page
    assert act(an, here, "take", reason="Thiếu người").status_code == 409
    assert sitting() == {}, "nothing of it is written"
    act(an, here, "leave", reason="Thiếu người")
    page = see(an, here)
    assert "ô để lại theo ý đồng chí" in page
    act(an, here, "take")
    assert sitting() == {("2020-01-23", "leadership", "Ngày"): ["P2"]}


def test_the_grid_goes_out_and_comes_back(an: FlaskClient, campaign: Campaign) -> None:
    content = workbook(["Tên", "23/1", "24/1"], [P1, "LĐ N", ""], [P2, "ĐH Đ", "ƯC Đ"], [P3, "", "ĐH N, LĐ N"])
    with_reason = send(an, campaign, content)
    act(an, with_reason, "leave")
    act(an, with_reason, "take")
    before = sitting()
    assert len(before) >= 3
    with clock.travel(NOW):
        out = an.get(f"/roster/campaigns/{campaign.id}/sheet.xlsx?source=draft")
    assert out.status_code == 200
    book = load_workbook(io.BytesIO(out.data))
    sheet = book.worksheets[0]
    heads = [cell.value for cell in sheet[3]]
    assert heads[:2] == ["Mã", "Họ và tên"] and heads[3] == "T6 24/1\n30 Chạp"
    assert {row[0].value for row in book.worksheets[1].iter_rows(min_row=2)} >= {"LĐ Ngày", "ĐH Đêm"}
    assert "0 lượt xếp thêm, 0 lượt bỏ" in see(an, send(an, campaign, out.data, "lich.xlsx"))
    # Somebody fills it in elsewhere: one shift is taken off, which an empty cell of our own sheet says.
    row = next(row for row in sheet.iter_rows(min_row=4) if row[0].value == "P1")
    row[2].value = None
    changed = io.BytesIO()
    book.save(changed)
    here = send(an, campaign, changed.getvalue(), "lich.xlsx")
    assert "0 lượt xếp thêm, 1 lượt bỏ" in see(an, here)
    act(an, here, "take")
    assert sitting() == {key: who for key, who in before.items() if key != ("2020-01-23", "leadership", "Ngày")}


def test_cells_are_pasted_as_a_spreadsheet_copies_them(an: FlaskClient, campaign: Campaign) -> None:
    with clock.travel(NOW):
        answer = an.post(f"/roster/campaigns/{campaign.id}/sheet", data={"cells": f"Tên\t23/1\t24/1\n{P1}\tLĐ N\t\n"})
    act(an, answer.headers["Location"], "take")
    assert sitting() == {("2020-01-23", "leadership", "Ngày"): ["P1"]}


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "dạng Excel cũ"),
        ("a.pdf", b"%PDF", "không phải bảng tính"),
        ("a.xlsx", b"PK\x03\x04nothing", "không phải bảng tính"),
        ("a.csv", "Tên".encode("utf-16-be"), "UTF-8"),
        ("a.csv", b"\n\n", "Không có ô nào có chữ"),
        ("", b"", "Chọn một tệp XLSX hoặc CSV"),
    ],
)
def test_what_is_no_sheet_is_told_with_a_remedy(
    an: FlaskClient, campaign: Campaign, name: str, content: bytes, said: str
) -> None:
    with clock.travel(NOW):
        answer = an.post(f"/roster/campaigns/{campaign.id}/sheet", data={"file": (io.BytesIO(content), name)})
    assert answer.status_code == 409 and said in answer.text


def test_a_sheet_is_its_senders_and_its_campaigns_alone(an: FlaskClient, campaign: Campaign, new_client: Any) -> None:
    here = send(an, campaign, OFFICE)
    other = new_client()
    sign_in(other, "qt1")
    with clock.travel(NOW):
        assert other.get(here).status_code == 404
        assert an.get(here.replace(f"/{campaign.id}/", f"/{campaign.id + 1}/")).status_code == 404
    for login in ("bi1", "ch1", "du1"):
        stranger = new_client()
        sign_in(stranger, login)
        with clock.travel(NOW):
            assert stranger.get(f"/roster/campaigns/{campaign.id}/sheet").status_code == 403
            assert stranger.post(here, data={"act": "take"}).status_code == 403
    assert act(an, here, "drop").status_code == 303
    with clock.travel(NOW):
        assert an.get(here).status_code == 404


def test_of_many_rows_that_nobody_knows_the_page_stays_light(
    an: FlaskClient, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("roster.sheets.preview.OPTIONS", 20)
    monkeypatch.setattr("roster.sheets.preview.PICKED", 4)
    everybody = len(reading.ground(campaign, units=None, now=NOW).person)
    rows = [["Họ tên", "23/1", "24/1"], *([f"Người lạ {n}", "LĐ N", ""] for n in range(6))]
    here = send(an, campaign, workbook(*rows))
    with clock.travel(NOW):
        page = an.get(here).text
    assert page.count("Mọi người trong đợt trực") == 20 // everybody and page.count('name="person-') == 4
    assert "Còn 2 dòng nữa" in see(an, here)
    # Who was chosen among everybody stays chosen in a list that no longer has them all.
    act(an, here, "read", **{"person-1": "P1", "person-2": "-"})
    act(an, here, "read", **{"person-3": "P3", "person-4": "-"})
    with clock.travel(NOW):
        page = an.get(here).text
    assert re.search(r'name="person-1".*?value="P1" selected', page, re.S)
