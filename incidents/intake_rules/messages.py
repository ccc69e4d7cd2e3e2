"""Sentences for the error codes of rules of a source."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "intake.rule_choice": _l("Quy tắc %(n)s: chọn một trong các mục có sẵn."),
    "intake.rule_field": _l("Quy tắc %(n)s: ghi tên mục cần xem, không quá %(most)s ký tự."),
    "intake.rule_nothing": _l("Quy tắc %(n)s chưa đổi gì: chọn loại, đơn vị, mức độ hoặc việc sẽ làm."),
    "intake.rule_sought": _l("Quy tắc %(n)s: ghi điều cần tìm, không quá %(most)s ký tự."),
    "intake.rule_unit": _l("Quy tắc %(n)s: chọn một đơn vị thuộc %(unit)s."),
    "intake.rules_changed": _l("Trong lúc đồng chí sửa, người khác đã lưu quy tắc khác. Xem lại rồi bấm lưu lần nữa."),
    "intake.rules_heartbeat": _l("Nguồn báo định kỳ không có nội dung để xét quy tắc."),
    "intake.rules_many": _l("Không quá %(most)s quy tắc."),
}
