"""A sheet as it is drawn, cell by cell, for those who know what stands where: XLSX, CSV, or cells pasted as text.

The limits are those of the import folder: what is read is counted before it is kept. Formulas are never computed; what
a workbook says of their last result is taken.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from core import text
from core.errors import Conflict
from people.imports import read
from people.imports.faults import shown

MAX_SHEETS = 40
MAX_CELL = 2000
"""Characters of one cell; what is longer is cut."""
_BOMS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))
"""Spreadsheets save "Unicode text" as UTF-16."""


@dataclass(frozen=True)
class DrawnSheet:
    """``rows`` from the top, blank ones included, as wide as their last cell; ``broken``: (row, column) of cells that
    hold an error such as #REF!, from 0."""

    title: str
    rows: list[list[str]]
    broken: list[tuple[int, int]] = field(default_factory=list)

    def as_plain(self) -> dict[str, Any]:
        return {"title": self.title, "rows": self.rows, "broken": [list(each) for each in self.broken]}


def from_plain(kept: dict[str, Any]) -> DrawnSheet:
    return DrawnSheet(kept["title"], kept["rows"], [(row, column) for row, column in kept["broken"]])


def file(name: str, content: bytes) -> list[DrawnSheet]:
    """The sheets of a workbook that have something in them, or the one of a CSV file. Raises Conflict ``import.…``."""
    if content[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        found = _workbook(name, content)
    elif content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise Conflict("import.old_excel", file=shown(name))
    elif name.lower().endswith((".csv", ".txt", ".tsv")):
        read.refuse_large(name, len(content))
        found = [_draw_text(name, _decoded(content))]
    else:
        raise Conflict("import.not_sheet", file=shown(name))
    filled = [each for each in found if each.rows]
    if not filled:
        raise Conflict("import.empty_sheet")
    return filled


def pasted(typed: str) -> list[DrawnSheet]:
    """Cells as they are copied from a spreadsheet. Raises Conflict ``import.…``."""
    drawn = _draw_text("", typed)
    if not drawn.rows:
        raise Conflict("import.empty_sheet")
    return [drawn]


def _workbook(name: str, content: bytes) -> list[DrawnSheet]:
    from people.imports import workbooks  # only here: openpyxl costs every process a tenth of its start

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            read.refuse_bomb(name, [entry for entry in archive.infolist() if not entry.is_dir()])
            if "xl/workbook.xml" not in archive.namelist():
                raise Conflict("import.not_sheet", file=shown(name))
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError) as error:
        raise Conflict("import.not_sheet", file=shown(name)) from error
    found, cells = [], 0
    for title, rows, broken in workbooks.read_sheets(content):
        drawn = _drawn(title, rows, cells)
        cells += sum(map(len, drawn.rows))
        columns = (workbooks.column_number(letters) for _row, letters, _value in broken)
        at = [(row - 1, column) for (row, _letters, _value), column in zip(broken, columns, strict=True)]
        found.append(DrawnSheet(drawn.title, drawn.rows, at))
        if len(found) == MAX_SHEETS:
            break
    return found


def _draw_text(name: str, typed: str) -> DrawnSheet:
    # Cells hold codes set apart by commas or semicolons; what parts the cells is there more often.
    delimiter = "\t" if "\t" in typed else max(";", ",", key=typed.count)
    try:
        return _drawn(name, csv.reader(io.StringIO(typed, newline=""), delimiter=delimiter, strict=True), 0)
    except csv.Error as error:
        raise Conflict("import.bad_row") from error


def _decoded(content: bytes) -> str:
    encoding = next((name for mark, name in _BOMS if content.startswith(mark)), "utf-8")
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise Conflict("import.encoding") from error


def _drawn(title: str, rows: Iterable[Sequence[str]], cells: int) -> DrawnSheet:
    kept = list[list[str]]()
    for row in _limited(rows, cells):
        kept.append(_trimmed(row))
    while kept and not kept[-1]:
        kept.pop()
    return DrawnSheet(text.shortened(text.nfc(title).strip(), MAX_CELL), kept)


def _limited(rows: Iterable[Sequence[str]], cells: int) -> Iterator[Sequence[str]]:
    filled = 0
    for number, row in enumerate(rows, start=1):
        filled += any(cell.strip() for cell in row)
        if filled > read.MAX_ROWS:
            raise Conflict("import.too_many_rows", limit=read.MAX_ROWS)
        if number > read.MAX_SCANNED:
            return
        if len(row) > read.MAX_COLUMNS and any(cell.strip() for cell in row[read.MAX_COLUMNS :]):
            raise Conflict("import.too_many_columns", limit=read.MAX_COLUMNS)
        cells += len(row)
        if cells > read.MAX_CELLS:
            raise Conflict("import.too_many_in_all", limit=read.MAX_CELLS)
        yield row


def _trimmed(row: Sequence[str]) -> list[str]:
    cells = [text.shortened(text.nfc(cell).strip(), MAX_CELL) for cell in row[: read.MAX_COLUMNS]]
    while cells and not cells[-1]:
        cells.pop()
    return cells
