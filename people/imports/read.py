"""Reading an import folder (CSV files, a ZIP of them, or one XLSX) into rows of text that know where they stand.

Says nothing about what the columns mean: see ``people.columns``. Every file is untrusted: rows are read one
after the other, and rows, columns, cells and bytes are counted before they are kept, so that a small file that unpacks
to a huge one costs what the limits say and no more.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any

from core import text
from core.errors import Conflict
from people.imports.faults import ImportFault, shown

MAX_ROWS = 20_000
"""Of one sheet, with something in them."""
MAX_SCANNED = 50_000
"""Rows of one sheet that are looked at, blank ones included."""
MAX_CELLS = 600_000
"""Of everything handed in: rows × columns."""
MAX_COLUMNS = 64
MAX_UNPACKED = 64 * 1024 * 1024
MAX_CSV = 16 * 1024 * 1024
MAX_LINE = 1024 * 1024
"""Characters of one row: a million commas in one line are a million cells."""
MAX_FILES = 100
# One for the file that a person downloaded twice or copied: "people (1).csv".
_COPY = re.compile(r"(?<!\s)\s*(\(\d+\)|- copy|- bản sao)$", re.IGNORECASE)


@dataclass(frozen=True)
class ReadRow:
    """``number`` as a spreadsheet counts; ``cells`` by column name, as typed (NFC), trimmed."""

    number: int
    cells: dict[str, str]


@dataclass
class ReadTable:
    """One file or sheet. ``columns`` are the normalised headings."""

    file: str
    columns: list[str] = field(default_factory=list)
    rows: list[ReadRow] = field(default_factory=list)
    unread: int = 0
    """Rows with more cells than there are columns: which cell means what cannot be told."""


@dataclass
class Tables:
    """Everything that was handed in, by sheet name (``people``), and what could not be read."""

    tables: dict[str, ReadTable] = field(default_factory=dict)
    errors: list[ImportFault] = field(default_factory=list)
    warnings: list[ImportFault] = field(default_factory=list)
    cells: int = 0
    """How many have been kept."""


def from_dict(kept: dict[str, Any]) -> Tables:
    """Return what ``dataclasses.asdict`` made of ``Tables``."""
    return Tables(
        {
            name: ReadTable(
                each["file"],
                each["columns"],
                [ReadRow(row["number"], row["cells"]) for row in each["rows"]],
                each["unread"],
            )
            for name, each in kept["tables"].items()
        },
        [ImportFault(**each) for each in kept["errors"]],
        [ImportFault(**each) for each in kept["warnings"]],
        kept["cells"],
    )


class TooLong(Exception):  # noqa: N818 - says what is wrong with a file, not that the program is
    """A row longer than any that was meant."""


def read_path(path: Path, names: Collection[str]) -> Tables:
    """A folder of CSV files, or one XLSX, ZIP or CSV file. Raises ``Conflict("import.not_import_file")``."""
    if path.is_dir():
        inside = sorted(each for each in path.iterdir() if each.suffix.lower() in (".csv", ".xlsx", ".zip"))
        return read_files([(each.name, each.read_bytes()) for each in inside if each.suffix.lower() == ".csv"], names)
    return read_files([(path.name, path.read_bytes())], names)


def read_files(files: Sequence[tuple[str, bytes]], names: Collection[str]) -> Tables:
    """Return what was uploaded: one XLSX, one ZIP, or several CSV files, told apart by content and not by name.

    ``names`` are the known sheets. Raises ``Conflict("import.not_import_file")`` when there is nothing to import in it.
    """
    found = Tables()
    for name, content in files:
        if content[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
            _add_archive(found, name, content, names)
        elif content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
            raise Conflict("import.old_excel", file=shown(name))
        elif name.lower().endswith(".csv"):
            _add_csv(found, name, content, names)
        else:
            raise Conflict("import.not_import_file", file=shown(name))
    if not found.tables and not found.errors:
        raise Conflict("import.no_known_file", known=", ".join(f"{name}.csv" for name in names))
    return found


def _add_archive(found: Tables, name: str, content: bytes, names: Collection[str]) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            refuse_bomb(name, entries)
            if any(entry.filename == "xl/workbook.xml" for entry in entries):
                _add_workbook(found, content, names)
                return
            for entry in entries:
                short = PurePosixPath(entry.filename.replace("\\", "/")).name
                if short.startswith(".") or entry.filename.startswith("__MACOSX/"):
                    continue
                if short.lower().endswith(".csv") and _sheet_of(short, names) is None:
                    _unknown_file(found, short, names)
                elif short.lower().endswith(".csv"):
                    refuse_large(short, entry.file_size)
                    _add_csv(found, short, archive.read(entry), names)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, RuntimeError, ValueError, KeyError) as error:
        raise Conflict("import.not_import_file", file=shown(name)) from error


def refuse_bomb(name: str, entries: Iterable[zipfile.ZipInfo]) -> None:
    # zipfile never unpacks more than an entry declares, so the declared sizes bound what reading can cost.
    listed = list(entries)
    if len(listed) > MAX_FILES * 10 or sum(entry.file_size for entry in listed) > MAX_UNPACKED:
        raise Conflict("import.too_big_unpacked", file=shown(name), megabytes=MAX_UNPACKED // 1024 // 1024)
    if any(entry.flag_bits & 1 for entry in listed):
        raise Conflict("import.encrypted", file=shown(name))


def _add_workbook(found: Tables, content: bytes, names: Collection[str]) -> None:
    from people.imports import workbooks  # only here: openpyxl costs every process a tenth of its start

    for title, rows, broken in workbooks.read_sheets(content):
        sheet = _sheet_of(title, names)
        if sheet is None:
            if not workbooks.is_help(title):
                _unknown_file(found, title, names)
            continue
        _add(found, title, sheet, rows)
        found.errors += [
            ImportFault(title, row, column, "import.cell_error", value=shown(value)) for row, column, value in broken
        ]


def _add_csv(found: Tables, name: str, content: bytes, names: Collection[str]) -> None:
    sheet = _sheet_of(name, names)
    if sheet is None:
        _unknown_file(found, name, names)
        return
    refuse_large(name, len(content))
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        found.errors.append(ImportFault(name, line, "", "import.encoding"))
        found.tables.setdefault(sheet, ReadTable(name))
        return
    _add(found, name, sheet, _rows(found, name, content))


def refuse_large(name: str, size: int) -> None:
    if size > MAX_CSV:
        raise Conflict("import.too_big_unpacked", file=shown(name), megabytes=MAX_CSV // 1024 // 1024)


def _rows(found: Tables, name: str, content: bytes) -> Iterator[list[str]]:
    """Rows of cells; comma or semicolon by the header line; blank lines stay, so that rows are counted right."""
    header = next((line for line in iter(partial(_text_of(content).readline, MAX_LINE), "") if line.strip()), "")
    delimiter = ";" if header.count(";") > header.count(",") else ","
    lines = _Lines(content)
    # strict: a quote that never closes would swallow the rest of the file in silence.
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    number = 0
    try:
        for cells in reader:
            number += 1
            lines.taken = 0
            yield cells
    except csv.Error:
        found.errors.append(ImportFault(name, number + 1, "", "import.bad_row"))
    except TooLong:
        found.errors.append(ImportFault(name, number + 1, "", "import.row_too_long", {"limit": MAX_LINE}))


def _text_of(content: bytes) -> io.TextIOWrapper:
    """Decoded as it is read: a whole text takes four times its bytes."""
    return io.TextIOWrapper(io.BytesIO(content), encoding="utf-8-sig", newline="")


class _Lines:
    """The lines of a text, for a reader of rows: a row of more than ``MAX_LINE`` characters is never built."""

    def __init__(self, content: bytes) -> None:
        self._text = _text_of(content)
        self.taken = 0

    def __iter__(self) -> Iterator[str]:
        while line := self._text.readline(MAX_LINE + 1):
            self.taken += len(line)
            if self.taken > MAX_LINE:
                raise TooLong
            yield line


def _sheet_of(name: str, names: Collection[str]) -> str | None:
    bare = text.nfc(name).strip()
    bare = bare[:-4] if bare.lower().endswith(".csv") else bare
    folded = text.fold(_COPY.sub("", bare))
    return next((known for known in names if known == folded), None)


def _unknown_file(found: Tables, name: str, names: Collection[str]) -> None:
    stem = name[:-4] if name.lower().endswith(".csv") else name
    params = {"known": ", ".join(names), "near": text.nearest(stem, names)}
    found.warnings.append(ImportFault(shown(name), 0, "", "import.unknown_file", params))


def _add(found: Tables, file: str, sheet: str, rows: Iterable[Sequence[str]]) -> None:
    if sheet in found.tables:
        found.errors.append(ImportFault(file, 0, "", "import.file_twice", {"sheet": sheet}))
        return
    table = found.tables[sheet] = ReadTable(file)
    for number, cells in enumerate(rows, start=1):
        fault = _too_much(found, table, number, cells)
        if fault:
            found.errors.append(ImportFault(file, number, "", *fault))
            return
        tidy = [text.nfc(cell).strip() for cell in cells]
        if not any(tidy):
            continue
        if table.columns:
            _add_row(found, table, number, tidy)
            continue
        table.columns = [_heading(cell) for cell in tidy]
        while table.columns and not table.columns[-1]:
            table.columns.pop()
        _refuse_repeated(found, table, number)
    if not table.columns:
        found.errors.append(ImportFault(file, 0, "", "import.empty_file"))


def _too_much(found: Tables, table: ReadTable, number: int, cells: Sequence[str]) -> tuple[str, dict[str, int]] | None:
    """Code and limit when this row is one too many, or too wide: nothing of it is kept."""
    if number > MAX_SCANNED or len(table.rows) == MAX_ROWS and any(cell.strip() for cell in cells):
        return "import.too_many_rows", {"limit": MAX_ROWS}
    if len(cells) > MAX_COLUMNS:
        return "import.too_many_columns", {"limit": MAX_COLUMNS}
    if found.cells + len(table.columns) > MAX_CELLS:
        return "import.too_many_in_all", {"limit": MAX_CELLS}
    return None


def _heading(cell: str) -> str:
    """``Full Name`` → ``full_name``."""
    return "_".join(text.fold(cell.replace("\ufeff", "")).replace("-", " ").split())


def _refuse_repeated(found: Tables, table: ReadTable, number: int) -> None:
    for column in sorted({c for c in table.columns if c and table.columns.count(c) > 1}):
        found.errors.append(ImportFault(table.file, number, column, "import.column_twice", value=shown(column)))


def _add_row(found: Tables, table: ReadTable, number: int, cells: list[str]) -> None:
    extra = [cell for cell in cells[len(table.columns) :] if cell]
    if extra:
        params = {"columns": len(table.columns), "cells": len(cells)}
        found.errors.append(ImportFault(table.file, number, "", "import.too_many_cells", params, shown(extra[0])))
        table.unread += 1  # said once: what its shifted cells seem to mean would only bury that
        return
    padded = cells + [""] * (len(table.columns) - len(cells))
    named = {column: cell for column, cell in zip(table.columns, padded, strict=False) if column}
    found.cells += len(named)
    table.rows.append(ReadRow(number, named))
