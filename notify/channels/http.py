"""One HTTP request to an address that others chose: checked where it really connects, never redirected, bounded in
time whatever the other side does. Lines are kept for the next letter."""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from core import clock
from notify.addresses import Network, may_reach
from notify.channels.base import ChannelError

CONNECT_WITHIN = 5.0
WITHIN = 15.0
"""Seconds for one request as a whole."""
MOST = 64 * 1024
"""Bytes of an answer that are read."""
FAULTS = (http.client.HTTPException, OSError, ValueError)


@dataclass(frozen=True)
class HttpAnswer:
    status: int
    text: str
    headers: Mapping[str, str]


class ForbiddenAddress(OSError):
    """The name leads into a network that is not allowed."""


class Lines:
    """Kept connections of one sender thread, by scheme, host and port."""

    def __init__(self, *, within: float = WITHIN) -> None:
        self.within = within
        self._kept: dict[tuple[str, str, int], http.client.HTTPConnection] = {}

    def request(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes, *, allowed: Iterable[Network] = ()
    ) -> HttpAnswer:
        """The answer, whatever its status. Raises ``ChannelError`` (``gateway``) when there is none."""
        parts = urlsplit(url)
        scheme, host = parts.scheme, parts.hostname or ""
        key = scheme, host, parts.port or (443 if scheme == "https" else 80)
        path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
        ends = clock.monotonic() + self.within
        line, fresh = self._line(key, tuple(allowed))
        try:
            try:
                return _ask(line, method, path, headers, body=body, ends=ends)
            except (http.client.RemoteDisconnected, ConnectionError, ssl.SSLError):
                if fresh:
                    raise
                # A kept line that the other side had closed meanwhile: nothing was read, so ask on a new one.
                self._drop(key)
                line, _fresh = self._line(key, tuple(allowed))
                return _ask(line, method, path, headers, body=body, ends=ends)
        except FAULTS as fault:
            self._drop(key)
            raise ChannelError(_words(fault), gateway=True) from fault

    def close(self) -> None:
        """Let go of every line; never raises."""
        for key in list(self._kept):
            self._drop(key)

    def _line(self, key: tuple[str, str, int], allowed: tuple[Network, ...]) -> tuple[http.client.HTTPConnection, bool]:
        kept = self._kept.get(key)
        if kept is not None and kept.sock is not None and _usable(kept, allowed):
            return kept, False
        self._drop(key)
        scheme, host, port = key
        line: http.client.HTTPConnection
        if scheme == "https":
            line = http.client.HTTPSConnection(host, port, timeout=CONNECT_WITHIN, context=ssl.create_default_context())
        else:
            line = http.client.HTTPConnection(host, port, timeout=CONNECT_WITHIN)
        line._create_connection = checked_connection(allowed)  # type: ignore[attr-defined]
        self._kept[key] = line
        return line, True

    def _drop(self, key: tuple[str, str, int]) -> None:
        line = self._kept.pop(key, None)
        if line is not None:
            with contextlib.suppress(*FAULTS):
                line.close()


def checked_connection(allowed: tuple[Network, ...]) -> Callable[..., socket.socket]:
    """Like ``socket.create_connection``, but only to addresses that may be reached: the very address that was looked
    at is connected to, so a name that changes its mind in between gains nothing."""

    def connect(address: tuple[str, int], timeout: Any = None, source_address: Any = None) -> socket.socket:
        host, port = address
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        usable = [entry for entry in found if may_reach(str(entry[4][0]), allowed)]
        if not usable:
            raise ForbiddenAddress(f"{host} leads into a network that is not allowed")
        last: OSError | None = None
        for family, kind, protocol, _name, where in usable:
            line = socket.socket(family, kind, protocol)
            try:
                line.settimeout(CONNECT_WITHIN)
                line.connect(where)
                return line
            except OSError as fault:
                line.close()
                last = fault
        raise last or OSError(f"{host} cannot be reached")

    return connect


def _ask(
    line: http.client.HTTPConnection, method: str, path: str, headers: Mapping[str, str], *, body: bytes, ends: float
) -> HttpAnswer:
    """Send and read; a socket's own time-out starts anew with every byte, so the line is cut when time is up."""
    if line.sock is None:
        line.connect()
    line.sock.settimeout(max(0.1, ends - clock.monotonic()))
    timer = threading.Timer(max(0.0, ends - clock.monotonic()), _cut, [line.sock])
    timer.daemon = True
    timer.start()
    try:
        # As bytes: a secret may have letters that Latin-1, http.client's choice, has not.
        sent = {name: value.encode() for name, value in headers.items()}
        line.request(method, path, body or None, {"User-Agent": b"truc-tet", **sent})
        response = line.getresponse()
        content = response.read(MOST)
        if not response.isclosed():
            line.close()
        text = content.decode("utf-8", "replace")
        return HttpAnswer(response.status, text, {name.lower(): value for name, value in response.getheaders()})
    finally:
        timer.cancel()


def _cut(line: socket.socket) -> None:
    with contextlib.suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)


def _usable(line: http.client.HTTPConnection, allowed: tuple[Network, ...]) -> bool:
    """Permission may have been withdrawn since the line was opened."""
    try:
        return may_reach(str(line.sock.getpeername()[0]), allowed)
    except OSError:
        return False


def _words(fault: BaseException) -> str:
    return f"{type(fault).__name__}: {' '.join(str(fault).split())}"[:500]
