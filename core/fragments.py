"""The parts of pages that an open page asks for again, and their ETags."""

from __future__ import annotations

import hashlib
from typing import Any

from flask import Response, make_response, render_template, request

from core import i18n

EVERY = 5
"""Seconds between two looks of an open page."""


def tag(facts: Any) -> str:
    """The same as long as a reader would see the same, clocks aside."""
    return hashlib.sha256(f"{i18n.locale()}{facts!r}".encode()).hexdigest()[:20]


def fragment(template: str, etag: str, facts: dict[str, Any]) -> Response:
    response = make_response("")
    response.set_etag(etag)
    response.headers["Cache-Control"] = "no-cache, private"
    if request.if_none_match.contains(etag):
        response.status_code = 304
        return response
    response.set_data(render_template(template, **facts))
    return response
