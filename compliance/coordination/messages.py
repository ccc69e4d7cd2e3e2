"""Sentences for the error codes of coordination."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "coordination.unknown": _l("Không có mục phối hợp này."),
    "coordination.no_customer": _l("Không có đầu mối này trong danh bạ."),
    "coordination.no_file": _l("Không có tệp này."),
    "coordination.missing": _l("Cần điền."),
    "coordination.long": _l("Không quá %(most)s ký tự."),
    "coordination.phone": _l("Ghi số điện thoại gọi được ngoài giờ."),
    "coordination.day": _l("Ghi ngày, như 25/01/2020."),
    "coordination.days": _l("Ngày cuối phải từ ngày đầu trở đi."),
    "coordination.future": _l("Thời điểm này chưa đến."),
    "coordination.at": _l("Ghi thời điểm sau lúc nhận yêu cầu và không sau lúc này."),
    "coordination.due": _l("Hạn phải sau lúc nhận yêu cầu."),
    "coordination.changed": _l("Có người vừa ghi vào mục này. Mở lại trang rồi ghi tiếp."),
    "coordination.not_now": _l("Việc này đã ghi, hoặc chưa ghi được: trả lời hay bàn giao trước, rồi mới đóng."),
    "coordination.many_files": _l("Mỗi mục nhận nhiều nhất %(most)s tệp."),
    "coordination.answered": _l("Chọn có người nghe hay không."),
}
