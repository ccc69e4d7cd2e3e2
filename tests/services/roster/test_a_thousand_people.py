"""A whole province of 1,040 people and 69 units, from the import folder to the morning on which somebody is ill."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import func, select

from core import clock
from core.db import db as database
from people.accounts import keys
from people.models import Person, Unit
from roster.campaigns.services import create_campaign
from roster.coverage import unsure
from roster.importing import services as importer
from roster.models import Duty, Shift
from roster.publishing import services as publishing
from roster.solving import jobs
from tests.support import big_folder
from tests.support.factories import ADMIN, NOW

FIRST, LAST = date(2020, 1, 20), date(2020, 1, 26)


def test_from_the_folder_to_the_morning_of_an_illness(db: Any, client: FlaskClient, tmp_path: Path) -> None:
    big_folder.write(tmp_path, impossible=True)
    report = importer.import_folder(importer.read_path(tmp_path), dry_run=False, now=NOW, actor=ADMIN)
    assert not report.errors and report.counts["people"].created == 1040
    campaign = create_campaign(
        name="Tết Canh Tý", tet_year=2020, unit="BDX", starts_on=FIRST, ends_on=LAST, actor=ADMIN, now=NOW
    )
    run = jobs.solve_now(campaign.id, seconds=3, seed=1, actor=ADMIN, now=NOW)
    # Three post offices have nobody who may do their night: exactly these nights stay empty.
    empty = database.session.scalars(
        select(Unit.code)
        .join(Shift, Shift.unit_id == Unit.id)
        .where(Shift.id.in_([row["shift"] for row in run.conflicts]))
    )
    assert set(empty) == set(big_folder.IMPOSSIBLE)
    publishing.publish(campaign.id, note="", accept_gaps="Ba bưu cục gọi đêm về bưu điện huyện", actor=ADMIN, now=NOW)
    with clock.travel(NOW):
        _row, key = keys.create_api_key("Nhân sự", "admin", None, None, now=NOW, actor=ADMIN)
        auth = {"Authorization": f"Bearer {key}"}
        ill, many = database.session.execute(
            select(Duty.person_id, func.count().label("many")).group_by(Duty.person_id).order_by(func.count().desc())
        ).first() or (0, 0)
        address = f"/api/v1/campaigns/{campaign.id}/coverage"
        before = [gap["why"] for kind in client.get(address, headers=auth).json["kinds"] for gap in kind["gaps"]]
        assert "at_risk" not in before and "empty" in before

        code = database.session.scalar(select(Person.code).filter_by(id=ill))
        absence = {"person_code": code, "from": str(FIRST), "to": str(LAST), "kind": "sick", "note": ""}
        saved = client.post("/api/v1/absences", json=absence, headers=auth)
        assert saved.status_code == 201
        assert len(saved.json["affected"]) == many > 0
        assert any(each["covers"] for each in saved.json["affected"])
        assert len(unsure.of_campaign(campaign.id, now=NOW)) == many
        after = [gap for kind in client.get(address, headers=auth).json["kinds"] for gap in kind["gaps"]]
        assert {who for gap in after if gap["why"] == "at_risk" for who in gap["people"]} == {code}
