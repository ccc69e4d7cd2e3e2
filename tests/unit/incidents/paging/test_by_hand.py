"""Who has to be rung by hand: nothing that was sent to them can still arrive in time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from incidents.paging.manual_rules import Way, why

SINCE = datetime(2020, 1, 24, 19, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ways", "after", "expected"),
    [
        ([Way("pending")], 59, None),
        ([Way("pending")], 60, "stuck"),
        ([Way("pending", shut=True)], 0, "stuck"),
        ([Way("pending", shut=True), Way("leased")], 59, None),
        ([Way("pending", shut=True), Way("sent")], 600, None),
        ([Way("held"), Way("failed_permanent")], 0, "held"),
        ([Way("failed_permanent")], 0, "failed"),
        ([], 0, "no_channel"),
    ],
)
def test_one_way_that_may_still_work_is_enough_for_a_minute(ways: list[Way], after: int, expected: str | None) -> None:
    assert why(ways, SINCE, SINCE + timedelta(seconds=after)) == expected
