"""Sentences for the error codes of the shift diary."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "diary.no_shift": _l("Không có ca trực nào bắt đầu vào giờ này."),
    "diary.no_note": _l("Sổ của đơn vị không có ghi chú số %(number)s."),
    "diary.empty": _l("Ghi nội dung cần lưu vào sổ."),
    "diary.long": _l("Ghi chú dài nhất %(most)s ký tự."),
    "diary.not_yours": _l("Người trực ca này ký giao, người trực ca sau ký nhận; người điều hành ký được cả hai."),
    "diary.not_yet": _l("Chưa đến giờ ký: ký được từ %(at)s."),
    "diary.whole_day": _l("Chọn một ca để ký: ngày này có ca trực."),
    "diary.signed": _l("%(name)s đã ký sổ ca này lúc %(at)s: không sửa được nữa, chỉ ghi thêm."),
    "diary.unsigned": _l("Người giao ca chưa ký sổ."),
    "diary.own": _l("Đồng chí đã ký giao ca này: người nhận ca phải là người khác."),
    "diary.received": _l("%(name)s đã ký nhận sổ ca này lúc %(at)s."),
    "diary.secret": _l("Mã PIN không đúng. Kiểm tra rồi nhập lại, hoặc đặt mã mới ở trang Tài khoản."),
    "diary.when": _l("Giờ xảy ra phải trong %(hours)s giờ qua, không sau bây giờ."),
}
