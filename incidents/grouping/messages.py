"""Sentences for the error codes of grouping."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "grouping.minutes": _l("Số phút gộp cảnh báo từ 1 đến %(most)s."),
    "grouping.heartbeat": _l("Nguồn báo định kỳ chỉ có một cảnh báo, không cần gộp."),
}
