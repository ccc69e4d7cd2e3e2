"""The step from rows of text to values, column by column, with every fault kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from core import text
from people.columns.column import KEEP, SheetColumn, SheetFormat
from people.columns.values import BadValue, refuse_unprintable
from people.imports.faults import ImportFault, shown
from people.imports.read import ReadRow, ReadTable

LONGEST_CELL = 4_000


@dataclass
class Record:
    """One row, read. ``values`` lacks columns that the file has not and cells that could not be read (``bad``)."""

    file: str
    number: int
    values: dict[str, Any]
    raw: dict[str, str]
    bad: set[str] = field(default_factory=set)

    def fault(self, column: str, problem: str, /, **params: Any) -> ImportFault:
        return ImportFault(self.file, self.number, column, problem, params, shown(self.raw.get(column, "")))


def read_sheet(
    table: ReadTable, sheet: SheetFormat, error: Callable[[ImportFault], None], warn: Callable[[ImportFault], None]
) -> list[Record] | None:
    """Every row of ``table``; unknown columns warn, missing required columns are errors (then ``None``: unreadable)."""
    if not table.columns:
        return None
    names = [column.name for column in sheet.columns]
    table = _in_our_words(table, sheet, error)
    for unknown in (column for column in table.columns if column and column not in names):
        params = {
            "known": ", ".join(names),
            "near": text.nearest(unknown, [n for n in names if n not in table.columns]),
        }
        warn(ImportFault(table.file, 1, shown(unknown), "import.unknown_column", params))
    missing = [name for name in sheet.required if name not in table.columns]
    for name in missing:
        error(
            ImportFault(
                table.file, 1, name, "import.missing_column", {"column": name, "known": ", ".join(sheet.required)}
            )
        )
    if missing:
        return None
    present = [column for column in sheet.columns if column.name in table.columns]
    return [_read_row(table.file, row, present, error) for row in table.rows]


def _in_our_words(table: ReadTable, sheet: SheetFormat, error: Callable[[ImportFault], None]) -> ReadTable:
    """The table under the codes of its columns, whatever language its headings are in."""
    codes = {typed: sheet.meant(typed) for typed in table.columns if typed}
    if all(typed == code for typed, code in codes.items()):
        return table
    for twice in sorted({code for code in codes.values() if [*codes.values()].count(code) > 1}):
        error(ImportFault(table.file, 1, twice, "import.column_twice", value=twice))
    rows = [ReadRow(row.number, {codes[typed]: cell for typed, cell in row.cells.items()}) for row in table.rows]
    return replace(table, columns=[codes.get(typed, typed) for typed in table.columns], rows=rows)


def _read_row(file: str, row: ReadRow, columns: Sequence[SheetColumn], error: Callable[[ImportFault], None]) -> Record:
    record = Record(file, row.number, {}, row.cells)
    for column in columns:
        try:
            value = _read_cell(row.cells.get(column.name, ""), column)
        except BadValue as bad:
            record.bad.add(column.name)
            error(record.fault(column.name, bad.code, **bad.params))
        else:
            if value is not KEEP:
                record.values[column.name] = value
    return record


def _read_cell(cell: str, column: SheetColumn) -> Any:
    if not cell:
        if column.required and column.default == "":
            raise BadValue("import.blank")
        return column.default_of_one
    refuse_unprintable(cell)
    if len(cell) > LONGEST_CELL:
        raise BadValue("import.too_long", limit=LONGEST_CELL, length=len(cell))
    value = column.kind.read(cell)
    if value == "" and column.required:
        raise BadValue("import.blank")
    return value
