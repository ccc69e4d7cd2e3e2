"""Sentences for what links of inspectors refuse."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "inspector.days": _l("Đường dẫn dùng được từ 1 đến %(most)s ngày."),
    "inspector.gone": _l("Đường dẫn này đã hết hạn hoặc đã bị thu hồi. Đề nghị doanh nghiệp cấp đường dẫn mới."),
    "inspector.has_maker": _l("Đường dẫn này vẫn do %(person)s chịu trách nhiệm."),
    "inspector.made_for": _l("Ghi cấp cho ai: cơ quan, đoàn kiểm tra."),
    "inspector.name": _l("Ghi họ tên người xem."),
    "inspector.unknown": _l("Không có đường dẫn này. Kiểm tra lại địa chỉ."),
    "inspector.beyond": _l("Nội dung này nằm ngoài phạm vi của đường dẫn."),
}
