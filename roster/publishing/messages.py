"""Sentences for the error codes of publishing."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "amend.not_of_the_day": _l("Theo ca trực chỉ sửa được ca của hôm nay và ngày mai. Ca khác do quản lý ban hành."),
    "amend.twice": _l("%(person)s sẽ có hai chỗ trong cùng một ca. Ban hành cả ca đó."),
    "amend.units_or_seats": _l("Ghi đơn vị (units) hoặc chỗ trực (seats) cần ban hành, một trong hai."),
    "publish.blocked": _l(
        "Chưa ban hành được: %(gaps)s khoảng chưa bảo đảm trực và %(violations)s vi phạm chưa có lý do. "
        "Sửa dự thảo, hoặc ghi lý do chấp nhận."
    ),
    "publish.nothing_changed": _l("Dự thảo không khác bản số %(revision)s đã ban hành."),
    "seat.unknown": _l("Không có chỗ trực số %(id)s trong đợt trực này."),
}
