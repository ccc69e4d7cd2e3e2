"""The figures as a file: one line an incident's group, one a person; cells that begin like a formula are made text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _

from core import spreadsheets
from incidents.figures.queries import Figures
from incidents.figures.statistics import FigureRow, Times

FORMATS = ("csv", "xlsx")
Table = tuple[str, list[str], list[list[str]]]


def render(tables: Sequence[Table], form: str) -> bytes:
    """``tables``: (name, heading, rows). CSV puts them one below the other, a workbook on sheets."""
    return _xlsx(tables) if form == "xlsx" else spreadsheets.csv_file(_lines(tables))


def group_table(name: str, rows: Iterable[tuple[str, FigureRow[Any]]]) -> Table:
    found = list(rows)
    heading = [
        name,
        _("Số vụ"),
        _("Đã nhận"),
        _("Nhận: trung vị (giây)"),
        _("Nhận: phần lớn (9 trên 10) không quá (giây)"),
        _("Lần đầu nhận đúng hạn"),
        _("Đã xử lý"),
        _("Xử lý: trung vị (giây)"),
        _("Xử lý: phần lớn (9 trên 10) không quá (giây)"),
        _("Xử lý đúng hạn"),
        _("Tự hết, máy báo"),
        _("Phải nhận lại"),
    ]
    cells = [[*_cells(row.taken), *_cells(row.resolved), str(row.healed), str(row.forgotten)] for _label, row in found]
    return name, heading, [[label, str(row.number), *own] for (label, row), own in zip(found, cells, strict=True)]


def total_table(figures: Figures) -> Table:
    """Return what was counted, each as what it is."""
    rows = [
        (_("Số vụ"), len(figures.cases)),
        (_("Trong đó tự hết, máy báo"), sum(each.healed for each in figures.cases)),
        (_("Tin trùng, đã gộp (không tính)"), figures.joined),
        (_("Diễn tập (không tính)"), figures.drills),
        (_("Số lượt gọi"), figures.calls),
        (_("Số người được gọi"), figures.called),
        (_("Số thư, tin, cuộc gọi đã đi"), figures.letters),
    ]
    return _("Tổng số"), [_("Nội dung"), _("Số lượng")], [[label, str(number)] for label, number in rows]


def load_table(figures: Figures) -> Table:
    heading = [
        _("Mã"),
        _("Họ và tên"),
        _("Đơn vị"),
        _("Số lượt gọi"),
        _("Trong đó ban đêm"),
        _("Đã nhận"),
        _("Số phút xử lý"),
    ]
    rows = [
        [
            person.code,
            person.full_name,
            person.unit.name,
            str(load.calls),
            str(load.night),
            str(load.taken),
            str(round(load.held.total_seconds() / 60)),
        ]
        for person, load in figures.loads
    ]
    return _("Theo người"), heading, rows


def _cells(found: Times) -> list[str]:
    return [str(found.number), _seconds(found.median), _seconds(found.p90), f"{found.kept}/{found.due}"]


def _seconds(wait: timedelta | None) -> str:
    return "" if wait is None else str(round(wait.total_seconds()))


def _lines(tables: Sequence[Table]) -> Iterator[list[str]]:
    for name, heading, rows in tables:
        yield [name]
        yield heading
        yield from rows
        yield []


def _xlsx(tables: Sequence[Table]) -> bytes:
    from openpyxl import Workbook  # only here: it costs every process a tenth of its start
    from openpyxl.styles import Font

    book = Workbook()
    empty: Any = book.active
    book.remove(empty)
    for name, heading, rows in tables:
        sheet: Any = book.create_sheet(name[:31])
        spreadsheets.append(sheet, heading)
        for row in rows:
            spreadsheets.append(sheet, [int(cell) if cell.isdecimal() and len(cell) < 10 else cell for cell in row])
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        sheet.freeze_panes = "A2"
    return spreadsheets.saved(book)
