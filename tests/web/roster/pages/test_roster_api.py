"""The campaign calls of the contract, with nothing but an API key."""

from __future__ import annotations

import io

import pytest

from core import clock
from core.db import transaction
from people.accounts import keys
from roster.draft import services as drafts
from roster.snapshot.snapshot import shift_rows
from roster.solving.jobs import run_queued_solves
from tests.support import enterprise
from tests.support.factories import ADMIN, NOW, make_campaign, make_demand, make_person, make_round_the_clock, make_unit

ALL = ("leadership", "operations", "emergency")


@pytest.fixture
def unit(db):
    unit = make_unit()
    make_round_the_clock(unit)
    for number in range(1, 11):
        make_person(f"P{number:02d}", unit, duties=ALL)
    return unit


@pytest.fixture
def call(client, unit):
    return Caller(client, "admin")


class Caller:
    def __init__(self, client, role, unit=None):
        _row, secret = keys.create_api_key(keys.NewApiKey("thử", role, unit), now=NOW, actor=ADMIN)
        self._client, self._headers = client, {"Authorization": f"Bearer {secret}"}

    def __call__(self, method, path, status, body=None):
        answer = self._client.open(f"/api/v1{path}", method=method, json=body, headers=self._headers)
        assert answer.status_code == status, answer.get_data(as_text=True)
        return answer.get_json(silent=True)

    def upload(self, path, name, text):
        sent = {"file": (io.BytesIO(text.encode()), name)}
        answer = self._client.post(f"/api/v1{path}", data=sent, headers=self._headers)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return answer.get_json()


CAMPAIGN = {"name": "Tết Canh Tý", "tet_year": 2020, "unit": "TINH", "starts_on": "2020-01-23", "ends_on": "2020-01-25"}


def test_the_whole_path(call, app):
    made = call("POST", "/campaigns", 201, CAMPAIGN)
    assert (made["unit"], made["state"], made["revision"]) == ("TINH", "draft", 0)
    queued = call("POST", f"/campaigns/{made['id']}/solve", 202, {"seconds": 5, "seed": 7})
    assert queued["status"] == "queued"
    assert run_queued_solves(NOW) == 1
    run = call("GET", f"/solve-runs/{queued['id']}", 200)
    assert run["status"] in ("optimal", "feasible") and run["conflicts"] == [] and run["objective"] is not None
    shifts = call("GET", f"/campaigns/{made['id']}/shifts", 200)["items"]
    first = shifts[0]
    assert len(shifts) == 18 and all(len(s["people"]) == 1 for s in shifts)
    assert first["starts_at"] == "2020-01-23T07:30:00+07:00" and first["phase"] == "during"
    assert shifts[-1]["lunar"] == "Mùng 1 tháng Giêng năm Canh Tý"
    assert call("GET", f"/campaigns/{made['id']}/shifts?state=published", 200)["items"][0]["people"] == []
    published = call("POST", f"/campaigns/{made['id']}/publish", 200, {"note": "Bản đầu", "accept_gaps": None})
    assert published["revision"] == 1 and published["proof"]["complete"]
    now_on = call("GET", f"/campaigns/{made['id']}/shifts?state=published", 200)["items"][0]
    assert now_on["people"] == first["people"] and now_on["seats"] == first["seats"]
    listed = call("GET", "/campaigns?unit=TINH", 200)["items"]
    assert [(c["state"], c["revision"]) for c in listed] == [("published", 1)]
    assert [r["revision"] for r in call("GET", f"/campaigns/{made['id']}/revisions", 200)["items"]] == [1]


