"""Sentences for the error codes of who is there."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "presence.changed": _l("Lịch vừa đổi: ca này không còn là của người đó. Xem lại danh sách."),
    "presence.early": _l("Chưa tới giờ: ghi được từ %(first)s."),
    "presence.how": _l("Ghi đã biết bằng cách nào, ví dụ “gặp ở bàn trực 21:50” hoặc “gọi điện 21:40”."),
    "presence.left_first": _l("Giờ rời ca phải sau giờ có mặt (%(first)s)."),
    "presence.none_now": _l(
        "Lúc này đồng chí không có ca nào để ghi: điểm danh được từ 60 phút trước giờ vào ca tới hết ca. "
        "Xem giờ ở Ca của tôi."
    ),
    "presence.not_asked": _l("Ca này không cần điểm danh hay báo sẵn sàng."),
    "presence.not_here": _l("Chưa ghi có mặt ở ca này nên chưa ghi rời ca được: ghi có mặt trước."),
    "presence.nothing": _l("Chưa chọn ai: đánh dấu người có mặt rồi ghi."),
    "presence.note_long": _l("Ghi chú không quá %(limit)s chữ."),
    "presence.outside": _l("Giờ này nằm ngoài ca: chọn giờ từ %(first)s đến %(last)s."),
    "presence.over": _l("Ca này đã qua. Người quản lý sửa giờ được, có ghi lý do."),
    "presence.reason": _l("Ghi lý do sửa giờ."),
    "presence.time": _l("Ghi ngày giờ, ví dụ 24/01/2020 21:50."),
    "presence.refused": _l(
        "%(name)s đã báo không trực được ca này. Nếu trực được thì xác nhận lại ca trước, rồi báo sẵn sàng."
    ),
    "presence.to_come": _l("Giờ ghi không thể sau lúc này."),
    "presence.unknown": _l("Chưa ghi gì ở đây để bỏ."),
}
