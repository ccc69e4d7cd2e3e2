"""Sentences for the error codes of mailboxes."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "mailbox.folder": _l("Ghi tên thư mục, thường là INBOX."),
    "mailbox.host": _l("Ghi tên máy chủ thư, ví dụ imap.buudien.example, không kèm đường dẫn."),
    "mailbox.password": _l("Ghi mật khẩu của hộp thư; đổi máy chủ hoặc tài khoản thì phải ghi lại."),
    "mailbox.port": _l("Ghi cổng từ 1 đến 65535, thường là 993."),
    "mailbox.security": _l("Chọn cách mã hóa đường truyền."),
    "mailbox.sender": _l("“%(wrong)s” không phải địa chỉ thư. Ghi như canhbao@buudien.example hoặc @buudien.example."),
    "mailbox.senders": _l("Ghi ít nhất một người gửi được phép, nhiều nhất %(most)s, mỗi dòng một địa chỉ."),
    "mailbox.source": _l("Chỉ nguồn loại phần mềm khác, chưa thu hồi, mới có hộp thư."),
    "mailbox.unknown": _l("Nguồn này không có hộp thư."),
    "mailbox.unsealed": _l("Không mã hóa chỉ dùng cho máy chủ thư trên chính máy này."),
    "mailbox.username": _l("Ghi tên tài khoản của hộp thư."),
}
