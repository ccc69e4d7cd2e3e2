"""Feeds as bytes: what RFC 5545 asks, what clients trip over, and the same bytes for the same facts."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import icalendar

from roster.ical import FeedEvent, one_per_seat, render

GOLDEN = Path(__file__).parent.parent / "data" / "feed.ics"
T0 = datetime(2020, 1, 24, 15, 0, tzinfo=UTC)
NIGHT = FeedEvent(
    seat_id=42, sequence=3, changed_at=datetime(2020, 1, 15, 1, 2, 3, 456789, tzinfo=UTC), starts_at=T0,
    ends_at=T0 + timedelta(hours=8), summary="Trực điều hành · Đêm · Rơ Châm H'Nhung; Nguyễn, Bình",
    location="Bưu điện tỉnh Cao Nguyên",
    description="30 tháng Chạp năm Kỷ Hợi (Giao thừa)\nĐiện thoại trực: 0900 000 991",
    category="Trực điều hành", status="CONFIRMED",
)  # fmt: skip
LOST = replace(
    NIGHT, seat_id=41, starts_at=T0 - timedelta(hours=8), ends_at=T0, summary="Đã hủy: Trực điều hành · Chiều",
    description="", location="", status="CANCELLED",
)  # fmt: skip


def rendered(*events: FeedEvent) -> bytes:
    return render("Ca trực của Bình", events, installation="truc-tet-test", url="https://truc.example/feeds/1.x.ics")


def read(body: bytes) -> icalendar.Calendar:
    return icalendar.Calendar.from_ical(body)


def test_the_bytes_are_those_that_were_agreed() -> None:
    """Subscribers' clients compare bytes: a change here reaches every phone. REGOLD=1 writes the file anew."""
    body = rendered(NIGHT, LOST)
    if os.environ.get("REGOLD"):
        GOLDEN.write_bytes(body)
    assert body == GOLDEN.read_bytes()


def test_order_of_the_facts_does_not_matter() -> None:
    assert rendered(NIGHT, LOST) == rendered(LOST, NIGHT)


def test_lines_are_folded_at_75_octets_and_end_as_the_format_asks() -> None:
    lines = rendered(NIGHT, LOST).split(b"\r\n")
    assert lines[-1] == b""
    assert all(len(line) <= 75 and b"\n" not in line and b"\r" not in line for line in lines)


def test_what_was_put_in_is_read_back() -> None:
    event = next(e for e in read(rendered(NIGHT, LOST)).walk("VEVENT") if e["UID"] == "seat-42@truc-tet-test")
    assert event["SUMMARY"] == NIGHT.summary
    assert event["DESCRIPTION"] == NIGHT.description
    assert event["DTSTART"].dt == NIGHT.starts_at and event["DTEND"].dt == NIGHT.ends_at
    assert event["DTSTART"].params["TZID"] == "Asia/Ho_Chi_Minh"
    assert event["SEQUENCE"] == 3
    assert event["DTSTAMP"].dt == NIGHT.changed_at.replace(microsecond=0)
    assert event["STATUS"] == "CONFIRMED"


def test_a_subscription_is_no_invitation_and_has_no_name_of_its_own_to_confuse_clients() -> None:
    calendar = read(rendered(NIGHT))
    assert "METHOD" not in calendar
    assert "UID" not in calendar
    assert calendar["REFRESH-INTERVAL"].params["VALUE"] == "DURATION"
    assert calendar["REFRESH-INTERVAL"].dt == timedelta(hours=1)


def test_times_carry_a_zone_that_the_calendar_defines() -> None:
    calendar = read(rendered(NIGHT))
    zones = calendar.walk("VTIMEZONE")
    assert [zone["TZID"] for zone in zones] == ["Asia/Ho_Chi_Minh"]
    assert [part["TZOFFSETTO"].td for part in zones[0].walk("STANDARD")] == [timedelta(hours=7)]


def test_each_seat_is_shown_once_and_never_cancelled_while_somebody_has_it() -> None:
    had = replace(NIGHT, status="CANCELLED", sequence=9, summary="Đã hủy: …")
    assert one_per_seat([had, NIGHT]) == one_per_seat([NIGHT, had]) == [NIGHT]
    older = replace(had, sequence=2)
    assert one_per_seat([older, had]) == one_per_seat([had, older]) == [had]


def test_an_empty_calendar_is_a_calendar() -> None:
    calendar = read(rendered())
    assert calendar["VERSION"] == "2.0" and calendar["PRODID"]
    assert calendar.walk("VEVENT") == []
