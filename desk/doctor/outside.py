"""Checks of what is outside: settings that strangers meet, the address of this installation, mail, gateways, push."""

from __future__ import annotations

import socket
import ssl
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import current_app

from core import clock
from core.db import db
from desk.audit import shut_channels
from desk.doctor.inside import production
from desk.doctor.notes import Note, fault, ok, unsafe, warning
from incidents.mailboxes import services as mailboxes
from notify.addresses import is_loopback
from notify.channels import email, push_keys
from notify.channels.base import ChannelError, Letter
from notify.gateways import breakers, services as gateways
from notify.gateways.models import PushKey

KNOWN_ENVIRONMENTS = ("production", "development", "test")
SHORTEST_KEY = 32
WITHIN = 5.0
CLOCKS_APART = 5.0


def settings(_now: datetime) -> Iterator[Note]:
    given = current_app.config
    if given["APP_ENV"] not in KNOWN_ENVIRONMENTS:
        yield fault("settings", f"APP_ENV={given['APP_ENV']} is not known", "APP_ENV=production")
    elif not production():
        yield warning(
            "settings",
            f"APP_ENV={given['APP_ENV']}: nothing unsafe is refused",
            "APP_ENV=production where real people are called",
        )
    if len(given["SECRET_KEY"]) < SHORTEST_KEY:
        yield fault(
            "settings",
            f"SECRET_KEY has fewer than {SHORTEST_KEY} characters: it can be guessed",
            "make one: python3 -c 'import secrets; print(secrets.token_hex(32))'",
        )
    if given["PUBLIC_URL"].startswith("https://") and not given["TRUSTED_PROXIES"] and is_loopback(given["HOST"]):
        yield unsafe(
            "settings",
            "TRUSTED_PROXIES is 0 behind a proxy: one stranger can lock everybody out",
            "TRUSTED_PROXIES=1 (the number of proxies of yours)",
            production=production(),
        )
    if given["DEMO"] and not given["TESTING"]:
        yield unsafe(
            "settings",
            "DEMO is on: an empty database is filled with invented people",
            "DEMO=0",
            production=production(),
        )
    if production():
        yield ok("settings", "APP_ENV=production")


def public_url(_now: datetime) -> Iterator[Note]:
    url = current_app.config["PUBLIC_URL"]
    parts = urlsplit(url)
    host, where = parts.hostname or "", "PUBLIC_URL="
    if is_loopback(host):
        yield unsafe(
            "address",
            f"{where}{url} leads nowhere but to this machine: no link in a message works",
            "set PUBLIC_URL to the address that phones open",
            production=production(),
        )
        return
    if parts.scheme != "https":
        yield unsafe(
            "address",
            f"{where}{url} is not https: links can be read on the way, push does not work",
            "put a proxy with a certificate in front and say https",
            production=production(),
        )
    if _is_private(host):
        yield warning(
            "address",
            f"{where}{url} is an inner address: phones outside and calendar services cannot open it",
            "use a name that is reachable from outside",
        )
    yield from _answers(url)


def _answers(url: str) -> Iterator[Note]:
    try:
        with urllib.request.urlopen(f"{url}/healthz", timeout=WITHIN) as answer:  # noqa: S310 (set by the operator)
            said = answer.headers.get("Date")
    except (urllib.error.URLError, OSError, ValueError) as why:
        yield fault(
            "address",
            f"{url}/healthz does not answer from here: {getattr(why, 'reason', why)}",
            "start the web server; look at proxy, certificate and name",
        )
        return
    yield ok("address", f"{url}/healthz answers; open it from a phone without Wi-Fi too")
    if said:
        apart = abs((parsedate_to_datetime(said) - clock.wall()).total_seconds())
        if apart > CLOCKS_APART:
            yield fault(
                "clock",
                f"this machine and {url} differ by {apart:.0f} s",
                "switch on time synchronisation (chrony, systemd-timesyncd)",
            )