def test_an_edit_answers_its_violations_and_refuses_without_a_reason(call, unit):
    campaign = make_campaign(unit)
    make_person("LA", make_unit("KHAC"), duties=ALL)
    shift = call("GET", f"/campaigns/{campaign.id}/shifts", 200)["items"][0]
    body = {"people": ["LA"], "pin": True, "override_reason": None}
    refused = call("PUT", f"/shifts/{shift['id']}/people", 409, body)
    assert (refused["code"], refused["new_code"]) == ("shift.breaks_rules", "seats.break_rules")
    assert (
        refused["violations"][0]["rule"] == "eligibility.unit" and "Nguyễn Văn LA" in refused["violations"][0]["text"]
    )
    done = call("PUT", f"/shifts/{shift['id']}/people", 200, {**body, "override_reason": "Tăng cường"})
    assert done["people"] == ["LA"] and done["pinned"] == ["LA"]
    assert [v["rule"] for v in done["violations"]] == ["eligibility.unit"]
    emptied = call("PUT", f"/shifts/{shift['id']}/people", 200, {"people": []})
    assert [v["rule"] for v in emptied["violations"]] == ["coverage.headcount"]
    call("PUT", f"/shifts/{shift['id']}/people", 409, {"people": ["P01"], "draft_version": 0})
    call("PUT", "/shifts/999/people", 404, {"people": []})


def test_publishing_with_gaps_is_409_and_says_which(call, unit):
    campaign = make_campaign(unit)
    blocked = call("POST", f"/campaigns/{campaign.id}/publish", 409, {})
    assert blocked["code"] == "publish.blocked" and blocked["violations"] == []
    assert {(g["kind"], g["duty"]) for g in blocked["gaps"]} == {("empty", duty) for duty in ALL}
    assert (
        call("POST", f"/campaigns/{campaign.id}/publish", 200, {"accept_gaps": "Diễn tập"})["accept_gaps"] == "Diễn tập"
    )
    call("DELETE", f"/campaigns/{campaign.id}", 409)


def test_a_replan_is_asked_for_and_certified(call, unit):
    campaign = make_campaign(unit)
    body = {"seconds": 3, "seed": 1, "mode": "replan", "reproducible": True}
    queued = call("POST", f"/campaigns/{campaign.id}/solve", 202, body)
    assert call("GET", f"/solve-runs/{queued['id']}", 200)["certificate"] is None
    assert run_queued_solves(NOW) == 1
    run = call("GET", f"/solve-runs/{queued['id']}", 200)
    assert (run["mode"], run["reproducible"]) == ("replan", True)
    assert run["certificate"]["cost"] == run["objective"] and run["certificate"]["reproducible"]
    assert len(run["certificate"]["problem"]) == 64
    call("POST", f"/campaigns/{campaign.id}/solve", 422, {"mode": "shuffle"})


def test_cancel_a_waiting_solve_and_delete_a_draft(call, unit):
    campaign = make_campaign(unit).id
    queued = call("POST", f"/campaigns/{campaign}/solve", 202, {"seconds": 5, "seed": 1})
    again = call("POST", f"/campaigns/{campaign}/solve", 409, {"seconds": 5, "seed": 1})
    assert again["state"]["id"] == queued["id"]
    call("DELETE", f"/solve-runs/{queued['id']}", 204)
    assert call("GET", f"/solve-runs/{queued['id']}", 200)["status"] == "cancelled"
    call("DELETE", f"/campaigns/{campaign}", 204)
    call("GET", f"/campaigns/{campaign}", 404)


def test_fields_and_facts_that_do_not_fit(call):
    call("POST", "/campaigns", 422, {**CAMPAIGN, "starts_on": "23/01/2020"})
    call("POST", "/campaigns", 404, {**CAMPAIGN, "unit": "KHONG"})
    call("POST", "/campaigns", 409, {**CAMPAIGN, "ends_on": "2020-01-01"})
    call("POST", "/campaigns", 409, {**CAMPAIGN, "starts_on": "0001-01-01", "ends_on": "0001-01-02"})


def test_a_viewer_reads_and_a_strange_manager_changes_nothing(client, unit):
    campaign = make_campaign(unit)
    make_demand(make_unit("KHAC"))
    viewer, stranger = Caller(client, "viewer"), Caller(client, "manager", "KHAC")
    viewer("GET", f"/campaigns/{campaign.id}/shifts", 200)
    viewer("POST", "/campaigns", 403, CAMPAIGN)
    stranger("POST", f"/campaigns/{campaign.id}/solve", 403, {"seconds": 1, "seed": 1})
    stranger("DELETE", f"/campaigns/{campaign.id}", 403)


