"""Sentences for the error codes of the desk's papers."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "papers.diary_unknown": _l("Không có trang nhật ký này: cần mã đơn vị, ngày và giờ của ca, như BDA@2027-02-05."),
    "papers.not_begun": _l("Ca trực này chưa bắt đầu, nên chưa có gì để ghi."),
    "papers.exercise": _l("Sự cố này chỉ là diễn tập: không gửi thông báo ra ngoài đơn vị."),
    "papers.joined": _l("Sự cố này đã gộp vào %(main)s: lập văn bản ở sự cố đó."),
}
