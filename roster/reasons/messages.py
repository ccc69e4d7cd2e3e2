"""Sentences for the error codes of explanations."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "explain.busy": _l("Máy đang chứng minh cho người khác. Hỏi lại sau ít giây."),
    "explain.remedy_gone": _l(
        "Dự thảo đã khác lúc tính cách này, hoặc chưa chọn cách nào. Xem lại các cách trên trang này rồi chọn."
    ),
    "shift.full": _l("Không ca nào cần giải thích: ca được hỏi đã đủ người."),
}
