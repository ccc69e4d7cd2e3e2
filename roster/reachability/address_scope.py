"""PURE from where an address can be opened, so that pages do not promise what a phone cannot do."""

from __future__ import annotations

import ipaddress
from typing import Literal
from urllib.parse import urlsplit

Reach = Literal["loopback", "private", "public"]
LOCAL_ENDINGS = (".local", ".lan", ".internal", ".home.arpa", ".intranet", ".corp")


def reach_of(url: str) -> Reach:
    """``loopback``: this machine alone; ``private``: machines of the same network; ``public``: everybody.

    Judged by the name alone: a public name that leads nowhere is called public.
    """
    host = (urlsplit(url).hostname or "").rstrip(".").lower()
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return _by_name(host)
    if address.is_loopback or address.is_unspecified:
        return "loopback"
    return "public" if address.is_global else "private"


def _by_name(host: str) -> Reach:
    if host in ("", "localhost") or host.endswith(".localhost"):
        return "loopback"
    return "private" if "." not in host or host.endswith(LOCAL_ENDINGS) else "public"


def webcal(url: str) -> str:
    """The same address under the scheme that calendar apps answer to."""
    return "webcal://" + url.partition("://")[2]
