"""The first section: which days, which part of Tết, and of which moment the figures are. And what no data tell."""

from __future__ import annotations

from datetime import date

from compliance.reports.told.incidents import PHASES
from compliance.reports.told.parts import ReportPart, ReportScope
from core import clock
from core.calendar import lunar

WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")


def general(ground: ReportScope) -> ReportPart:
    phase = f", giai đoạn {PHASES[ground.phase]}" if ground.phase in PHASES else ""
    days = day_named(ground.since) if ground.one_day else f"từ {ground.since:%d/%m/%Y} đến hết {ground.until:%d/%m/%Y}"
    at = clock.local(ground.now)
    return ReportPart(
        (
            f"Báo cáo của {ground.unit.name} và các đơn vị trực thuộc, {days}{phase}.",
            f"Số liệu tính đến {at:%H} giờ {at:%M} ngày {at:%d/%m/%Y}.",
        )
    )


def difficulties(ground: ReportScope) -> ReportPart:
    """Written by people; until then, none."""
    return ReportPart(("Không có.",))


def day_named(day: date) -> str:
    """ "Thứ Bảy 25/01/2020 (Mùng 1 tháng Giêng năm Canh Tý)"."""
    return f"{WEEKDAYS[day.weekday()]} {day:%d/%m/%Y} ({lunar.long_name(lunar.to_lunar(day), lang='vi')})"
