"""Reading an import folder (CSV files, a ZIP of them, or one XLSX) into rows of text that know where they stand.

Says nothing about what the columns mean: see ``people.sheets``. Every file is untrusted.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from core import text
from core.errors import Conflict
from people.faults import Fault, nearest, shown

MAX_ROWS = 20_000
MAX_UNPACKED = 64 * 1024 * 1024
MAX_FILES = 100
MAX_COLUMNS = 200
# One for the file that a person downloaded twice or copied: "people (1).csv".
_COPY = re.compile(r"\s*(\(\d+\)|- copy|- bản sao)$", re.IGNORECASE)


@dataclass(frozen=True)
class Row:
    """``number`` as a spreadsheet counts; ``cells`` by column name, as typed (NFC), trimmed."""

    number: int
    cells: dict[str, str]


@dataclass
class Table:
    """One file or sheet. ``columns`` are the normalised headings."""

    file: str
    columns: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)


@dataclass
class Tables:
    """Everything that was handed in, by sheet name (``people``), and what could not be read."""

    tables: dict[str, Table] = field(default_factory=dict)
    errors: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)


def read_path(path: Path, names: Collection[str]) -> Tables:
    """A folder of CSV files, or one XLSX, ZIP or CSV file. Raises ``Conflict("import.not_import_file")``."""
    if path.is_dir():
        inside = sorted(each for each in path.iterdir() if each.suffix.lower() in (".csv", ".xlsx", ".zip"))
        return read_files([(each.name, each.read_bytes()) for each in inside if each.suffix.lower() == ".csv"], names)
    return read_files([(path.name, path.read_bytes())], names)


def read_files(files: Sequence[tuple[str, bytes]], names: Collection[str]) -> Tables:
    """What was uploaded: one XLSX, one ZIP, or several CSV files, told apart by content and not by name.

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
            _refuse_bomb(name, entries)
            if any(entry.filename == "xl/workbook.xml" for entry in entries):
                _add_workbook(found, content, names)
                return
            for entry in entries:
                short = PurePosixPath(entry.filename.replace("\\", "/")).name
                if short.startswith(".") or entry.filename.startswith("__MACOSX/"):
                    continue
                if short.lower().endswith(".csv"):
                    _add_csv(found, short, archive.read(entry), names)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, RuntimeError, ValueError, KeyError) as error:
        raise Conflict("import.not_import_file", file=shown(name)) from error


def _refuse_bomb(name: str, entries: Iterable[zipfile.ZipInfo]) -> None:
    # zipfile never unpacks more than an entry declares, so the declared sizes bound what reading can cost.
    listed = list(entries)
    if len(listed) > MAX_FILES * 10 or sum(entry.file_size for entry in listed) > MAX_UNPACKED:
        raise Conflict("import.too_big_unpacked", file=shown(name), megabytes=MAX_UNPACKED // 1024 // 1024)
    if any(entry.flag_bits & 1 for entry in listed):
        raise Conflict("import.encrypted", file=shown(name))


def _add_workbook(found: Tables, content: bytes, names: Collection[str]) -> None:
    from people import workbooks  # only here: openpyxl costs every process a tenth of its start

    for title, grid, broken in workbooks.read(content):
        sheet = _sheet_of(title, names)
        if sheet is None:
            if not workbooks.is_help(title):
                _unknown_file(found, title, names)
            continue
        found.errors += [
            Fault(title, row, column, "import.cell_error", value=shown(value)) for row, column, value in broken
        ]
        _add(found, title, sheet, grid)


def _add_csv(found: Tables, name: str, content: bytes, names: Collection[str]) -> None:
    sheet = _sheet_of(name, names)
    if sheet is None:
        _unknown_file(found, name, names)
        return
    try:
        decoded = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        found.errors.append(Fault(name, line, "", "import.encoding"))
        found.tables.setdefault(sheet, Table(name))
        return
    _add(found, name, sheet, _grid(found, name, decoded))


def _grid(found: Tables, name: str, decoded: str) -> list[list[str]]:
    """Rows of cells; comma or semicolon by the header line; blank lines stay, so that rows are counted right."""
    header = next((line for line in decoded.splitlines() if line.strip()), "")
    delimiter = ";" if header.count(";") > header.count(",") else ","
    grid: list[list[str]] = []
    # strict: a quote that never closes would swallow the rest of the file in silence.
    reader = csv.reader(io.StringIO(decoded, newline=""), delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            grid.append(cells)
    except csv.Error:
        found.errors.append(Fault(name, len(grid) + 1, "", "import.bad_row"))
    return grid


def _sheet_of(name: str, names: Collection[str]) -> str | None:
    bare = text.nfc(name).strip()
    bare = bare[:-4] if bare.lower().endswith(".csv") else bare
    folded = text.fold(_COPY.sub("", bare))
    return next((known for known in names if known == folded), None)


def _unknown_file(found: Tables, name: str, names: Collection[str]) -> None:
    stem = name[:-4] if name.lower().endswith(".csv") else name
    params = {"known": ", ".join(names), "near": nearest(stem, names)}
    found.warnings.append(Fault(shown(name), 0, "", "import.unknown_file", params))


def _add(found: Tables, file: str, sheet: str, grid: Sequence[Sequence[str]]) -> None:
    if sheet in found.tables:
        found.errors.append(Fault(file, 0, "", "import.file_twice", {"sheet": sheet}))
        return
    table = found.tables[sheet] = Table(file)
    for number, cells in enumerate(grid, start=1):
        tidy = [text.nfc(cell).strip() for cell in cells]
        if not any(tidy):
            continue
        if not table.columns:
            if len(tidy) > MAX_COLUMNS:
                found.errors.append(Fault(file, number, "", "import.too_many_columns", {"limit": MAX_COLUMNS}))
                return
            table.columns = [_heading(cell) for cell in tidy]
            while table.columns and not table.columns[-1]:
                table.columns.pop()
            _refuse_repeated(found, table, number)
        elif len(table.rows) == MAX_ROWS:
            found.errors.append(Fault(file, number, "", "import.too_many_rows", {"limit": MAX_ROWS}))
            return
        else:
            _add_row(found, table, number, tidy)
    if not table.columns:
        found.errors.append(Fault(file, 0, "", "import.empty_file"))


def _heading(cell: str) -> str:
    """``Full Name`` → ``full_name``."""
    return "_".join(text.fold(cell.replace("\ufeff", "")).replace("-", " ").split())


def _refuse_repeated(found: Tables, table: Table, number: int) -> None:
    for column in sorted({c for c in table.columns if c and table.columns.count(c) > 1}):
        found.errors.append(Fault(table.file, number, column, "import.column_twice", value=shown(column)))


def _add_row(found: Tables, table: Table, number: int, cells: list[str]) -> None:
    extra = [cell for cell in cells[len(table.columns) :] if cell]
    if extra:
        params = {"columns": len(table.columns), "cells": len(cells)}
        found.errors.append(Fault(table.file, number, "", "import.too_many_cells", params, shown(extra[0])))
    padded = cells + [""] * (len(table.columns) - len(cells))
    named = {column: cell for column, cell in zip(table.columns, padded, strict=False) if column}
    table.rows.append(Row(number, named))
