"""Who has to be rung by hand: nothing that was sent to them can still arrive in time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from incidents.paging.manual_rules import CalledWay, why

SINCE = datetime(2020, 1, 24, 19, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ways", "after", "expected"),
    [
        ([CalledWay("pending")], 59, None),
        ([CalledWay("pending")], 60, "stuck"),
        ([CalledWay("pending", shut=True)], 0, "stuck"),
        ([CalledWay("pending", shut=True), CalledWay("leased")], 59, None),
        ([CalledWay("pending", shut=True), CalledWay("sent")], 600, None),
        ([CalledWay("held"), CalledWay("failed_permanent")], 0, "held"),
        ([CalledWay("failed_permanent")], 0, "failed"),
        ([], 0, "no_channel"),
    ],
)
def test_one_way_that_may_still_work_is_enough_for_a_minute(
    ways: list[CalledWay], after: int, expected: str | None
) -> None:
    assert why(ways, SINCE, SINCE + timedelta(seconds=after)) == expected
