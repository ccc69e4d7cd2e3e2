"""Sentences for the error codes of hand-over minutes."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "handover.accepted": _l("%(name)s đã nhận ca này lúc %(at)s."),
    "handover.changed": _l("Các sự cố chuyển giao vừa thay đổi: xem lại rồi nhận."),
    "handover.duty": _l("Không có loại trực %(duty)s."),
    "handover.how": _l("Ghi đã nghe bằng cách nào, ví dụ “gọi điện 07:25, anh Đức nói”."),
    "handover.item_name": _l("Tên mục phải có, không quá %(most)s chữ."),
    "handover.item_note": _l("Mục “%(what)s” cần lưu ý: ghi rõ là gì."),
    "handover.item_state": _l("Mục “%(what)s”: chọn đủ, lưu ý hoặc không có."),
    "handover.item_twice": _l("Mỗi mục chỉ ghi một lần."),
    "handover.items_many": _l("Nhiều nhất %(most)s mục."),
    "handover.items_none": _l("Chưa có mục nào của nơi trực: mở lại biên bản, xem từng mục rồi ký."),
    "handover.long": _l("Không quá %(most)s chữ."),
    "handover.nobody_next": _l("Sau ca này không có ca nối tiếp của người khác: không có ai để bàn giao."),
    "handover.not_now": _l("Biên bản của ca này lập được từ %(at)s đến 12 giờ sau khi hết ca."),
    "handover.not_yours": _l("Người này không phải người nhận ca theo lịch đã ban hành."),
    "handover.note_empty": _l("Ghi nội dung cần bổ sung."),
    "handover.pin": _l("Mã PIN chưa đúng."),
    "handover.reason": _l("Ghi lý do chưa nhận được ca."),
    "handover.signed": _l("%(name)s đã ký biên bản này lúc %(at)s: không sửa được nữa, chỉ ghi bổ sung."),
    "handover.unknown": _l("Không có biên bản bàn giao này."),
    "handover.unsigned": _l("Biên bản này chưa được người giao ký."),
}
