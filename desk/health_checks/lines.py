"""The lines out and in: mail, gateways of texts and calls, push, mailboxes; and whose word is believed on them."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import gettext as _

from core import clock
from core.db import db
from desk.health_checks.check import CheckFinding, CheckPassed, HealthCheck, several
from desk.health_checks.machine import TABLES
from incidents.mailboxes import services as mailboxes, words as mailbox_words
from notify import channel_outages, queries
from notify.channels import email, push_keys
from notify.channels.base import CarriedLetter, ChannelError
from notify.gateways import services as gateways
from notify.gateways.models import Breaker, Gateway, PushKey

WITHIN = 5.0


def unreachable(url: str) -> str:
    """Why no line to the host of ``url`` can be opened, or ''. Nothing is asked there: it is no sign of life."""
    parts = urlsplit(url)
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
        with socket.create_connection((parts.hostname or "", port), timeout=WITHIN) as line:
            if parts.scheme == "https":
                with ssl.create_default_context().wrap_socket(line, server_hostname=parts.hostname):
                    pass
    except (OSError, ValueError) as why:
        return f"{parts.hostname}: {why}"
    return ""


def _mail_unset(_now: datetime) -> CheckFinding | None:
    return CheckFinding("mail_unset", 1) if email.from_settings(current_app.config) is None else None


def mail_refused(_now: datetime, send_to: str = "") -> CheckFinding | CheckPassed | None:
    """Sign in at the mail server as for a letter; with ``send_to`` one is sent there."""
    channel = email.from_settings(current_app.config)
    if channel is None:
        return None
    where = f"{channel.gateway.host}:{channel.gateway.port}"
    try:
        channel.open()
        if send_to:
            channel.send(_letter(send_to))
            return CheckPassed(_("%(server)s đã nhận một thư thử gửi %(address)s", server=where, address=send_to))
        return CheckPassed(_("%(server)s cho đăng nhập, không gửi gì", server=where))
    except ChannelError as why:
        return CheckFinding("mail_refused", 1, f"{where}: {why.answer}", ("email",))
    finally:
        channel.close()


def _letter(address: str) -> CarriedLetter:
    now = clock.now()
    words = (
        "Thư thử của lệnh doctor. Nhận được thư này là cổng thư hoạt động.\n\nA test letter of `doctor`: mail works.\n"
    )
    domain = current_app.config["MAIL_FROM"].rpartition("@")[2].strip("<> ") or "localhost"
    return CarriedLetter(
        address, "", "[Trực Tết] Thư thử", words, f"<doctor.{int(now.timestamp())}@{domain}>", False, now
    )


def _active() -> list[Gateway]:
    return [row for row in gateways.listed() if row.active]


def _no_gateway(_now: datetime) -> CheckFinding | None:
    return None if _active() else CheckFinding("gateway_none", 1)


def _ready() -> dict[int, gateways.Ready]:
    return {each.id: each for channel in ("sms", "voice") for each in gateways.ready(channel)}


def _unusable(_now: datetime) -> CheckFinding | None:
    ready = _ready()
    return several("gateway_unusable", [gateways.name_of(row) for row in _active() if row.id not in ready])


def _unreachable(_now: datetime) -> CheckFinding | CheckPassed:
    found = [(each.name, unreachable(each.recipe.url)) for each in _ready().values()]
    wrong = several("gateway_unreachable", [f"{name}: {why}" for name, why in found if why])
    return wrong or CheckPassed(", ".join(name for name, _why in found))


def _breakers_open(_now: datetime) -> CheckFinding | None:
    return _left_alone("breaker_open", (row for row in queries.open_breakers() if not _is_of_a_host(row)))


def _host_breakers_open(_now: datetime) -> CheckFinding | None:
    """Hosts of single people's phones and messengers: one of them is down for those alone who use it."""
    return _left_alone("host_breaker_open", filter(_is_of_a_host, queries.open_breakers()))


def _is_of_a_host(row: Breaker) -> bool:
    return row.name.partition("/")[0] in channel_outages.OF_EACH_HOST


def _left_alone(kind: str, rows: Iterable[Breaker]) -> CheckFinding | None:
    return several(kind, [f"{row.name}: {row.last_error}" if row.last_error else row.name for row in rows])


def _push_sealed(_now: datetime) -> CheckFinding | None:
    if db.session.get(PushKey, push_keys.ONLY) is None:
        return None
    try:
        push_keys.private_key()
    except ValueError as why:
        return CheckFinding("push_key_sealed", 1, str(why))
    return None


def _mailbox_failing(_now: datetime) -> CheckFinding | CheckPassed:
    """Return those that could not be read when somebody looked last, at once and with the server's words."""
    read = mailboxes.all_read()
    wrong = [f"{row.intake.name} ({row.host}): {mailbox_words.problem(row)}" for row in read if row.problem]
    seen = [(row.intake.name, row.visited_at) for row in read if row.visited_at]
    looked = [_("%(name)s đọc lúc %(time)s", name=name, time=f"{clock.local(at):%H:%M:%S}") for name, at in seen]
    return several("mailbox_failing", wrong) or CheckPassed(", ".join(looked))


def _texts_forgeable(_now: datetime) -> CheckFinding | None:
    """Gateways whose texts are answers, and whose reports are known by their secret address alone."""
    hears = [row for row in _active() if row.settings.get("in_from") and not row.settings.get("signing")]
    return several("sms_forgeable", [gateways.name_of(row) for row in hears])


def _mails_forgeable(_now: datetime) -> CheckFinding | None:
    """A mail's sender is believed as it stands; only the server that takes it in can check."""
    return several("mail_forgeable", [f"{row.intake.name} ({row.host})" for row in mailboxes.all_read()])


CHECKS = (
    HealthCheck("mail_unset", "mail", "set_up", "unsafe", "expensive", _mail_unset),
    HealthCheck("mail_refused", "mail", "lines", "fault", "expensive", mail_refused, ("mail_unset",)),
    HealthCheck("gateway_none", "gateways", "set_up", "note", "expensive", _no_gateway, (TABLES,)),
    HealthCheck("gateway_unusable", "gateways", "lines", "fault", "expensive", _unusable, ("gateway_none",)),
    HealthCheck("gateway_unreachable", "gateways", "lines", "fault", "expensive", _unreachable, ("gateway_none",)),
    HealthCheck("breaker_open", "gateways", "lines", "fault", "expensive", _breakers_open, (TABLES,)),
    HealthCheck("host_breaker_open", "gateways", "lines", "note", "expensive", _host_breakers_open, (TABLES,)),
    HealthCheck("push_key_sealed", "push", "lines", "fault", "expensive", _push_sealed, (TABLES,)),
    HealthCheck("mailbox_failing", "mailboxes", "lines", "fault", "expensive", _mailbox_failing, (TABLES,)),
    HealthCheck("sms_forgeable", "trust", "set_up", "note", "expensive", _texts_forgeable, (TABLES,)),
    HealthCheck("mail_forgeable", "trust", "set_up", "note", "expensive", _mails_forgeable, (TABLES,)),
)