def mail(_now: datetime, send_to: str = "") -> Iterator[Note]:
    channel = email.from_settings(current_app.config)
    if channel is None:
        yield unsafe(
            "mail", "MAIL_URL is not set: every mail is held", "set MAIL_URL and MAIL_FROM", production=production()
        )
        return
    where = f"{channel.gateway.host}:{channel.gateway.port}"
    try:
        channel.open()
        if send_to:
            channel.send(_letter(send_to))
        yield ok(
            "mail", f"{where} lets us in{f'; a letter is on its way to {send_to}' if send_to else ', nothing was sent'}"
        )
    except ChannelError as why:
        yield fault(
            "mail",
            f"{where}: {why.answer}",
            "compare MAIL_URL with what the mail provider says: name, port, user, password",
        )
    finally:
        channel.close()


def _letter(address: str) -> Letter:
    now = clock.now()
    words = (
        "Thư thử của lệnh doctor. Nhận được thư này là cổng thư hoạt động.\n\nA test letter of `doctor`: mail works.\n"
    )
    domain = current_app.config["MAIL_FROM"].rpartition("@")[2].strip("<> ") or "localhost"
    return Letter(address, "", "[Trực Tết] Thư thử", words, f"<doctor.{int(now.timestamp())}@{domain}>", False, now)


def carriers(now: datetime) -> Iterator[Note]:
    """Gateways of SMS and calls: set up rightly, reachable, not given up for the moment."""
    blocked, listed = breakers.blocked(now=now), [row for row in gateways.listed() if row.active]
    for row in listed:
        name = gateways.name_of(row)
        ready = next((each for each in gateways.ready(row.channel) if each.id == row.id), None)
        if ready is None:
            yield fault(
                "gateways",
                f"{name} cannot be used: a field is wrong, or its secret was sealed with another SECRET_KEY",
                "type its secrets again on Cổng gửi tin, then Gửi thử",
            )
        elif why := _unreachable(ready.recipe.url):
            yield fault("gateways", f"{name}: {why}", "look at the network, the firewall and the provider's address")
        elif name in blocked:
            yield fault(
                "gateways",
                f"{name} failed several times and is left alone for a moment",
                "look at its last error on /system/",
            )
        else:
            yield ok("gateways", f"{name} can be reached")
    if not listed:
        yield warning("gateways", "there is none: nobody is called by SMS or by phone", "add one on Cổng gửi tin")


def channels(_now: datetime) -> Iterator[Note]:
    """Whether anything here rings or writes to anybody at all."""
    if shut_channels.is_unconnected():
        yield fault(
            "channels",
            "no channel is connected: every call is made by hand",
            "set MAIL_URL, or add a gateway on Cổng gửi tin",
        )


def push(_now: datetime) -> Iterator[Note]:
    if db.session.get(PushKey, push_keys.ONLY) is None:
        yield ok("push", "no phone has subscribed yet; the keys are made then")
        return
    try:
        push_keys.private_key()
        yield ok("push", "the keys open")
    except ValueError as why:
        yield fault("push", str(why), "set the old SECRET_KEY again")


def _unreachable(url: str) -> str:
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        with socket.create_connection((parts.hostname or "", port), timeout=WITHIN) as line:
            if parts.scheme == "https":
                with ssl.create_default_context().wrap_socket(line, server_hostname=parts.hostname):
                    pass
    except (OSError, ValueError) as why:
        return f"{parts.hostname}:{port} cannot be reached: {why}"
    return ""


def _is_private(host: str) -> bool:
    try:
        return ip_address(host).is_private
    except ValueError:
        return host.endswith((".local", ".lan", ".internal")) or "." not in host


def letter_boxes(now: datetime) -> Iterator[Note]:
    """Mail that monitors write to us."""
    for row in mailboxes.all_read():
        name, seen = f"mailbox of {row.intake.name}", row.visited_at
        last = f"was last looked at {clock.local(seen):%Y-%m-%d %H:%M:%S}" if seen else "was never looked at"
        if row.problem:
            yield fault(name, f"{row.host}: {row.problem}", "look at the account on the page of the source")
        elif mailboxes.is_unvisited(row, now):
            yield fault(name, f"{row.host} {last}", "start the worker, and look at its log")
        elif seen is None:
            yield ok(name, f"{row.host} was saved a moment ago, its first look comes")
        else:
            yield ok(name, f"{row.host} {last}")
