"""Sentences for the error codes of the shift diary."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "diary.no_shift": _l("Không có ca trực nào bắt đầu vào giờ này."),
    "diary.no_note": _l("Sổ của đơn vị không có ghi chú số %(number)s."),
    "diary.empty": _l("Ghi nội dung cần lưu vào sổ."),
    "diary.long": _l("Ghi chú dài nhất %(most)s ký tự."),
    "diary.when": _l("Giờ xảy ra phải trong %(hours)s giờ qua, không sau bây giờ."),
}
