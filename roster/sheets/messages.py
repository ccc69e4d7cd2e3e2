"""Sentences for the error codes of sheets."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "sheet.nothing": _l("Không có gì để ghi: mọi ô đọc được đã đúng như dự thảo, hoặc đang được để lại."),
    "sheet.no_file": _l("Chưa có gì. Chọn một tệp XLSX hoặc CSV, hoặc dán các ô chép từ bảng tính."),
}
