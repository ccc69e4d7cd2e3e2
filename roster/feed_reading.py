"""What the address of a feed answers: its calendar, an empty one while phones empty themselves, then nothing more."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, bindparam, select, update

from core import tokens
from core.db import glance, transaction
from core.errors import Gone, NotFound
from roster import feed_content, feed_rights
from roster.feed_content import Kept, Wanted
from roster.feed_facts import Options, Subject
from roster.models import Campaign, FeedAddress, FeedSubscription

EMPTY_FOR = timedelta(days=30)
NOTED_EVERY = timedelta(minutes=5)


def answer(token: str, *, now: datetime, known: Collection[str] = (), reader: str | None = None) -> Kept:
    """The calendar behind a token. ``known``: etags of what the reader has; ``reader``: what program asks.

    Raises NotFound for what was never an address, Gone for what has been none for thirty days.
    """
    row = _row(token)
    subject, options = Subject(row.scope, row.person_id, row.unit_id, row.campaign_id, row.duty), _options(row)
    ended = row.ended_at or row.revoked_at
    if ended is not None:
        return _emptied(subject, options.lang, ended, now)
    owner = feed_rights.owner_of(row.owner)
    if owner is None or not feed_rights.may_have(owner, subject):
        since = row.lapsed_at or now
        if row.lapsed_at is None:
            _note(row.id, lapsed_at=now, switched_at=now)
        return _emptied(subject, options.lang, since, now)
    options = options._replace(phones=options.phones and feed_rights.may_show_phones(owner, subject))
    wanted = Wanted(subject, options, _audience(row, options))
    switched = _switched(row, wanted.audience, now)
    _note_reader(row, reader, now)
    found = feed_content.current(wanted, now=now, known=known)
    return replace(found, changed_at=max(found.changed_at, switched)) if switched else found


def campaign_calendar(campaign: Campaign, *, now: datetime) -> Kept:
    """A whole campaign, to be kept as a file; the same events as its feed has."""
    options = Options("vi", phones=False, busy=False)
    subject = Subject("campaign", None, None, campaign.id, None)
    return feed_content.current(Wanted(subject, options, feed_content.options_word(options)), now=now)


def _opened() -> Select[Any]:
    """Built once: putting the statement together costs more than running it."""
    feed, address = FeedSubscription.__table__.c, FeedAddress.__table__.c
    return (
        select(
            feed.id, feed.scope, feed.person_id, feed.unit_id, feed.campaign_id, feed.duty, feed.owner, feed.lang,
            feed.show_phones, feed.busy, feed.audience, feed.revoked_at, feed.lapsed_at, feed.switched_at,
            feed.last_fetched_at, address.ended_at,
        )
        .join_from(FeedAddress.__table__, FeedSubscription.__table__, address.feed_id == feed.id)
        .where(address.digest == bindparam("digest"))
    )  # fmt: skip


OPENED = _opened()


def _row(token: str) -> Any:
    found = glance(OPENED, {"digest": tokens.digest(token)})
    if found is None:
        raise NotFound("feed.unknown")
    return found


def _options(row: Any) -> Options:
    return Options(row.lang, row.show_phones, row.busy)


def _emptied(subject: Subject, lang: str, since: datetime, now: datetime) -> Kept:
    if now >= since + EMPTY_FOR:
        raise Gone("feed.revoked")
    return feed_content.empty(subject, lang, since)


def _audience(row: Any, options: Options) -> str:
    """Feeds shown in the same way share what is rendered.

    One whose way has changed goes on alone: what its readers have seen may be newer than what others share.
    """
    word, own = feed_content.options_word(options), f"feed:{row.id}"
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


def _note_reader(row: Any, reader: str | None, now: datetime) -> None:
    # "Last fetched by" tells people whether their phone reads the feed; a write per fetch would be waste.
    if reader is not None and (row.last_fetched_at is None or now - row.last_fetched_at >= NOTED_EVERY):
        _note(row.id, last_fetched_at=now, last_fetched_by=reader[:120])


def _note(feed_id: int, **values: Any) -> None:
    live = FeedSubscription.revoked_at.is_(None)
    with transaction() as session:
        session.execute(update(FeedSubscription).where(FeedSubscription.id == feed_id, live).values(**values))
