"""Words of reports: kinds, forms, ways, and where a day of a request stands."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

KINDS: dict[str, Any] = {
    "daily": _l("Báo cáo ngày"),
    "adhoc": _l("Báo cáo đột xuất"),
    "summary": _l("Báo cáo tổng hợp"),
}
FORMS: dict[str, Any] = {"report": _l("Báo cáo"), "phone": _l("Điện thoại"), "list": _l("Danh sách")}
WAYS: dict[str, Any] = {"mail": _l("Thư điện tử"), "phone": _l("Điện thoại"), "other": _l("Cách khác")}
DUE: dict[str, tuple[Any, str, str]] = {
    "early": (_l("Chưa đến giờ"), "grey", "clock"),
    "open": (_l("Đang chờ báo cáo"), "gold", "clock"),
    "late": (_l("Quá hạn"), "red", "alert"),
    "done": (_l("Đã báo cáo"), "green", "check"),
    "done_late": (_l("Đã báo cáo, muộn"), "gold", "check"),
    "ended": (_l("Không hỏi nữa"), "grey", "ban"),
}
"""Word, colour, picture."""
EMAIL: dict[str, Any] = {
    "pending": _l("đang chờ gửi"),
    "leased": _l("đang gửi"),
    "sent": _l("đã gửi"),
    "held": _l("đang giữ, chờ bấm gửi"),
    "failed_permanent": _l("không gửi được"),
    "cancelled": _l("đã hủy"),
    "superseded": _l("đã thay bằng thư khác"),
}
