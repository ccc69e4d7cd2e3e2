"""The doorstep: an answer that still holds is given again before Flask is entered.

Machines ask who is on duty every few seconds, and nearly every time nothing has changed. A view that knows until when
its answer holds says so (``keep``). The doorstep notes that answer as it left. When the same asker puts the same
question, the one statement that each call of the API begins with tells who asks, when, and whether anything was written
since; while nothing was, the noted answer is sent with the new moment in it. Whatever differs takes the ordinary way.
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

from core import compression, tokens
from core.actor import Identified
from core.api_types import rfc3339

Environ = dict[str, Any]
Headers = list[tuple[str, str]]
Wsgi = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
Identify = Callable[[str], Identified | None]

MOST_HELD = 2000
_KEPT = "doorstep.kept"
_OTHER_WAYS = ("HTTP_COOKIE", "HTTP_RANGE", "HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE")
"""Headers with which a question is not the plain one."""


@dataclass(frozen=True)
class Held:
    """An answer; it holds in [``since``, ``until``) for ``asker``, who is known by what a key's row says."""

    asker: Identified
    since: datetime
    until: datetime
    headers: Headers
    before: bytes
    after: bytes
    """The body around the moment, which is the one thing in it that changes."""
    zipped: bool

    def holds(self, found: Identified) -> bool:
        same = (found.actor, found.stamp, found.beside) == (self.asker.actor, self.asker.stamp, self.asker.beside)
        return same and self.since <= found.at < self.until

    def body(self, at: datetime) -> bytes:
        plain = self.before + rfc3339(at).encode() + self.after
        return compression.zipped(plain) if self.zipped else plain


def keep(asker: Identified, until: datetime) -> None:
    """The answer to this request holds until ``until`` (aware), unless something that the stamps count is written.

    It names the moment of asking first, as ``{"at": …`` with the API's own writing of times.
    """
    request.environ[_KEPT] = (asker, until)


class Doorstep:
    """In front of the WSGI application, for the addresses ``paths``; ``identify`` as for the API's own calls."""

    def __init__(self, app: Flask, paths: Iterable[str], identify: Identify) -> None:
        self._app, self._inside, self._identify = app, app.wsgi_app, identify
        self._paths = frozenset(paths)
        self._held: dict[tuple[str, ...], Held] = {}

    def __call__(self, environ: Environ, start: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"] not in self._paths or environ["REQUEST_METHOD"] != "GET":
            return self._inside(environ, start)
        scheme, _, bearer = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
        if scheme != "Bearer" or any(name in environ for name in _OTHER_WAYS):
            return self._inside(environ, start)
        question = _question(environ, bearer)
        held = self._held.get(question)
        body = self._again(held, bearer) if held is not None else None
        if held is None or body is None:
            return self._ordinary(question, environ, start)
        start("200 OK", [*held.headers, ("Content-Length", str(len(body)))])
        return [body]

    def _again(self, held: Held, bearer: str) -> bytes | None:
        try:
            with self._app.app_context():
                found = self._identify(bearer)
        except SQLAlchemyError:
            return None  # the ordinary way says what is wrong
        return held.body(found.at) if found is not None and held.holds(found) else None

    def _ordinary(self, question: tuple[str, ...], environ: Environ, start: Callable[..., Any]) -> Iterable[bytes]:
        left: list[tuple[str, Headers]] = []

        def noting(status: str, headers: Headers, fault: Any = None) -> Any:
            left.append((status, headers))
            return start(status, headers, fault)

        chunks = self._inside(environ, noting)
        if _KEPT not in environ:
            self._held.pop(question, None)
            return chunks
        with closing(ClosingIterator(chunks)) as taken:
            body = b"".join(taken)
        asker, until = environ[_KEPT]
        status, headers = left[-1]
        if status.startswith("200"):
            self._note(question, asker, until, headers, body)
        return [body]

    def _note(
        self, question: tuple[str, ...], asker: Identified, until: datetime, headers: Headers, body: bytes
    ) -> None:
        zipped = any(name.lower() == "content-encoding" for name, _value in headers)
        before, moment, after = (gzip.decompress(body) if zipped else body).partition(rfc3339(asker.at).encode())
        if not moment or before.strip() != b'{"at":"':
            return
        if len(self._held) >= MOST_HELD:
            self._held.clear()
        lasting = [(name, value) for name, value in headers if name.lower() != "content-length"]
        self._held[question] = Held(asker, asker.at, until, lasting, before, after, zipped)


def _question(environ: Environ, bearer: str) -> tuple[str, ...]:
    """What two equal questions have in common. Of the key its digest: secrets are not kept."""
    return (
        environ["wsgi.url_scheme"],
        environ.get("HTTP_HOST", ""),
        environ["PATH_INFO"],
        environ.get("QUERY_STRING", ""),
        tokens.digest(bearer),
        environ.get("HTTP_ACCEPT", ""),
        environ.get("HTTP_ACCEPT_ENCODING", ""),
        environ.get("HTTP_ACCEPT_LANGUAGE", ""),
    )
