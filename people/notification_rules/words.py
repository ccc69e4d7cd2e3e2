"""Ways of reaching people in words: names of channels, delays, and what a trial came to."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l

from core.i18n import duration
from core.text import format_phone
from notify.channels import apprise
from people.notification_rules.rules import Rung

CHANNEL_NAMES: dict[str, Any] = {
    "push": _l("Thông báo đẩy"),
    "email": _l("Thư điện tử"),
    "sms": _l("Tin nhắn SMS"),
    "voice": _l("Gọi thoại tự động"),
    "apprise": _l("Dịch vụ khác"),
}
ICONS = {"push": "bell", "email": "mail", "sms": "message", "voice": "phone-call", "apprise": "link"}
DELAYS = (0, 15, 30, 60, 120, 180, 300, 600, 1200, 1800, 3600)


def address(rung: Rung) -> str:
    """The address as people read it; of a device its name, because its address is a secret."""
    if rung.contact_id is None:
        if is_untried(rung.channel, rung.address):
            return _("%(name)s (chưa thử)", name=rung.name)
        return rung.name
    return format_phone(rung.address) if rung.channel in ("sms", "voice") else rung.address


def is_untried(channel: str, address: str) -> bool:
    """Whether it leads to a service of which nobody knows what it makes of a call."""
    return channel == "apprise" and not apprise.is_tried(address)


def wait(delay: timedelta) -> str:
    """ "ngay" or "sau 30 giây"."""
    seconds = delay.total_seconds()
    return _("ngay") if seconds == 0 else _("sau %(time)s", time=duration(seconds))


def delay_choices(present: timedelta) -> list[tuple[int, str]]:
    """Return what a list offers, the present wait among them."""
    seconds = sorted({*DELAYS, int(present.total_seconds())})
    return [(each, wait(timedelta(seconds=each))) for each in seconds]


def sentence(rungs: Iterable[Rung]) -> str:
    """ "Thư điện tử ngay, tin nhắn SMS sau 30 giây": a ladder as one line."""
    said = [f"{CHANNEL_NAMES[rung.channel]} {wait(rung.delay)}" for rung in rungs]
    return "; ".join(said) if said else _("Chưa có cách nào hệ thống gọi được.")
