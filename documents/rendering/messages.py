"""Sentences for documents that could not be made."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "documents.busy": _l("Máy đang làm các văn bản khác. Đợi một phút rồi thử lại."),
    "documents.often": _l("Đồng chí vừa cho lập nhiều văn bản liên tiếp. Đợi %(retry_after)s giây rồi thử lại."),
    "documents.failed": _l(
        "Chưa làm được văn bản này. Thử lại; nếu vẫn không được, tải bản DOCX và báo quản trị xem nhật ký."
    ),
}
