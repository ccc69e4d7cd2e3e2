"""Sentences for the error codes of the board."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "board.none": _l("Chưa chọn sự cố nào: đánh dấu ở đầu dòng trên danh sách sự cố."),
    "board.join_two": _l("Chọn ít nhất hai sự cố để gộp, và chọn sự cố chính."),
}
