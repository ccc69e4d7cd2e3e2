"""Feeds as bytes: what RFC 5545 asks, what clients trip over, and the same bytes for the same facts."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import icalendar

from roster.feeds.ical import FeedEvent, calendar, event

GOLDEN = Path(__file__).parents[3] / "data" / "feed.ics"
T0 = datetime(2020, 1, 24, 15, 0, tzinfo=UTC)
NIGHT = FeedEvent(
    uid="seat-42@truc-tet-test",
    sequence=3,
    stamp=datetime(2020, 1, 15, 1, 2, 3, 456789, tzinfo=UTC),
    starts_at=T0,
    ends_at=T0 + timedelta(hours=8),
    summary="Trực điều hành · Đêm · Rơ Châm H'Nhung; Nguyễn, Bình",
    location="Bưu điện tỉnh Cao Nguyên",
    description="30 tháng Chạp năm Kỷ Hợi (Giao thừa)\nĐiện thoại trực: 0900 000 991",
    category="Trực điều hành",
    colour="steelblue",
    status="CONFIRMED",
)
LOST = replace(
    NIGHT,
    uid="seat-41@truc-tet-test",
    starts_at=T0 - timedelta(hours=8),
    ends_at=T0,
    summary="Đã hủy: Trực điều hành · Chiều",
    description="",
    location="",
    status="CANCELLED",
)


def rendered(*events: FeedEvent) -> bytes:
    return calendar("Ca trực của Bình", "vi", [event(each) for each in events])


def parse_calendar(body: bytes) -> icalendar.Calendar:
    return icalendar.Calendar.from_ical(body)


def test_the_bytes_are_those_that_were_agreed() -> None:
    """Subscribers' clients compare bytes: a change here reaches every phone. REGOLD=1 writes the file anew."""
    body = rendered(NIGHT, LOST)
    if os.environ.get("REGOLD"):
        GOLDEN.write_bytes(body)
    assert body == GOLDEN.read_bytes()


def test_lines_are_folded_at_75_octets_and_end_as_the_format_asks() -> None:
    lines = rendered(NIGHT, LOST).split(b"\r\n")
    assert lines[-1] == b""
    assert all(len(line) <= 75 and b"\n" not in line and b"\r" not in line for line in lines)


def test_what_was_put_in_is_read_back() -> None:
    shown = next(e for e in parse_calendar(rendered(NIGHT, LOST)).walk("VEVENT") if e["UID"] == "seat-42@truc-tet-test")
    assert shown["SUMMARY"] == NIGHT.summary
    assert shown["DESCRIPTION"] == NIGHT.description
    assert shown["DTSTART"].dt == NIGHT.starts_at and shown["DTEND"].dt == NIGHT.ends_at
    assert shown["DTSTART"].params["TZID"] == "Asia/Ho_Chi_Minh"
    assert shown["SEQUENCE"] == 3
    assert shown["DTSTAMP"].dt == NIGHT.stamp.replace(microsecond=0)
    assert shown["STATUS"] == "CONFIRMED"


def test_a_subscription_is_no_invitation_and_has_no_name_of_its_own_to_confuse_clients() -> None:
    calendar = parse_calendar(rendered(NIGHT))
    assert "METHOD" not in calendar
    assert "UID" not in calendar
    assert calendar["REFRESH-INTERVAL"].params["VALUE"] == "DURATION"
    assert calendar["REFRESH-INTERVAL"].dt == timedelta(hours=1)


def test_times_carry_a_zone_that_the_calendar_defines() -> None:
    calendar = parse_calendar(rendered(NIGHT))
    zones = calendar.walk("VTIMEZONE")
    assert [zone["TZID"] for zone in zones] == ["Asia/Ho_Chi_Minh"]
    assert [part["TZOFFSETTO"].td for part in zones[0].walk("STANDARD")] == [timedelta(hours=7)]


def test_a_calendar_says_nowhere_by_which_secret_address_it_came() -> None:
    shown = parse_calendar(rendered(NIGHT))
    assert "URL" not in shown and "SOURCE" not in shown and b"http" not in rendered(NIGHT)


def test_a_shift_is_busy_time_only_where_that_was_chosen_and_never_once_it_is_lost() -> None:
    wanted = [replace(NIGHT, busy=False), replace(NIGHT, busy=True), replace(LOST, busy=True)]
    shown = [parse_calendar(rendered(each)).walk("VEVENT")[0] for each in wanted]
    assert [(each["TRANSP"], each["X-MICROSOFT-CDO-BUSYSTATUS"]) for each in shown] == [
        ("TRANSPARENT", "FREE"),
        ("OPAQUE", "BUSY"),
        ("TRANSPARENT", "FREE"),
    ]


def test_an_event_has_the_colour_of_its_kind() -> None:
    assert parse_calendar(rendered(NIGHT)).walk("VEVENT")[0]["COLOR"] == "steelblue"


def test_an_empty_calendar_is_a_calendar() -> None:
    calendar = parse_calendar(rendered())
    assert calendar["VERSION"] == "2.0" and calendar["PRODID"]
    assert calendar.walk("VEVENT") == []
