"""Static files by an address that bears the fingerprint of what is in them, so that a browser may keep them for ever.

A script names the modules that it imports, a style sheet its fonts. As they go out those names bear fingerprints, too:
else a page asks for each of them again, only to hear that nothing has changed.
"""

from __future__ import annotations

import hashlib
import mimetypes
import os
import re
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, current_app, request, url_for
from werkzeug.security import safe_join

BESIDE = re.compile(r'(?<=["(])\.\.?/[\w./-]+\.(?:js|woff2)(?=[")])')
NAMING = (".js", ".css")
"""Files that may name others."""


def asset(filename: str) -> str:
    """A static file's address with its fingerprint."""
    return url_for("static", filename=filename, v=_fingerprint(os.path.join(str(current_app.static_folder), filename)))


def send(filename: str) -> Response:
    """The view of static files."""
    path = safe_join(str(current_app.static_folder), filename)
    if path is None or not path.endswith(NAMING) or not os.path.isfile(path):
        return current_app.send_static_file(filename)
    response = Response(_body(path), mimetype=mimetypes.guess_type(filename)[0])
    response.headers["Cache-Control"] = "no-cache"
    response.set_etag(_fingerprint(path))
    response.make_conditional(request)
    return response


def _fingerprint(path: str) -> str:
    changed = os.stat(path).st_mtime_ns
    return _digest(path, changed, tuple(map(_fingerprint, _beside(path, changed))))


@lru_cache(maxsize=256)
def _beside(path: str, _changed_ns: int) -> tuple[str, ...]:
    """The files that it names, each as often as it does."""
    if not path.endswith(NAMING):
        return ()
    folder, text = os.path.dirname(path), Path(path).read_text(encoding="utf-8")
    return tuple(os.path.join(folder, name) for name in BESIDE.findall(text))


@lru_cache(maxsize=256)
def _digest(path: str, _changed_ns: int, beside: tuple[str, ...]) -> str:
    return hashlib.sha256(Path(path).read_bytes() + "".join(beside).encode()).hexdigest()[:10]


def _body(path: str) -> bytes:
    fingerprints = map(_fingerprint, _beside(path, os.stat(path).st_mtime_ns))
    text = Path(path).read_bytes().decode("utf-8")
    return BESIDE.sub(lambda name: f"{name[0]}?v={next(fingerprints)}", text).encode()


def init(app: Flask) -> None:
    app.view_functions["static"] = send
    app.jinja_env.globals.update(asset=asset)
