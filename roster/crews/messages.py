"""Sentences for the error codes of crews."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "crew.changed": _l("Kíp này vừa được người khác sửa. Xem lại rồi sửa lại nếu còn cần."),
    "crew.name_blank": _l("Đặt tên cho kíp, ví dụ: Kíp 1."),
    "crew.name_taken": _l("%(unit)s đã có kíp tên %(name)s. Đặt tên khác."),
    "crew.too_many": _l("Một kíp có nhiều nhất %(most)s người; đã chọn %(n)s."),
    "crew.twice": _l("%(person)s được ghi hai lần trong kíp này. Ghi một lần, với mọi loại trực của người ấy."),
    "crew.unknown": _l("Không có kíp này: có thể vừa bị xóa."),
    "crews.misfit": _l("Chưa ghi gì: %(n)s ô không xếp được như đã gõ."),
    "crews.nobody": _l("Chưa ghi gì: không ai trong kíp vào được ca này."),
    "rotation.moved": _l("Chưa ghi gì: dự thảo hoặc kíp đã khác bản xem trước. Xem lại rồi áp dụng."),
    "rotation.no_crews": _l("Chọn ít nhất một kíp: ghi số thứ tự bên cạnh tên."),
    "crew.number": _l("“%(value)s” không phải số thứ tự. Ghi 1, 2, 3… bên cạnh tên, hoặc để trống."),
    "rotation.too_many": _l("Một vòng xoay có nhiều nhất %(most)s kíp, %(most)s ca; đã chọn %(n)s."),
    "rotation.days": _l("Mỗi lượt từ 1 đến %(most)s ngày: ghi một số."),
    "rotation.no_cycle": _l("Chọn ít nhất một ca trong vòng xoay."),
    "rotation.no_shift": _l("%(unit)s không có ca tên “%(name)s” trong đợt này. Chọn tên ca có trong nhu cầu."),
    "rotation.no_shifts": _l("%(unit)s không có ca nào trong đợt này. Nhập nhu cầu trực của đơn vị trước."),
    "rotation.other_unit": _l("%(crew)s không phải kíp của %(unit)s."),
    "rotation.outside": _l("Ngày %(on)s không thuộc đợt trực. Chọn ngày trong đợt."),
    "rotation.twice": _l("%(crew)s được chọn hai lần."),
}
