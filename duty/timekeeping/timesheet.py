"""Bảng chấm công làm thêm giờ: overtime of a unit's people in a month, by day, as form 01b-LĐTL has it (XLSX)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from core import spreadsheets
from core.i18n import dt
from duty.timekeeping import sums
from duty.timekeeping.books import ClosedMonths, Figures
from duty.timekeeping.models import HoursClosing
from people.models import Unit
from roster.campaigns.models import Campaign

DAYS = 31
FIRST_DAY = 4
"""Column of the first day: number, name and code stand before it."""
TOTALS = FIRST_DAY + DAYS
WIDTH = TOTALS + 4
HEAD = 8
"""Rows before the first person: what it is, and three rows of headings."""
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\'", "-"))


@dataclass(frozen=True)
class Timesheet:
    """One unit and month; ``closing``: these figures are what was closed, or ``is_changed`` since."""

    unit: Unit
    month: date
    figures: Figures
    closing: HoursClosing | None
    is_changed: bool = False


def from_open_months(found: Iterable[ClosedMonths]) -> list[Timesheet]:
    """Return the timesheets as they are now."""
    return [Timesheet(each.unit, each.month, each.figures, each.last, bool(each.changes)) for each in found]


def from_closing(row: HoursClosing) -> list[Timesheet]:
    """Return the timesheets as they were closed."""
    return [Timesheet(row.unit, row.month, row.figures, row)]


def workbook(campaign: Campaign, sheets: Sequence[Timesheet]) -> bytes:
    """One sheet for each unit and month; at least one."""
    from openpyxl import Workbook  # only here: it costs every process a tenth of its start

    book: Any = Workbook()
    book.remove(book.active)
    for each in sheets:
        _write(book.create_sheet(_title(each, book.sheetnames)), campaign, each)
    return spreadsheets.saved(book)


def _title(sheet: Timesheet, taken: Sequence[str]) -> str:
    """At most 31 letters, each once."""
    month = f" {sheet.month:%m-%Y}"
    name = sheet.unit.code.translate(_FORBIDDEN)[: 31 - len(month)] + month
    return name if name not in taken else f"{name[:27]} {len(taken)}"


def _write(page: Any, campaign: Campaign, sheet: Timesheet) -> None:
    for row in (*_top(campaign, sheet), *_headings()):
        spreadsheets.append(page, row)
    rows = [_person_row(number, each) for number, each in enumerate(sheet.figures, 1)]
    for row in rows:
        spreadsheets.append(page, row)
    total = sums.Sums(line for each in sheet.figures for line in sums.parse_lines(each["lines"]))
    spreadsheets.append(page, ["", _("Cộng"), "", *_numbers(total)])
    for row in _bottom():
        spreadsheets.append(page, row)
    _arrange(page, len(rows))


def _top(campaign: Campaign, sheet: Timesheet) -> Iterable[Sequence[Any]]:
    far = [""] * (TOTALS - 5)
    yield [_("Đơn vị: %(name)s", name=campaign.unit.name), "", "", *far, _("Mẫu số 01b-LĐTL")]
    under = _("Thông tư 133/2016/TT-BTC, Thông tư 200/2014/TT-BTC")
    yield [_("Bộ phận: %(name)s", name=sheet.unit.name), "", "", *far, under]
    yield [_("BẢNG CHẤM CÔNG LÀM THÊM GIỜ")]
    month, year = f"{sheet.month:%m}", str(sheet.month.year)
    yield [_("Tháng %(month)s năm %(year)s · %(campaign)s", month=month, year=year, campaign=campaign.name)]
    yield [state(sheet)]


def state(sheet: Timesheet) -> str:
    """Whether it was closed, when, by whom."""
    row = sheet.closing
    if row is None:
        return _("Chưa chốt công.")
    facts = {"number": row.number, "name": row.closed_by, "time": dt(row.closed_at), "hash": row.figures_hash[:16]}
    if sheet.is_changed:
        return _("Đã đổi từ lần chốt %(number)s (%(name)s, %(time)s, mã %(hash)s): chưa chốt lại.", **facts)
    return _("Đã chốt công lần %(number)s: %(name)s, %(time)s, mã %(hash)s.", **facts)


def _headings() -> Iterable[Sequence[Any]]:
    blank = [""] * (DAYS - 1)
    yield [_("Số TT"), _("Họ và tên"), _("Mã"), _("Ngày trong tháng"), *blank, _("Cộng giờ làm thêm"), "", "", "", ""]
    classes = [_("Ngày làm việc"), _("Ngày thứ bảy, chủ nhật, nghỉ bù"), _("Ngày lễ, tết"), _("Trong đó làm đêm")]
    yield ["", "", "", *range(1, DAYS + 1), *classes, _("Giờ quy đổi")]
    yield ["A", "B", "", *range(1, DAYS + 6)]


def _person_row(number: int, entry: dict[str, Any]) -> list[Any]:
    return [number, entry["name"], entry["code"], *_numbers(sums.Sums(sums.parse_lines(entry["lines"])))]


def _numbers(total: sums.Sums) -> list[float | None]:
    by_date = {on.day: minutes for on, minutes in total.overtime_on().items()}
    days = [_hours(by_date.get(day, 0)) for day in range(1, DAYS + 1)]
    classes = [_hours(total.overtime_by_day(day)) for day in ("ordinary", "rest", "holiday")]
    return [*days, *classes, _hours(total.night_overtime), round(total.worth_overtime / 6000, 2) or None]


def _hours(minutes: int) -> float | None:
    return round(minutes / 60, 2) or None


def _bottom() -> Iterable[Sequence[Any]]:
    yield []
    yield [_("Ô ngày: số giờ làm thêm của ngày đó, kể cả giờ bị gọi khi trực ở nhà; đêm là 22 giờ đến 6 giờ.")]
    yield [_("Giờ quy đổi: giờ làm thêm nhân tỷ lệ tối thiểu theo luật; ô trống là không có giờ.")]
    yield []
    yield [*[""] * (TOTALS - 2), _("Ngày … tháng … năm …")]
    yield [
        "",
        _("Xác nhận của bộ phận có người làm thêm"),
        *[""] * 12,
        _("Người chấm công"),
        *[""] * 16,
        _("Người duyệt"),
    ]
    yield ["", _("(Ký, họ tên)"), *[""] * 12, _("(Ký, họ tên)"), *[""] * 16, _("(Ký, họ tên)")]


def _arrange(page: Any, people: int) -> None:
    """How it looks, on screen and on one width of A4 paper lying down."""
    from openpyxl.styles import Alignment, Border, Font, Side
    from openpyxl.utils import get_column_letter

    for row in (3, 4, 5):
        page.merge_cells(start_row=row, end_row=row, start_column=1, end_column=WIDTH)
        page.cell(row, 1).alignment = Alignment(horizontal="center")
    page.cell(3, 1).font = Font(bold=True, size=14)
    page.merge_cells(start_row=6, end_row=6, start_column=FIRST_DAY, end_column=TOTALS - 1)
    page.merge_cells(start_row=6, end_row=6, start_column=TOTALS, end_column=WIDTH)
    for column in (1, 2, 3):
        page.merge_cells(start_row=6, end_row=7, start_column=column, end_column=column)
    thin = Side(style="thin")
    page.cell(HEAD + people + 1, 1).border = page.cell(6, 1).border = Border(
        left=thin, right=thin, top=thin, bottom=thin
    )
    page.cell(6, 1).font = Font(bold=True)
    page.cell(6, 1).alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    heading, body = page.cell(6, 1)._style, page.cell(HEAD + people + 1, 1)._style
    for cells in page.iter_rows(min_row=6, max_row=HEAD + people + 1, max_col=WIDTH):
        for cell in cells:
            cell._style = heading if cell.row <= HEAD else body  # a hundred sheets: looking styles up takes seconds
    widths = (
        {1: 6, 2: 26, 3: 12} | dict.fromkeys(range(FIRST_DAY, TOTALS), 5) | dict.fromkeys(range(TOTALS, WIDTH + 1), 11)
    )
    for column, width in widths.items():
        page.column_dimensions[get_column_letter(column)].width = width
    page.row_dimensions[7].height = 45
    page.freeze_panes = page.cell(HEAD + 1, FIRST_DAY)
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", "9"
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
