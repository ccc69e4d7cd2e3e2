"""What the address of a feed answers: its calendar, an empty one while phones empty themselves, then nothing more."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update

from core import clock
from core.db import transaction
from core.errors import Gone
from roster.campaigns.models import Campaign
from roster.feeds import content, opening, rights as feed_rights
from roster.feeds.content import KeptCalendar, WantedCalendar
from roster.feeds.facts import Options, Subject
from roster.feeds.models import FeedSubscription
from roster.feeds.opening import OpenedFeed

EMPTY_FOR = timedelta(days=30)


def answer(token: str, *, now: datetime, known: Collection[str] = (), reader: str | None = None) -> KeptCalendar:
    """The calendar behind a token. ``known``: etags of what the reader has; ``reader``: what program asks.

    Raises NotFound for what was never an address, Gone for what has been none for thirty days.
    """
    return calendar(opening.opened(token, now), known=known, reader=reader)


def calendar(opened: OpenedFeed, *, known: Collection[str] = (), reader: str | None = None) -> KeptCalendar:
    """Return it as ``answer``, of a feed that was opened."""
    row, subject, options, now = opened.row, opened.subject, opened.options, opened.at
    ended = row.ended_at or row.revoked_at
    if ended is not None:
        return _emptied(subject, options.lang, ended, now)
    owner = opened.owner
    if owner is None or not feed_rights.may_have(owner, subject, opened.unit_id):
        since = row.lapsed_at or now
        if row.lapsed_at is None:
            _note(row.id, lapsed_at=now, switched_at=now)
        return _emptied(subject, options.lang, since, now)
    with_phones = options.phones and feed_rights.may_show_phones(owner, subject, opened.unit_id)
    options = options._replace(phones=with_phones)
    wanted = WantedCalendar(subject, options, _audience(row, options))
    switched = _switched(row, wanted.audience, now)
    if reader is not None and opened.is_to_be_noted:
        # "Last fetched by" tells people whether their phone reads the feed.
        last = row.last_fetched_at
        is_new_day = last is None or clock.local_date(last) != clock.local_date(now)
        days = FeedSubscription.days_fetched + (1 if is_new_day else 0)
        _note(row.id, last_fetched_at=now, last_fetched_by=reader[:120], days_fetched=days)
    found = content.current(wanted, now=now, known=known)
    return replace(found, changed_at=max(found.changed_at, switched)) if switched else found


def campaign_calendar(campaign: Campaign, *, now: datetime) -> KeptCalendar:
    """A whole campaign, to be kept as a file; the same events as its feed has."""
    options = Options("vi", phones=False, busy=False)
    subject = Subject("campaign", None, None, campaign.id, None)
    return content.current(WantedCalendar(subject, options, content.options_word(options)), now=now)


def _emptied(subject: Subject, lang: str, since: datetime, now: datetime) -> KeptCalendar:
    if now >= since + EMPTY_FOR:
        raise Gone("feed.revoked")
    return content.empty(subject, lang, since)


def _audience(row: Any, options: Options) -> str:
    """Feeds shown in the same way share what is rendered.

    One whose way has changed goes on alone: what its readers have seen may be newer than what others share.
    """
    word, own = content.options_word(options), f"feed:{row.id}"
    return word if row.audience in (None, word) else own


def _switched(row: Any, audience: str, now: datetime) -> datetime | None:
    """When it last turned from one calendar into another; noted when that is now."""
    if row.lapsed_at is None and row.audience == audience:
        switched: datetime | None = row.switched_at
        return switched
    first = row.lapsed_at is None and row.audience is None
    switched = row.switched_at if first else now
    _note(row.id, audience=audience, lapsed_at=None, switched_at=switched)
    return switched.replace(microsecond=0) if switched else None


def _note(feed_id: int, **values: Any) -> None:
    live = FeedSubscription.revoked_at.is_(None)
    with transaction() as session:
        session.execute(update(FeedSubscription).where(FeedSubscription.id == feed_id, live).values(**values))
