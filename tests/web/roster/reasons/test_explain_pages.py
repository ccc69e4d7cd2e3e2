"""Reasons on pages without JavaScript, as parts for htmx, by API and on the command line."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from sqlalchemy import select

from core import clock
from core.db import db, transaction
from people.accounts import keys
from people.models import Absence, Person
from people.queries import unit_by_code
from roster.campaigns.models import Campaign
from roster.draft import editor, services as drafts
from roster.models import Shift
from roster.publishing import services as publishing
from roster.publishing.terms import PublishTerms
from roster.solving import jobs
from roster.solving.models import SolveRun
from roster.solving.services import SolveRequest
from tests.support import enterprise, factories
from tests.support.enterprise import NOW, ROOT, sign_in

HTMX = {"HX-Request": "true"}


@pytest.fixture
def campaign(app: Flask) -> Campaign:
    """One duty a day in BDA, mostly P1's; P2 could, P3 is on leave on 23/01, P4 serves another duty."""
    enterprise.make()
    unit = unit_by_code("BDA")
    factories.make_demand(unit)
    for code in ("P1", "P2", "P3"):
        factories.make_person(code, unit)
    factories.make_person("P4", unit, duties=("support",))
    away("P3", "BI1")
    made = factories.make_campaign(unit)
    for each, code in zip(shifts(), ("P1", "P1", "P2"), strict=True):
        drafts.set_people(each.id, [code], actor=ROOT, now=NOW)
    return made


def away(*codes: str) -> None:
    with transaction() as session:
        for person in session.scalars(select(Person).where(Person.code.in_(codes))):
            day = date(2020, 1, 23)
            session.add(Absence(person_id=person.id, from_on=day, to_on=day, kind="annual_leave"))


def shifts() -> list[Shift]:
    return list(db.session.scalars(select(Shift).order_by(Shift.starts_at)))


def page(client: FlaskClient, path: str, status: int = 200, **options: Any) -> str:
    with clock.travel(NOW):
        answer = client.get(path, **options)
    assert answer.status_code == status, f"{path}: {answer.status_code} {answer.text[-800:]}"
    return answer.text


def send(client: FlaskClient, path: str, **data: Any) -> Any:
    with clock.travel(NOW):
        return client.post(path, data=data)


def moves_in(text: str) -> list[str]:
    return re.findall(r'name="moves" value="([^"]+)"', text.replace("&gt;", ">"))


# --- the shift ------------------------------------------------------------------------------------------------------


def test_the_shift_leads_to_why_and_to_covers(client: FlaskClient, campaign: Campaign) -> None:
    sign_in(client, "an1")
    first = shifts()[0]
    text = page(client, f"/roster/shifts/{first.id}")
    assert f"/roster/shifts/{first.id}/why?person=P1" in text
    assert f"/roster/shifts/{first.id}/covers?for=P1" in text
    assert "chi phí tăng" in text


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_why_names_every_candidate_with_what_breaks_and_costs(
    client: FlaskClient, campaign: Campaign, headers: dict[str, str]
) -> None:
    sign_in(client, "an1")
    text = page(client, f"/roster/shifts/{shifts()[0].id}/why?person=P1", headers=headers)
    assert ("<html" in text) is (not headers)
    assert "Vì sao Ksor Phước trực ca này" in text
    assert "Y Thuyên" in text and "Nay Đức vắng mặt" in text
    assert "So với Ksor Phước" in text
    assert "Siu Hương" not in text


def test_covers_are_ranked_and_one_click_applies_the_first(client: FlaskClient, campaign: Campaign) -> None:
    sign_in(client, "an1")
    first = shifts()[0]
    text = page(client, f"/roster/shifts/{first.id}/covers?for=P1")
    assert text.index("<b>Y Thuyên</b>") < text.index("Vẫn chọn, ghi lý do") < text.index("<b>Nay Đức</b>")
    version = re.search(r'name="version" value="(\d+)"', text)
    assert version is not None
    answer = send(client, f"/roster/shifts/{first.id}/cover", moves=moves_in(text)[0], version=version[1])
    assert answer.status_code == 303
    assert editor.seated_codes(drafts.get_shift(first.id)) == ["P2"]
    grid = page(client, f"/roster/campaigns/{campaign.id}")
    assert "Hoàn tác: " in grid


def test_a_cover_that_breaks_a_rule_asks_for_a_reason(client: FlaskClient, campaign: Campaign) -> None:
    sign_in(client, "an1")
    first = shifts()[0]
    breaking = f"{first.id}>P1>P3"
    answer = send(client, f"/roster/shifts/{first.id}/cover", moves=breaking)
    assert answer.status_code == 409
    assert "cách xếp này vi phạm quy định" in answer.text and "vắng mặt" in answer.text
    assert '<details class="more" open>' in answer.text
    assert send(client, f"/roster/shifts/{first.id}/cover", moves=breaking, reason="đã hỏi ý").status_code == 303
    assert editor.seated_codes(drafts.get_shift(first.id)) == ["P3"]


