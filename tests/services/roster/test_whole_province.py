"""A province whose units hang together by people who help below, from the import folder to the morning of an illness.

Nine units are solved in pieces; of all 69, with 1,040 people, the first roster is enough for what is asserted.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from core import clock
from core.db import db as database
from people.accounts import keys
from people.models import Person, Unit
from planning.score.check import check
from roster.campaigns.services import create_campaign
from roster.coverage import unsure
from roster.importing import services as importer
from roster.models import Duty
from roster.publishing import services as publishing
from roster.publishing.terms import PublishTerms
from roster.snapshot import snapshot
from roster.solving import jobs
from roster.solving.services import SolveRequest
from tests.support import big_folder
from tests.support.factories import ADMIN, NOW
from tests.unit.planning.in_process import engines_inside

FIRST, LAST = date(2020, 1, 22), date(2020, 1, 26)
HOUR = 3600
"""Seconds: what ends by itself has them, however busy the machine."""


@pytest.mark.parametrize(("districts", "people", "seconds"), [(2, 140, HOUR), (17, 1040, 0)])
def test_nights_that_nobody_may_do_stay_empty_and_whoever_falls_ill_is_covered(
    db: Any, client: FlaskClient, tmp_path: Path, districts: int, people: int, seconds: int
) -> None:
    big_folder.write(tmp_path, districts=districts, impossible=True)
    report = importer.import_folder(importer.read_path(tmp_path), dry_run=False, now=NOW, actor=ADMIN)
    assert not report.errors and report.counts["people"].created == people
    campaign = create_campaign(
        name="Tết Canh Tý", tet_year=2020, unit="BDX", starts_on=FIRST, ends_on=LAST, actor=ADMIN, now=NOW
    )
    with engines_inside(torn=districts == 2, brief=True):
        run = jobs.solve_now(campaign.id, SolveRequest(seconds=seconds, seed=1), actor=ADMIN, now=NOW)
    # Some post offices have nobody who may do their night: exactly these nights stay empty.
    units = set(database.session.scalars(select(Unit.code))) & set(big_folder.IMPOSSIBLE)
    taken = snapshot.take(campaign.id, now=NOW)
    hopeless = {s.id for s in taken.problem.shifts if s.unit in units and s.template == "Đêm"}
    assert len(hopeless) == 5 * len(units) > 0
    found = check(taken.problem, taken.assignments)
    assert {v.shift_ids[0] for v in found if v.rule == "coverage.headcount"} == hopeless
    assert [v.rule for v in found if v.hard and v.rule != "coverage.headcount"] == []
    assert run.status == "infeasible" and run.certificate["missing_bound"] == len(hopeless)
    assert {row["shift"] for row in run.conflicts} == hopeless
    publishing.publish(
        campaign.id, PublishTerms("", accept_gaps="Bưu cục gọi đêm về bưu điện huyện"), actor=ADMIN, now=NOW
    )
    with clock.travel(NOW):
        whoever_falls_ill_is_covered(client, campaign.id)


def whoever_falls_ill_is_covered(client: FlaskClient, campaign_id: int) -> None:
    _row, key = keys.create_api_key(keys.NewApiKey("Nhân sự", "admin"), now=NOW, actor=ADMIN)
    auth = {"Authorization": f"Bearer {key}"}
    ill, many = database.session.execute(
        select(Duty.person_id, func.count().label("many")).group_by(Duty.person_id).order_by(func.count().desc())
    ).first() or (0, 0)
    address = f"/api/v1/campaigns/{campaign_id}/coverage"
    before = [gap["why"] for kind in client.get(address, headers=auth).json["kinds"] for gap in kind["gaps"]]
    assert "at_risk" not in before and "empty" in before

    code = database.session.scalar(select(Person.code).filter_by(id=ill))
    absence = {"person_code": code, "from": str(FIRST), "to": str(LAST), "kind": "sick", "note": ""}
    saved = client.post("/api/v1/absences", json=absence, headers=auth)
    assert saved.status_code == 201
    assert len(saved.json["affected"]) == many > 0
    assert any(each["covers"] for each in saved.json["affected"])
    assert len(unsure.list_for_campaign(campaign_id, now=NOW)) == many
    after = [gap for kind in client.get(address, headers=auth).json["kinds"] for gap in kind["gaps"]]
    assert {who for gap in after if gap["why"] == "at_risk" for who in gap["people"]} == {code}
