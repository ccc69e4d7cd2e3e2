"""Sentences of the JSON API's own error codes."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

MESSAGES = {
    "auth.required": _l("Cần khóa API hợp lệ trong tiêu đề Authorization: Bearer."),
    "auth.key_ended": _l("Khóa API này đã hết hạn; xin quản trị cấp khóa mới."),
    "auth.throttled": _l("Quá nhiều khóa API sai. Chờ %(retry_after)s giây; khóa đúng vẫn dùng được ngay."),
    "auth.scope": _l("Khóa API này không dùng cho việc này; cần phạm vi: %(needed)s."),
    "auth.forbidden": _l("Khóa API này không có quyền thực hiện việc được yêu cầu."),
    "body.malformed": _l("Nội dung gửi lên không phải JSON đúng chuẩn."),
    "body.media_type": _l("Kiểu nội dung gửi lên không được hỗ trợ."),
    "body.too_large": _l("Nội dung gửi lên quá lớn."),
    "cursor.unknown": _l("Vị trí trang không còn tồn tại; hãy đọc lại danh sách từ đầu."),
    "fields.invalid": _l("Một số trường chưa hợp lệ."),
    "field.missing": _l("Trường này là bắt buộc."),
    "field.unknown": _l("Không có trường này."),
    "field.type": _l("Kiểu dữ liệu không đúng."),
    "field.format": _l("Định dạng không đúng."),
    "field.length": _l("Độ dài không phù hợp."),
    "field.range": _l("Giá trị nằm ngoài giới hạn cho phép."),
    "field.choice": _l("Giá trị không thuộc danh mục cho phép."),
    "field.date": _l("Cần ngày theo dạng YYYY-MM-DD."),
    "field.time": _l("Cần thời điểm theo RFC 3339 kèm múi giờ, ví dụ 2020-01-24T20:00:00+07:00."),
    "field.invalid": _l("Giá trị không hợp lệ."),
    "idempotency_key.invalid": _l("Idempotency-Key cần từ 1 đến 255 ký tự in được."),
    "idempotency_key_reused": _l("Idempotency-Key này đã được dùng cho một yêu cầu có nội dung khác."),
    "idempotency_key.busy": _l("Yêu cầu cùng Idempotency-Key đang được xử lý; hãy gửi lại sau."),
    "request.bad": _l("Yêu cầu không hợp lệ."),
    "resource.not_found": _l("Không tìm thấy nội dung được yêu cầu."),
    "method.not_allowed": _l("Phương thức này không được hỗ trợ tại địa chỉ đã cho."),
    "value.out_of_range": _l("Có giá trị nằm ngoài phạm vi xử lý được."),
    "state.conflict": _l("Dữ liệu hiện có không cho phép thay đổi này."),
    "server.busy": _l("Hệ thống đang bận; hãy gửi lại sau."),
    "server.error": _l("Hệ thống gặp lỗi khi xử lý yêu cầu."),
}
