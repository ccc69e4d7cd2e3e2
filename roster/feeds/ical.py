"""PURE published duties → iCalendar bytes (RFC 5545, RFC 7986). The only importer of icalendar.

Each event is bytes of its own, because it is rendered once and kept; a calendar is a head, events and an end.
``Calendar()`` and ``add()`` on purpose: ``Calendar.new()`` invents a random calendar UID, and clients then take every
fetch for another calendar. No METHOD: this is a subscription, not an invitation. No URL: whoever is sent the file must
not learn the secret address.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, TimezoneStandard

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
REFRESH = timedelta(hours=1)
_END = b"END:VCALENDAR\r\n"


@dataclass(frozen=True)
class FeedEvent:
    """One event as a subscriber sees it. Times aware UTC; texts already worded; ``colour`` is a CSS name."""

    uid: str
    sequence: int
    stamp: datetime
    starts_at: datetime
    ends_at: datetime
    summary: str
    location: str
    description: str
    category: str
    colour: str
    status: Literal["CONFIRMED", "CANCELLED"]
    busy: bool = False


def calendar(name: str, lang: str, events: Iterable[bytes]) -> bytes:
    """The calendar ``name`` of events that ``event`` has written, in the order given."""
    return head(name, lang) + b"".join(events) + _END


@lru_cache(maxsize=64)
def head(name: str, lang: str) -> bytes:
    """A calendar up to its first event."""
    made = Calendar()
    made.add("prodid", f"-//Truc Tet//Duty roster//{lang.upper()}")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("name", name)
    made.add("x-wr-calname", name)
    made.add("x-wr-timezone", ZONE.key)
    made.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", "PT1H")
    made.add_component(_zone())
    return bytes(made.to_ical().removesuffix(_END))


def event(facts: FeedEvent) -> bytes:
    """One event as it stands in a calendar."""
    component = Event()
    stamp = facts.stamp.astimezone(UTC).replace(microsecond=0)
    component.add("uid", facts.uid)
    component.add("sequence", facts.sequence)
    component.add("dtstamp", stamp)
    component.add("last-modified", stamp)
    component.add("dtstart", facts.starts_at.astimezone(ZONE))
    component.add("dtend", facts.ends_at.astimezone(ZONE))
    component.add("summary", facts.summary)
    if facts.location:
        component.add("location", facts.location)
    if facts.description:
        component.add("description", facts.description)
    component.add("categories", [facts.category])
    component.add("color", facts.colour)
    component.add("status", facts.status)
    # Outlook would paint the whole day busy; who wants that says so. What was taken away keeps nobody busy.
    busy = facts.busy and facts.status == "CONFIRMED"
    component.add("transp", "OPAQUE" if busy else "TRANSPARENT")
    component.add("x-microsoft-cdo-busystatus", "BUSY" if busy else "FREE")
    return bytes(component.to_ical())


def _zone() -> Timezone:
    """Việt Nam's fixed UTC+7 as a VTIMEZONE; classic Outlook shows bare UTC times as UTC."""
    zone = Timezone()
    zone.add("tzid", ZONE.key)
    standard = TimezoneStandard()
    standard.add("dtstart", datetime(1975, 6, 13))  # noqa: DTZ001  (RFC 5545: local time of the onset)
    standard.add("tzoffsetfrom", timedelta(hours=7))
    standard.add("tzoffsetto", timedelta(hours=7))
    standard.add("tzname", "+07")
    zone.add_component(standard)
    return zone
