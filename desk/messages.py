"""Sentences for the error codes of the desk."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "demo.present": _l("Dữ liệu mẫu đã có sẵn. Xóa trước rồi mới tạo lại."),
    "demo.in_use": _l("Dữ liệu thật đang gắn với dữ liệu mẫu: %(things)s. Tách ra rồi xóa lại."),
    "backup.passphrase_set": _l("Mật khẩu niêm phong do BACKUP_PASSPHRASE đặt: đổi ở đó."),
    "backup.passphrase_not_made": _l("Chưa có mật khẩu nào chờ gõ lại: tạo mật khẩu mới."),
    "backup.passphrase_other": _l("Không giống mật khẩu vừa tạo. Gõ lại theo tờ in; mất tờ in thì tạo mật khẩu mới."),
    "backup.none": _l("Máy này chưa có bản sao nào. Bản sao được lấy mỗi 15 phút; thử lại sau."),
    "sending.how": _l("Chọn gọi ngay hoặc bỏ qua những gì đã quá giờ."),
    "campaign.unpublished": _l("Đợt trực này chưa được ban hành nên chưa có gì để xuất. Ban hành trước."),
}
