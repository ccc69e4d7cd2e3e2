"""Static files by an address that bears the fingerprint of what is in them, so that a browser may keep them for ever.

A script names the modules that it imports, a style sheet its fonts. As they go out those names bear fingerprints, too:
else a page asks for each of them again, only to hear that nothing has changed.
"""

from __future__ import annotations

import hashlib
import mimetypes
import re
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, current_app, request, url_for
from werkzeug.security import safe_join

BESIDE = re.compile(r'(?<=["(])\.\.?/[\w./-]+\.(?:js|woff2)(?=[")])')
NAMING = {".js", ".css"}
"""Files that may name others."""


def asset(filename: str) -> str:
    """A static file's address with its fingerprint."""
    return url_for("static", filename=filename, v=_fingerprint(Path(current_app.static_folder or "static") / filename))


def send(filename: str) -> Response:
    """The view of static files."""
    found = safe_join(str(current_app.static_folder), filename)
    path = Path(found or "")
    if path.suffix not in NAMING or not path.is_file():
        return current_app.send_static_file(filename)
    response = Response(_body(path), mimetype=mimetypes.guess_type(filename)[0])
    response.headers["Cache-Control"] = "no-cache"
    response.set_etag(_fingerprint(path))
    response.make_conditional(request)
    return response


def _fingerprint(path: Path) -> str:
    return _digest(path, path.stat().st_mtime_ns, _of_those_beside(path))


def _of_those_beside(path: Path) -> tuple[str, ...]:
    return tuple(_fingerprint(path.parent / name) for name in _beside(path, path.stat().st_mtime_ns))


@lru_cache(maxsize=256)
def _beside(path: Path, _modified_ns: int) -> tuple[str, ...]:
    return tuple(BESIDE.findall(path.read_text(encoding="utf-8"))) if path.suffix in NAMING else ()


@lru_cache(maxsize=256)
def _digest(path: Path, _modified_ns: int, beside: tuple[str, ...]) -> str:
    return hashlib.sha256(path.read_bytes() + "".join(beside).encode()).hexdigest()[:10]


def _body(path: Path) -> bytes:
    fingerprints = iter(_of_those_beside(path))
    text = path.read_bytes().decode("utf-8")
    return BESIDE.sub(lambda name: f"{name[0]}?v={next(fingerprints)}", text).encode()


def init(app: Flask) -> None:
    app.view_functions["static"] = send
    app.jinja_env.globals.update(asset=asset)
