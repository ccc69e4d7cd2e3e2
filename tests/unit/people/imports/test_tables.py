"""Reading import files: encodings, delimiters, spreadsheets' habits, and files that mean harm."""

from __future__ import annotations

import io
import unicodedata
import zipfile
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from core.errors import Conflict
from people.columns import values as v
from people.columns.values import BadValue
from people.imports import read as tables
from people.imports.read import Tables

NAMES = ("units", "people")
HEADER = "code,name\n"


def read_all(content: str | bytes, name: str = "units.csv") -> Tables:
    raw = content.encode() if isinstance(content, str) else content
    return tables.read_files([(name, raw)], NAMES)


def cells(found: Tables, sheet: str = "units") -> list[dict[str, str]]:
    return [row.cells for row in found.tables[sheet].rows]


def codes(found: Tables) -> list[tuple[str, int, str]]:
    return [(fault.code, fault.row, fault.column) for fault in found.errors]


def workbook(**sheets: list[list[Any]]) -> bytes:
    book = Workbook()
    for unwanted in book.worksheets:
        book.remove(unwanted)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def packed(**files: str | bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/").replace("_csv", ".csv"), content)
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        "code,name\nA,Huế\n",
        "\ufeffcode,name\r\nA,Huế\r\n",
        "code;name\nA;Huế\n",
        'code;name\nA;"Huế"\n',
        " Code , NAME \n A , Huế \n",
        unicodedata.normalize("NFD", "code,name\nA,Huế\n"),
        "\n\ncode,name\nA,Huế",
        "code,name,,\nA,Huế,,\n",
    ],
)
def test_the_same_rows_however_they_were_saved(content: str) -> None:
    found = read_all(content)
    assert cells(found) == [{"code": "A", "name": "Huế"}]
    assert found.errors == [] and found.warnings == []


def test_rows_are_counted_as_a_spreadsheet_counts_them() -> None:
    found = read_all('code,name\n\nA,"hai\ndòng"\n,\nB,x\n')
    assert [(row.number, row.cells["code"]) for row in found.tables["units"].rows] == [(3, "A"), (5, "B")]
    assert cells(found)[0]["name"] == "hai\ndòng"


def test_the_header_decides_the_delimiter_not_the_rows() -> None:
    assert cells(read_all("code;name\nA;một, hai, ba, bốn\n"))[0]["name"] == "một, hai, ba, bốn"


def test_a_comma_that_was_not_quoted_is_an_error_and_not_a_shifted_row() -> None:
    assert codes(read_all("code,name\nA,Trực, đêm\n")) == [("import.too_many_cells", 2, "")]


def test_a_short_row_has_blank_cells() -> None:
    assert cells(read_all("code,name\nA\n")) == [{"code": "A", "name": ""}]


@pytest.mark.parametrize("encoding", ["cp1258", "utf-16", "latin-1"])
def test_other_encodings_are_refused_with_their_line(encoding: str) -> None:
    found = read_all("code,name\nA,x\nB,Huy\u00ea\n".encode(encoding))
    assert [fault.code for fault in found.errors] == ["import.encoding"]
    assert found.errors[0].row == (1 if encoding == "utf-16" else 3)


def test_a_quote_that_never_closes_is_said_and_swallows_nothing() -> None:
    found = read_all('code,name\nA,x\nB,"y\nC,z\n')
    assert codes(found) == [("import.bad_row", 3, "")]


def test_a_formula_in_csv_stays_text() -> None:
    assert cells(read_all("code,name\nA,=1+1\n"))[0]["name"] == "=1+1"


def test_headings_twice_and_files_twice() -> None:
    assert codes(read_all("code,name,name\n")) == [("import.column_twice", 1, "name")]
    twice = tables.read_files([("units.csv", HEADER.encode()), ("Units (1).csv", HEADER.encode())], NAMES)
    assert [fault.code for fault in twice.errors] == ["import.file_twice"]


def test_an_unknown_file_is_left_out_with_a_suggestion() -> None:
    found = tables.read_files([("units.csv", HEADER.encode()), ("poeple.csv", HEADER.encode())], NAMES)
    assert [(w.code, w.params["near"]) for w in found.warnings] == [("import.unknown_file", "people")]


def test_a_zip_may_hold_the_folder_and_what_macos_adds() -> None:
    content = packed(tet__units_csv=HEADER + "A,x\n", __MACOSX___units_csv=b"\x00\x01", tet__readme=b"hello")
    assert cells(tables.read_files([("tet.zip", content)], NAMES)) == [{"code": "A", "name": "x"}]


def test_spreadsheet_cells_become_what_a_person_meant() -> None:
    content = workbook(
        units=[
            ["code", "name", None],
            ["A", 10.0],
            ["B", 7.5],
            ["C", date(2020, 1, 25)],
            ["D", datetime(2020, 1, 25)],
            ["E", time(7, 30)],
            ["F", timedelta(hours=24)],
            ["G", True],
            [912345678, "x"],
            [None, None],
        ]
    )
    found = tables.read_files([("tết.xlsx", content)], NAMES)
    assert [row["name"] for row in cells(found)] == [
        "10",
        "7.5",
        "2020-01-25",
        "2020-01-25",
        "07:30",
        "24:00",
        "yes",
        "x",
    ]
    assert cells(found)[-1]["code"] == "912345678"


