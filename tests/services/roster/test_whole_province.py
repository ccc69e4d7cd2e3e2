"""A province whose units hang together by people who help below: solved in pieces, impossible seats named exactly."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from roster.campaigns.services import create_campaign
from roster.importing import services as importer
from roster.planning.score.check import check
from roster.snapshot import snapshot
from roster.solving import jobs
from tests.support import big_folder
from tests.support.factories import ADMIN, NOW

HOPELESS = "BDX-H02-1"


def test_exactly_the_nights_that_nobody_may_do_stay_empty(db: Any, tmp_path: Path) -> None:
    big_folder.write(tmp_path, districts=2, impossible=True)
    report = importer.import_folder(importer.read_path(tmp_path), dry_run=False, now=NOW, actor=ADMIN)
    assert not report.errors
    campaign = create_campaign(
        name="Tết Canh Tý",
        tet_year=2020,
        unit="BDX",
        starts_on=date(2020, 1, 20),
        ends_on=date(2020, 1, 30),
        actor=ADMIN,
        now=NOW,
    )
    run = jobs.solve_now(campaign.id, seconds=5, actor=ADMIN, now=NOW)
    taken = snapshot.take(campaign.id, now=NOW)
    hopeless = {s.id for s in taken.problem.shifts if (s.unit, s.template) == (HOPELESS, "Đêm")}
    assert len(hopeless) == 11
    found = check(taken.problem, taken.assignments)
    assert {v.shift_ids[0] for v in found if v.rule == "coverage.headcount"} == hopeless
    assert [v.rule for v in found if v.hard and v.rule != "coverage.headcount"] == []
    assert run.status == "infeasible" and run.certificate["missing_bound"] == len(hopeless)
    assert {row["shift"] for row in run.conflicts} == hopeless
