"""Kept files as answers: offered to be kept, or shown as pictures that we made; nothing in them runs anywhere."""

from __future__ import annotations

from flask import Response

from core.files.content import disposition

SANDBOX = "default-src 'none'; sandbox"
"""Nothing in a file from outside may run, load or be framed, whatever a browser makes of it."""


def download(content: bytes | None, media_type: str, name: str) -> Response:
    """Return what leaves is never shown inside a page of ours; ``name`` may have any letters."""
    response = Response(content or b"", content_type=media_type)
    response.headers["Content-Disposition"] = disposition("attachment", name)
    return guarded(response)


def picture(content: bytes, media_type: str = "image/jpeg") -> Response:
    """One that was drawn or written anew here."""
    return guarded(Response(content, content_type=media_type))


def guarded(response: Response, policy: str = SANDBOX) -> Response:
    response.headers["Content-Security-Policy"] = policy
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "private, no-store"
    return response
