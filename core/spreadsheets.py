"""Files that people open in a spreadsheet: the only place that writes CSV and rows of workbooks.

A cell that begins like a formula would be run by the program that opens the file (OWASP, "CSV injection"); names and
titles are typed by anybody. Such a text gets an apostrophe in front; numbers stay numbers.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

Cell = str | int | float | None
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""Full-width letters too: some spreadsheets read them as the narrow ones."""


def safe(value: Cell) -> Cell:
    """The cell, as text that nothing runs whatever it begins with, blanks before it included."""
    if isinstance(value, str) and (value.startswith(FORMULA) or value.lstrip().startswith(FORMULA)):
        return f"'{value}"
    return value


def csv_file(rows: Iterable[Sequence[Cell]]) -> bytes:
    """UTF-8 with the BOM by which spreadsheets know it, lines ended as RFC 4180 says."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([safe(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def append(sheet: Any, row: Sequence[Cell]) -> None:
    """One more row of an openpyxl sheet."""
    sheet.append([safe(cell) for cell in row])


def saved(book: Any) -> bytes:
    """The bytes of an openpyxl workbook."""
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
