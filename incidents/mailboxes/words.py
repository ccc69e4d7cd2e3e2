"""What became of mails, and why a mailbox cannot be read, in words."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l

from incidents.mailboxes.models import Mailbox

OUTCOMES: dict[str, Any] = {
    "created": _l("Ghi sự cố mới"),
    "known": _l("Đã có sự cố"),
    "acknowledged": _l("Đã tiếp nhận"),
    "resolved": _l("Xử lý xong"),
    "cleared": _l("Một cảnh báo đã hết"),
    "held": _l("Giữ lại, đang bảo trì"),
    "ignored": _l("Không có sự cố mở"),
    "dropped": _l("Bỏ qua, không gọi ai"),
    "sender": _l("Từ chối: người gửi không được phép"),
    "loop": _l("Từ chối: thư của chính hệ thống"),
    "reply": _l("Từ chối: trả lời thư của hệ thống"),
    "auto": _l("Từ chối: thư trả lời tự động hoặc gửi hàng loạt"),
    "bounce": _l("Từ chối: thư báo không gửi được"),
    "forged": _l("Từ chối: báo đã hết mà máy chủ thư cho là mạo danh"),
    "too_large": _l("Từ chối: thư lớn hơn 1 MB"),
    "unreadable": _l("Không đọc được, đã báo người trực"),
    "broken": _l("Không đọc được thư này"),
}
PROBLEMS: dict[str, Any] = {
    "private": _l("Máy chủ này ở mạng nội bộ hoặc trên chính máy này: đánh dấu ô cho phép rồi lưu lại."),
    "connect": _l("Không kết nối được máy chủ thư: xem tên máy chủ, cổng và đường mạng."),
    "tls": _l("Không mã hóa được đường truyền: xem chứng thư của máy chủ và cách mã hóa."),
    "login": _l("Máy chủ thư không nhận tài khoản hoặc mật khẩu."),
    "folder": _l("Không mở được thư mục này."),
    "answer": _l("Máy chủ thư trả lời không hiểu được hoặc ngừng trả lời."),
    "sealed": _l("Không mở được mật khẩu đã lưu, vì SECRET_KEY đã đổi: ghi lại mật khẩu."),
}


def outcome(code: str) -> str:
    return str(OUTCOMES.get(code, code))


def problem(row: Mailbox) -> str:
    """Empty while all is well."""
    code, _blank, said = row.problem.partition(" ")
    return why(code, said) if code else ""


def why(code: str, said: str) -> str:
    """The sentence, and the server's own words."""
    sentence = str(PROBLEMS.get(code, code))
    return _("%(why)s Máy chủ báo: %(said)s", why=sentence, said=said) if said else sentence
