"""What is posted, and its parts, in words."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

NAMES: dict[str, Any] = {
    "prohibited": _l("Danh mục cấm gửi"),
    "conditions": _l("Điều kiện cung ứng dịch vụ"),
    "prices": _l("Giá cước"),
    "quality": _l("Chất lượng dịch vụ"),
    "complaints": _l("Khiếu nại"),
    "support": _l("Hỗ trợ khách hàng"),
    "hours": _l("Giờ mở cửa dịp Tết"),
}
PARTS: dict[str, Any] = {
    "examples": _l("Ví dụ của doanh nghiệp"),
    "services": _l("Loại dịch vụ"),
    "quality": _l("Chất lượng dịch vụ"),
    "prices": _l("Giá cước"),
    "compensation": _l("Nguyên tắc bồi thường"),
    "amounts": _l("Mức bồi thường"),
    "provider": _l("Quyền và nghĩa vụ của doanh nghiệp"),
    "user": _l("Quyền và nghĩa vụ của người sử dụng dịch vụ"),
    "other": _l("Thông tin khác"),
    "text": _l("Nội dung"),
}
STATES: dict[str, Any] = {
    "no_text": _l("Doanh nghiệp chưa soạn"),
    "missing": _l("Chưa niêm yết"),
    "outdated": _l("Bản cũ, cần thay"),
    "unproved": _l("Chưa có ảnh"),
    "waiting": _l("Có ảnh, chờ duyệt"),
    "posted": _l("Đã niêm yết"),
}
