"""Papers of rosters as files: sixty people for 23 days on two sheets that lie down, nothing too small to read."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from flask import Flask

from core import clock
from documents.page_layouts import DECREE_30
from documents.paper import Agency, Appendix, Paper
from documents.rendering import docx, pdf
from people import queries as people
from roster.campaigns import queries as campaigns
from roster.draft.shown_days import GridDay
from roster.papers import by_days, by_people
from roster.publishing.sheet import SheetShift, Somebody
from tests.support import factories, paper as printed, told
from tests.support.published import Published

FIRST, DAYS = date(2020, 1, 17), 23
SHIFTS = (
    ("leadership", "24/24", 7, 24, 1),
    ("operations", "Sáng", 6, 8, 1),
    ("operations", "Chiều", 14, 8, 1),
    ("operations", "Đêm", 22, 8, 1),
    ("emergency", "Ngày", 7, 12, 2),
    ("emergency", "Đêm", 19, 12, 2),
    ("support", "Sáng", 6, 8, 1),
    ("support", "Chiều", 14, 8, 1),
)


def sixty() -> list[Somebody]:
    first, last = (
        ("Nguyễn Văn", "Rơ Châm", "Đỗ Thị Hồng", "Trịnh Khánh"),
        ("Phước", "H'Nhung", "Thuyên", "Minh", "Oanh"),
    )
    return [
        Somebody(f"P{n:02d}", f"{first[n % 4]} {last[n % 5]} {chr(65 + n % 26)}", "Chuyên viên kỹ thuật", f"09{n:08d}")
        for n in range(60)
    ]


def entries() -> list[SheetShift]:
    staff, found, turn = sixty(), list[SheetShift](), 0
    for day in range(DAYS):
        for duty, template, hour, hours, count in SHIFTS:
            start = clock.at_local(FIRST + timedelta(days=day)) + timedelta(hours=hour)
            serving = tuple(staff[(turn + n) % 60] for n in range(count))
            turn += count
            end = start + timedelta(hours=hours)
            found.append(SheetShift(len(found), duty, "BDGL", "Bưu điện tỉnh", template, start, end, count, serving))
    return found


def days() -> list[GridDay]:
    return [
        GridDay(FIRST + timedelta(days=n), "during", "holiday" if 6 <= n < 11 else "ordinary", False)
        for n in range(DAYS)
    ]


def on_paper(blocks: Any) -> Paper:
    listed = Appendix("Lịch trực Tết", tuple(blocks), attached="Kèm theo Thông báo số 08/TB-BĐGL", landscape=True)
    return Paper(
        DECREE_30.code, "Lịch trực", "named", Agency("Bưu điện"), "Thông báo", "Lịch trực", appendices=(listed,)
    )


@pytest.mark.parametrize("layout", ["people", "days"])
def test_sixty_people_for_23_days_take_two_sheets(app: Flask, layout: str) -> None:
    kinds = {kind.code: kind for kind in people.duty_kinds()}
    if layout == "people":
        blocks = by_people.blocks(entries(), days(), kinds, phones=True)
    else:
        blocks = by_days.unit_blocks(entries(), days(), kinds, phones={}, beside={})
    pages = printed.pages_of(pdf.pdf(on_paper(blocks)))[1:]
    assert len(pages) <= 2
    for page in pages:
        width, height = page.get_size()
        assert (round(width), round(height)) == (842, 595)
        assert min(letter.size for letter in printed.letters(page)) >= 7.0 - 0.01
    said = " ".join(printed.text_of(page) for page in pages)
    if layout == "people":  # by days names break over lines, and lines of cells beside each other come in turn
        assert not [who.name for who in sixty() if who.name not in said]


def notice(roster: Published, layout: str) -> Paper:
    about = f"campaign:{roster.campaign_id}"
    return told.paper(about, "roster.notice", now=factories.NOW, copy="wall", layout=layout)


def serving(roster: Published) -> set[str]:
    return {who["name"] for row in campaigns.revision(roster.campaign_id, 1).content for who in row["people"]}


def test_the_file_has_every_name_and_the_mark_of_a_draft(roster: Published) -> None:
    pages = printed.pages_of(pdf.pdf(notice(roster, "days")))
    said = " ".join(printed.text_of(page) for page in pages)
    assert len(pages) == 2 and all(name in said for name in serving(roster))
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in said and "THÔNG BÁO" in said


def test_word_has_the_same_people_in_the_same_table(roster: Published, tmp_path: Path) -> None:
    path = tmp_path / "lich.docx"
    path.write_bytes(docx.docx(notice(roster, "people")))
    table = next(each for each in Document(str(path)).tables if len(each.columns) == 3 + 3 + 1)
    assert {row.cells[1].text for row in table.rows[1:]} == serving(roster)
