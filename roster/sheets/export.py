"""The grid as a workbook that can be sent out, filled in and taken back: people × days, and what the codes mean."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from core import spreadsheets
from core.calendar import lunar
from core.db import db
from core.i18n import lunar_short, named, weekday
from people import queries as people
from planning.problem import Staff
from roster.campaigns.models import Campaign
from roster.models import Duty
from roster.sheets import reading, writing
from roster.sheets.seating import SheetDraft
from roster.snapshot import snapshot
from roster.snapshot.snapshot import Snapshot

TITLES = ("Phân công", "Duty grid")
"""Of the sheet, in each language: where it comes back under this name, an empty cell means that nobody serves."""


def render(campaign: Campaign, source: str, *, units: set[int] | None, now: datetime) -> bytes:
    """``units``: ids of those whose people and seats are wanted; ``None``: all."""
    against = reading.ground(campaign, units=units, now=now)
    draft = against.draft if source == "draft" else _published(campaign, against.draft, now)
    written = writing.write(draft, _people(draft), against.days, against.kinds)
    heading = [_("Mã"), _("Họ và tên"), *(_heading(day) for day in against.days)]
    state = _("dự thảo") if source == "draft" else _("bản %(n)s", n=campaign.revision)
    top = [f"{campaign.name} · {campaign.unit.name} · {state}"]
    return _workbook([top, [_how_to()], heading, *written.rows], _legend(written))


def is_ours(title: str) -> bool:
    return title in TITLES


def _how_to() -> str:
    return _("Ghi ký hiệu vào ô (xem trang Ký hiệu); nhiều ca cách nhau bằng dấu phẩy. Giữ cột Mã và dòng ngày.")


def _legend(written: writing.Written) -> list[list[str]]:
    kinds = {kind.code: named(kind) for kind in people.duty_kinds()}
    rows = [[code, kinds.get(pair.duty, pair.duty), pair.template] for code, pair in written.legend]
    return [[_("Ký hiệu"), _("Loại trực"), _("Ca")], *rows]


def _heading(day: date) -> str:
    """T6 24/1, and at Tết the day of the moon below it; the month is said of every day, so that each column stands for
    itself."""
    said = f"{weekday(day, short=True)} {day.day}/{day.month}"
    on = lunar.to_lunar(day)
    if on.month == 1 and on.day <= 10:
        return f"{said}\nMùng {on.day}"
    return f"{said}\n{on.day} Chạp" if on.month == 12 and not on.leap else f"{said}\n({lunar_short(day)})"


def _people(draft: SheetDraft) -> list[Staff]:
    """Who could serve, or does."""
    shifts = [shift for day in draft.shifts_by_day.values() for shift in day]
    duties, units = {shift.duty for shift in shifts}, {shift.unit for shift in shifts}
    holding = {person for person, _day in draft.held}
    return [
        person
        for person in draft.staff.values()
        if person.id in holding or (person.duties & duties and person.eligible_units & units)
    ]


def _published(campaign: Campaign, draft: SheetDraft, now: datetime) -> SheetDraft:
    rows = select(Duty.seat_id, Duty.person_id).where(Duty.campaign_id == campaign.id, Duty.cancelled_at.is_(None))
    sitting = dict(db.session.execute(rows).tuples().all())
    known: Snapshot = snapshot.take(campaign.id, now=now, also=sorted(set(sitting.values())))
    return SheetDraft(draft.shifts, draft.seats, sitting, known.problem.person, draft.fixed, draft.reach)


def _workbook(rows: Sequence[Sequence[str]], legend: Sequence[Sequence[str]]) -> bytes:
    from openpyxl import Workbook  # only here: it costs every process a tenth of its start
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet: Any = book.active
    sheet.title = _("Phân công")
    for row in rows:
        spreadsheets.append(sheet, [cell or None for cell in row])
    for number, cell in enumerate(sheet[3], start=1):
        cell.alignment = Alignment(wrap_text=True, horizontal="center", vertical="center")
        cell.fill = PatternFill("solid", fgColor="F3E9DC")
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = (12, 26)[number - 1] if number <= writing.FIRST_DAY else 9
        # Text: or else a spreadsheet takes a code for a number or a day.
        sheet.column_dimensions[letter].number_format = "@"
    for cell in (sheet["A1"], *sheet[3]):
        cell.font = Font(bold=True)
    # A thousand people for three weeks have twenty thousand cells, most of them empty: those are as their column.
    for row in sheet.iter_rows(min_row=4):
        for cell in row:
            if cell.value is not None:
                cell.number_format = "@"
    sheet.row_dimensions[3].height = 32
    sheet.freeze_panes = "C4"
    key = book.create_sheet(_("Ký hiệu"))
    for row in legend:
        spreadsheets.append(key, row)
    for cell in key[1]:
        cell.font = Font(bold=True)
    for letter, width in zip("ABC", (14, 34, 18), strict=True):
        key.column_dimensions[letter].width = width
    return spreadsheets.saved(book)
