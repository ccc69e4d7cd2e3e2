"""An has their own district assigned in the province's campaign, or some days of it: nobody elsewhere is moved."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core import clock
from core.db import db, transaction
from people.accounts import keys
from people.models import Absence
from planning.part import Part
from planning.solve import SolveOptions, solve
from roster.draft import undoing
from roster.snapshot import snapshot
from roster.solving import leases, proof_validity, services as solving, verifying
from roster.solving.jobs import run_queued_solves, solve_now
from roster.solving.models import SolveRun
from roster.solving.services import SolveRequest
from tests.support.districts import ADMIN, NOW, Districts, drafted, with_gaps
from tests.support.enterprise import sign_in
from tests.support.isolation import IsolatedClient


@pytest.fixture
def both(app: Flask) -> Iterator[Districts]:
    with clock.travel(NOW):
        yield with_gaps()


def browser(app: Flask, who: str) -> FlaskClient:
    client = IsolatedClient(app)
    sign_in(client, who)
    return client


def latest(both: Districts) -> SolveRun:
    db.session.rollback()
    return db.session.query(SolveRun).order_by(SolveRun.id.desc()).first()


def held(both: Districts) -> proof_validity.ProofHolding:
    return proof_validity.held(latest(both), snapshot.take(both.campaign_id, now=NOW))


def test_an_has_the_own_district_assigned_from_its_grid(app: Flask, both: Districts) -> None:
    theirs, an = drafted(both, "C"), browser(app, "an1")
    page = an.get(f"/roster/campaigns/{both.campaign_id}?unit=BDA").text
    assert "Xếp riêng phần đang xem" in page and 'name="unit" value="BDA"' in page
    asked = {"unit": "BDA", "seconds": "10", "reproducible": "1"}
    sent = an.post(f"/roster/campaigns/{both.campaign_id}/solve", data=asked)
    assert run_queued_solves(NOW) == 1
    page = an.get(sent.location).text
    assert "Chỉ xếp: Bưu điện huyện A." in page and "Xếp tiếp" in page
    assert all(drafted(both, "A")), "the two that were empty have somebody"
    assert drafted(both, "C") == theirs and "" in theirs, "and Chi's stays as it is, with its gap"

    run = latest(both)
    assert (run.status, run.conflicts) == ("optimal", [])
    assert held(both).state == "proved" and verifying.verify(run, now=NOW).holds
    page = browser(app, "qt1").get(f"/roster/campaigns/{both.campaign_id}?view=people&source=draft").text
    assert page.index("Chỉ xếp: Bưu điện huyện A.") < page.index("đã chứng minh"), "nothing is claimed of the whole"
    both.put("C", 1, "C3")
    assert held(both).state == "proved", "what Chi does concerns nobody of An's"
    both.put("A", 1, "A4" if both.drafted("A", 1) != "A4" else "A3")
    assert held(both).state == "edited"
    grid = browser(app, "qt1").get(f"/roster/campaigns/{both.campaign_id}?view=people").text
    again = grid[grid.index("không còn chứng minh") :]
    assert 'name="unit" value="BDA"' in again[: again.index("</form>")], "and is asked for again alone"


def test_the_own_district_is_one_step_to_take_back(app: Flask, both: Districts) -> None:
    before = {letter: drafted(both, letter) for letter in "AC"}
    an = both.manager("A")
    solve_now(both.campaign_id, SolveRequest(seconds=10, part=Part(unit="BDA")), actor=an, now=NOW)
    assert drafted(both, "A") != before["A"]
    undoing.undo(both.campaign_id, actor=an, now=NOW)
    assert {letter: drafted(both, letter) for letter in "AC"} == before


def test_some_days_alone(app: Flask, both: Districts) -> None:
    """The range of days is inclusive, and of the whole campaign where no unit is named."""
    day = snapshot.take(both.campaign_id, now=NOW).problem.shift_of[both.shift("C", 1)].local_date
    before = {letter: drafted(both, letter) for letter in "AC"}
    manager = browser(app, "an1")
    asked = {"from": day.isoformat(), "to": day.isoformat(), "seconds": "10"}
    path = f"/roster/campaigns/{both.campaign_id}/solve"
    assert manager.post(path, data=asked).status_code == 403, "the other district has shifts on that day, too"
    solve_now(both.campaign_id, SolveRequest(seconds=10, part=Part(first=day, last=day)), actor=ADMIN, now=NOW)
    after = {letter: drafted(both, letter) for letter in "AC"}
    assert after["C"][1] and after["A"][0] and not after["A"][3]
    assert [after["A"][2:], after["C"][2:]] == [before["A"][2:], before["C"][2:]]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"from": "mai"}, "ngày/tháng/năm"),
        ({"from": "25/01/2020", "to": "24/01/2020"}, "không trước ngày đầu"),
        ({"from": "20/02/2020"}, "Không có ca nào trong phần này"),
        ({"duty": "khong-co"}, "Không có loại trực khong-co"),
    ],
)
def test_what_cannot_be_assigned_is_said_in_the_grid(
    app: Flask, both: Districts, asked: dict[str, str], said: str
) -> None:
    an = browser(app, "an1")
    answer = an.post(f"/roster/campaigns/{both.campaign_id}/solve", data={"unit": "BDA", **asked})
    page = an.get(answer.location).text
    assert said in page and all(f'value="{day}"' in page for name, day in asked.items() if name in ("from", "to"))
    assert latest(both) is None, "nothing was asked for"


@pytest.mark.parametrize(("unit", "status"), [("BDC", 403), ("XX", 404), ("", 403)])
def test_anothers_unit_is_not_theirs_to_assign(app: Flask, both: Districts, unit: str, status: int) -> None:
    answer = browser(app, "an1").post(f"/roster/campaigns/{both.campaign_id}/solve", data={"unit": unit})
    assert answer.status_code == status and latest(both) is None


def test_the_campaigns_own_unit_is_the_campaign(app: Flask, both: Districts) -> None:
    run = solve_now(both.campaign_id, SolveRequest(seconds=10, part=Part(unit="BDT")), actor=ADMIN, now=NOW)
    assert run.part is None and all(drafted(both, "A") + drafted(both, "C"))


def test_what_is_learnt_meanwhile_empties_nothing_elsewhere(app: Flask, both: Districts) -> None:
    """Chi notes an illness and moves somebody while An's district is thought about."""
    an, part = both.manager("A"), Part(unit="BDA")
    run = solving.request_solve(both.campaign_id, SolveRequest(seconds=10, part=part), actor=an, now=NOW)
    claimed = leases.claim("worker", now=NOW, run_id=run.id)
    assert claimed is not None
    found = solve(claimed.taken.problem, SolveOptions(seconds=10, seed=1), start=claimed.taken.assignments)
    day = snapshot.take(both.campaign_id, now=NOW).problem.shift_of[both.shift("C", 2)].local_date
    db.session.rollback()
    with transaction() as session:
        session.add(Absence(person_id=both.ids["C1"], from_on=day, to_on=day + timedelta(days=1), kind="sick"))
    both.put("C", 4, "C4")
    theirs = drafted(both, "C")
    leases.finish(claimed, found, now=NOW)
    assert drafted(both, "C") == theirs and all(drafted(both, "A"))


def test_the_call_says_which_part(app: Flask, both: Districts) -> None:
    _row, key = keys.create_api_key(keys.NewApiKey("Lịch", "manager", "BDA"), now=NOW, actor=ADMIN)
    headers, client = {"Authorization": f"Bearer {key}"}, IsolatedClient(app)
    body = {"seconds": 10, "part": {"unit": "BDA", "from": "2020-01-01", "to": "2020-03-01"}}
    path = f"/api/v1/campaigns/{both.campaign_id}/solve"
    assert client.post(path, json={"seconds": 10}, headers=headers).status_code == 403
    made = client.post(path, json=body, headers=headers)
    assert made.status_code == 202
    run_queued_solves(NOW)
    told = client.get(f"/api/v1/solve-runs/{made.json['id']}", headers=headers).json
    assert told["part"] == {"unit": "BDA", "duty": None, "from": "2020-01-01", "to": "2020-03-01", "people": None}
    assert date.fromisoformat(told["part"]["from"]) and told["status"] == "optimal"
