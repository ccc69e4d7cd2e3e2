"""Sentences for the error codes of maintenance windows."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "maintenance.unknown": _l("Không có đợt bảo trì này."),
    "maintenance.source_elsewhere": _l("Nguồn báo này không thuộc đơn vị đã chọn."),
    "maintenance.past": _l("Giờ bắt đầu đã qua. Để trống nếu bắt đầu ngay."),
    "maintenance.far": _l("Giờ bắt đầu không quá %(days)s ngày kể từ hôm nay."),
    "maintenance.order": _l("Giờ kết thúc phải sau giờ bắt đầu."),
    "maintenance.long": _l("Không quá %(hours)s giờ. Cần dài hơn thì chia thành nhiều đợt."),
    "maintenance.lent": _l(
        "Quyền theo ca trực chỉ giữ tin được đến %(hours)s giờ tới. Cần dài hơn thì báo quản lý đơn vị."
    ),
    "maintenance.reason": _l("Ghi lý do, không quá %(most)s ký tự."),
    "maintenance.over": _l("Đợt bảo trì này đã kết thúc."),
}
