"""Tables that take few pages: measured, not guessed; nothing too small to read, nothing narrower than its words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings, strategies as st

from documents.paper import SMALLEST, TableCell
from documents.rendering import drawing, metrics
from people.models import DutyKind
from roster.papers import by_people, fitting
from roster.papers.fitting import ColumnHead
from roster.publishing.sheet import SheetShift

NAMES = st.text(alphabet="NguyễnVănAn ĐỗQuốcPhước", min_size=0, max_size=40)


def words_fit(table: object) -> bool:
    rooms = drawing.widths(table, fitting.page(landscape=True).width)  # type: ignore[arg-type]
    face = metrics.face()
    return all(
        face.width(word, table.size) <= room  # type: ignore[attr-defined]
        for row in table.rows  # type: ignore[attr-defined]
        for cell, room in zip(row, rooms, strict=True)
        for word in cell.text.split()
    )


@given(st.lists(st.tuples(NAMES, NAMES, NAMES), max_size=60))
@settings(max_examples=40)
def test_letters_are_readable_and_columns_fill_the_page(rows: list[tuple[str, str, str]]) -> None:
    table = fitting.fitted(
        "x", [ColumnHead("STT", "center"), ColumnHead("Họ và tên"), ColumnHead("Ghi chú", whole=True)], rows
    )
    assert SMALLEST <= table.size <= fitting.SIZES[0]
    width = fitting.page(landscape=True).width
    assert sum(drawing.widths(table, width)) == pytest.approx(width)
    assert words_fit(table)


def test_what_is_short_is_large_and_what_is_long_is_smaller() -> None:
    sizes = [
        fitting.fitted(
            "x", [ColumnHead("STT"), ColumnHead("Tên")], [[str(n), "Nguyễn Văn An"] for n in range(count)]
        ).size
        for count in (3, 60, 80, 3000)
    ]
    assert sizes[0] == 11.0 and sizes[1] >= sizes[2] >= SMALLEST
    assert sizes[3] == fitting.LONG, "it takes many pages anyhow"


def test_a_column_to_write_in_has_room_and_those_of_a_group_are_alike() -> None:
    heads = [ColumnHead("A", group="day"), ColumnHead("Bbbbbb", group="day"), ColumnHead("Ký", whole=True, least=7.0)]
    table = fitting.fitted("x", heads, [["x", "y", ""]], landscape=False)
    first, second, third = drawing.widths(table, fitting.page(landscape=False).width)
    assert first == pytest.approx(second) and third >= 7.0 * table.size


def test_a_cell_over_several_rows_keeps_them_on_one_page() -> None:
    rows = [[TableCell("Thứ Năm", rows=3), TableCell("a")], [TableCell("b")], [TableCell("c")]]
    table = fitting.fitted("x", [ColumnHead("Ngày"), ColumnHead("Ca")], rows * 40, sizes=(9.0,))
    heights = fitting._heights(table, fitting.page(landscape=True).width)
    assert len(list(fitting._together(table, heights))) == 40


def test_words_wrap_at_spaces() -> None:
    room = metrics.face().width("Nguyễn Văn", 1.0) + 0.01
    counted = {"": 1, "Nguyễn": 1, "Nguyễn Văn": 1, "Nguyễn Văn An": 2, "a\nb": 2}
    assert {said: fitting.lines(said, room) for said in counted} == counted


def entry(duty: str, template: str, hour: int, hours: int = 8) -> SheetShift:
    start = datetime(2020, 1, 24, hour, tzinfo=UTC)
    return SheetShift(hour, duty, "U", "Bưu cục", template, start, start + timedelta(hours=hours), 1, ())


def test_no_two_sorts_of_shifts_have_the_same_code() -> None:
    kinds = {code: DutyKind(code=code, letter=letter) for code, letter in (("o", "ĐH"), ("l", "LĐ"))}
    entries = [entry("o", "Sáng", 0), entry("o", "Sớm", 1), entry("o", "Sáng", 2)]
    entries += [entry("l", "24/24", 0, 24), entry("x", "A", 0)]
    codes = by_people.codes_of(entries, kinds)
    assert len(set(codes.values())) == 5
    assert {sort.duty: code for sort, code in codes.items() if sort.duty != "o"} == {"l": "LĐ", "x": "X"}
    assert sorted(code for sort, code in codes.items() if sort.duty == "o") == ["ĐHS", "ĐHS2", "ĐHS3"]
