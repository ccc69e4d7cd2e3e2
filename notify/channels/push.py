"""Web push: encrypted for one browser, handed to the push service that the browser chose (RFC 8030)."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from core import clock
from notify.addresses import is_loopback, networks, without_loopback
from notify.channels import push_keys, webpush_crypto as crypto
from notify.channels.base import Accepted, CarriedLetter, ChannelError
from notify.channels.http import WITHIN, Lines
from notify.channels.mime import single_address

LIVES = 24 * 3600
"""Seconds that a push service keeps the words for a phone that is off."""
TOKEN_LIVES = 12 * 3600
public_key = push_keys.public_key


def from_settings(settings: Mapping[str, Any]) -> PushChannel:
    """The channel; it needs no gateway of its own."""
    return PushChannel(settings)


class PushChannel:
    """See ``Channel``. An address is the JSON of a browser's subscription; each push service is a gateway."""

    def __init__(self, settings: Mapping[str, Any], *, within: float = WITHIN) -> None:
        allowed = networks(settings.get("OUTGOING_ALLOW") or "")
        # A browser says where its push service is. In production none is on this machine, whatever else may be reached.
        self._allowed = without_loopback(allowed) if settings.get("APP_ENV") == "production" else allowed
        sender = single_address(settings["MAIL_FROM"])
        self._contact = settings["PUBLIC_URL"] if settings["PUBLIC_URL"].startswith("https") else f"mailto:{sender}"
        self._lines = Lines(within=within)

    def is_local(self, address: str) -> bool:
        return is_loopback(_host(address))

    def gateways(self, address: str) -> tuple[str, ...]:
        return (f"push/{_host(address) or 'unknown'}",)

    def open(self, gateway: str) -> None:
        """Opened by the request itself."""

    def words(self, letter: CarriedLetter, gateway: str) -> str:
        shown = json.loads(_words(letter))
        return f"{shown['title']}\n{shown['body']}".strip()

    def send(self, letter: CarriedLetter, gateway: str) -> Accepted:
        try:
            to = crypto.subscription(letter.address)
        except ValueError as fault:
            raise ChannelError(str(fault), permanent=True) from fault
        body = crypto.encrypt(_words(letter), to, crypto.new_key(), os.urandom(16))
        parts = urlsplit(to.endpoint)
        expires = int(clock.now().timestamp()) + TOKEN_LIVES
        headers = {
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(LIVES),
            "Urgency": "high" if letter.urgent else "normal",
            # The same message again replaces itself on the phone.
            "Topic": crypto.b64(letter.message_id.encode())[-32:],
            "Authorization": crypto.authorization(
                push_keys.private_key(), f"{parts.scheme}://{parts.netloc}", self._contact, expires
            ),
        }
        answer = self._lines.request("POST", to.endpoint, headers, body, allowed=self._allowed)
        words = f"{answer.status} {' '.join(answer.text.split())}"[:300].strip()
        if answer.status in (200, 201, 202, 204):
            return Accepted(words, answer.headers.get("location", "")[:200])
        if answer.status in (400, 404, 410, 413):  # 404 and 410: the browser has unsubscribed
            raise ChannelError(words, permanent=True)
        raise ChannelError(words, gateway=True)

    def close(self) -> None:
        self._lines.close()


def _words(letter: CarriedLetter) -> bytes:
    """Return what the service worker shows: title, body, language, where a tap leads, and a tag: repetitions
    replace."""
    body = letter.body
    while True:
        shown = {
            "title": letter.subject,
            "body": body,
            "url": letter.link,
            "tag": letter.message_id.strip("<>"),
            "lang": str(letter.facts.get("language") or "vi"),
        }
        words = json.dumps(shown, ensure_ascii=False).encode()
        if len(words) <= crypto.MOST or not body:
            return words[: crypto.MOST]
        body = body[: max(0, len(body) - 1 - (len(words) - crypto.MOST))]


def _host(address: str) -> str:
    try:
        return urlsplit(str(json.loads(address)["endpoint"])).hostname or ""
    except (ValueError, KeyError, TypeError):
        return ""
