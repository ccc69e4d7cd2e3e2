"""A solve that ends its worker every time is given up, one that was only interrupted is not."""

from __future__ import annotations

from typing import Any

import pytest

from roster.solving import leases, queries as solve_queries, services as solving
from roster.solving.services import SolveRequest
from tests.support.factories import ADMIN, NOW, make_campaign, make_demand, make_person, make_unit

pytestmark = pytest.mark.both_dbs


@pytest.fixture
def run_id(db: Any) -> int:
    unit = make_unit()
    make_demand(unit, "leadership")
    make_person("P01", unit, duties=("leadership",))
    return solving.request_solve(make_campaign(unit).id, SolveRequest(seconds=1), actor=ADMIN, now=NOW).id


def test_a_run_whose_worker_died_three_times_has_failed(run_id: int) -> None:
    moments = [NOW + n * leases.LEASE for n in range(leases.MAX_ATTEMPTS + 1)]
    for moment in moments[:-1]:
        assert leases.claim("a", now=moment) is not None
    assert leases.claim("a", now=moments[-1]) is None
    run = solve_queries.get_run(run_id)
    assert (run.status, run.finished_at) == ("failed", moments[-1]) and "3 lần" in run.error
    assert solving.request_solve(run.campaign_id, SolveRequest(seconds=1), actor=ADMIN, now=NOW).status == "queued"


def test_a_worker_that_goes_down_in_order_does_not_count(run_id: int) -> None:
    for _turn in range(leases.MAX_ATTEMPTS + 2):
        claimed = leases.claim("a", now=NOW)
        assert claimed is not None
        leases.release(claimed)
    assert solve_queries.get_run(run_id).status == "queued"
