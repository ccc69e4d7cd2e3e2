"""Sentences for the error codes of people."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "absence.kind_unknown": _l("Không có loại nghỉ này. Chọn một loại trong danh sách."),
    "absence.order": _l("Ngày kết thúc phải bằng hoặc sau ngày bắt đầu."),
    "absence.overlap": _l("Khoảng nghỉ này trùng với khoảng đã có (%(from_on)s – %(to_on)s)."),
    "absence.too_long": _l("Một khoảng nghỉ không quá %(limit)s ngày. Kiểm tra lại năm."),
    "absence.unknown": _l("Không còn khoảng nghỉ này."),
    "account.inactive": _l("Tài khoản %(login)s đã khóa. Mở lại tài khoản trước khi mời."),
    "account.last_admin": _l("Đây là quản trị viên cuối cùng. Giao quyền quản trị cho người khác trước."),
    "account.login_form": _l("Tên đăng nhập gồm 2–64 chữ không dấu, chữ số và các dấu . _ - @ +"),
    "account.login_taken": _l("Tên đăng nhập %(login)s đã có người dùng. Chọn tên khác."),
    "account.person_has_account": _l("Người có mã %(person)s đã có tài khoản."),
    "account.role_too_high": _l("Không thể giao hoặc sửa quyền cao hơn quyền của chính mình."),
    "account.role_unknown": _l("Không có vai trò này. Chọn một vai trò trong danh sách."),
    "account.unknown": _l("Không tìm thấy tài khoản này."),
    "auth.refused": _l("Tên đăng nhập hoặc mật khẩu không đúng. Kiểm tra lại, hoặc đề nghị quản lý cấp lại phiếu mời."),
    "contact.unknown": _l("Không còn địa chỉ liên lạc này."),
    "duty_kind.letter": _l("Ký hiệu gồm 1–3 chữ, ví dụ LĐ."),
    "duty_kind.unknown": _l("Không có loại trực %(duty)s."),
    "field.code": _l("Mã gồm 1–40 chữ không dấu, chữ số và các dấu . _ -"),
    "field.email": _l("Địa chỉ thư %(value)s chưa đúng. Ví dụ: ten@buudien.vn"),
    "field.limits_form": _l("Viết mức riêng dạng mã:tên=số, ví dụ hours.week:most=2400; chưa đọc được: %(part)s."),
    "field.limits_many": _l("Nhiều nhất %(most)s mức riêng."),
    "field.limits_number": _l("%(key)s: ghi số từ %(low)s đến %(high)s."),
    "field.limits_unknown": _l("Không có mức %(key)s. Các mức: %(known)s."),
    "field.phone": _l("Số điện thoại %(value)s chưa đúng. Ví dụ: 0912 345 678"),
    "field.required": _l("Cần điền mục này."),
    "field.skills": _l(
        "Kỹ năng là các từ cách nhau bằng dấu chấm phẩy, mỗi từ nhiều nhất %(longest)s ký tự, nhiều nhất %(most)s từ."
    ),
    "field.too_long": _l("Không quá %(limit)s ký tự."),
    "invitation.gone": _l(
        "Đường dẫn này đã được dùng, đã thay bằng phiếu khác hoặc đã hết hạn. Đề nghị quản lý cấp lại."
    ),
    "key.unknown": _l("Không tìm thấy khóa này."),
    "password.repeat": _l("Hai lần nhập mật khẩu chưa giống nhau."),
    "password.too_common": _l("Mật khẩu này quá dễ đoán. Chọn một cụm từ dài hơn mà chỉ mình biết."),
    "password.too_long": _l("Mật khẩu không quá %(limit)s ký tự."),
    "password.too_short": _l("Mật khẩu cần ít nhất %(minimum)s ký tự."),
    "password.wrong": _l("Mật khẩu hiện tại không đúng."),
    "person.code_taken": _l("Mã %(person)s đã có người dùng."),
    "person.min_above_max": _l("Số ca ít nhất (%(least)s) lớn hơn số ca nhiều nhất (%(most)s)."),
    "person.unknown": _l("Không tìm thấy người có mã %(person)s."),
    "session.unknown": _l("Không tìm thấy phiên đăng nhập này."),
    "throttled": _l("Thử quá nhiều lần. Chờ %(retry_after)s giây rồi thử lại, hoặc dùng phiếu mời do quản lý cấp lại."),
    "unit.code_taken": _l("Mã đơn vị %(unit)s đã được dùng."),
    "unit.cycle": _l("Đơn vị không thể nằm dưới chính nó."),
    "unit.kind_unknown": _l("Không có loại đơn vị này. Chọn một loại trong danh sách."),
    "unit.unknown": _l("Không tìm thấy đơn vị %(unit)s."),
    "work_pattern.unknown": _l("Không có chế độ làm việc này. Chọn một chế độ trong danh sách."),
}