def test_the_draft_of_what_is_published_is_for_those_who_edit_some_of_it(client, roster):
    """As on the pages: others would take it for what holds."""
    campaign = f"/campaigns/{roster.campaign_id}"
    viewer, stranger = Caller(client, "viewer"), Caller(client, "manager", make_unit("KHAC").code)
    planner = Caller(client, "manager", "TINH")
    for what in ("shifts", "fairness"):
        for each in (viewer, stranger):
            refused = each("GET", f"{campaign}/{what}?state=draft", 403)
            assert refused["code"] == "campaign.draft_of_planners" and "state=published" in refused["detail"]
            published = each("GET", f"{campaign}/{what}?state=published", 200)
            assert each("GET", f"{campaign}/{what}", 200) == published, (
                "who asks for none by name gets what they may read"
            )
            assert published["state"] == "published"
        assert planner("GET", f"{campaign}/{what}", 200)["state"] == "draft", "as the contract says"


def test_a_draft_that_was_never_published_names_nobody_to_those_who_edit_none_of_it(client, unit):
    """It may say something else tomorrow, and somebody books a train by it."""
    made = make_campaign(unit)
    make_unit("KHAC")
    drafts.set_people(shift_rows(made.id)[0].id, ["P01"], override_reason="Thử", actor=ADMIN, now=NOW)
    campaign = f"/campaigns/{made.id}"
    planner, viewer = Caller(client, "manager", unit.code), Caller(client, "viewer")
    stranger = Caller(client, "manager", "KHAC")
    assert ["P01"] in [row["people"] for row in planner("GET", f"{campaign}/shifts", 200)["items"]]
    for each in (viewer, stranger):
        listed = each("GET", f"{campaign}/shifts", 200)
        assert (listed["state"], [row["people"] for row in listed["items"] if row["people"]]) == ("published", [])
        assert each("GET", f"{campaign}/fairness", 200)["state"] == "published"
        each("GET", f"{campaign}/difference?from=0&to=draft", 403)
        gaps = each("GET", f"{campaign}/coverage", 200)["kinds"]
        assert not [gap for kind in gaps for gap in kind["gaps"] if gap["people"]]


def test_demand_wishes_holidays_and_chains_are_upserted(call):
    demand = {
        "duty": "support",
        "unit_code": "TINH",
        "phase": "during",
        "shift": "Sáng",
        "start": "06:00",
        "hours": 8.0,
        "headcount": 1,
        "form": "onsite",
        "replaces_work": True,
        "skills": {"experienced": 1},
        "wanted": 2,
        "legal_ground": "",
    }
    assert call("POST", "/demand", 201, demand) == demand
    too_many = call("POST", "/demand", 409, {**demand, "skills": {"experienced": 2}})
    assert [fault["field"] for fault in too_many["errors"]] == ["skills"]
    assert call("POST", "/demand", 200, {**demand, "headcount": 2})["headcount"] == 2
    call("POST", "/demand", 404, {**demand, "duty": "khong_co"})
    assert demand["shift"] in {row["shift"] for row in call("GET", "/demand?unit=TINH", 200)["items"]}
    wish = {"person_code": "P01", "date": "2020-01-25", "shift": "any", "want": "off", "weight": 2}
    assert call("POST", "/wishes", 201, wish) == wish
    assert call("POST", "/wishes", 200, {**wish, "want": "on"})["want"] == "on"
    assert len(call("GET", "/wishes?person=P01", 200)["items"]) == 1
    day = {"date": "2020-01-31", "day_class": "substitute", "name": "Nghỉ bù", "status": "official", "source": "QĐ"}
    assert call("POST", "/holidays", 201, day) == day
    assert day in call("GET", "/holidays?year=2020", 200)["items"]
    assert call("GET", "/units/TINH/standing-chain", 200)["people"][0] == "P01"
    assert call("PUT", "/units/TINH/standing-chain", 200, {"people": ["P03", "P02"]})["people"] == ["P03", "P02"]
    assert call("PUT", "/units/TINH/standing-chain", 200, {"people": []})["people"][0] == "P01"


