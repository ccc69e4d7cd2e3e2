"""Pages, styles and scripts go out gzipped: on a telephone at the edge of the network that is most of the wait.

Only answers to GET: what a form's answer shows once (a new key, a slip) is never compressed together with what was
sent. The CSRF token beside a search word is signed anew every second, so guessing it by length leads nowhere.
"""

from __future__ import annotations

import gzip
from functools import lru_cache

from flask import Flask, Response, request

TYPES = {"text/html", "text/css", "text/javascript", "application/javascript", "image/svg+xml", "application/json"}
WORTH_IT = 600
"""Bytes: below, the headers weigh as much as what is saved."""


@lru_cache(maxsize=64)
def _file(body: bytes) -> bytes:
    return gzip.compress(body, 9, mtime=0)


def zipped(body: bytes) -> bytes:
    """Return it as an answer that is made each time goes out."""
    return gzip.compress(body, 6, mtime=0)


def _smaller(response: Response) -> bytes:
    """A static file is compressed once, a page each time."""
    pack = _file if request.endpoint == "static" else zipped
    return pack(response.get_data())


def _compress(response: Response) -> Response:
    wanted = response.mimetype in TYPES and (response.content_length or WORTH_IT) >= WORTH_IT
    if not wanted or request.method not in ("GET", "HEAD"):
        return response
    response.vary.add("Accept-Encoding")
    accepted = request.accept_encodings["gzip"] > 0 and "Content-Encoding" not in response.headers
    if not accepted or response.status_code != 200 or request.method == "HEAD":
        return response
    response.direct_passthrough = False
    response.set_data(_smaller(response))
    response.headers["Content-Encoding"] = "gzip"
    return response


def init(app: Flask) -> None:
    app.after_request(_compress)