def test_a_draft_that_somebody_else_changed_is_not_overwritten(client: FlaskClient, campaign: Campaign) -> None:
    sign_in(client, "an1")
    first = shifts()[0]
    answer = send(client, f"/roster/shifts/{first.id}/cover", moves=f"{first.id}>P1>P2", version=0)
    assert answer.status_code == 409 and "vừa được người khác sửa" in answer.text


def test_a_member_of_staff_asks_about_the_own_seat_alone(client: FlaskClient, campaign: Campaign) -> None:
    with transaction() as session:
        session.execute(Absence.__table__.delete())
    first = shifts()[0]
    drafts.set_people(first.id, ["BI1"], actor=ROOT, now=NOW)
    sign_in(client, "bi1")
    page(client, f"/roster/shifts/{first.id}/why?person=BI1", 409)  # what is only drafted is nobody's yet
    publishing.publish(campaign.id, PublishTerms(accept_gaps="thử"), actor=ROOT, now=NOW)
    text = page(client, f"/roster/shifts/{first.id}/why?person=BI1")
    assert "Vì sao tôi trực ca này" in text
    assert not [name for name in ("Ksor Phước", "Y Thuyên", "Nay Đức") if name in text]
    page(client, f"/roster/shifts/{first.id}/why", 403)
    page(client, f"/roster/shifts/{shifts()[1].id}/why?person=P1", 403)
    page(client, f"/roster/shifts/{first.id}/covers?for=BI1", 403)


@pytest.fixture
def moved(campaign: Campaign) -> tuple[Shift, Shift]:
    """BI1 was signed for the first shift; the draft has meanwhile given it to P2, and the last one to BI1."""
    with transaction() as session:
        session.execute(Absence.__table__.delete())
    first, _second, last = shifts()
    drafts.set_people(first.id, ["BI1"], actor=ROOT, now=NOW)
    publishing.publish(campaign.id, PublishTerms(accept_gaps="thử"), actor=ROOT, now=NOW)
    drafts.set_people(first.id, ["P2"], actor=ROOT, now=NOW)
    drafts.set_people(last.id, ["BI1"], actor=ROOT, now=NOW)
    return first, last


def test_a_member_of_staff_learns_nothing_of_the_draft_after_publication(
    client: FlaskClient, moved: tuple[Shift, Shift]
) -> None:
    first, last = moved
    _row, secret = keys.create_api_key(keys.NewApiKey("thử", "staff", "BDA", "BI1"), now=NOW, actor=ROOT)
    headers = {"Authorization": f"Bearer {secret}"}
    signed, drafted = (f"/api/v1/shifts/{shift.id}/candidates?replacing=BI1" for shift in moved)
    why = json.loads(page(client, signed, headers=headers))["why"]
    assert why["published"] is True
    assert why["cheaper"] is why["dearer"] is why["regret"] is None, "of a few, a number says who is on leave"
    page(client, drafted, 409, headers=headers)
    sign_in(client, "bi1")
    text = page(client, f"/roster/shifts/{first.id}/why?person=BI1")
    assert "Trả lời theo lịch đã ban hành." in text and f"/me/why?shift={first.id}#shift-{first.id}" in text
    page(client, f"/roster/shifts/{last.id}/why?person=BI1", 409)


def test_an_editor_is_told_that_an_answer_is_of_the_published_roster(
    client: FlaskClient, moved: tuple[Shift, Shift], runner: FlaskCliRunner
) -> None:
    first, last = moved
    said = "Trả lời theo lịch đã ban hành."
    sign_in(client, "an1")
    assert said in page(client, f"/roster/shifts/{first.id}/why?person=BI1")
    assert said not in page(client, f"/roster/shifts/{last.id}/why?person=BI1")
    for shift, is_published in ((first, True), (last, False)):
        with clock.travel(NOW):
            told = runner.invoke(args=["campaigns", "why", str(shift.id), "--person", "BI1"])
        assert told.exit_code == 0 and (said in told.stdout) is is_published


# --- the solve ------------------------------------------------------------------------------------------------------


@pytest.fixture
def short(campaign: Campaign) -> SolveRun:
    """Nobody can serve on 23/01."""
    away("P1", "P2")
    drafts.set_people(shifts()[0].id, [], actor=ROOT, now=NOW)
    with clock.travel(NOW):
        return jobs.solve_now(campaign.id, SolveRequest(seconds=2), actor=ROOT, now=NOW)


