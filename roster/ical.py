"""PURE: published duties → iCalendar bytes (RFC 5545, RFC 7986). The only importer of icalendar.

Same facts, same bytes: UID is the seat, SEQUENCE the last revision that changed it, DTSTAMP that revision's moment.
``Calendar()`` and ``add()`` on purpose: ``Calendar.new()`` invents a random calendar UID, and clients then take every
fetch for another calendar. No METHOD: this is a subscription, not an invitation.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, TimezoneStandard

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
REFRESH = timedelta(hours=1)


@dataclass(frozen=True)
class FeedEvent:
    """One seat as a subscriber sees it. Times aware UTC; texts already worded."""

    seat_id: int
    sequence: int
    changed_at: datetime
    starts_at: datetime
    ends_at: datetime
    summary: str
    location: str
    description: str
    category: str
    status: Literal["CONFIRMED", "CANCELLED"]


def render(name: str, events: Iterable[FeedEvent], *, installation: str, url: str) -> bytes:
    """The calendar ``name`` with its events in order of start; ``installation`` keeps UIDs of two sites apart."""
    calendar = Calendar()
    calendar.add("prodid", "-//Truc Tet//Duty roster//VI")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", ZONE.key)
    calendar.add("url", url)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    calendar.add_component(_zone())
    for event in sorted(events, key=lambda each: (each.starts_at, each.seat_id)):
        calendar.add_component(_event(event, installation))
    return bytes(calendar.to_ical())


def one_per_seat(events: Sequence[FeedEvent]) -> list[FeedEvent]:
    """Each UID once: a seat with a current duty is never shown CANCELLED; else the latest cancellation."""
    best: dict[int, FeedEvent] = {}
    for event in events:
        kept = best.get(event.seat_id)
        if kept is None or _rank(event) > _rank(kept):
            best[event.seat_id] = event
    return list(best.values())


def _rank(event: FeedEvent) -> tuple[bool, int, datetime]:
    return event.status == "CONFIRMED", event.sequence, event.changed_at


def _event(event: FeedEvent, installation: str) -> Event:
    component = Event()
    component.add("uid", f"seat-{event.seat_id}@{installation}")
    component.add("sequence", event.sequence)
    component.add("dtstamp", event.changed_at.astimezone(UTC).replace(microsecond=0))
    component.add("last-modified", event.changed_at.astimezone(UTC).replace(microsecond=0))
    component.add("dtstart", event.starts_at.astimezone(ZONE))
    component.add("dtend", event.ends_at.astimezone(ZONE))
    component.add("summary", event.summary)
    if event.location:
        component.add("location", event.location)
    if event.description:
        component.add("description", event.description)
    component.add("categories", [event.category])
    component.add("status", event.status)
    # Outlook would otherwise paint the whole day busy.
    component.add("transp", "TRANSPARENT")
    component.add("x-microsoft-cdo-busystatus", "FREE")
    return component


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
