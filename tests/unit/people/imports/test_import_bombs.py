"""A small file that unpacks to a huge one costs what the limits say: nothing is built before it is counted."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from collections.abc import Callable

import pytest
from openpyxl import Workbook

from core.errors import Conflict
from people.imports import read

NAMES = ("units", "people")
MOST = 160 * 1024 * 1024
"""Bytes at the peak, with the 64 MB that a file may unpack to; the old reader took 1.2 to 1.5 GB."""


def zipped(name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


def workbook(**parts: str) -> bytes:
    """A real workbook with some parts of it written by hand."""
    plain = io.BytesIO()
    book = Workbook()
    book.worksheets[0].title = "people"
    book.save(plain)
    out = io.BytesIO()
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry in source.infolist():
            if entry.filename.rpartition("/")[2].removesuffix(".xml") not in parts:
                archive.writestr(entry, source.read(entry))
        for part, xml in parts.items():
            folder = "xl/worksheets" if part == "sheet1" else "xl"
            archive.writestr(f"{folder}/{part}.xml", xml)
    return out.getvalue()


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET = f'<worksheet xmlns="{MAIN}"><sheetData>{{}}</sheetData></worksheet>'
FAR_CELL = SHEET.format(
    '<row r="1"><c r="A1" t="inlineStr"><is><t>code</t></is></c></row>'
    '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>'
)


def commas() -> bytes:
    return zipped("people.csv", b",,,,,,,,\n" * 1_600_000)


def one_long_line() -> bytes:
    return zipped("people.csv", b"," * 15_000_000)


def many_short_rows() -> bytes:
    return zipped("people.csv", b"code\n" + b"a\n" * 7_000_000)


def wide_rows() -> bytes:
    return zipped("people.csv", ",".join(f"c{n}" for n in range(64)).encode() + b"\n" + (b"1," * 63 + b"1\n") * 100_000)


def far_cell() -> bytes:
    return workbook(sheet1=FAR_CELL)


def long_strings() -> bytes:
    words = f'<sst xmlns="{MAIN}">{{}}</sst>'
    return workbook(sharedStrings=words.format("<si><t>a</t></si>" * 3_000_000))


def wide_row() -> bytes:
    return workbook(sheet1=SHEET.format(f'<row r="1">{"<c><v>1</v></c>" * 4_000_000}</row>'))


def text_of_pieces() -> bytes:
    return workbook(
        sheet1=SHEET.format(f'<row r="1"><c t="inlineStr"><is>{"<r><t>a</t></r>" * 3_800_000}</is></c></row>')
    )


def shared_text_of_pieces() -> bytes:
    return workbook(sharedStrings=f'<sst xmlns="{MAIN}"><si>{"<r><t>a</t></r>" * 1_000_000}</si></sst>')


def many_styles() -> bytes:
    return workbook(styles=f'<styleSheet xmlns="{MAIN}"><cellXfs>{"<xf/>" * 3_000_000}</cellXfs></styleSheet>')


def deep_cell() -> bytes:
    return workbook(sheet1=SHEET.format("<row><c>" + "<is>" * 100_000 + "</is>" * 100_000 + "</c></row>"))


def many_blank_rows() -> bytes:
    return workbook(sheet1=SHEET.format("<row/>" * 5_000_000))


@pytest.mark.parametrize(
    ("bomb", "code"),
    [
        (commas, "import.too_many_rows"),
        (one_long_line, "import.row_too_long"),
        (many_short_rows, "import.too_many_rows"),
        (wide_rows, "import.too_many_in_all"),
        (far_cell, "import.too_many_rows"),
        (long_strings, "import.too_big_unpacked"),
        (wide_row, "import.unusual_workbook"),
        (text_of_pieces, "import.unusual_workbook"),
        (shared_text_of_pieces, "import.unusual_workbook"),
        (many_styles, "import.unusual_workbook"),
        (deep_cell, "import.unusual_workbook"),
        (many_blank_rows, "import.too_many_rows"),
    ],
)
def test_what_unpacks_to_too_much_is_refused_before_it_is_built(bomb: Callable[[], bytes], code: str) -> None:
    sent = bomb()
    assert len(sent) < 300_000
    tracemalloc.start()
    try:
        try:
            found = {fault.code for fault in read.read_files([("nhập.zip", sent)], NAMES).errors}
        except Conflict as refused:
            found = {refused.code}
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert code in found
    assert peak < MOST


def test_a_csv_too_large_for_any_enterprise_is_refused_unread() -> None:
    with pytest.raises(Conflict, match="too_big_unpacked"):
        read.read_files([("people.csv", b"code\n" + b"x" * read.MAX_CSV)], NAMES)


def test_what_an_enterprise_of_a_thousand_people_hands_in_is_read_whole() -> None:
    rows = "".join(f"N{n:05d},Nguyễn Văn {n},BDA\n" for n in range(read.MAX_ROWS))
    found = read.read_files([("people.csv", f"code,full_name,unit_code\n{rows}".encode())], NAMES)
    assert found.errors == []
    assert len(found.tables["people"].rows) == read.MAX_ROWS