def test_what_demand_and_days_would_change_is_asked_before_they_are_written(call, unit):
    """A program that sends a break decided late sees what the pages show: days, phases, points, seats."""
    with clock.travel(NOW):
        made = call("POST", "/campaigns", 201, CAMPAIGN)
        before = call("GET", "/demand?unit=TINH", 200), call("GET", "/holidays?year=2020", 200)
        row = next(each for each in before[0]["items"] if each["phase"] == "during" and each["duty"] == "operations")
        asked = call("POST", "/demand?dry_run=1", 200, {**row, "headcount": 3})
        assert (asked["headcount"], asked["dry_run"]) == (3, True)
        [met] = asked["campaigns"]
        assert (met["id"], met["added"], met["removed"]) == (made["id"], 6, 0)  # two more on each of three days
        call("POST", "/demand?dry_run=1", 404, {**row, "duty": "khong_co"})
        day = {"date": "2020-01-23", "day_class": "ordinary", "name": "", "status": "official", "source": "QĐ"}
        [met] = call("POST", "/holidays?dry_run=1", 200, day)["campaigns"]
        [on] = met["days"]
        assert (on["date"], on["day_class"][1], on["seats"]) == ("2020-01-23", "ordinary", 6)
        assert on["points"][0] > on["points"][1] and on["overtime_percent"][0] > on["overtime_percent"][1]
        assert met["shifts"] == 6
        file = "duty,unit_code,phase,shift,start,hours,headcount,form\noperations,TINH,during,Ngày,07:30,12,3,onsite\n"
        answer = call.upload("/import?dry_run=1", "demand.csv", file)
        assert answer["counts"]["demand"]["updated"] == 1
        assert [(each["id"], each["added"], each["asks"]) for each in answer["campaigns"]] == [(made["id"], 6, 0)]
        at_home = call("POST", "/demand?dry_run=1", 200, {**row, "form": "standby"})
        [imported] = call.upload("/import?dry_run=1", "demand.csv", file.replace("3,onsite", "1,standby"))["campaigns"]
        assert [imported] == at_home["campaigns"] and (imported["asks"], imported["added"]) == (3, 0)
        assert before == (call("GET", "/demand?unit=TINH", 200), call("GET", "/holidays?year=2020", 200))
        assert call("POST", "/demand?dry_run=1", 200, row)["campaigns"] == []


def test_what_is_personal_is_for_those_who_see_the_entry_in_full(call, client, unit):
    other = make_unit("HUYEN", parent=unit)
    person = make_person("H1", other)
    with transaction():
        person.no_night, person.overtime_month_minutes, person.overtime_year_minutes = True, 600, 6000
    call("POST", "/wishes", 201, {"person_code": "H1", "date": "2020-01-24", "want": "off"})
    call("POST", "/wishes", 201, {"person_code": "P01", "date": "2020-01-24", "want": "off"})
    assert len(call("GET", "/wishes", 200)["items"]) == 2
    make_unit("XA", parent=unit)
    stranger = Caller(client, "manager", "XA")
    assert stranger("GET", "/wishes", 200)["items"] == []
    personal = ("no_night", "overtime_month", "overtime_year")
    (shown,) = stranger("GET", "/people?q=H1", 200)["items"]
    assert [shown[name] for name in personal] == [None, None, None]
    (shown,) = Caller(client, "manager", "HUYEN")("GET", "/people?q=H1", 200)["items"]
    assert [shown[name] for name in personal] == [True, 10, 100]


@pytest.mark.parametrize(("login", "told"), [("an1", True), ("ch1", False), ("bi1", True)])
def test_the_page_of_a_person_keeps_the_night_to_those_who_see_it_in_full(client, app, login, told):
    enterprise.make()
    enterprise.sign_in(client, login)
    assert ("Trực đêm" in client.get("/people/person/BI1").text) is told
