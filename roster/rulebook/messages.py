"""Sentences for the error codes of rules."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "rules.fixed_hard": _l("Quy tắc này luôn bắt buộc, không chuyển thành mềm được."),
    "rules.fixed_soft": _l("Quy tắc này chỉ để cân nhắc, không chuyển thành bắt buộc được."),
    "rules.locked": _l("Quy tắc này không tắt được."),
    "rules.no_pairs": _l("Quy tắc này không xét từng cặp ca."),
    "rules.no_weight": _l("Quy tắc này không có giá để đặt."),
    "rules.not_number": _l("Ghi một số, ví dụ 12 hoặc 7,5."),
    "rules.pair_form": _l("Mỗi dòng một cặp tên ca, dạng Đêm > Sáng."),
    "rules.set_form": _l("Viết dạng mã.tên=giá trị, ví dụ rest.between_shifts.minutes=600 hoặc hours.day.on=no."),
    "rules.too_many_pairs": _l("Nhiều nhất %(most)s cặp ca."),
    "rules.unknown": _l("Không có quy tắc %(code)s."),
    "rules.unknown_parameter": _l("Quy tắc này không có mức %(name)s."),
    "rules.unknown_shift": _l("Đợt trực không có ca tên %(shift)s. Các ca: %(known)s."),
    "rules.value_range": _l("Ghi số từ %(low)s đến %(high)s."),
    "rules.weight_range": _l("Ghi số điểm từ 0 đến %(most)s."),
    "rules.wrong": _l("Chưa lưu quy tắc: còn chỗ chưa đúng."),
}
