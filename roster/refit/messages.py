"""Sentences for the error codes of what changes in campaigns when their break or their demand does."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "refit.moved": _l(
        "Chưa ghi gì: ảnh hưởng đến đợt trực đã khác bản xem trước, hoặc chưa ai xem. Xem lại rồi áp dụng."
    ),
}
