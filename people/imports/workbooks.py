"""XLSX in and out: cells to the text that a person meant, and an empty workbook to fill in."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from core import spreadsheets, text
from core.errors import Conflict
from people.imports import anatomy

MAX_COLUMNS = 64
MAX_PART = 16 * 1024 * 1024
"""Bytes, unpacked, of any part of a workbook that is read whole: all but its sheets, which are read row by row."""
HELP_TITLE = "Hướng dẫn"
_ZEROS = re.compile(r"0+")

Rows = Iterator[list[str]]
Broken = list[tuple[int, str, str]]


def column_number(letters: str) -> int:
    """F → 5: from 0."""
    return int(column_index_from_string(letters)) - 1


def is_help(title: str) -> bool:
    """Whether it is the explaining sheet of the template, which is not imported."""
    return text.fold(title) == text.fold(HELP_TITLE)


def read_sheets(content: bytes) -> Iterator[tuple[str, Rows, Broken]]:
    """(title, rows of text, cells that hold an error such as #REF!) of each sheet.

    Rows are read as they are asked for, and the third list fills meanwhile; a reader that has enough stops asking. The
    caller has checked what the file unpacks to. Raises ``Conflict("import.not_import_file")``, also between two rows.
    """
    with _as_told():
        _refuse_large_parts(content)
        # openpyxl parses with defusedxml, which is a requirement: entity bombs are refused.
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    # Hidden ones come last: who opens the file sees another sheet first.
    for sheet in sorted(book.worksheets, key=lambda each: each.sheet_state != "visible"):
        broken: Broken = []
        yield sheet.title, _rows(sheet, broken), broken
    book.close()


@contextmanager
def _as_told() -> Iterator[None]:
    try:
        yield
    except (Conflict, GeneratorExit):
        raise
    except Exception as error:  # openpyxl lets KeyError, ValueError, XML errors… through when a workbook is broken
        raise Conflict("import.not_import_file", file="XLSX") from error


def _refuse_large_parts(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for part in archive.infolist():
            if part.file_size > MAX_PART and not part.filename.startswith("xl/worksheets/"):
                raise Conflict("import.too_big_unpacked", file="XLSX", megabytes=MAX_PART // 1024 // 1024)
        anatomy.ensure_usual(archive)


def _rows(sheet: Any, broken: Broken) -> Rows:
    with _as_told():
        sheet.reset_dimensions()  # what a file claims about its size is not to be believed
        for number, cells in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS), start=1):
            for cell in cells:
                if cell.value is not None and cell.data_type == "e":
                    broken.append((number, get_column_letter(cell.column), str(cell.value)))
            yield [_text(cell.value, getattr(cell, "number_format", "")) for cell in cells]


def _text(value: Any, number_format: str) -> str:
    """The text that a person sees or meant: 10, 0007 under the format 0000, 2020-01-25, 07:30, 24:00."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int):
        return str(value).zfill(len(number_format)) if _ZEROS.fullmatch(number_format or "") else str(value)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}" if value.time() == time() else f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, timedelta):
        minutes = round(value.total_seconds() / 60)
        return f"{minutes // 60:02d}:{minutes % 60:02d}"
    return repr(value) if isinstance(value, float) else str(value)


def template(
    sheets: Sequence[tuple[str, Sequence[str], dict[str, Sequence[str]]]], guide: Sequence[Sequence[str]]
) -> bytes:
    """An empty workbook: per sheet its name, headings and some headings' choices; ``guide`` fills the help sheet."""
    book = Workbook()
    for unwanted in book.worksheets:
        book.remove(unwanted)
    for name, columns, choices in sheets:
        sheet = book.create_sheet(name)
        for index, column in enumerate(columns, start=1):
            sheet.cell(1, index, column)
            # Text: or else a spreadsheet eats leading zeros of codes and phones.
            sheet.column_dimensions[get_column_letter(index)].number_format = "@"
            sheet.column_dimensions[get_column_letter(index)].width = max(14, len(column) + 4)
            if column in choices:
                _choices(sheet, get_column_letter(index), choices[column])
        _head(sheet)
    _guide(book.create_sheet(HELP_TITLE), guide)
    return spreadsheets.saved(book)


def _choices(sheet: Any, letter: str, words: Sequence[str]) -> None:
    listed = DataValidation(type="list", formula1='"' + ",".join(words) + '"', allow_blank=True)
    sheet.add_data_validation(listed)
    listed.add(f"{letter}2:{letter}2000")


def _guide(sheet: Any, rows: Sequence[Sequence[str]]) -> None:
    for row in rows:
        spreadsheets.append(sheet, [str(cell) for cell in row])
    for letter, width in zip("ABCDE", (14, 22, 14, 80, 34), strict=True):
        sheet.column_dimensions[letter].width = width
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    _head(sheet)


def _head(sheet: Any) -> None:
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="F3E9DC")
    sheet.freeze_panes = "A2"
