"""Sentences for the error codes of attachments."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "attachment.unknown": _l("Không có tệp này, hoặc tệp đã được rút."),
    "attachment.missing": _l("Chọn ảnh hoặc tệp PDF."),
    "attachment.one": _l("Gửi mỗi lần một tệp."),
    "attachment.pixels_in_all": _l("Các ảnh gửi cùng lúc quá lớn: cả thảy nhiều nhất %(most)s triệu điểm ảnh."),
    "attachment.many": _l("Mỗi sự cố nhận nhiều nhất %(most)s tệp."),
}
