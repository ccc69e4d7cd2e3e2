"""Channels that carry nothing although nobody has to be called at this moment, also because none was ever connected: a
calm word, before an incident needs them. While somebody waits for a call that does not leave, ``unreached`` speaks.

Nothing is sent only to find out whether a gateway is well again: what is said names since when it is known to fail, and
``/system/`` when it was last tried.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import current_app, g
from flask_babel import gettext as _

from core import clock, i18n
from desk import trial
from desk.audit.untold import GATEWAYS
from desk.health_checks.check import CheckFinding, HealthCheck
from desk.health_checks.machine import TABLES
from notify import channel_outages, outbox
from people.accounts import queries as account_queries
from people.notification_rules import ladders

ORDER = ("email", "sms", "voice", "push", "apprise")
NAMED = 2
"""So many administrators are named to somebody who cannot connect a channel."""


@dataclass(frozen=True)
class Shut:
    """``channels``: (channel, since when it carries nothing), ordered as ``ORDER``. ``every``: no other is left.
    ``unconnected``: there is none at all that could fail."""

    channels: tuple[tuple[str, datetime], ...] = ()
    every: bool = False
    unconnected: bool = False

    def __bool__(self) -> bool:
        return self.unconnected or bool(self.channels)


def current() -> Shut:
    """Return what is shut, for the frame of every page, looked up once a request."""
    if "shut_channels" not in g:
        g.shut_channels = find()
    found: Shut = g.shut_channels
    return found


def find() -> Shut:
    """One small statement while all is well."""
    if is_unconnected():
        return Shut(every=True, unconnected=True)
    known = channel_outages.current()
    if not known.shut:
        return Shut()
    carried = ladders.carried()
    since = {channel: known.shut_since(channel) for channel in known.shut & carried}
    shut = [(channel, at) for channel, at in since.items() if at is not None]
    shut.sort(key=lambda each: ORDER.index(each[0]))
    left = carried - since.keys() - set(channel_outages.OF_EACH_HOST)
    return Shut(tuple(shut), every=not left and not _has_devices())


def is_unconnected(*, anywhere: bool = False) -> bool:
    """Whether nothing in this copy rings or writes to anybody. Copies for trials have none on purpose, and no page of
    theirs is red for it; ``anywhere``: asked of those, too."""
    if current_app.config["APP_ENV"] != "production" and not anywhere:
        return False
    return not outbox.carried() & set(GATEWAYS) and not _has_devices()


def _has_devices() -> bool:
    """Whether anybody can be called by a host of their own (web push, messengers) that is not known to fail."""
    return ladders.has_device(channel_outages.OF_EACH_HOST)


def said(*, only_unconnected: bool = False) -> str:
    """The line of this request; empty while every channel is well. ``only_unconnected``: nor of those that fail."""
    found = current()
    if not found or (only_unconnected and not found.unconnected):
        return ""
    return line(found, now=clock.now())


def whom_to_tell() -> str:
    """Say to somebody who cannot connect a channel whom to tell: "Đề nghị báo quản trị hệ thống (Lê Quản Trị)"."""
    names = account_queries.names_of_administrators(NAMED)
    if not names:
        return _("Đề nghị báo quản trị hệ thống")
    return _("Đề nghị báo quản trị hệ thống (%(names)s)", names=", ".join(names))


def line(found: Shut, *, now: datetime) -> str:
    """ "Thư đang hỏng từ 02:10: khi có sự cố sẽ phải gọi tay"."""
    if found.unconnected:
        return _("%(what)s: mọi cuộc gọi đều là gọi tay", what=none_connected())
    facts = {"what": cause([channel for channel, _at in found.channels]), "since": _since(found, now)}
    if found.every:
        return _("%(what)s từ %(since)s: khi có sự cố sẽ phải gọi tay", **facts)
    return _("%(what)s từ %(since)s: khi có sự cố, ai không có kênh khác sẽ phải gọi tay", **facts)


def _since(found: Shut, now: datetime) -> str:
    """From when on all of them have carried nothing; with its day when that is not today."""
    at = max(at for _channel, at in found.channels)
    return i18n.t(at) if clock.local_date(at) == clock.local_date(now) else i18n.dt(at)


def sign(found: Shut) -> str:
    """Beside the mark in the bar."""
    if found.unconnected:
        return none_connected()
    return cause([channel for channel, _at in found.channels]) if found else ""


def none_connected() -> str:
    return _("Chưa nối kênh nào")


def cause(channels: Sequence[str]) -> str:
    """ "Thư và SMS đang hỏng"."""
    names = [name_of(channel) for channel in channels]
    said = names[0] if len(names) == 1 else _("%(first)s và %(last)s", first=", ".join(names[:-1]), last=names[-1])
    return _("%(channels)s đang hỏng", channels=capital(said))


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def name_of(channel: str) -> str:
    """In the middle of a sentence."""
    words = {
        "email": _("thư"),
        "sms": _("SMS"),
        "voice": _("gọi tự động"),
        "push": _("thông báo đẩy"),
        "apprise": _("dịch vụ nhắn tin"),
    }
    return words[channel]


def _unconnected(_now: datetime) -> CheckFinding | None:
    """A copy for trials has none on purpose."""
    missing = is_unconnected(anywhere=True) and not trial.is_trial()
    return CheckFinding("channels_unconnected", 1, total=True) if missing else None


def _shut(_now: datetime) -> CheckFinding | None:
    found = find()
    if not found.channels:
        return None
    names, since = [channel for channel, _at in found.channels], min(at for _channel, at in found.channels)
    return CheckFinding("channels_shut", len(names), ", ".join(names), tuple(names), since=since, total=found.every)


CHECKS = (
    HealthCheck("channels_unconnected", "channels", "set_up", "unsafe", "expensive", _unconnected, (TABLES,)),
    HealthCheck(
        "channels_shut", "channels", "lines", "fault", "expensive", _shut, ("channels_unconnected", "breaker_open")
    ),
)
"""``breaker_open`` says the same gateway by gateway, where it is asked."""
