"""Plans of many units as one XLSX sheet: the template, and what was filled in. One wrong row, nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from compliance.plans import services
from compliance.plans.services import PlanText
from core.actor import Actor
from core.db import transaction
from core.errors import Conflict, DomainError, Invalid
from core.form_values import whole_number
from core.text import fold
from people import queries as people

COLUMNS = (
    "Mã đơn vị",
    "Ca tăng cường",
    "Xe",
    "Lao động thời vụ",
    "Ngày cao điểm",
    "Dự phòng điện",
    "Dự phòng đường truyền",
    "Ghi chú",
)
SHEET = "Phương án"
MOST_BYTES, MOST_ROWS, MOST_FAULTS = 2 * 1024 * 1024, 2000, 50


@dataclass(frozen=True)
class SheetFault:
    """``code`` is a sentence of ``compliance.plans.messages``."""

    row: int
    column: str
    words: str


def template() -> bytes:
    from people.imports import workbooks  # only here: openpyxl costs every process a tenth of its start

    guide = [
        ("Cột", "Nghĩa"),
        ("Ngày cao điểm", "ngày/tháng/năm, cách nhau bằng dấu chấm phẩy"),
        ("Ca tăng cường", "số ca thêm mỗi ngày cao điểm, mỗi ca một người"),
    ]
    return workbooks.template([(SHEET, COLUMNS, {})], guide)


def take(content: bytes, tet_year: int, *, actor: Actor, now: datetime) -> tuple[int, list[SheetFault]]:
    """(plans saved, what is wrong); with a fault nothing is saved. Raises ``Conflict`` for what is no such sheet."""
    rows = _rows(content)
    read: list[tuple[int, str, PlanText]] = []
    faults: list[SheetFault] = []
    for number, cells in rows:
        try:
            read.append((number, cells[0], _said(cells)))
        except _Wrong as wrong:
            faults.append(SheetFault(number, wrong.column, wrong.words))
    try:
        with transaction():
            for number, code, said in read:
                try:
                    services.save(people.unit_by_code(code).id, tet_year, said, actor=actor, now=now)
                except DomainError as error:
                    faults.append(SheetFault(number, COLUMNS[0], error.message()))
            if faults:
                raise _Undone
    except _Undone:
        return 0, faults[:MOST_FAULTS]
    return len(read), []


class _Undone(Exception):
    """Nothing of it is kept."""


class _Wrong(Exception):
    def __init__(self, column: str, words: str) -> None:
        self.column, self.words = column, words


def _rows(content: bytes) -> list[tuple[int, list[str]]]:
    from people.imports import workbooks

    if not content or len(content) > MOST_BYTES:
        raise Conflict("plan.sheet")
    for _title, rows, _broken in workbooks.read_sheets(content):
        head = [fold(cell) for cell in next(rows, [])[: len(COLUMNS)]]
        if head != [fold(column) for column in COLUMNS]:
            raise Conflict("plan.sheet")
        found = []
        for number, cells in enumerate(rows, start=2):
            if number > MOST_ROWS:
                raise Conflict("plan.sheet_long", most=MOST_ROWS)
            filled = [cell.strip() for cell in [*cells, *[""] * len(COLUMNS)][: len(COLUMNS)]]
            if any(filled):
                found.append((number, filled))
        return found
    raise Conflict("plan.sheet")


def _said(cells: Sequence[str]) -> PlanText:
    shifts, vehicles, staff = (_count(cells[at], COLUMNS[at]) for at in (1, 2, 3))
    power, line, note = cells[5:8]
    return PlanText(shifts, vehicles, staff, tuple(_days(cells[4])), power, line, note)


def _count(typed: str, column: str) -> int:
    number = whole_number(typed or "0")
    if number is None:
        raise _Wrong(column, DomainError("plan.count", most=services.MOST).message())
    return number


def _days(typed: str) -> list[date]:
    try:
        return services.peak_days(typed)
    except Invalid as error:
        raise _Wrong(COLUMNS[4], error.message()) from None
