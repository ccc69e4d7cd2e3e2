"""A range of the grid, people × days, is assigned alone: what that means is said first, and no other cell changes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core import clock
from core.db import db
from people.accounts import keys
from planning.part import Part
from planning.solve import SolveOptions, solve
from roster.draft import undoing
from roster.draft.models import DraftEdit
from roster.snapshot import snapshot
from roster.solving import leases, proof_validity, services as solving
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


def day(both: Districts, turn: int) -> date:
    return snapshot.take(both.campaign_id, now=NOW).problem.shift_of[both.shift("A", turn)].local_date


def asked(both: Districts, *people: str, first: int = 0, last: int = 1, **more: str) -> dict[str, str]:
    days = {"from": day(both, first).isoformat(), "to": day(both, last).isoformat()}
    return {"people": ",".join(people), **days, **more}


def range_of(both: Districts, *people: str, last: int = 1) -> Part:
    return Part(None, None, day(both, 0), day(both, last), frozenset(people))


def path(both: Districts, rest: str) -> str:
    return f"/roster/campaigns/{both.campaign_id}{rest}"


def test_it_says_how_many_seats_and_what_stays_before_it_begins(app: Flask, both: Districts) -> None:
    an = browser(app, "an1")
    found = an.get(path(both, "/range"), query_string=asked(both, "A2", "A3", unit="BDA")).json
    # A2 has the first night; the first day is empty.
    assert found["n"] == 2
    assert "1 lượt họ đang giữ" in found["said"] and "1 lượt trống họ trực được" in found["said"]
    assert "Trực A2, Trực A3" in found["said"] and "giữ nguyên" in found["said"]
    assert "Xếp 2 lượt" in found["panel"]
    both.put("A", 1, "A2")  # pinned by the edit
    found = an.get(path(both, "/range"), query_string=asked(both, "A2", "A3", unit="BDA")).json
    assert found["n"] == 1 and "Đã ghim, không đổi: 1 lượt" in found["said"]


def test_only_the_cells_of_the_range_change(app: Flask, both: Districts) -> None:
    """A3 and A4 get the empty day; the night beside it stays A2's, who is not in the range, and so do other days."""
    before = {letter: drafted(both, letter) for letter in "AC"}
    an = browser(app, "an1")
    sent = an.post(path(both, "/solve"), data=asked(both, "A3", "A4", unit="BDA", seconds="10"))
    assert run_queued_solves(NOW) == 1
    page = an.get(sent.location).text
    assert "Chỉ xếp: Trực A3, Trực A4, Bưu điện huyện A" in page
    after = {letter: drafted(both, letter) for letter in "AC"}
    assert after["A"][0] in ("A3", "A4")
    assert after["A"][1:] == before["A"][1:] and "" in after["A"], "the second night is empty as it was"
    assert after["C"] == before["C"]


def test_what_was_proven_of_a_range_is_said_while_it_holds(app: Flask, both: Districts) -> None:
    run = solve_now(both.campaign_id, SolveRequest(seconds=10, part=range_of(both, "A2", "A3")), actor=ADMIN, now=NOW)
    run_id = run.id

    def held() -> str:
        db.session.rollback()
        found = db.session.get_one(SolveRun, run_id)
        return proof_validity.held(found, snapshot.take(both.campaign_id, now=NOW)).state

    assert held() == "proved"
    both.put("C", 2, "C3")
    assert held() == "proved", "another's shift on another day concerns nobody of the range"
    both.put("A", 0, "A4")
    assert held() == "edited"
    again = proof_validity.held(db.session.get_one(SolveRun, run_id), snapshot.take(both.campaign_id, now=NOW)).again
    assert again["people"] == "A2,A3", "and it is asked for again as it was"


def test_it_is_one_named_step_to_take_back(app: Flask, both: Districts) -> None:
    before, an = drafted(both, "A"), both.manager("A")
    part = Part("BDA", None, day(both, 0), day(both, 1), frozenset({"A2", "A3"}))
    solve_now(both.campaign_id, SolveRequest(seconds=10, part=part), actor=an, now=NOW)
    assert drafted(both, "A") != before
    page = browser(app, "an1").get(path(both, "?view=people&unit=BDA")).text
    assert "máy xếp" in page and "lượt: Trực A2, Trực A3, Bưu điện huyện A" in page
    assert db.session.scalar(select(DraftEdit).order_by(DraftEdit.id.desc())).kind == "solve"
    undoing.undo(both.campaign_id, actor=an, now=NOW)
    assert drafted(both, "A") == before


