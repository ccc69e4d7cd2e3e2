"""Sentences for the error codes of attachments."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "attachment.unknown": _l("Không có tệp này, hoặc tệp đã được rút."),
    "attachment.missing": _l("Chọn ảnh hoặc tệp PDF."),
    "attachment.one": _l("Gửi mỗi lần một tệp."),
    "attachment.empty": _l("Tệp trống."),
    "attachment.large": _l("Mỗi tệp lớn nhất %(most)s MB."),
    "attachment.kind": _l("Chỉ nhận ảnh JPEG, PNG, WebP và tệp PDF."),
    "attachment.heic": _l("Ảnh HEIC chưa đọc được. Trên điện thoại, chọn lưu ảnh dạng JPEG rồi gửi lại."),
    "attachment.broken": _l("Tệp hỏng hoặc chưa tải lên hết. Chụp hoặc chọn lại."),
    "attachment.pixels": _l("Ảnh lớn nhất %(most)s triệu điểm ảnh."),
    "attachment.pixels_in_all": _l("Các ảnh gửi cùng lúc quá lớn: cả thảy nhiều nhất %(most)s triệu điểm ảnh."),
    "attachment.many": _l("Mỗi sự cố nhận nhiều nhất %(most)s tệp."),
}
