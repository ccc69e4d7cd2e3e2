"""The form of a source's mailbox."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, PasswordField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from core.forms import Form, choices
from incidents.mailboxes.models import Mailbox
from incidents.mailboxes.services import Settings

SECURITY_NAMES = (
    ("tls", _l("TLS ngay từ đầu (993)")),
    ("starttls", _l("STARTTLS (143)")),
    ("none", _l("Không, máy chủ trên chính máy này")),
)


class MailboxForm(Form):
    """A password is never shown again; empty it stays as it was."""

    fallback = "host"
    host = StringField(_l("Máy chủ IMAP"), [InputRequired(_l("Ghi tên máy chủ thư.")), Length(max=253)])
    port = IntegerField(_l("Cổng"), [InputRequired(_l("Ghi cổng, thường là 993."))], default=993)
    security = SelectField(_l("Mã hóa"), choices=choices(SECURITY_NAMES), default="tls")
    username = StringField(_l("Tài khoản"), [InputRequired(_l("Ghi tên tài khoản của hộp thư.")), Length(max=200)])
    password = PasswordField(_l("Mật khẩu"), [Length(max=500)])
    folder = StringField(_l("Thư mục"), [Length(max=200)], default="INBOX")
    senders = TextAreaField(_l("Người gửi được phép"), [InputRequired(_l("Ghi ít nhất một người gửi được phép."))])
    allow_private = BooleanField(_l("Máy chủ ở mạng nội bộ hoặc trên chính máy này"))

    @classmethod
    def about(cls, row: Mailbox | None) -> MailboxForm:
        """Return what is set, without the password."""
        if row is None:
            return cls()
        names = ("host", "port", "security", "username", "folder", "allow_private")
        return cls(data={name: getattr(row, name) for name in names} | {"senders": "\n".join(row.senders)})

    def settings(self) -> Settings:
        lines = (line.strip().lower() for line in (self.senders.data or "").replace(",", "\n").splitlines())
        return Settings(
            host=(self.host.data or "").strip(),
            port=self.port.data or 0,
            security=self.security.data or "",
            username=(self.username.data or "").strip(),
            password=self.password.data or "",
            folder=(self.folder.data or "").strip() or "INBOX",
            senders=tuple(dict.fromkeys(line for line in lines if line)),
            allow_private=bool(self.allow_private.data),
        )
