"""Sentences for the error codes of inspections."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "visit.unknown": _l("Không có đoàn kiểm tra này."),
    "visit.missing": _l("Cần điền."),
    "visit.long": _l("Không quá %(most)s ký tự."),
    "visit.text": _l("Ghi nội dung, không quá %(most)s ký tự."),
    "visit.members": _l("Mỗi dòng một người, nhiều nhất %(most)s dòng, mỗi dòng không quá %(longest)s ký tự."),
    "visit.future": _l("Đoàn chưa đến: ghi thời điểm không sau lúc này."),
    "visit.ended_at": _l("Lúc kết thúc phải sau lúc bắt đầu và không sau lúc này."),
    "visit.changed": _l("Có người vừa sửa mục này. Mở lại trang rồi sửa tiếp."),
    "visit.many": _l("Mỗi đoàn ghi nhiều nhất %(most)s kiến nghị."),
}
