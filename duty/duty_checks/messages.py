"""Sentences for the error codes of unannounced checks."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "check.all_units": _l("Không kiểm tra tất cả đơn vị cùng lúc: chọn nhiều nhất %(most)s đơn vị."),
    "check.closed": _l("Đợt kiểm tra này đã kết thúc."),
    "check.how": _l("Ghi đã nghe bằng cách nào, ví dụ “gọi điện 23:38, anh Đức trả lời”."),
    "check.minutes": _l("Thời gian trả lời từ %(least)s đến %(most)s phút."),
    "check.no_unit": _l("Chọn ít nhất một đơn vị."),
    "check.nobody": _l("Lúc này không có ai trực theo lịch đã ban hành ở %(names)s."),
    "check.not_asked": _l("Người này không được hỏi trong đợt kiểm tra này."),
    "check.not_on_duty": _l("Lúc này không trực ở đơn vị đã chọn: %(names)s."),
    "check.note_long": _l("Ghi chú không quá %(most)s chữ."),
    "check.rehearsal_over": _l("Buổi diễn tập đã kết thúc."),
    "check.running": _l("%(name)s đang được kiểm tra: chờ đợt đó kết thúc."),
    "check.second_yes": _l("Từ 23:00 đến 01:00 chỉ kiểm tra khi thật cần: đánh dấu xác nhận rồi gửi lại."),
    "check.unknown": _l("Không có đợt kiểm tra này."),
}
