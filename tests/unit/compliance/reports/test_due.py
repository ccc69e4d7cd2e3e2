"""When a day of a request is early, open, late, done, done late."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from compliance.reports import due
from compliance.reports.due import DailyRequest

DAY = date(2020, 1, 25)
ASKED = DailyRequest(1, DAY, date(2020, 1, 27), "15:00", "16:00", ("Sở", "Ủy ban"))


def local(hour: int, minute: int = 0) -> datetime:
    return datetime(2020, 1, 25, hour - 7, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "reached", "state"),
    [
        (local(14, 59), {}, "early"),
        (local(15), {}, "open"),
        (local(16), {}, "open"),
        (local(16, 1), {}, "late"),
        (local(16, 1), {"Sở": local(15)}, "late"),
        (local(15, 30), {"Sở": local(15), "Ủy ban": local(15, 20)}, "done"),
        (local(20), {"Sở": local(15), "Ủy ban": local(16)}, "done"),
        (local(20), {"Sở": local(15), "Ủy ban": local(16, 1)}, "done_late"),
        (local(8), {"Sở": local(8), "Ủy ban": local(8)}, "done"),
    ],
)
def test_everybody_has_to_get_it_in_time(now: datetime, reached: dict[str, datetime], state: str) -> None:
    assert due.on(ASKED, DAY, reached, now).state == state


def test_who_has_not_got_it_is_named() -> None:
    assert due.on(ASKED, DAY, {"Sở": local(15)}, local(15)).lacking == ("Ủy ban",)


def test_a_request_that_ended_asks_nothing_more_but_what_was_late_stays_late() -> None:
    ended = DailyRequest(1, DAY, date(2020, 1, 27), "15:00", "16:00", ("Sở",), ended_at=local(18))
    found = due.list_due([ended], {}, DAY, date(2020, 1, 31), now=local(20))
    assert [(each.day.day, each.state) for each in found] == [(25, "late"), (26, "ended"), (27, "ended")]


def test_only_days_between_are_told_in_the_order_in_which_they_are_due() -> None:
    other = DailyRequest(2, date(2020, 1, 26), date(2020, 1, 26), "07:00", "08:00", ("Sở",))
    found = due.list_due([ASKED, other], {}, date(2020, 1, 26), date(2020, 1, 31), now=local(8))
    assert [(each.request_id, each.day.day) for each in found] == [(2, 26), (1, 26), (1, 27)]
    assert due.late(found) == []
