"""The response cache: an answer that still holds is given again before Flask is entered.

Machines ask who is on duty every few seconds and telephones ask for their calendar all day, and nearly every time
nothing has changed. A view that knows what its answer rests on says so (``keep``). The cache notes that answer as it
left. When the same asker puts the same question, one statement tells whether all of that is as it was; if so, the noted
answer is sent, with the new moment in it. Whatever differs takes the ordinary way.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wsgi import ClosingIterator

from core.calendar.moments import rfc3339
from core.security import tokens
from core.server import compression

Environ = dict[str, Any]
Headers = list[tuple[str, str]]
Still = Callable[[Environ], datetime | None]
"""Asks, for the same question put again, whether what the answer rests on is as it was: the moment of asking if so."""

MOST_HELD = 2000
MOST_BYTES = 64 * 1024 * 1024
LARGEST = 256 * 1024
"""Bytes of one answer: a larger one would push out hundreds of small ones."""
_KEPT = "response_cache.kept"
_OTHER_WAYS = ("HTTP_COOKIE", "HTTP_RANGE")
"""Headers with which a question is not the plain one."""
_ASKED = (
    "wsgi.url_scheme",
    "HTTP_HOST",
    "PATH_INFO",
    "QUERY_STRING",
    "HTTP_AUTHORIZATION",
    "HTTP_ACCEPT",
    "HTTP_ACCEPT_ENCODING",
    "HTTP_ACCEPT_LANGUAGE",
    "HTTP_IF_NONE_MATCH",
    "HTTP_IF_MODIFIED_SINCE",
)
"""What two equal questions have in common."""


@dataclass(frozen=True)
class HeldResponse:
    """An answer, which holds while ``still`` says so."""

    still: Still
    status: str
    headers: Headers
    before: bytes
    after: bytes
    """The body around the moment, if it names one; else all of it is ``before``."""
    names_moment: bool
    zipped: bool

    def body(self, at: datetime) -> bytes:
        if not self.names_moment:
            return self.before
        plain = self.before + rfc3339(at).encode() + self.after
        return compression.zipped(plain) if self.zipped else plain


def keep(still: Still, *, said: datetime | None = None) -> None:
    """The answer to this request holds while ``still`` says so, which is asked without a request.

    ``said``: the moment that the answer names first, as ``{"at": …`` with the API's own writing of times.
    """
    request.environ[_KEPT] = (still, said)


def stand_before(app: Flask, paths: Iterable[str]) -> None:
    """Inside what believes proxies: a question is known by the scheme and host that pages see."""
    app.wsgi_app = ResponseCache(app, paths)  # type: ignore[method-assign, assignment]


class ResponseCache:
    """In front of the WSGI application, for addresses that begin with one of ``paths``."""

    def __init__(self, app: Flask, paths: Iterable[str]) -> None:
        self._app, self._inside = app, app.wsgi_app
        self._paths = tuple(paths)
        self._held: dict[str, HeldResponse] = {}
        self._bytes = 0

    def __call__(self, environ: Environ, start: Callable[..., Any]) -> Iterable[bytes]:
        if not environ["PATH_INFO"].startswith(self._paths) or environ["REQUEST_METHOD"] != "GET":
            return self._inside(environ, start)
        if any(name in environ for name in _OTHER_WAYS):
            return self._inside(environ, start)
        question = _question(environ)
        held = self._held.get(question)
        at = self._still(held, environ) if held is not None else None
        if held is None or at is None:
            return self._ordinary(question, environ, start)
        body = held.body(at)
        start(held.status, [*held.headers, ("Content-Length", str(len(body)))] if body else held.headers)
        return [body]

    def _still(self, held: HeldResponse, environ: Environ) -> datetime | None:
        try:
            with self._app.app_context():
                return held.still(environ)
        except SQLAlchemyError:
            return None  # the ordinary way says what is wrong

    def _ordinary(self, question: str, environ: Environ, start: Callable[..., Any]) -> Iterable[bytes]:
        left: list[tuple[str, Headers]] = []

        def noting(status: str, headers: Headers, fault: Any = None) -> Any:
            left.append((status, headers))
            return start(status, headers, fault)

        chunks = self._inside(environ, noting)
        self._forget(question)
        if _KEPT not in environ:
            return chunks
        with closing(ClosingIterator(chunks)) as taken:
            body = b"".join(taken)
        status, headers = left[-1]
        still, said = environ[_KEPT]
        held = _held(still, said, status, headers, body=body)
        if held is not None and len(body) <= LARGEST:
            self._note(question, held)
        return [body]

    def _note(self, question: str, held: HeldResponse) -> None:
        size = _size(held)
        if len(self._held) >= MOST_HELD or self._bytes + size > MOST_BYTES:
            self._held.clear()
            self._bytes = 0
        self._held[question] = held
        self._bytes += size

    def _forget(self, question: str) -> None:
        held = self._held.pop(question, None)
        if held is not None:
            self._bytes -= _size(held)


def _size(held: HeldResponse) -> int:
    return len(held.before) + len(held.after)


def _held(still: Still, said: datetime | None, status: str, headers: Headers, *, body: bytes) -> HeldResponse | None:
    """None for an answer that is not the usual one: a fault, or one that does not name its moment as agreed."""
    lasting = [(name, value) for name, value in headers if name.lower() != "content-length"]
    if said is None:
        good = status.startswith(("200", "304"))
        return HeldResponse(still, status, lasting, body, b"", names_moment=False, zipped=False) if good else None
    zipped = any(name.lower() == "content-encoding" for name, _value in headers)
    before, moment, after = (gzip.decompress(body) if zipped else body).partition(rfc3339(said).encode())
    if not status.startswith("200") or not moment or before.strip() != b'{"at":"':
        return None
    return HeldResponse(still, status, lasting, before, after, names_moment=True, zipped=zipped)


def _question(environ: Environ) -> str:
    """Its digest: keys and secret addresses are not kept."""
    return tokens.digest("\0".join(environ.get(name, "-") for name in _ASKED))
