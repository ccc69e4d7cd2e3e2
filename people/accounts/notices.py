"""Whose sign-in somebody else has changed hears of it, by every way that there is to them.

Once is not enough here: somebody who takes an account over may hold one of its addresses already.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from flask import current_app
from flask_babel import force_locale, gettext as _

from core.actor import Actor
from core.i18n import dm, t
from people.models import User
from people.notification_rules import ladders, reading, rules as rungs

Event = Literal["reset", "password", "first", "closed", "opened"]


def tell(user: User, event: Event | None, *, actor: Actor | None, now: datetime) -> None:
    """Tell all of the person's own addresses, devices and services, also those not used for calls.

    ``event`` None is nothing to tell; ``actor`` None: by the holder of a link. Not about what people do to their own
    account. In the caller's transaction.
    """
    person = user.person
    if event is None or person is None or (actor is not None and actor.user_id == user.id):
        return
    for standing in ladders.standings(person):
        rung = standing.rung
        if not standing.takes_words:
            continue
        with force_locale(user.locale):
            subject, body = _words(user, event, actor.name if actor else "", now)
        topic = f"account/{user.id}"
        key = f"{topic}/{event}/{now.isoformat()}/{rungs.way(rung)}"
        reading.write_by(rung, person, topic=topic, key=key, subject=subject, body=body, now=now)


def _words(user: User, event: Event, by: str, now: datetime) -> tuple[str, str]:
    at = {"login": user.login, "by": by, "time": t(now), "day": dm(now)}
    if event == "reset":
        subject = _("Tài khoản %(login)s: có người cấp phiếu đặt lại mật khẩu", login=user.login)
        what = _("%(by)s đã cấp phiếu đặt lại mật khẩu cho tài khoản %(login)s lúc %(time)s ngày %(day)s.", **at)
    elif event == "password":
        subject = _("Tài khoản %(login)s: mật khẩu vừa được đặt lại", login=user.login)
        what = _("Mật khẩu của tài khoản %(login)s vừa được đặt lại bằng phiếu lúc %(time)s ngày %(day)s.", **at)
    elif event == "first":
        subject = _("Tài khoản %(login)s: đã được mở bằng phiếu mời", login=user.login)
        what = _(
            "Mật khẩu đầu tiên của tài khoản %(login)s vừa được đặt bằng phiếu mời lúc %(time)s ngày %(day)s.", **at
        )
    elif event == "closed":
        subject = _("Tài khoản %(login)s đã bị khóa", login=user.login)
        what = _("%(by)s đã khóa tài khoản %(login)s lúc %(time)s ngày %(day)s.", **at)
    else:
        subject = _("Tài khoản %(login)s đã được mở lại", login=user.login)
        what = _("%(by)s đã mở lại tài khoản %(login)s lúc %(time)s ngày %(day)s.", **at)
    after = _("Nếu không phải do đồng chí yêu cầu, báo ngay cho quản lý đơn vị hoặc quản trị hệ thống.")
    return subject, f"{what} {after}\n{current_app.config['PUBLIC_URL']}/login"
