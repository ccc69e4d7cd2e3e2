"""Sentences for the error codes of logging."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "incident.title_missing": _l("Ghi ngắn gọn việc gì đang xảy ra."),
    "incident.title_long": _l("Tiêu đề dài nhất %(most)s ký tự."),
    "incident.dedup_key": _l("Khóa chống ghi trùng không được bắt đầu bằng “rehearsal/”, “intake/” hay “own/”."),
    "incident.no_rehearsal": _l("Đơn vị này không có buổi diễn tập nào đang chạy."),
    "incident.name": _l(
        "“%(name)s” giống tên người: về KT1 và việc hạn chế xem không ghi tên người gửi, người nhận. "
        "Bỏ tên, chỉ ghi mã số và loại dịch vụ; nếu là địa danh thì ghi rõ xã, đường, trạm … ở trước."
    ),
    "incident.name_asked": _l(
        "“%(name)s”: đây có phải tên người gửi hay nhận? "
        "Nếu phải thì bỏ đi; nếu không phải thì bấm “Không phải, ghi nhận”."
    ),
    "incident.kept_by_another": _l(
        "Tin báo này do tài khoản khác ghi trên máy này: chưa gửi, vẫn còn trên máy. "
        "Tài khoản đã ghi đăng nhập thì gửi."
    ),
    "incident.busy": _l("Đang có nhiều sự cố được ghi cùng lúc. Gửi lại sau vài giây."),
}
