"""A solve by page, without JavaScript: asked for in words, watched, understood, held against the draft again."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core import clock
from core.db import db, transaction
from people.accounts import keys
from planning.certificate import from_json
from planning.outcome import Progress
from roster.campaigns.models import Campaign
from roster.draft import services as drafts
from roster.rulebook import services as rule_settings
from roster.snapshot import snapshot
from roster.solving import cli_lines, jobs, queries as solve_queries, run_facts, services as solving
from roster.solving.models import SolveRun
from roster.words import labels
from tests.support import factories
from tests.support.enterprise import NOW, ROOT, sign_in
from tests.support.stores import SqliteStore, prepare
from tests.web.roster.pages.test_roster_pages import FIRST, LAST, make_solved_campaign, make_unit, page, send


@pytest.fixture(scope="module")
def solved(_sqlite: tuple[SqliteStore, Flask]) -> tuple[Path, int]:
    return prepare(*_sqlite, "solved", make_solved_campaign)


@pytest.fixture
def run(app: Flask, solved: tuple[Path, int], _sqlite: tuple[SqliteStore, Flask]) -> SolveRun:
    """A finished run of a small campaign, its roster in the draft."""
    database, campaign_id = solved
    _sqlite[0].reset(database)
    return db.session.scalars(select(SolveRun).filter_by(campaign_id=campaign_id)).one()


def address(run: SolveRun, rest: str = "") -> str:
    return f"/roster/campaigns/{run.campaign_id}/solve/{run.id}{rest}"


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


def verified(client: FlaskClient, run: SolveRun) -> str:
    answer = send(client, address(run, "/verify"))
    assert answer.status_code == 200
    return text_of(answer.text)


def test_the_form_says_how_and_the_run_obeys(client: FlaskClient, app: Flask) -> None:
    campaign = factories.make_campaign(make_unit(), first=FIRST, last=LAST)
    sign_in(client, "an1")
    form = page(client, f"/roster/campaigns/{campaign.id}")
    assert all(f'value="{seconds}"' in form for seconds in (10, 30, 120, 600))
    assert "Chạy lặp lại được (một luồng)" in form and 'name="seed"' in form
    assert "Xếp lại, thay đổi ít nhất" not in form, "there is no roster to stay close to"
    asked = send(client, f"/roster/campaigns/{campaign.id}/solve", seconds="600", seed="77", reproducible="1")
    made = db.session.scalars(select(SolveRun)).one()
    assert (made.seconds, made.seed, made.mode, made.reproducible) == (600, 77, "whole", True)
    waiting = page(client, asked.headers["Location"])
    assert "data-poll" in waiting and '<meta http-equiv="refresh"' in waiting and "Dừng" in waiting
    assert "An" in text_of(waiting) and "10 phút" in waiting


@pytest.mark.parametrize("sent", [{"seconds": "x", "seed": "-5"}, {"seconds": "", "seed": "99999999999999"}])
def test_nonsense_in_the_form_is_bent_into_range(client: FlaskClient, app: Flask, sent: dict[str, str]) -> None:
    campaign = factories.make_campaign(make_unit(), first=FIRST, last=LAST)
    sign_in(client, "an1")
    assert send(client, f"/roster/campaigns/{campaign.id}/solve", **sent).status_code == 303
    made = db.session.scalars(select(SolveRun)).one()
    assert made.seconds == 30 and made.seed in (0, 2_147_483_647)


def test_a_replan_is_offered_once_there_is_a_draft(client: FlaskClient, run: SolveRun) -> None:
    sign_in(client, "an1")
    form = page(client, f"/roster/campaigns/{run.campaign_id}")
    assert "Xếp lại, thay đổi ít nhất" in form and "Ca đã bắt đầu và ô đã ghim giữ nguyên" in form
    send(client, f"/roster/campaigns/{run.campaign_id}/solve", seconds="1", mode="replan")
    again = db.session.scalars(select(SolveRun).order_by(SolveRun.id.desc())).first()
    assert again is not None and again.mode == "replan"
    with clock.travel(NOW):
        jobs.run_queued_solves(NOW)
    done = solve_queries.get_run(again.id)
    assert done.status in run_facts.WRITTEN
    told = verified(client, done)
    assert "Chứng nhận đúng với dự thảo hiện tại." in told, "it keeps the draft that it stayed close to"
    with transaction() as session:
        row = session.get_one(SolveRun, again.id)
        row.certificate = {key: value for key, value in row.certificate.items() if key != "baseline"}
    told = verified(client, solve_queries.get_run(again.id))
    assert "Dự thảo vẫn là lịch của lần xếp này." in told, "of before: its problem cannot be compared, its roster can"


def test_while_it_runs_the_page_shows_course_first_roster_and_pieces(client: FlaskClient, run: SolveRun) -> None:
    course = [[0.6, 50000, None, 0, "greedy", 0, 0], [3.0, 40000, 30000, 0, "highs", 69, 12]]
    with transaction() as session:
        live = session.get_one(SolveRun, run.id)
        live.status, live.finished_at, live.certificate, live.progress = "running", None, {}, course
        live.objective, live.bound = 40000, 30000
        live.started_at, live.lease_owner, live.leased_until = NOW, "x", NOW
    sign_in(client, "an1")
    html = page(client, address(run, "/live"))
    told = text_of(html)
    assert "lịch đầu tiên sau 0,6 giây" in told and "12/69 phần độc lập đã chứng minh" in told
    assert "HiGHS" not in told and "chừng 10 ca đêm còn có thể tốt hơn nhiều nhất" in told and "Dừng" in told
    assert html.count('<svg class="plot"') == 2 and 'class="bound"' in html and 'class="gap"' in html
    assert "nay còn 25,00" in html, "what the drawing of the gap is called"
    assert "Chứng nhận kết quả" not in told, "nothing is certified before the end"
    assert "style=" not in html and "onclick" not in html


def set_running(run: SolveRun) -> None:
    with transaction() as session:
        live = session.get_one(SolveRun, run.id)
        live.status, live.finished_at, live.certificate, live.objective = "running", None, {}, 40000
        live.started_at, live.lease_owner, live.leased_until = NOW, "x", NOW


@pytest.mark.parametrize("keep", [True, False])
def test_a_stop_says_what_becomes_of_the_draft_and_may_take_the_best(
    client: FlaskClient, run: SolveRun, keep: bool
) -> None:
    set_running(run)
    sign_in(client, "an1")
    html = page(client, address(run))
    assert "Dừng và lấy lịch tốt nhất hiện có" in html and 'name="keep" value="1"' in html
    assert 'aria-describedby="stop-hint"' in html and "Nút “Dừng” không lấy lịch: dự thảo giữ nguyên." in html
    assert send(client, address(run, "/cancel"), **({"keep": "1"} if keep else {})).status_code == 303
    asked = solve_queries.get_run(run.id)
    assert asked.cancel_requested and asked.keep_best is keep
    html = page(client, address(run))
    assert "đang dừng" in html and "stop-hint" not in html


def test_before_there_is_a_roster_there_is_none_to_take(client: FlaskClient, app: Flask) -> None:
    campaign = factories.make_campaign(make_unit(), first=FIRST, last=LAST)
    waiting = solving.request_solve(campaign.id, actor=ROOT, now=NOW)
    sign_in(client, "an1")
    told = text_of(page(client, address(waiting)))
    assert "Dừng" in told and "lấy lịch tốt nhất" not in told


def test_a_stopped_run_shows_its_certificate_and_that_the_draft_is_another(client: FlaskClient, run: SolveRun) -> None:
    with transaction() as session:
        row = session.get_one(SolveRun, run.id)
        row.status, row.violations, row.conflicts = "cancelled", [], []
        row.certificate = {**row.certificate, "stopped_by": "cancel", "reproducible": True}
    sign_in(client, "an1")
    html = page(client, address(run))
    told = text_of(html)
    assert "Chứng nhận kết quả" in told
    assert "Đã dừng mà không lấy lịch, nên lịch này không được ghi vào dự thảo." in told
    assert "dừng giữa chừng: lần khác có thể ra lịch khác" in told
    assert "Kiểm lại" not in told and "Điều mong muốn chưa đạt" not in told and "certificate.json" in html
    assert 'class="badge green"' not in html.split("<h2>", 1)[1].split("</h2>", 1)[1].split("</div>", 1)[0]


def test_the_result_tells_certificate_wishes_and_what_nobody_could_check(client: FlaskClient, run: SolveRun) -> None:
    sign_in(client, "an1")
    html = page(client, address(run))
    told, proof = text_of(html), run.certificate
    assert "Chứng nhận kết quả" in told and proof["problem"] in html and proof["roster"] in html
    assert ("đã chứng minh, theo dữ liệu lúc xếp" in told) == (proof["proved"] and proof["bound"] == proof["cost"])
    assert str(labels.STOPPED[proof["stopped_by"]]) in told and f"Python {proof['versions']['python']}" in told
    soft = run_facts.soft_rules(run, in_words=True)
    assert sum(each.cost for each in soft) == proof["soft_cost"]
    assert all(each.name in told for each in soft)
    assert all(sentence in told for each in soft for sentence in each.sentences)
    assert "dòng lệnh" in told or "Các lần xếp lịch" in told
    found = run_facts.unchecked_people(run, now=NOW)
    for person in found:
        assert person.name in told and "Chưa có số đầu kỳ, chưa kiểm tra được" in told


def test_proved_is_said_only_when_the_bound_equals_the_cost(client: FlaskClient, run: SolveRun) -> None:
    with transaction() as session:
        row = session.get_one(SolveRun, run.id)
        row.certificate = {**row.certificate, "proved": True, "bound": row.certificate["cost"] - 1}
    sign_in(client, "an1")
    told = text_of(page(client, address(run)))
    assert "đã chứng minh, theo dữ liệu lúc xếp" not in told and "Tối ưu chưa chứng minh" in told
    assert not run_facts.is_proved(run)


@pytest.mark.parametrize(("who", "sees"), [("bi1", False), ("an1", True)])
def test_who_may_only_look_reads_sums_and_no_names(client: FlaskClient, run: SolveRun, who: str, sees: bool) -> None:
    person = snapshot.take(run.campaign_id, now=NOW).problem.staff[0]
    with transaction() as session:
        row = session.get_one(SolveRun, run.id)
        row.violations = [
            {
                "rule": "peaks.second",
                "hard": False,
                "staff": person.id,
                "shifts": [],
                "params": {"count": 2},
                "cost": 3000,
                "amount": 1,
            }
        ]
    sign_in(client, who)
    told = text_of(page(client, address(run)))
    assert "một lần" in told and "Không trực hai lần dịp cao điểm 30,0 điểm" in told
    assert (person.name in told) is sees


def test_the_certificate_can_be_kept_and_read_back(client: FlaskClient, run: SolveRun) -> None:
    sign_in(client, "an1")
    with clock.travel(NOW):
        answer = client.get(address(run, "/certificate.json"))
    assert answer.mimetype == "application/json" and "attachment" in answer.headers["Content-Disposition"]
    assert from_json(json.loads(answer.data)).as_json() == run.certificate


def test_verify_holds_until_somebody_edits_the_draft(client: FlaskClient, run: SolveRun) -> None:
    sign_in(client, "an1")
    assert "Chứng nhận đúng với dự thảo hiện tại." in verified(client, run)
    with clock.travel(NOW):
        taken = snapshot.take(run.campaign_id, now=NOW)
    seat = taken.assignments[0]
    drafts.set_people(seat.shift_id, [], override_reason="thử", actor=ROOT, now=NOW)
    told = verified(client, run)
    assert "Dự thảo không còn là lịch của lần xếp này." in told and "Khác chứng nhận: phân công" in told
    assert "1 lượt chưa có người" in told


def test_verify_tells_a_changed_rule_from_a_changed_roster(client: FlaskClient, run: SolveRun) -> None:
    rule_settings.save(run.campaign_id, {"peaks.second": {"weight": 77}}, actor=ROOT, now=NOW)
    sign_in(client, "an1")
    told = verified(client, run)
    assert "nhưng dữ liệu đầu vào đã đổi" in told and "Khác chứng nhận: dữ liệu đầu vào" in told


def test_a_run_without_a_certificate_has_nothing_to_hold(client: FlaskClient, app: Flask) -> None:
    campaign = factories.make_campaign(make_unit(), first=FIRST, last=LAST)
    waiting = solving.request_solve(campaign.id, actor=ROOT, now=NOW)
    sign_in(client, "an1")
    page(client, address(waiting, "/certificate.json"), 409)
    assert send(client, address(waiting, "/verify")).status_code == 409
    page(client, f"/roster/campaigns/{campaign.id + 1}/solve/{waiting.id}/certificate.json", 404)


@pytest.fixture
def call(client: FlaskClient, app: Flask) -> Callable[..., Any]:
    _row, secret = keys.create_api_key(keys.NewApiKey("thử", "admin"), now=NOW, actor=ROOT)

    def ask(method: str, path: str, status: int = 200, body: Any = None) -> Any:
        headers = {"Authorization": f"Bearer {secret}"}
        with clock.travel(NOW):
            answer = client.open(f"/api/v1{path}", method=method, headers=headers, json=body)
        assert answer.status_code == status, answer.get_json()
        return answer.get_json()

    return ask


def test_the_api_says_what_the_page_says(run: SolveRun, call: Callable[..., Any]) -> None:
    told = call("GET", f"/solve-runs/{run.id}")
    assert told["certificate"] == run.certificate and told["engine"] == run.certificate["engine"]
    assert told["proved"] == run_facts.is_proved(run)
    assert sum(each["cost"] for each in told["soft"]) == run.certificate["soft_cost"]
    assert {"seconds", "cost", "bound", "missing", "engine", "groups", "groups_proved"} == set(told["progress"][0])
    [listed] = call("GET", f"/campaigns/{run.campaign_id}/solve-runs")["items"]
    assert (listed["id"], listed["requested_by"], listed["gap"]) == (run.id, "dòng lệnh", told["gap"])
    assert call("POST", f"/solve-runs/{run.id}/verify")["holds"] is True


def test_a_solve_is_stopped_by_api_with_its_roster_or_without(run: SolveRun, call: Callable[..., Any]) -> None:
    set_running(run)
    stop = f"/solve-runs/{run.id}/cancel"
    assert call("POST", stop, 202, {"keep": True}) == {"id": run.id, "status": "running"}
    assert solve_queries.get_run(run.id).keep_best
    call("POST", stop, 202, {})
    assert not solve_queries.get_run(run.id).keep_best
    call("POST", stop, 422, {"keep": "x"})


def test_the_terminal_says_what_the_page_says(run: SolveRun) -> None:
    news = Progress(0.62, 2_064_950, 2_039_000, 0, (), "highs", 69, 12)
    assert cli_lines.progress_line(news) == (
        "    0.6s  cost 20649.5  bound 20390.0  gap 1.26 %  empty 0  proved 12/69  highs"
    )
    assert cli_lines.progress_line(Progress(1, 100, None, 2, ())).split() == (
        ["1.0s", "cost", "1.0", "bound", "-", "gap", "-", "empty", "2"]
    )
    told = "\n".join(cli_lines.summary_lines(run, now=NOW))
    assert labels.engines([run.certificate["engine"]]) in told
    assert all(each.name in told for each in run_facts.soft_rules(run, in_words=False))
    assert ("Đã chứng minh" in told) is run_facts.is_proved(run)


def test_runs_of_earlier_releases_can_still_be_shown(
    client: FlaskClient, run: SolveRun, call: Callable[..., Any]
) -> None:
    with transaction() as session:
        row = session.get_one(SolveRun, run.id)
        row.certificate, row.progress = {}, [each[:4] for each in row.progress]
        row.violations = [{key: value for key, value in each.items() if key != "amount"} for each in row.violations]
    sign_in(client, "an1")
    assert "Các lần xếp lịch" in page(client, address(run)) and db.session.get(Campaign, run.campaign_id)
    assert call("GET", f"/solve-runs/{run.id}")["progress"][0]["engine"] == ""
