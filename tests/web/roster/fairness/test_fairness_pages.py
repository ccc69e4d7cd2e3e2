"""The fairness ledger: who carries what, as a page, a file and JSON that say the same."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from statistics import pstdev

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from core import clock
from core.db import db as database, transaction
from core.models import AuditEntry
from people.accounts import keys
from people.models import Absence, Person
from roster.snapshot import snapshot
from roster.solving import jobs
from roster.solving.models import SolveRun
from roster.solving.services import SolveRequest
from roster.words import labels
from tests.support import factories, worlds
from tests.support.enterprise import NOW, ROOT, sign_in
from tests.web.roster.pages.test_roster_pages import FIRST, LAST, make_unit, page


@pytest.fixture
def campaign_id(app: Flask) -> int:
    return worlds.begin("fairness", make_rostered)


def make_rostered() -> int:
    made = factories.make_campaign(make_unit(), first=FIRST, last=LAST)
    jobs.solve_now(made.id, SolveRequest(seconds=1), actor=ROOT, now=NOW)
    return made.id


def from_file(client: FlaskClient, campaign_id: int) -> list[dict[str, str]]:
    with clock.travel(NOW):
        answer = client.get(f"/roster/campaigns/{campaign_id}/fairness.csv")
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))


def test_the_page_and_the_file_account_for_every_seat(client: FlaskClient, campaign_id: int) -> None:
    sign_in(client, "an1")
    listed = from_file(client, campaign_id)
    assert sum(int(row["shifts"]) for row in listed) == len(snapshot.take(campaign_id, now=NOW).assignments) > 0
    heaviest = [float(row["relative_points"]) for row in listed]
    assert heaviest == sorted(heaviest, reverse=True)
    text = page(client, f"/roster/campaigns/{campaign_id}/fairness")
    assert all(row["full_name"].replace("'", "&#39;") in text for row in listed)
    assert text.count('class="plot spread-plot"') == 3


def test_evenness_is_said_in_nights_on_duty_and_numbers_as_the_reader_writes_them(
    client: FlaskClient, campaign_id: int
) -> None:
    sign_in(client, "an1")
    with transaction() as session:
        session.execute(update(Person).values(share=75))
    run_id = database.session.scalar(select(SolveRun.id))
    for path in ("fairness", f"solve/{run_id}"):
        text = page(client, f"/roster/campaigns/{campaign_id}/{path}")
        assert "Nặng nhất" in text and ("ca đêm." in text or "như nhau." in text), path
        assert "độ lệch chuẩn" not in text
        assert not re.search(r"\d\.\d+ %", text), "a percent with a dot"


@pytest.mark.parametrize(
    ("apart", "said"),
    [
        (0, "như nhau"),
        (890, "9 điểm: chưa tới một ca đêm"),
        (1000, "10 điểm: chừng một ca đêm"),
        (1201, "12 điểm: hơn một ca đêm"),
        (2849450, "28.494 điểm: chừng 2.849 ca đêm"),
    ],
)
def test_points_are_explained_by_what_everybody_knows(app: Flask, apart: int, said: str) -> None:
    with app.test_request_context():
        assert said in labels.spread(apart)


def test_the_api_says_what_the_file_says(client: FlaskClient, campaign_id: int) -> None:
    _row, secret = keys.create_api_key(keys.NewApiKey("thử", "admin"), now=NOW, actor=ROOT)
    headers = {"Authorization": f"Bearer {secret}"}
    with clock.travel(NOW):
        told = client.get(f"/api/v1/campaigns/{campaign_id}/fairness", headers=headers).get_json()
    sign_in(client, "an1")
    assert [str(each["relative_points"]) for each in told["people"]] == [
        row["relative_points"] for row in from_file(client, campaign_id)
    ]
    duties = {row["duty"]: row for row in told["duties"]}
    loads = [each["relative_points"] for each in told["people"] if each["code"].startswith("P")]
    assert duties["leadership"]["highest"] >= max(loads)
    if len(loads) == duties["leadership"]["people"]:
        assert duties["leadership"]["deviation"] == pytest.approx(pstdev(loads), abs=1e-3)


def test_who_does_not_plan_takes_their_own_line_along_and_is_written_down(
    client: FlaskClient, campaign_id: int
) -> None:
    sign_in(client, "an1")
    assert len(from_file(client, campaign_id)) > 1
    client.post("/logout")
    for other, line in (("bi1", "BI1"), ("ch1", "CH1")):
        sign_in(client, other)
        assert {row["code"] for row in from_file(client, campaign_id)} <= {line}
        client.post("/logout")
    taken = select(AuditEntry).filter_by(action="campaign.export", thing_id=str(campaign_id))
    assert [each.detail for each in database.session.scalars(taken)] == [{"form": "fairness.csv"}] * 3


def test_a_name_that_is_a_formula_stays_a_name(client: FlaskClient, campaign_id: int) -> None:
    with transaction() as session:
        session.execute(update(Person).where(Person.code == "AN1").values(full_name='-2+3+cmd|" /C calc"!A0'))
    sign_in(client, "an1")
    names = {row["code"]: row["full_name"] for row in from_file(client, campaign_id)}
    assert names["AN1"].startswith("'-2+3")


def test_an_unknown_campaign_is_not_found(client: FlaskClient, campaign_id: int) -> None:
    sign_in(client, "an1")
    page(client, "/roster/campaigns/99999/fairness", 404)
    page(client, "/roster/campaigns/99999/fairness.csv", 404)


def test_a_colleague_reads_nowhere_how_long_somebody_was_away_or_that_they_work_half_the_time(
    client: FlaskClient, campaign_id: int
) -> None:
    """Neither as a figure nor out of carried, plan and load, which for others than planners add up."""
    path = f"/roster/campaigns/{campaign_id}/fairness"
    with transaction() as session:
        session.execute(update(Person).values(share=50))
        person_id = session.scalar(select(Person.id).where(Person.code == "BI1"))
        session.add(
            Absence(
                person_id=person_id,
                from_on=date.fromisoformat(FIRST),
                to_on=date.fromisoformat(FIRST),
                kind="sick",
                recorded_at=NOW,
            )
        )
    sign_in(client, "an1")
    assert "Có mặt" in page(client, path) and "làm 50" in page(client, path)
    client.post("/logout")
    sign_in(client, "ch1")
    text = page(client, path)
    assert "Có mặt" not in text and "làm 50" not in text and "Nguyện vọng" not in text
    _row, secret = keys.create_api_key(keys.NewApiKey("thử", "staff"), now=NOW, actor=ROOT)
    with clock.travel(NOW):
        told = client.get(f"/api/v1/campaigns/{campaign_id}/fairness", headers={"Authorization": f"Bearer {secret}"})
    for each in told.get_json()["people"]:
        assert each["share_percent"] is each["capacity_percent"] is each["wishes"] is None
        assert each["relative_points"] == pytest.approx(each["carried_points"] + each["plan_points"])
