"""Duty hours in words: numbers as people write them, how a percentage comes about, and what somebody should look at."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l

from core.i18n import dm, percent, written
from duty.timekeeping.owed import RestOwed
from duty.timekeeping.reckoning import WorkPiece
from roster.days.hour_percents import Rate
from roster.words import labels

DAYS: dict[str, Any] = labels.DAY_CLASSES
STATES: dict[str, Any] = {
    "open": _l("chưa chốt"),
    "closed": _l("đã chốt"),
    "changed": _l("đổi sau khi chốt"),
}

_MISSED: dict[str, Any] = {
    "absent": _l("Không tính: đã ghi vắng."),
    "refused": _l("Không tính: đã báo không trực được."),
    "never": _l("Không tính: đã ghi không có mặt trong ca."),
}


def hours(minutes: int) -> str:
    """1044 → 17,4"""
    return _number(minutes / 60)


def worth(minutes_percent: int) -> str:
    """Converted hours of minutes times percent: 104400 → 17,4"""
    return _number(minutes_percent / 6000)


def _number(value: float) -> str:
    return written(f"{value:,.2f}".rstrip("0").rstrip("."))


def month(first: date) -> str:
    """01/2020"""
    return f"{first:%m/%Y}"


def work(piece: WorkPiece) -> str:
    """Return what kind of work a piece is: trong giờ, làm thêm, bị gọi; ban đêm."""
    if piece.called:
        kind = _("bị gọi, làm thêm")
    else:
        kind = _("làm thêm") if piece.overtime else _("giờ làm việc bình thường")
    return _("%(kind)s, ban đêm", kind=kind) if piece.night else kind


def formula(rate: Rate) -> str:
    """How the percentage is put together, where it has more than one part: 200 % + 30 % + 20 % × 200 %."""
    parts = [percent(rate.base / 100)]
    if rate.night_part:
        parts.append(percent(rate.night_part / 100))
    if rate.share:
        parts.append(f"{percent(rate.share / 100)} × {percent(rate.day_rate / 100)}")
    return " + ".join(parts) if len(parts) > 1 else ""


def note(each: RestOwed) -> str:
    """A warning without its source."""
    if each.code == "after_overtime":
        if each.first == each.last:
            return _(
                "Làm thêm %(hours)s giờ ngày %(day)s: bố trí nghỉ bù số giờ này, hoặc trả lương làm thêm giờ.",
                hours=hours(each.minutes),
                day=dm(each.first),
            )
        return _(
            "Làm thêm liền các ngày %(first)s – %(last)s, %(hours)s giờ: bố trí nghỉ bù số giờ này, hoặc trả lương làm "
            "thêm giờ.",
            first=dm(each.first),
            last=dm(each.last),
            hours=hours(each.minutes),
        )
    if each.code == "substitute":
        return _(
            "Làm %(hours)s giờ vào ngày nghỉ bù %(day)s của ngày lễ trùng ngày nghỉ hằng tuần: xem đã cho nghỉ bù ngày "
            "khác chưa.",
            hours=hours(each.minutes),
            day=dm(each.first),
        )
    return _(
        "%(hours)s giờ trong ngày %(day)s, kể cả giờ làm việc ngoài ca trực, quá 12 giờ một ngày.",
        hours=hours(each.minutes),
        day=dm(each.first),
    )


def missed(why: str) -> str:
    """Why a duty does not count (``queries.Served.missed``)."""
    return str(_MISSED[why])