def test_who_is_moved_meanwhile_stays_where_they_were_put(app: Flask, both: Districts) -> None:
    """While the machine thinks about A3 and A4, An empties the night and gives the day to somebody by hand."""
    an, part = both.manager("A"), Part("BDA", None, day(both, 0), day(both, 3), frozenset({"A3", "A4"}))
    run = solving.request_solve(both.campaign_id, SolveRequest(seconds=10, part=part), actor=an, now=NOW)
    claimed = leases.claim("worker", now=NOW, run_id=run.id)
    assert claimed is not None
    found = solve(claimed.taken.problem, SolveOptions(seconds=10, seed=1), start=claimed.taken.assignments)
    db.session.rollback()
    both.put("A", 0, "A1")
    both.put("A", 1)
    leases.finish(claimed, found, now=NOW)
    after = drafted(both, "A")
    assert after[0] == "A1" and after[1] == "", "edits made meanwhile stay"
    assert after[3] in ("A3", "A4"), "and what nobody touched is assigned"
    assert [after[2], *after[4:]] == ["A1", "A1", "A2"], "others are where they were"


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ({"people": ""}, 422, "Chọn ít nhất một người"),
        ({"people": "A1", "from": "", "to": ""}, 422, "từ ngày nào đến ngày nào"),
        ({"people": "A1", "from": "mai"}, 422, "ngày/tháng/năm"),
        ({"people": "XX"}, 404, "XX"),
        ({"people": "C3", "unit": "BDA"}, 409, "không có lượt nào để xếp"),
        ({"people": ",".join(f"A{n}" for n in range(501))}, 422, "nhiều nhất 500 người"),
    ],
)
def test_what_cannot_be_assigned_says_why(
    app: Flask, both: Districts, query: dict[str, str], status: int, said: str
) -> None:
    wanted = asked(both, "A1") | {"unit": "BDA"} | query
    answer = browser(app, "an1").get(path(both, "/range"), query_string=wanted)
    assert (answer.status_code, said in answer.json["said"]) == (status, True), answer.json
    page = browser(app, "an1").get(path(both, "/solve/range"), query_string=wanted | {"look": "1"})
    assert page.status_code == status and said in page.text


def test_a_units_manager_has_their_own_shifts_assigned_unasked(app: Flask, both: Districts) -> None:
    """From the grid of the whole campaign, without a filter, An asks for days on which Chi's district serves, too."""
    an = browser(app, "an1")
    found = an.get(path(both, "/range"), query_string=asked(both, "A3", "C3")).json
    assert found["n"] == 1 and "Bưu điện huyện A" in found["said"]
    assert 'name="unit" value="BDA"' in found["panel"]
    assert an.get(path(both, "/range"), query_string=asked(both, "C3", unit="BDC")).status_code == 403
    assert an.post(path(both, "/solve"), data=asked(both, "C3", unit="BDC")).status_code == 403


def test_without_a_script_people_are_ticked_and_it_is_said_then_begun(app: Flask, both: Districts) -> None:
    an = browser(app, "an1")
    grid = an.get(path(both, "?view=people&unit=BDA")).text
    assert "/solve/range?unit=BDA" in grid
    page = an.get(path(both, "/solve/range?unit=BDA")).text
    assert 'name="people" value="A3"' in page and 'value="C3"' not in page, (
        "the unit's own people are there to be ticked"
    )
    days = {"from": day(both, 0).isoformat(), "to": day(both, 1).isoformat(), "unit": "BDA", "look": "1"}
    look: list[tuple[str, Any]] = [*days.items(), ("people", "A3"), ("people", "A4")]
    page = an.get(path(both, "/solve/range"), query_string=look).text
    assert "Xếp 1 lượt" in page and 'value="A3" checked' in page and 'name="people" value="A3,A4"' in page


def test_the_call_and_the_run_say_whose_cells(app: Flask, both: Districts) -> None:
    _row, key = keys.create_api_key(keys.NewApiKey("Lịch", "manager", "BDA"), now=NOW, actor=ADMIN)
    headers, client = {"Authorization": f"Bearer {key}"}, IsolatedClient(app)
    on = day(both, 0).isoformat()
    body = {"seconds": 10, "part": {"unit": "BDA", "from": on, "to": on, "people": ["A3", "A4"]}}
    made = client.post(f"/api/v1/campaigns/{both.campaign_id}/solve", json=body, headers=headers)
    assert made.status_code == 202
    run_queued_solves(NOW)
    told = client.get(f"/api/v1/solve-runs/{made.json['id']}", headers=headers).json
    assert told["part"] == {"unit": "BDA", "duty": None, "from": on, "to": on, "people": ["A3", "A4"]}
    assert drafted(both, "A")[0] in ("A3", "A4")
    unknown = body | {"part": body["part"] | {"people": ["NOBODY"]}}
    answer = client.post(f"/api/v1/campaigns/{both.campaign_id}/solve", json=unknown, headers=headers)
    assert answer.status_code == 404 and "NOBODY" in answer.json["detail"]
