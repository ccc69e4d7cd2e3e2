"""GET /feeds/<token>.ics: what subscribers read. No session; the token is the right to read."""

from __future__ import annotations

import gzip

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from core.errors import Gone
from core.server import response_cache
from people.access import guard
from roster.feeds import opening, reading
from roster.feeds.content import KeptCalendar

bp = Blueprint("feed", __name__)
AT_THE_DOOR = ("/feeds/",)
"""What telephones ask all day (``core.server.response_cache``)."""
PACKED = "-gzip"
"""The same calendar gzipped is another representation, and its tag another."""


@bp.get("/feeds/<token>.ics")
@guard.public
def calendar(token: str) -> ResponseReturnValue:
    """Published duties as iCalendar; 304 when nothing changed, 410 when ended long ago, 404 when unknown."""
    known = {each.removesuffix(PACKED) for each in request.if_none_match.as_set(include_weak=True)}
    try:
        opened = opening.opened(token)
        kept = reading.calendar(opened, known=known, reader=request.user_agent.string)
    except Gone as gone:
        return _with_headers(Response(f"{gone.message()}\n", 410, content_type="text/plain; charset=utf-8"))
    if kept.true_of is not None and kept.true_of == opened.row.stamp:
        response_cache.keep(opened.still)
    packed = request.accept_encodings["gzip"] > 0
    response = _with_headers(Response(content_type="text/calendar; charset=utf-8"))
    response.vary.add("Accept-Encoding")
    response.headers["Content-Disposition"] = 'inline; filename="truc-tet.ics"'
    response.set_etag(kept.etag + (PACKED if packed else ""))
    response.last_modified = kept.changed_at
    if _unchanged(kept, known):
        response.status_code = 304
        return response
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    response.set_data((kept.body if packed else gzip.decompress(kept.body or b"")) or b"")
    return response


def _unchanged(kept: KeptCalendar, known: set[str]) -> bool:
    """A tag decides alone; the time only when the reader sent no tag."""
    if known or request.if_none_match.star_tag:
        return kept.etag in known or request.if_none_match.star_tag
    since = request.if_modified_since
    return since is not None and kept.changed_at <= since


def _with_headers(response: Response) -> Response:
    response.headers["Cache-Control"] = "private, max-age=300"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
