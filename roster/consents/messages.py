"""Sentences for the error codes of consents."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "consent.answered": _l("Đã được trả lời rồi (%(name)s)."),
    "consent.expired": _l("Đã quá ba ngày: lời đề nghị này không còn hiệu lực."),
    "consent.note_long": _l("Ghi chú không quá %(limit)s chữ."),
    "consent.unknown": _l("Không có lời đề nghị này."),
    "consent.withdrawn": _l("Người đề nghị đã rút lại: không cần trả lời nữa."),
}
