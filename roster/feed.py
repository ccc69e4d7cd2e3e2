"""GET /feeds/<token>.ics: what subscribers read. No session; the token is the right to read."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from core import clock
from core.db import transaction
from people import guard
from roster import subscriptions
from roster.models import FeedSubscription

bp = Blueprint("feed", __name__)
NOTED_EVERY = timedelta(minutes=5)


@bp.get("/feeds/<token>.ics")
@guard.public
def calendar(token: str) -> ResponseReturnValue:
    """Published duties as iCalendar; 304 when nothing changed, 410 when revoked, 404 when unknown."""
    now = clock.now()
    feed = subscriptions.by_token(token)
    body, etag = subscriptions.body_and_etag(feed, now=now)
    _note_fetch(feed.id, feed.last_fetched_at, now)
    response = Response(body, content_type="text/calendar; charset=utf-8")
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, max-age=300"
    response.headers["Content-Disposition"] = 'inline; filename="truc-tet.ics"'
    response.headers["X-Robots-Tag"] = "noindex"
    return response.make_conditional(request.environ)


def _note_fetch(feed_id: int, last: datetime | None, now: datetime) -> None:
    # "Last fetched by" tells people whether their phone reads the feed; a write per fetch would be waste.
    if last is not None and now - last < NOTED_EVERY:
        return
    with transaction() as session:
        feed = session.get(FeedSubscription, feed_id)
        if feed is not None:
            feed.last_fetched_at = now
            feed.last_fetched_by = request.user_agent.string[:120]
