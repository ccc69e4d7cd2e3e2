"""A sheet of people × days is read as a person would read it, and what a person could not be sure of is not guessed."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import strategies as st
from openpyxl import Workbook

from people.imports import drawn
from planning.problem import Shift, Staff
from roster.sheets import codes, days, layout, names, seating, writing
from roster.sheets.codes import WrittenKind
from roster.sheets.layout import ChosenLayout
from roster.sheets.names import NamedPerson, PeopleByName
from roster.sheets.seating import DayMark, SheetDraft
from tests.support.examples import for_any

TET = tuple(date(2020, 1, 19) + timedelta(days=n) for n in range(22))
"""19 January to 9 February 2020: Giao thừa is the 24th."""
KINDS = {
    "leadership": WrittenKind("leadership", "LĐ", ("Lãnh đạo", "Leadership")),
    "operations": WrittenKind("operations", "ĐH", ("Điều hành", "Operations")),
}


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("24/1", "2020-01-24"),
        ("24/01/2020", "2020-01-24"),
        ("24.1", "2020-01-24"),
        ("T6 24", "2020-01-24"),
        ("CN\n26/1", "2020-01-26"),
        ("Thứ sáu, ngày 24 tháng 1", "2020-01-24"),
        ("Fri 24/1", "2020-01-24"),
        ("30 Tết", "2020-01-24"),
        ("Giao thừa", "2020-01-24"),
        ("Mùng 1", "2020-01-25"),
        ("Mồng 3 Tết", "2020-01-27"),
        ("29 tháng Chạp", "2020-01-23"),
        ("24/1 (30 Tết)", "2020-01-24"),
        ("24", "2020-01-24"),
        ("2020-01-24 00:00", "2020-01-24"),
    ],
)
def test_a_day_is_read_as_it_is_written(written: str, day: str) -> None:
    said = days.parse_heading(written, TET)
    assert said is not None
    assert (said.days, said.note) == ((date.fromisoformat(day),), "")


@pytest.mark.parametrize(
    ("written", "day", "note"),
    [
        ("2026-01-24", "2020-01-24", "year"),  # a spreadsheet adds the year in which it is typed
        ("2020-05-02", "2020-02-05", "turned"),  # and takes 5/2 for the second of May
        ("T5 24/1", "2020-01-24", "weekday"),
        ("T5 24", None, "weekday"),  # another year's sheet: nothing but the number speaks for it
        ("25/1 (30 Tết)", None, "clash"),
        ("1/3", None, "outside"),
    ],
)
def test_what_is_odd_about_a_day_is_said(written: str, day: str | None, note: str) -> None:
    said = days.parse_heading(written, TET)
    assert said is not None
    assert (said.days, said.note) == ((date.fromisoformat(day),) if day else (), note)


@pytest.mark.parametrize("written", ["STT", "Họ và tên", "Tổ 1", "Ca đêm", "T2", "", "24/24h trực"])
def test_what_is_no_day_is_none(written: str) -> None:
    said = days.parse_heading(written, TET)
    assert said is None or not said.days


def test_bare_numbers_of_two_months_go_on_from_left_to_right() -> None:
    long = tuple(date(2020, 1, 5) + timedelta(days=n) for n in range(40))
    said = days.in_order(days.parse_heading(str(day.day), long) for day in long)
    assert [each.days[0] for each in said if each] == list(long)


SHEET = [
    ["BƯU ĐIỆN TỈNH"],
    ["BẢNG PHÂN CÔNG TRỰC TẾT CANH TÝ"],
    [],
    ["STT", "Họ và tên", "Chức vụ", "Thứ năm", "T6", "T7"],
    ["", "", "", "23/1", "24/1", "25/1"],
    ["A", "B", "C", "1", "2", "3"],
    ["I", "Ban Giám đốc"],
    ["1", "Đ/c Nguyễn Văn An", "GĐ", "x", "", "24"],
    [],
    ["2", "NGUYEN VAN BINH", "PGĐ", "", "x"],
]


def found(rows: list[list[str]], chosen: ChosenLayout | None = None) -> layout.SheetLayout:
    people = PeopleByName([NamedPerson(1, "AN1", "Nguyễn Văn An"), NamedPerson(2, "BI1", "Nguyễn Văn Bình")])
    return layout.find(rows, TET, people.blind.keys(), people.by_code.keys(), chosen=chosen or ChosenLayout())


def test_titles_above_blank_rows_and_numbered_columns_do_not_hide_the_days() -> None:
    read = found(SHEET)
    assert (read.header, read.name) == (4, 1)
    assert read.days == {3: TET[4], 4: TET[5], 5: TET[6]}
    assert [(line.number, line.name) for line in read.lines if any(line.marks.values())] == [
        (5, "B"),
        (7, "Đ/c Nguyễn Văn An"),
        (9, "NGUYEN VAN BINH"),
    ]


def test_a_row_of_the_code_24_is_no_row_of_days() -> None:
    rows = [["Tên", "23/1", "24/1"], ["An", "24", "24"], ["Bình", "24", "25"]]
    assert found(rows).header == 0


def test_what_was_chosen_comes_before_what_was_found() -> None:
    read = found(SHEET, ChosenLayout(header=4, columns={3: TET[0], 4: None}))
    assert read.days == {3: TET[0], 5: TET[6]}


def test_a_name_is_found_as_written_then_without_marks_and_never_by_a_guess() -> None:
    people = PeopleByName(
        [
            NamedPerson(1, "AN1", "Nguyễn Văn An", "0912345678"),
            NamedPerson(2, "AN2", "Nguyễn Văn Ân", "0912345679"),
            NamedPerson(3, "HO1", "Trần Thị Hòa"),
            NamedPerson(4, "LA1", "Lê Lan"),
            NamedPerson(5, "LA2", "Lê Lan"),
        ]
    )

    def match(name: str, code: str = "", phone: str = "", chosen: str | None = None) -> tuple[str, int | None]:
        made = people.match(layout.PersonRow(0, name, code, phone, {}), chosen)
        return made.how, made.person.id if made.person else None

    assert match("nguyễn văn  an") == ("exact", 1)
    assert match("Nguyen Van An") == ("several", None)
    assert match("Nguyen Van An", phone="912345679") == ("phone", 2)
    assert match("Trần Thị Hoà") == ("blind", 3)
    assert match("Bà Trần Thị Hòa (KSV)") == ("blind", 3)
    assert match("Lê Lan") == ("several", None)
    assert match("Lê Lan", "la2") == ("code", 5)
    assert match("Lê Lan", "AN1") == ("clash", None)
    assert match("Lê Lam") == ("unknown", None)
    assert match("Lê Lam", chosen="LA1") == ("chosen", 4)
    assert match("Lê Lam", chosen="-") == ("skipped", None)


def shift(number: int, duty: str, template: str, day: date, unit: str = "A", hour: int = 7) -> Shift:
    start = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(hours=hour - 7)
    end = start + timedelta(hours=12)
    return Shift(number, duty, unit, start, end, "onsite", 1, 100, False, frozenset(), day, template)


def staff(number: int, unit: str = "A", *, units: str = "AB", duties: frozenset[str] = frozenset(KINDS)) -> Staff:
    return Staff(number, f"P{number}", f"Người {number}", duties, frozenset(units), unit=unit)


def test_a_code_says_a_kind_a_shift_or_both() -> None:
    pairs = [
        codes.AlikeShifts("leadership", "24/24"),
        codes.AlikeShifts("operations", "Ngày"),
        codes.AlikeShifts("operations", "Đêm"),
    ]
    meant = {
        code: codes.suggested(codes.key(code), pairs, KINDS)
        for code in ("LĐ", "24", "24/24", "N", "Đêm", "ĐH Đ", "ĐH", "dieu hanh", "P", "TC", "x")
    }
    assert meant == {
        "LĐ": "leadership|24/24",
        "24": "leadership|24/24",
        "24/24": "leadership|24/24",
        "N": "operations|Ngày",
        "Đêm": "operations|Đêm",
        "ĐH Đ": "operations|Đêm",
        "ĐH": "operations|",
        "dieu hanh": "operations|",
        "P": codes.NOTHING,
        "TC": "",
        "x": "",
    }
    assert codes.suggested("x", pairs[:1], KINDS) == "leadership|24/24", "with one shift a tick can mean nothing else"


def marks(*cells: tuple[int, date, str]) -> list[DayMark]:
    return [DayMark((row, on.day), row, on, tuple(codes.parts(text))) for row, on, text in cells]


def test_a_cell_is_taken_whole_or_listed_with_its_reason() -> None:
    day = TET[5]
    shifts = (shift(1, "leadership", "24/24", day), shift(2, "operations", "Ngày", day))
    people = {1: staff(1), 2: staff(2), 3: staff(3, duties=frozenset(("operations",)))}
    draft = SheetDraft(shifts, {1: (10,), 2: (20,)}, {20: 2}, people)
    means = {"lđ": "leadership|", "n": "operations|Ngày", "đ": "operations|Đêm"}
    done = seating.lay_out(draft, marks((1, day, "LĐ, N"), (2, day, "Đ"), (3, day, "LĐ")), means)
    assert [(each.at, each.why, each.code) for each in done.misfits] == [
        ((1, 24), "full", "LĐ, N"),
        ((2, 24), "none", "Đ"),
        ((3, 24), "unable", "LĐ"),
    ]
    assert done.changes == [], "half of a cell is not written"
    done = seating.lay_out(draft, marks((1, day, "N"), (2, day, "LĐ")), means)
    assert [(each.seat, each.was, each.person) for each in done.changes] == [(20, 2, 1), (10, None, 2)]


def test_who_cannot_be_seated_keeps_what_others_then_do_not_get() -> None:
    day = TET[5]
    shifts = (shift(1, "leadership", "24/24", day), shift(2, "operations", "Ngày", day))
    draft = SheetDraft(shifts, {1: (10,), 2: (20,)}, {10: 1, 20: 2}, {n: staff(n) for n in (1, 2, 3)})
    means = {"lđ": "leadership|", "n": "operations|"}
    # 2 keeps N, so that 1 cannot come to it and keeps LĐ, so that 3 cannot have that.
    done = seating.lay_out(draft, marks((1, day, "N"), (3, day, "LĐ")), means)
    assert [(each.at, each.why) for each in done.misfits] == [((1, 24), "full"), ((3, 24), "full")]
    assert done.changes == []


def test_of_two_units_the_own_one_is_meant_or_the_one_that_is_named() -> None:
    day = TET[5]
    shifts = (shift(1, "operations", "Ngày", day, "A"), shift(2, "operations", "Ngày", day, "B"))
    draft = SheetDraft(shifts, {1: (10,), 2: (20,)}, {}, {1: staff(1), 2: staff(2, "C", units="ABC")})
    means = {"n": "operations|"}
    assert [each.seat for each in seating.lay_out(draft, marks((1, day, "N")), means).changes] == [10]
    assert [each.seat for each in seating.lay_out(draft, marks((1, day, "N @b")), means).changes] == [20]
    assert [each.why for each in seating.lay_out(draft, marks((2, day, "N")), means).misfits] == ["which"]


def test_what_was_served_stays() -> None:
    day = TET[0]
    draft = SheetDraft((shift(1, "operations", "Ngày", day),), {1: (10,)}, {10: 1}, {1: staff(1)}, frozenset((1,)))
    done = seating.lay_out(draft, [DayMark((1, 1), 1, day, ())], {})
    assert ([each.why for each in done.misfits], done.changes) == (["past"], [])


@st.composite
def drafts(draw: st.DrawFn) -> SheetDraft:
    """Any draft of two units whose people can serve what they serve: shifts alike but for their hour, too."""
    names = draw(st.lists(st.sampled_from(["24/24", "Ngày", "Đêm", "Sáng", "Sớm", "Ca 07:30", "a, b"]), min_size=1))
    shifts, seats, number = [], dict[int, tuple[int, ...]](), 0
    for day in TET[: draw(st.integers(1, 4))]:
        for template in dict.fromkeys(names):
            for duty in draw(st.sets(st.sampled_from(sorted(KINDS)))):
                for unit in draw(st.sets(st.sampled_from("AB"))):
                    for hour in draw(st.sets(st.sampled_from([7, 13]), min_size=1)):
                        number += 1
                        shifts.append(shift(number, duty, template, day, unit, hour))
                        seats[number] = tuple(range(number * 10, number * 10 + draw(st.integers(1, 3))))
    people = {n: staff(n, draw(st.sampled_from("AB"))) for n in range(1, draw(st.integers(2, 5)))}
    sitting = dict[int, int]()
    for of_shift in seats.values():
        chosen = draw(st.permutations(sorted(people)))
        for seat, person in zip(of_shift, chosen[: draw(st.integers(0, len(of_shift)))], strict=False):
            sitting[seat] = person
    return SheetDraft(tuple(shifts), seats, sitting, people)


def read_back(written: writing.Written, into: SheetDraft, row_of_days: list[str]) -> seating.LaidSheet:
    rows = [["TIÊU ĐỀ"], [], ["Mã", "Họ và tên", *row_of_days], *written.rows]
    people = PeopleByName([NamedPerson(each.id, each.code, each.name) for each in into.staff.values()])
    shown = layout.find(rows, TET, people.blind.keys(), people.by_code.keys(), chosen=ChosenLayout())
    matches = [(line, people.match(line).person) for line in shown.lines]
    said = [
        DayMark((line.number, column), person.id, shown.days[column], tuple(codes.parts(text)))
        for line, person in matches
        if person is not None
        for column, text in line.marks.items()
    ]
    cells = [(mark.at, text) for mark in said for text in [rows[mark.at[0]][mark.at[1]] if rows[mark.at[0]] else ""]]
    meanings = codes.meanings(cells, codes.pairs_of(into.shifts), KINDS, {}, kept={})
    return seating.lay_out(into, said, {code: each.means for code, each in meanings.items()})


def by_shift(draft: SheetDraft, sitting: dict[int, int]) -> dict[int, set[int]]:
    return {number: {sitting[seat] for seat in seats if seat in sitting} for number, seats in draft.seats.items()}


@for_any(drafts(), st.data(), examples=100)
def test_a_draft_that_goes_out_as_a_sheet_comes_back_the_same(draft: SheetDraft, data: st.DataObject) -> None:
    written = writing.write(draft, list(draft.staff.values()), TET[:4], KINDS)
    headings = data.draw(st.sampled_from([[f"{d.day}/{d.month}" for d in TET[:4]], [d.isoformat() for d in TET[:4]]]))
    same = read_back(written, draft, headings)
    assert (same.changes, same.misfits) == ([], [])
    before = dict(
        item for item in draft.sitting.items() if data.draw(st.booleans())
    )  # read over a draft in which some of it is missing
    other = SheetDraft(draft.shifts, draft.seats, before, draft.staff)
    done = read_back(written, other, headings)
    after = dict(before)
    for each in done.changes:
        if each.person is None:
            after.pop(each.seat)
        else:
            after[each.seat] = each.person
    assert done.misfits == []
    assert by_shift(draft, after) == by_shift(draft, dict(draft.sitting))


def test_a_column_under_half_of_a_heading_is_somebodys_to_say() -> None:
    rows = [
        ["", "Thứ sáu", "", "Thứ bảy", "", "Ghi chú"],
        ["Họ tên", "24/1", "", "25/1"],
        ["Nguyễn Văn An", "N", "Đ", "", "Đ", "nghỉ bù"],
    ]
    read = found(rows)
    assert [(each.number, each.on, each.note) for each in read.columns] == [
        (1, TET[5], ""),
        (2, None, "blank"),
        (3, TET[6], ""),
        (4, None, "blank"),
    ]
    assert read.stray == ((2, 2), (2, 4)), "nothing is passed over in silence, but what stands under words"
    told = found(rows, ChosenLayout(columns={2: TET[5], 4: TET[6]}))
    assert told.lines[0].marks == {1: "N", 2: "Đ", 3: "", 4: "Đ"} and not told.stray


def test_of_strangers_only_some_are_compared_with_everybody() -> None:
    people = PeopleByName([NamedPerson(n, f"P{n}", f"Nguyễn Văn {chr(65 + n)}n") for n in range(20)])
    made = [
        people.match(layout.PersonRow(n, f"Nguyễn Văn {n}", "", "", {1: "N"})) for n in range(names.MOST_LOOKED_FOR + 5)
    ]
    assert {each.how for each in made} == {"unknown"}
    assert [bool(each.offered) for each in made] == [True] * names.MOST_LOOKED_FOR + [False] * 5
    assert people.match(layout.PersonRow(0, "Nguyễn Văn 1", "", "", {1: "N"})).offered, "a name is looked for once"
    fresh = PeopleByName([NamedPerson(1, "P1", "Nguyễn Văn An")])
    assert not fresh.match(layout.PersonRow(0, "Nguyễn Văn Am", "", "", {1: ""})).offered, "a title is nobody's"


@pytest.mark.parametrize(
    "typed",
    [
        "Họ tên,24/1,25/1\nAn,LĐ;ĐH,\nBình,,ĐH\n",
        "Họ tên;24/1;25/1\nAn;LĐ, ĐH;\nBình;;ĐH\n",
        "Họ tên\t24/1\t25/1\nAn\tLĐ, ĐH; T\t\nBình\t\tĐH\n",
    ],
)
def test_what_parts_cells_is_not_what_parts_codes(typed: str) -> None:
    (sheet,) = drawn.file("truc.csv", typed.encode("utf-16"))
    assert sheet.rows[0] == ["Họ tên", "24/1", "25/1"] and sheet.rows[2] == ["Bình", "", "ĐH"]
    assert [part.code for part in codes.parts(sheet.rows[1][1])][:2] == ["LĐ", "ĐH"]


def test_a_hidden_sheet_comes_after_those_that_are_seen() -> None:
    book = Workbook()
    hidden: Any = book.active
    hidden.title, hidden.sheet_state = "Danh mục", "hidden"
    hidden.append(["LĐ", "Lãnh đạo"])
    book.create_sheet("Trực").append(["Họ tên", "24/1"])
    out = io.BytesIO()
    book.save(out)
    assert [each.title for each in drawn.file("truc.xlsx", out.getvalue())] == ["Trực", "Danh mục"]


def test_a_first_column_whose_heading_is_no_day_loses_neither_cells_nor_names() -> None:
    """Nobody is called Bùi Thị Lạ, and she stands in that column alone."""
    rows = [
        ["STT", "Họ tên", "28/12 ÂL", "24/1", "25/1", "Ghi chú"],
        ["1", "Nguyễn Văn An", "N", "", "Đ"],
        ["2", "Bùi Thị Lạ", "Đ", "", "", "nghỉ bù"],
        ["3", "Nguyễn Văn Bình", "", "N"],
    ]
    read = found(rows)
    assert read.days == {3: TET[5], 4: TET[6]} and (read.columns[0].number, read.columns[0].on) == (2, None)
    assert read.stray == ((1, 2), (2, 2))
    assert [line.name for line in read.lines if line.says] == ["Nguyễn Văn An", "Bùi Thị Lạ", "Nguyễn Văn Bình"]
    assert read.passed == {0: (1, 2, 3), 5: (2,)}, "every cell that is not taken is told"
    told = found(rows, ChosenLayout(columns={2: TET[4]}))
    assert told.days == {2: TET[4], 3: TET[5], 4: TET[6]} and not told.stray


@pytest.mark.parametrize(
    ("headings", "read"),
    [
        (["29", "30", "Mùng 1", "Mùng 2"], [None, None, TET[6], TET[7]]),  # of the moon: 23 and 24 January
        (["Mùng 1", "29", "30"], [TET[6], TET[10], TET[11]]),  # after it they are days of January
        (["22", "23", "Mùng 1"], [TET[3], TET[4], TET[6]]),
        (["24/1", "25", "26"], [TET[5], TET[6], TET[7]]),
        (["26", "24/1"], [None, TET[5]]),
    ],
)
def test_a_bare_number_out_of_turn_is_asked(headings: list[str], read: list[date | None]) -> None:
    rows = [["Họ tên", *headings], ["Nguyễn Văn An", *("N" for _each in headings)]]
    columns = found(rows).columns
    assert [each.on for each in columns] == read
    assert [each.note for each in columns] == ["bare" if on is None else "" for on in read]
    assert len(found(rows).stray) == read.count(None)
