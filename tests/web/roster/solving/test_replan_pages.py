"""The page of a re-plan claims what holds: pins that keep the sick are named, bounds are checked or said not to be."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core import clock
from core.db import db, transaction
from people.accounts import keys
from people.models import Absence, User
from roster.campaigns.models import Campaign
from roster.draft import services as drafts
from roster.models import DraftAssignment, Seat, Shift
from roster.snapshot import snapshot
from roster.solving import jobs, queries as solve_queries
from roster.solving.models import SolveRun
from roster.solving.services import SolveRequest
from tests.support.enterprise import NOW, ROOT, sign_in
from tests.support.stores import SqliteStore, prepare
from tests.web.roster.pages.test_roster_pages import first_shift, main, make_solved_campaign, page, send
from tests.web.roster.solving.test_solve_pages import address, text_of, verified

KEPT = "giữ đúng quy tắc"
PRICED = "khi mỗi lượt đổi tính theo giá, và các ô đã ghim hoặc đã bắt đầu giữ nguyên"


@pytest.fixture(scope="module")
def solved(_sqlite: tuple[SqliteStore, Flask]) -> tuple[Path, int]:
    return prepare(*_sqlite, "solved", make_solved_campaign)


@pytest.fixture
def campaign(app: Flask, solved: tuple[Path, int], _sqlite: tuple[SqliteStore, Flask]) -> Campaign:
    database, campaign_id = solved
    _sqlite[0].reset(database)
    return db.session.get_one(Campaign, campaign_id)


@pytest.fixture(autouse=True)
def before_tet() -> Iterator[None]:
    with clock.travel(NOW):
        yield


def the_first_falls_ill(campaign: Campaign, *, pinned: bool) -> int:
    """Id of the shift on which somebody ill sits."""
    shift = first_shift(campaign.id)
    if pinned:
        drafts.set_pinned(shift.id, True, actor=ROOT, now=NOW)
    with transaction() as session:
        day = session.get_one(Shift, shift.id).local_on
        who = session.scalars(
            select(DraftAssignment.person_id)
            .join(Seat, Seat.id == DraftAssignment.seat_id)
            .filter_by(shift_id=shift.id)
        ).one()
        session.add(Absence(person_id=who, from_on=day, to_on=day, kind="sick"))
    return shift.id


def replanned(campaign: Campaign) -> SolveRun:
    return jobs.solve_now(campaign.id, SolveRequest(seconds=10, seed=1, mode="replan"), actor=ROOT, now=NOW)


def told(client: FlaskClient, run: SolveRun) -> str:
    return text_of(main(page(client, address(run))))


def test_rules_are_said_to_be_kept_only_where_they_are(client: FlaskClient, campaign: Campaign) -> None:
    the_first_falls_ill(campaign, pinned=False)
    sign_in(client, "an1")
    found = told(client, replanned(campaign))
    assert KEPT in found and "lượt không chắc" not in found and "đã ghim giữ người" not in found


def test_a_pin_that_keeps_the_sick_is_the_cause_that_is_named(client: FlaskClient, campaign: Campaign) -> None:
    the_first_falls_ill(campaign, pinned=True)
    run = replanned(campaign)
    sign_in(client, "an1")
    found = told(client, run)
    assert KEPT not in found and "giữ đúng mọi quy tắc và" not in found
    assert "Lịch chưa giữ đúng mọi quy tắc: còn một vi phạm bắt buộc" in found
    assert "Một ô đã ghim giữ người vắng" in found and "vắng ngày 23/01" in found
    assert "Tốt nhất, đã chứng minh" not in found.partition("Các lần xếp lịch")[0]
    assert "1 lượt không chắc" in found and "0 lượt chưa có người" in found
    assert "Bỏ ghim ô này và xếp lại, thay đổi ít nhất" in found
    with transaction() as session:
        session.query(User).filter_by(login="an1").one().locale = "en"
    found = told(client, run)
    assert "A pinned cell keeps somebody who is absent" in found
    assert "The roster does not keep every rule yet: one violation of a hard rule left" in found
    assert "Unpin this cell and re-plan with the least change" in found


def test_the_button_unpins_replans_and_then_rules_are_kept(client: FlaskClient, campaign: Campaign) -> None:
    shift_id = the_first_falls_ill(campaign, pinned=True)
    run = replanned(campaign)
    sign_in(client, "an1")
    asked = send(client, f"/roster/campaigns/{campaign.id}/unpin", seconds="10", run=str(run.id))
    assert asked.status_code == 303
    jobs.run_queued_solves(NOW)
    after = db.session.scalars(select(SolveRun).order_by(SolveRun.id.desc())).first()
    assert after is not None and after.id > run.id and after.mode == "replan" and after.seconds == 10
    assert asked.headers["Location"].endswith(address(after))
    found = told(client, after)
    assert "Đổi 1 lượt trực" in found and KEPT in found and "đã ghim giữ người" not in found
    with transaction():
        taken = snapshot.take(campaign.id, now=NOW)
    assert not [pin for pin in taken.problem.pins if pin.shift_id == shift_id]


@pytest.mark.parametrize("sent", [True, False])
def test_pressed_twice_it_says_that_nothing_is_kept(client: FlaskClient, campaign: Campaign, sent: bool) -> None:
    run = db.session.scalars(select(SolveRun)).one()
    sign_in(client, "an1")
    asked = send(client, f"/roster/campaigns/{campaign.id}/unpin", **({"run": str(run.id)} if sent else {}))
    assert asked.headers["Location"].endswith(address(run) if sent else f"/roster/campaigns/{campaign.id}")
    assert "Không còn ô đã ghim nào giữ người vắng" in text_of(page(client, asked.headers["Location"]))


def test_an_offer_of_an_earlier_release_is_not_shown_as_if_it_were_net(client: FlaskClient, campaign: Campaign) -> None:
    """Its savings leave out what the changes cost, so that the sentence would say too much of it."""
    run, key = replanned(campaign), keys.create_api_key(keys.NewApiKey("đọc", "manager", "BDA"), now=NOW, actor=ROOT)[1]
    sign_in(client, "an1")

    def offered(**mark: bool) -> tuple[bool, Any]:
        with transaction() as session:
            row = session.get_one(SolveRun, run.id)
            row.changes = {**(row.changes or {}), "fairer": {"more": 2, "saves": 500, "moves": {}, **mark}}
        answer = client.get(f"/api/v1/solve-runs/{run.id}", headers={"Authorization": f"Bearer {key}"}).get_json()
        return "Công bằng hơn, thêm 2 thay đổi" in told(client, run), answer["changes"]["fairer"]

    assert offered(net=True) == (True, {"more": 2, "saves": 500, "moves": {}})
    assert offered() == (False, None)
    taken = send(client, f"/roster/campaigns/{campaign.id}/solve/{run.id}/fairer")
    assert "không còn" in text_of(page(client, taken.headers["Location"])), "the button of a page left open says so"


def test_a_proof_of_a_replan_names_what_it_rests_on(client: FlaskClient, campaign: Campaign) -> None:
    run = replanned(campaign)
    sign_in(client, "an1")
    paths = (f"/roster/campaigns/{campaign.id}", f"/roster/campaigns/{campaign.id}/publish", address(run))

    def said(proved: bool) -> list[str]:
        with transaction() as session:
            row = session.get_one(SolveRun, run.id)
            bound = row.objective if proved else row.objective - 100
            row.status, row.bound = "optimal" if proved else "feasible", bound
            row.certificate = {**row.certificate, "bound": bound, "proved": proved}
        return [text_of(main(page(client, path))) for path in paths]

    grid, publish, solve = said(proved=True)
    for text in (grid, publish):
        assert f"không có cách xếp nào tốt hơn, {PRICED}." in text and "không có cách xếp nào tốt hơn." not in text
    assert solve.partition("Các lần xếp lịch")[2].count("đã chứng minh, khi mỗi lượt đổi tính theo giá") == 1
    assert "Tốt nhất khi mỗi lượt đổi tính theo giá, đã chứng minh" in solve
    grid, publish, solve = said(proved=False)
    for text in (grid, publish):
        assert "còn có thể tốt hơn nhiều nhất" in text and f", {PRICED}." in text
    runs = solve.partition("Các lần xếp lịch")[2].partition("Mỗi dòng nói về lúc xếp")[0]
    assert runs.count("đã trừ giá của các lượt đổi thêm") == 1, "of the re-plan, not of the solve before it"
    with transaction() as session:
        session.query(User).filter_by(login="an1").one().locale = "en"
    grid, *_rest = said(proved=True)
    assert "there is no better roster while each change counts at its price" in grid


def test_verifying_a_replan_works_its_bound_out_again(client: FlaskClient, campaign: Campaign) -> None:
    the_first_falls_ill(campaign, pinned=False)
    run = replanned(campaign)
    sign_in(client, "an1")
    assert run.bound is not None and run.certificate["prices"]
    found = verified(client, run)
    assert "Mức thấp nhất có thể: đã kiểm lại." in found or "chỉ kiểm lại được một phần" in found
    assert "không giữ giá đối ngẫu" not in found
    assert "nút “Kiểm lại” không tính lại số này" in found, "the count is the solver's word"


def test_a_bound_without_prices_is_said_to_be_the_engines_own_word(client: FlaskClient, campaign: Campaign) -> None:
    run = db.session.scalars(select(SolveRun)).one()
    with transaction() as session:
        row = session.get_one(SolveRun, run.id)
        row.certificate = {**row.certificate, "bound": row.objective, "prices": ""}
    sign_in(client, "an1")
    found: Any = told(client, solve_queries.get_run(run.id))
    assert "theo lời máy, chưa kiểm lại được" in found
    assert "lời của máy: chứng nhận không giữ giá đối ngẫu nên không kiểm lại được" in found