def test_leading_zeros_that_only_the_format_shows_are_kept() -> None:
    book = Workbook()
    book.active.title = "units"
    book.active.append(["code", "name"])
    book.active.append([7, "x"])
    book.active["A2"].number_format = "0000"
    out = io.BytesIO()
    book.save(out)
    assert cells(tables.read_files([("a.xlsx", out.getvalue())], NAMES))[0]["code"] == "0007"


def test_a_cell_that_shows_an_error_is_an_error() -> None:
    found = tables.read_files([("a.xlsx", workbook(units=[["code", "name"], ["A", "#REF!"]]))], NAMES)
    assert codes(found) == [("import.cell_error", 2, "B")]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.xlsx", b"hello"),
        ("a.zip", b"PK\x03\x04" + b"\x00" * 50),
        ("a.pdf", b"%PDF-1.7"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600),
        ("other.csv", b"a,b\n"),
        ("empty.zip", packed()),
        ("broken.xlsx", packed(xl__workbook=b"")),
    ],
)
def test_what_is_no_import_file_is_refused_whole(name: str, content: bytes) -> None:
    with pytest.raises(Conflict):
        tables.read_files([(name, content)], NAMES)


def test_bombs_are_refused_before_they_are_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MAX_UNPACKED", 100_000)
    with pytest.raises(Conflict) as refused:
        tables.read_files([("a.zip", packed(units_csv=HEADER + "A," + "x" * 200_000))], NAMES)
    assert refused.value.code == "import.too_big_unpacked"


def test_entity_bombs_in_a_workbook_are_refused() -> None:
    bomb = b'<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><workbook>&b;</workbook>'
    good = zipfile.ZipFile(io.BytesIO(workbook(units=[["code", "name"], ["A", "x"]])))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for entry in good.infolist():
            archive.writestr(entry, bomb if entry.filename == "xl/workbook.xml" else good.read(entry))
    with pytest.raises(Conflict):
        tables.read_files([("a.xlsx", out.getvalue())], NAMES)


def test_too_many_rows_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MAX_ROWS", 2)
    assert codes(read_all("code,name\nA,x\nB,x\nC,x\nD,x\n")) == [("import.too_many_rows", 4, "")]


def test_a_folder_is_read_without_what_does_not_belong(tmp_path: Path) -> None:
    (tmp_path / "units.csv").write_text(HEADER + "A,x\n", "utf-8")
    (tmp_path / "README.md").write_text("…", "utf-8")
    assert cells(tables.read_path(tmp_path, NAMES)) == [{"code": "A", "name": "x"}]


@pytest.mark.parametrize(
    ("reader", "typed", "value"),
    [
        (v.day, "2020-01-25", date(2020, 1, 25)),
        (v.day, "25/01/2020", date(2020, 1, 25)),
        (v.day, "5/1/2020", date(2020, 1, 5)),
        (v.day, "2020-01-25 00:00:00", date(2020, 1, 25)),
        (v.time_of_day, "07:30", 450),
        (v.time_of_day, "7h30", 450),
        (v.time_of_day, "7:30", 450),
        (v.time_of_day, "22h", 1320),
        (v.time_of_day, "0.3125", 450),
        (v.time_of_day, "07:30:00", 450),
        (v.minutes(0, 24), "7,5", 450),
        (v.minutes(0, 24), "7.5", 450),
        (v.minutes(0, 24), "24:00", 1440),
        (v.scaled(100, 0, 1000), "10,5", 1050),
        (v.scaled(100, 0, 1000), "8.125", 813),
        (v.whole(0), "8.0", 8),
        (v.yes_no, "Có", True),
        (v.yes_no, "không", False),
        (v.yes_no, "1", True),
        (v.phone, "912345678", "0912345678"),
        (v.phone, "+84 912 345 678", "0912345678"),
        (v.email, "An@BuuDien.example", "an@buudien.example"),
        (v.several(("operations", "emergency"), "x"), "Emergency; operations,emergency", ("emergency", "operations")),
        (v.line(), "Nguyễn \n  An", "Nguyễn An"),
    ],
)
def test_values_in_every_spelling(reader: v.Reader, typed: str, value: object) -> None:
    assert reader(typed) == value


@pytest.mark.parametrize(
    ("reader", "typed", "code"),
    [
        (v.day, "30/02/2020", "import.date"),
        (v.day, "01/25/2020", "import.date"),
        (v.day, "mai", "import.date"),
        (v.day, "0020-01-01", "import.date_range"),
        (v.time_of_day, "24:00", "import.time"),
        (v.time_of_day, "7:99", "import.time"),
        (v.minutes(0, 24, above=True), "0", "import.out_of_range_above"),
        (v.minutes(0, 24, above=True), "-8", "import.out_of_range_above"),
        (v.minutes(0, 24), "24:01", "import.out_of_range"),
        (v.whole(1, 9), "1,5", "import.whole_number"),
        (v.whole(1, 9), "0", "import.out_of_range"),
        (v.whole(1, 9), "1e3", "import.number"),
        (v.whole(1, 9), "٣", "import.number"),
        (v.yes_no, "có thể", "import.yes_no"),
        (v.phone, "123", "import.phone"),
        (v.email, "an@", "import.email"),
        (v.code, "BD 01", "import.code_form"),
        (v.code, "x" * 41, "import.code_form"),
        (v.line(5), "quá dài", "import.too_long"),
        (v.refuse_unprintable, "a\x00b", "import.control_character"),
    ],
)
def test_what_cannot_be_meant_is_refused(reader: v.Reader, typed: str, code: str) -> None:
    with pytest.raises(BadValue) as refused:
        reader(typed)
    assert refused.value.code == code
