"""One's own hours on one's own pages: what the last duties came to, with the pieces behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from duty.on_duty.own_sections import OwnSection
from duty.timekeeping import listing, queries, words
from duty.timekeeping.listing import TimekeepingRow
from people.models import Person
from roster.campaigns.models import Campaign

SHOWN_FOR = timedelta(days=62)
"""So long after the last duty of a campaign its hours are shown: until the pay of that month has come."""


@dataclass(frozen=True)
class OwnCampaignHours:
    """The hours of one person in one campaign, as their own page shows them."""

    campaign: Campaign
    row: TimekeepingRow


@dataclass(frozen=True)
class OwnHours:
    """``words``: how the template writes numbers."""

    rows: Sequence[OwnCampaignHours]
    words = words


def read_own_hours(person: Person, now: datetime) -> OwnHours | None:
    """Campaigns with hours, or with duty that does not count, the latest first; None: nothing yet."""
    campaigns = queries.campaigns_of(person, now - SHOWN_FOR, now)
    found = [OwnCampaignHours(each, listing.rows(each, [person], now=now)[0]) for each in reversed(campaigns)]
    found = [each for each in found if each.row.hours.pieces or _misses(each.row)]
    return OwnHours(found) if found else None


def _misses(row: TimekeepingRow) -> bool:
    """Whoever was there and is not counted must see it before the hours are closed."""
    return any(each.missed and each.form == "onsite" for each in row.hours.served)


SECTION = OwnSection("duty/timekeeping/own.html", read_own_hours)
