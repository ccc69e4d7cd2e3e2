"""Sentences for the error codes of confirmations."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "confirmation.changed": _l("Lịch vừa đổi: xem lại các ca rồi trả lời."),
    "confirmation.how": _l("Ghi đã nghe bằng cách nào, ví dụ “gọi điện 19:40, chị Lan nhận lời”."),
    "confirmation.note_long": _l("Ghi chú không quá %(limit)s chữ."),
    "confirmation.to_come": _l("Thời điểm trả lời không thể sau lúc này."),
}
