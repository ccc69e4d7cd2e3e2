"""Sentences for the error codes of logging."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "incident.title_missing": _l("Ghi ngắn gọn việc gì đang xảy ra."),
    "incident.title_long": _l("Tiêu đề dài nhất %(most)s ký tự."),
    "incident.dedup_key": _l("Khóa chống ghi trùng không được bắt đầu bằng “rehearsal/”, “intake/” hay “own/”."),
    "incident.no_rehearsal": _l("Đơn vị này không có buổi diễn tập nào đang chạy."),
    "incident.busy": _l("Đang có nhiều sự cố được ghi cùng lúc. Gửi lại sau vài giây."),
}
