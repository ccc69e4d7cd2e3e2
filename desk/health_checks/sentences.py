"""What is wrong where a check found something, in the reader's language. Those about the engine stand with the
letters about them (``desk.audit.words``)."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, Any] = {
    "database_unavailable": _l("Cơ sở dữ liệu không trả lời (%(example)s)."),
    "database_standby": _l("PostgreSQL này chỉ là bản dự phòng: không ghi được gì."),
    "database_damaged": _l("Cơ sở dữ liệu bị hỏng (%(example)s)."),
    "migrations_pending": _l("Các bảng không đúng phiên bản mà phần mềm cần (%(example)s)."),
    "disk_full": _l("Ổ đĩa gần như đã đầy (%(example)s)."),
    "disk_low": _l("Ổ đĩa sắp đầy (%(example)s)."),
    "folder_unwritable": _l("Phần mềm không ghi được vào %(example)s."),
    "folder_readable": _l("Người dùng khác của máy này đọc được %(example)s."),
    "clock_apart": _l("Đồng hồ máy này và máy chủ cơ sở dữ liệu lệch nhau %(example)s."),
    "demo_present": _l("Tỉnh giả định (dữ liệu mẫu) đang ở trong cơ sở dữ liệu."),
    "backup_never": _l("Chưa có bản sao dữ liệu nào được tạo."),
    "backup_old": _l("Bản sao dữ liệu mới nhất đã cũ (%(example)s)."),
    "copies_gone": _l("Không còn bản sao dữ liệu nào (%(example)s)."),
    "copy_missing": _l("Bản sao dữ liệu mới nhất không còn (%(example)s), chỉ còn bản cũ hơn."),
    "copy_cut": _l("Bản sao dữ liệu mới nhất không đủ dung lượng như lúc tạo (%(example)s)."),
    "copy_damaged": _l("Bản sao dữ liệu mới nhất bị hỏng, không khôi phục được (%(example)s)."),
    "pg_dump_missing": _l("Không tạo được bản sao: thiếu chương trình của PostgreSQL (%(example)s)."),
    "second_folder_none": _l("Bản sao chỉ nằm trên máy này."),
    "second_folder_away": _l("Thư mục sao lưu thứ hai không có hoặc không ghi được (%(example)s)."),
    "second_folder_late": _l("Hơn 45 phút không có bản sao nào tới thư mục thứ hai (%(example)s)."),
    "second_folder_near": _l("Thư mục sao lưu thứ hai nằm trên cùng ổ đĩa với dữ liệu (%(example)s)."),
    "second_folder_open": _l("Ai có được thư mục sao lưu thứ hai (%(example)s) đều đọc được các bản sao, trừ khóa."),
    "second_folder_keys": _l(
        "%(count)s bản sao không niêm phong trong thư mục thứ hai kèm cả khóa bí mật (%(example)s): ai nhặt được đều "
        "mở được mật khẩu cổng gửi tin và giả được mọi phiên đăng nhập."
    ),
    "watchdog_none": _l("Máy này tắt thì không ai ở ngoài biết."),
    "watchdog_unreachable": _l("Không nối được tới địa chỉ canh chừng WATCHDOG_URL (%(example)s)."),
    "watchdog_failing": _l("Địa chỉ canh chừng WATCHDOG_URL không nhận tín hiệu (%(example)s)."),
    "channels_unconnected": _l("Chưa nối kênh nào: mọi cuộc gọi đều là gọi tay."),
    "channels_shut": _l("%(count)s kênh gửi đang hỏng hẳn (%(example)s)."),
    "mail_unset": _l("Chưa đặt MAIL_URL: mọi thư đều bị giữ lại."),
    "mail_refused": _l("Máy chủ thư không nhận (%(example)s)."),
    "gateway_none": _l("Chưa có cổng SMS hay gọi tự động nào: không ai được gọi bằng điện thoại."),
    "gateway_unusable": _l(
        "%(count)s cổng gửi không dùng được: có ô sai, hoặc mật khẩu niêm phong bằng SECRET_KEY khác (%(example)s)."
    ),
    "gateway_unreachable": _l("%(count)s cổng gửi không nối được (%(example)s)."),
    "breaker_open": _l("%(count)s cổng gửi hỏng liên tiếp nên đang tạm ngừng (%(example)s)."),
    "host_breaker_open": _l("%(count)s máy chủ thông báo của cá nhân đang tạm ngừng vì lỗi (%(example)s)."),
    "push_key_sealed": _l("Không mở được khóa thông báo đẩy (%(example)s)."),
    "mailbox_failing": _l("%(count)s hộp thư của nguồn báo không đọc được (%(example)s)."),
    "sms_forgeable": _l(
        "%(count)s cổng SMS báo tin đến mà không ký (%(example)s): ai biết địa chỉ của cổng đều giả được người gửi."
    ),
    "mail_forgeable": _l(
        "%(count)s hộp thư của nguồn báo tin vào tên người gửi ghi trên thư (%(example)s): tên đó ai cũng giả được."
    ),
    "keys_ending": _l("%(count)s khóa API đang dùng sắp hết hạn hoặc vừa hết hạn (%(example)s)."),
    "environment_unknown": _l("Không biết môi trường này (%(example)s)."),
    "environment_lax": _l("%(example)s: điều không an toàn vẫn được chấp nhận."),
    "secret_key_short": _l("SECRET_KEY ngắn hơn 32 ký tự: có thể đoán được."),
    "proxies_untrusted": _l("TRUSTED_PROXIES là 0 sau một proxy: một người lạ có thể khóa cửa mọi người."),
    "demo_setting": _l("DEMO đang bật: cơ sở dữ liệu trống sẽ được điền người giả định."),
    "address_loopback": _l("PUBLIC_URL=%(example)s chỉ dẫn về chính máy này: không liên kết nào trong tin mở được."),
    "address_plain": _l("PUBLIC_URL=%(example)s không phải https: đọc trộm được liên kết, không có thông báo đẩy."),
    "address_inner": _l("PUBLIC_URL=%(example)s là địa chỉ nội bộ: điện thoại bên ngoài không mở được."),
    "address_silent": _l("Từ máy này gọi PUBLIC_URL không có trả lời (%(example)s)."),
    "address_clock": _l("Đồng hồ máy này và máy ở PUBLIC_URL lệch nhau (%(example)s)."),
    "account_none": _l("Chưa có quản trị hệ thống nào đang hoạt động: không ai được báo khi có lỗi."),
    "nobody_reachable": _l("Không gọi được ai: chưa ai có địa chỉ mà máy gọi được."),
    "nothing_published": _l("Chưa ban hành lịch trực (%(example)s): máy không biết ai trực để gọi."),
}
"""By name of the check (``desk.audit.findings.CHECKS``)."""
