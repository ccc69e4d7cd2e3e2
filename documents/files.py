"""Files of documents as answers: what leaves is offered to be kept, and runs nothing."""

from __future__ import annotations

from flask import Response

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TYPES = {"pdf": PDF, "docx": DOCX}
SANDBOX = "default-src 'none'; sandbox"
"""Nothing in it may run, load or be framed, whatever a browser makes of it."""


def download(content: bytes, media_type: str, name: str) -> Response:
    response = Response(content, content_type=media_type)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return guarded(response)


def picture(content: bytes, media_type: str = "image/png") -> Response:
    return guarded(Response(content, content_type=media_type))


def guarded(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "private, no-store"
    return response
