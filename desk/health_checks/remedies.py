"""What to do where a check found something, in the reader's language. Commands and settings are written as typed."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

_CLOCK = _l("bật đồng bộ giờ (chrony, systemd-timesyncd) trên cả hai máy")
_LOG = _l("xem nhật ký của máy báo động; khởi động lại nó nếu nó đứng")
_COPY = _l("`backup create F` ngay, rồi tìm xem ai hay cái gì đã đụng vào các bản sao")
_GATEWAY = _l("xem lỗi gần nhất trên /system/, sửa cổng đó trên Cổng gửi tin rồi bấm Gửi thử")
_MAILBOX = _l("xem tài khoản hộp thư trên trang của nguồn báo")
_CALL = _l("gọi điện ngay cho người trực, rồi xem /system/")

REMEDIES: dict[str, Any] = {
    "database_unavailable": _l("khởi động cơ sở dữ liệu, so lại DATABASE_URL"),
    "database_standby": _l("đặt DATABASE_URL tới máy chính"),
    "database_damaged": _l("dừng chương trình, `backup restore` bản sao lành mới nhất"),
    "database_unsound": _l("cài lại requirements.txt để có SQLite mới hơn, rồi khởi động lại"),
    "database_locked": _l("dừng chương trình đang giữ khóa: /readyz nói tên, số và máy của nó"),
    "migrations_pending": _l("`db upgrade`; nếu bảng mới hơn phần mềm: chạy bản phần mềm mới"),
    "disk_full": _l("xóa bớt, hoặc chuyển DATA_DIR sang ổ đĩa lớn hơn"),
    "disk_low": _l("xóa bớt, hoặc chuyển DATA_DIR sang ổ đĩa lớn hơn"),
    "folder_unwritable": _l("giao thư mục cho người dùng của chương trình: chown -R USER DATA_DIR"),
    "folder_readable": "chmod -R go= DATA_DIR",
    "clock_apart": _CLOCK,
    "demo_present": _l("`demo clear`, hoặc nút trên trang Bắt đầu"),
    "sending_paused": _l("`backup resume`, hoặc Gửi tiếp trên trang bất kỳ"),
    "incidents_overdue": _CALL,
    "incidents_unscheduled": _CALL,
    "incidents_untold": _CALL,
    "leases_expired": _LOG,
    "messages_waiting": _GATEWAY,
    "messages_deadly": _l("gọi tay những người đó, rồi xem trên nhật ký tin nào làm chương trình gửi bị ngắt"),
    "notices_waiting": _GATEWAY,
    "worker_late": _l("khởi động chương trình (`make run`, hoặc `worker` cạnh máy chủ web)"),
    "worker_hung": _l("khởi động lại máy báo động đó"),
    "duty_unsure": _l("tìm người thay trên trang Sẵn sàng"),
    "mailbox_failing": _MAILBOX,
    "mailbox_unread": _MAILBOX,
    "mailbox_unvisited": _LOG,
    "backup_late": _l("xem lý do trong ngoặc và nhật ký của máy báo động"),
    "backup_never": _l("để máy báo động chạy một khắc, hoặc `backup create F`"),
    "backup_old": _LOG,
    "copies_gone": _COPY,
    "copy_missing": _COPY,
    "copy_cut": _COPY,
    "copy_damaged": _l("`backup create F` ngay, `backup verify` từng bản cũ hơn; kiểm tra ổ đĩa"),
    "pg_dump_missing": _l("cài postgresql-client đúng phiên bản, hoặc đặt PG_BIN tới thư mục có nó"),
    "second_folder_none": _l(
        "trước hết tạo mật khẩu niêm phong trên Tình trạng hệ thống (không có thì ai nhặt được thẻ nhớ đều đọc được "
        "tên, số điện thoại, sự cố), rồi đặt BACKUP_DIR tới thẻ nhớ hoặc thư mục của máy khác"
    ),
    "second_folder_away": _l("cắm lại, gắn lại, hoặc chown cho người dùng của chương trình"),
    "second_folder_late": _LOG,
    "second_folder_near": _l("đặt BACKUP_DIR tới thư mục trên ổ đĩa khác"),
    "second_folder_keys": _l(
        "bản do lịch tạo được viết lại không kèm khóa, mỗi lần sao lưu tám bản; bản đặt tên tay hay bị hỏng thì xóa"
    ),
    "second_folder_open": _l(
        "tạo mật khẩu niêm phong trên Tình trạng hệ thống, in ra giấy; hoặc đặt BACKUP_PASSPHRASE"
    ),
    "watchdog_none": _l("đặt WATCHDOG_URL tới dịch vụ canh chừng ở nơi khác"),
    "watchdog_unreachable": _l("so lại WATCHDOG_URL; xem mạng, tường lửa và dịch vụ canh chừng"),
    "watchdog_failing": _l("so lại WATCHDOG_URL với địa chỉ mà dịch vụ canh chừng đã cho"),
    "channels_unconnected": _l("đặt MAIL_URL, hoặc thêm một cổng trên Cổng gửi tin"),
    "channels_shut": _GATEWAY,
    "mail_unset": _l("đặt MAIL_URL và MAIL_FROM"),
    "mail_refused": _l("so MAIL_URL với điều nhà cung cấp thư nói: tên, cổng, người dùng, mật khẩu"),
    "gateway_none": _l("thêm một cổng trên Cổng gửi tin"),
    "gateway_unusable": _l("nhập lại mật khẩu trên Cổng gửi tin rồi bấm Gửi thử"),
    "gateway_unreachable": _l("xem mạng, tường lửa và địa chỉ của nhà cung cấp"),
    "breaker_open": _GATEWAY,
    "host_breaker_open": _l("xem lỗi gần nhất trên /system/; người dùng dịch vụ đó cần thêm cách liên lạc khác"),
    "push_key_sealed": _l("đặt lại SECRET_KEY cũ"),
    "sms_forgeable": _l("dùng cổng có ký tin đến (khóa ký trên trang của cổng), và giữ kín địa chỉ báo tin"),
    "keys_ending": _l("tạo khóa mới trên /people/keys, đặt vào phần mềm đó, rồi thu hồi khóa cũ"),
    "mail_forgeable": _l("để máy chủ thư từ chối thư không qua SPF và DKIM, hoặc cho nguồn báo qua địa chỉ có khóa"),
    "environment_unknown": "APP_ENV=production",
    "environment_lax": _l("APP_ENV=production ở nơi gọi người thật"),
    "secret_key_short": _l("tạo một khóa: python3 -c 'import secrets; print(secrets.token_hex(32))'"),
    "proxies_untrusted": _l("TRUSTED_PROXIES=1 (số proxy của mình)"),
    "demo_setting": "DEMO=0",
    "address_loopback": _l("đặt PUBLIC_URL là địa chỉ mà điện thoại mở"),
    "address_plain": _l("đặt một proxy có chứng chỉ phía trước và ghi https"),
    "address_inner": _l("dùng một tên mà bên ngoài mở được"),
    "address_silent": _l("khởi động máy chủ web; xem proxy, chứng chỉ và tên"),
    "address_clock": _CLOCK,
    "account_none": _l("`users first` in liên kết cho quản trị đầu tiên, hoặc `users create … --role admin`"),
    "nobody_reachable": _l("nhập số điện thoại hoặc thư của mọi người ở Danh bạ, rồi xác nhận"),
    "nothing_published": _l("ban hành lịch trực trên trang Lịch trực"),
}
"""By name of the check (``desk.audit.findings.CHECKS``)."""
