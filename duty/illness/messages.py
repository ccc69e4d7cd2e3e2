"""Sentences for the error codes of illness."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "illness.day": _l("Ngày cần viết ngày/tháng/năm, ví dụ 05/02/2027."),
    "illness.changed": _l("%(name)s không còn nhận được ca này. Xem lại danh sách và chọn lại."),
    "illness.may_not_decide": _l("Đồng chí hỏi được người thay, nhưng ca này do người quản lý quyết định."),
    "illness.nobody": _l("Chọn ít nhất một ca để hỏi người thay."),
    "illness.want": _l("Chọn xin nghỉ hoặc xin trực."),
}