def test_the_solve_page_leads_to_the_explanation(client: FlaskClient, short: SolveRun) -> None:
    sign_in(client, "an1")
    whole = f"/roster/campaigns/{short.campaign_id}/solve/{short.id}"
    assert f'href="{whole}/explanation"' in page(client, whole)
    part = page(client, f"{whole}/explanation", headers=HTMX)
    assert "<html" not in part
    text = page(client, f"{whole}/explanation")
    assert "Còn 1 lượt trực chưa có người." in text and "không thể ít hơn" in text
    assert "4 người vắng mặt" in text and "Ksor Phước" in text
    assert "dời ngày nghỉ 23/01/2020: phủ được 1 lượt" in text
    assert "Tìm tập mâu thuẫn nhỏ nhất" in text


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_the_least_conflict_is_named_on_request(client: FlaskClient, short: SolveRun, headers: dict[str, str]) -> None:
    sign_in(client, "an1")
    with clock.travel(NOW):
        answer = client.post(
            f"/roster/campaigns/{short.campaign_id}/solve/{short.id}/conflict",
            data={"shift": shifts()[0].id},
            headers=headers,
        )
    assert answer.status_code == 200 and ("<html" in answer.text) is (not headers)
    assert "bỏ bất kỳ điều nào thì xếp được" in answer.text
    for name in ("Ksor Phước", "Y Thuyên", "Nay Đức", "Trần Thị Bình"):
        assert name in answer.text
    assert "4 người vắng mặt ngày 23/01/2020: " in answer.text
    assert "cần 1 người" in answer.text


def test_a_run_of_another_campaign_is_not_found(client: FlaskClient, short: SolveRun) -> None:
    sign_in(client, "an1")
    page(client, f"/roster/campaigns/{short.campaign_id + 1}/solve/{short.id}/explanation", 404)


# --- by API and on the command line ---------------------------------------------------------------------------------


@pytest.fixture
def call(client: FlaskClient) -> Callable[..., Any]:
    def ask(method: str, path: str, status: int = 200, **options: Any) -> Any:
        _row, secret = keys.create_api_key(keys.NewApiKey("thử", "admin"), now=NOW, actor=ROOT)
        with clock.travel(NOW):
            answer = client.open(
                f"/api/v1{path}", method=method, headers={"Authorization": f"Bearer {secret}"}, **options
            )
        assert answer.status_code == status, answer.text
        return answer.get_json()

    return ask


def test_candidates_and_covers_by_api(campaign: Campaign, call: Callable[..., Any]) -> None:
    first = shifts()[0].id
    found = call("GET", f"/shifts/{first}/candidates?replacing=P1")
    assert [(c["person"], [b["rule"] for b in c["breaks"]]) for c in found["candidates"]] == [
        ("P2", []),
        ("BI1", ["absence.away"]),
        ("P3", ["absence.away"]),
    ]
    assert found["why"]["person"] == "P1" and found["why"]["pinned"] and found["why"]["next_best"] == "P2"
    assert found["why"]["regret"] == found["candidates"][0]["cost_change"] - found["why"]["cost_change"]
    assert found["never"] > 0
    assert call("GET", f"/shifts/{first}/candidates")["why"] is None
    call("GET", f"/shifts/{first}/candidates?replacing=P2", 409)
    ways = call("GET", f"/shifts/{first}/covers?for=P1")
    best = ways["covers"][0]
    assert best["moves"] == [{"shift": first, "out": "P1", "in": "P2"}]
    done = call("POST", f"/shifts/{first}/cover", json={"moves": best["moves"], "draft_version": ways["draft_version"]})
    assert [each["people"] for each in done["shifts"]] == [["P2"]]
    call("POST", f"/shifts/{first}/cover", 409, json={"moves": best["moves"]})


def test_explanation_and_conflict_by_api(short: SolveRun, call: Callable[..., Any]) -> None:
    found = call("GET", f"/solve-runs/{short.id}/explanation")
    assert (found["missing"], found["at_least"], found["exact"]) == (1, 1, True)
    assert found["shortages"][0]["reasons"]["absence.away"] == ["BI1", "P1", "P2", "P3"]
    assert found["binding_rules"][0]["rule"] == "absence.away"
    assert {each["kind"] for each in found["repairs"]} >= {"leave", "qualify", "hire"}
    conflict = call("POST", f"/solve-runs/{short.id}/conflict", json={})
    assert conflict["minimal"] and conflict["shift"] == shifts()[0].id
    assert sorted(f["person"] for f in conflict["facts"] if f["kind"] == "absence") == ["BI1", "P1", "P2", "P3"]
    call("POST", f"/solve-runs/{short.id}/conflict", 409, json={"shift": shifts()[1].id})


def test_reasons_on_the_command_line(short: SolveRun, runner: FlaskCliRunner) -> None:
    def told(*words: object) -> str:
        with clock.travel(NOW):
            result = runner.invoke(args=["campaigns", *map(str, words)])
        assert result.exit_code == 0, (result.stdout, result.stderr, result.exception)
        return result.stdout

    second = shifts()[1].id
    assert "Người này đã được ghim vào ca." in told("why", second, "--person", "P1")
    assert "- Y Thuyên (P2)" in told("why", second)
    assert "trực thay Ksor Phước" in told("cover", second, "--for", "P1")
    text = told("explain", short.id, "--conflict")
    assert "Còn 1 lượt trực chưa có người." in text
    assert "- Nay Đức vắng mặt ngày 23/01/2020" in text
