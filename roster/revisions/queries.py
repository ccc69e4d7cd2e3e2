"""Reading revisions side by side: the contents of any two, of which one may be the draft as it would be published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import select

from core.db import db
from core.errors import Invalid
from roster.campaigns import queries as campaigns
from roster.campaigns.models import Campaign
from roster.models import Revision
from roster.publishing import publication, revision_content
from roster.revisions import difference
from roster.revisions.difference import Difference

Side = int | Literal["draft"]
"""Number of a revision, 0 for nothing at all, or the draft."""


@dataclass(frozen=True)
class Compared:
    """Two sides and what lies between them."""

    old: Side
    new: Side
    found: Difference


def side_of(text: str, *, field: str) -> Side:
    """Raises Invalid ``difference.side`` with ``field``."""
    if text == "draft":
        return "draft"
    if text.isascii() and text.isdecimal() and len(text) < 10:
        return int(text)
    raise Invalid("difference.side", field=field)


def compared(campaign: Campaign, old: Side, new: Side, *, now: datetime) -> Compared:
    """Raises NotFound ``revision.unknown``. Reads only; asks no right: whoever shows a draft asks first."""
    if old == new:
        return Compared(old, new, Difference((), ()))
    return Compared(
        old, new, difference.between(content_of(campaign, old, now=now), content_of(campaign, new, now=now))
    )


def content_of(campaign: Campaign, side: Side, *, now: datetime) -> list[Any]:
    """Return what that side says, in the shape of ``Revision.content``; of 0 nothing."""
    if side == "draft":
        return draft_content(campaign, now=now)
    return campaigns.revision(campaign.id, side).content if side else []


def draft_content(campaign: Campaign, *, now: datetime) -> list[Any]:
    """Return what publishing the draft now would put into the revision, whether or not it may be published."""
    drafted = publication.drafted(campaign.id, now=now)
    return revision_content.content(campaign, drafted.taken, drafted.changes.now_on)


def numbers(campaign_id: int) -> list[int]:
    """Return the numbers of its revisions, the latest first."""
    wanted = select(Revision.number).filter_by(campaign_id=campaign_id).order_by(Revision.number.desc())
    return list(db.session.scalars(wanted))
