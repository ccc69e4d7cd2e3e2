"""Whoever makes a passphrase of copies does not do so unseen: the other administrators get a letter."""

from __future__ import annotations

from datetime import datetime

from flask import current_app
from flask_babel import force_locale, gettext as _

from core.actor import Actor
from core.i18n import dm, t
from people.accounts import queries as accounts
from people.notification_rules import reading

TOPIC = "copies"


def tell(*, actor: Actor, now: datetime) -> None:
    """Tell them in the caller's transaction."""
    for user in accounts.active_admin_accounts():
        if user.person is None or user.id == actor.user_id:
            continue
        with force_locale(user.locale):
            subject = _("Có mật khẩu niêm phong bản sao mới")
            body = _(
                "%(by)s đã tạo mật khẩu niêm phong bản sao dữ liệu mới lúc %(time)s ngày %(day)s. Từ bản sao sau, chỉ "
                "mật khẩu này mở được: hỏi xem tờ in cất ở đâu. Nếu không ai định đổi, tạo ngay một mật khẩu khác.",
                by=actor.name,
                time=t(now),
                day=dm(now),
            )
        about = f"{TOPIC}/passphrase"
        key = f"{about}/{now.isoformat()}/{user.id}"
        words = f"{body}\n{current_app.config['PUBLIC_URL']}/system/#copies"
        reading.write(user.person, topic=about, key=key, subject=subject, body=words, now=now)
