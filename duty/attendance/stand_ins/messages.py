"""Sentences for the error codes of those who stand in."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "stand_in.not_missed": _l("Ca này không ai vắng mặt: chỉ ghi trực thay cho ca đã gọi vì chưa có mặt."),
    "stand_in.holder": _l("%(name)s chính là người giữ ca này. Chọn người khác."),
    "stand_in.none": _l("Ca này chưa ghi ai trực thay."),
    "stand_in.from": _l("Giờ bắt đầu trực thay phải trong ca và không sau bây giờ: từ %(first)s đến %(last)s."),
    "stand_in.until": _l("Giờ thôi trực thay phải sau giờ bắt đầu và không sau %(last)s."),
}
