"""Sentences for the error codes of the points table."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "points.range": _l("Ghi số từ 0 đến %(most)s."),
    "points.set_form": _l("Viết dạng hệ số=số, ví dụ night=1.75."),
    "points.unknown_factor": _l("Bảng điểm không có hệ số %(factor)s."),
    "points.wrong": _l("Chưa lưu bảng điểm: còn số chưa đúng."),
}
