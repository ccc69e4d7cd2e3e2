"""Sentences for the error codes of patterns."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "pattern_of.first": _l("Người bắt đầu (%(person)s) không có trong những người đã chọn."),
    "pattern_of.moved": _l("Chưa ghi gì: dự thảo đã khác bản xem trước. Xem lại rồi áp dụng."),
    "pattern_of.no_duty": _l("%(unit)s không có ca %(duty)s trong đợt này. Chọn loại trực khác."),
    "pattern_of.no_shifts": _l("%(unit)s không có ca nào trong đợt này. Nhập nhu cầu trực của đơn vị trước."),
    "pattern_of.nobody": _l("Chọn ít nhất một người: ghi số thứ tự bên cạnh tên."),
    "pattern_of.number": _l(
        "Ô bên cạnh %(person)s ghi “%(value)s”: ghi số thứ tự từ 1 đến 999, hoặc để trống nếu không tham gia."
    ),
    "pattern_of.one_leader": _l("Giám đốc cả đợt là một người; đã chọn %(n)s người."),
    "pattern_of.too_many": _l("Xoay vòng được nhiều nhất %(most)s người; đã chọn %(n)s."),
}
