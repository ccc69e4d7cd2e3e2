"""Sentences for what is wrong with a file from outside."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "attachment.empty": _l("Tệp trống."),
    "attachment.large": _l("Mỗi tệp lớn nhất %(most)s MB."),
    "attachment.kind": _l("Chỉ nhận ảnh JPEG, PNG, WebP và tệp PDF."),
    "attachment.heic": _l("Ảnh HEIC chưa đọc được. Trên điện thoại, chọn lưu ảnh dạng JPEG rồi gửi lại."),
    "attachment.broken": _l("Tệp hỏng hoặc chưa tải lên hết. Chụp hoặc chọn lại."),
    "attachment.pixels": _l("Ảnh lớn nhất %(most)s triệu điểm ảnh."),
}
