"""Sentences for the error codes of posting."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "posting.what": _l("Không có loại niêm yết này."),
    "posting.part": _l("Loại niêm yết này không có mục đó."),
    "posting.long": _l("Không quá %(most)s ký tự."),
    "posting.unchanged": _l("Nội dung không đổi nên không có bản mới."),
    "posting.changed": _l("Có người vừa lưu bản %(version)s. Xem lại rồi lưu tiếp."),
    "posting.text_missing": _l("Chưa soạn đủ nội dung để in. Đề nghị soạn trước."),
    "posting.day": _l("Ngày niêm yết không được sau hôm nay."),
    "posting.key": _l("Trang này đã cũ. Mở lại rồi gửi."),
    "posting.proved": _l("Lần niêm yết này đã có ảnh khác. Ghi lần mới."),
    "posting.unknown": _l("Không có lần niêm yết này."),
    "posting.photo": _l("Chọn một ảnh chụp tờ đang treo."),
}
