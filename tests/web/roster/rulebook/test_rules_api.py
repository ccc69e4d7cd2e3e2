"""Rules, points and pairs by API and by command: the whole list, changes, refusals that name their field."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskCliRunner

from core import clock
from core.db import db
from planning.rules import RULES
from planning.time.points import PointsTable
from roster.campaigns.models import Campaign
from roster.days import points_table
from roster.rulebook import queries as rule_queries
from tests.support.factories import NOW, make_campaign, make_person, make_round_the_clock, make_unit
from tests.web.roster.pages.test_roster_api import Caller


@pytest.fixture
def campaign(db):
    unit = make_unit()
    make_round_the_clock(unit)
    make_person("P1", unit)
    make_person("P2", unit)
    return make_campaign(unit)


@pytest.fixture
def call(client, campaign):
    return Caller(client, "admin")


def by_code(answer):
    return {rule["code"]: rule for rule in answer["rules"]}


def test_every_rule_is_listed_with_words_numbers_and_their_source(call, campaign):
    found = by_code(call("GET", f"/campaigns/{campaign.id}/rules", 200))
    assert list(found) == [rule.code for rule in RULES]
    assert all(rule["name"] != code and rule["explanation"] for code, rule in found.items())
    month = found["hours.month"]["parameters"][0]
    assert (month["name"], month["unit"], month["value"], month["default"]) == ("most", "minutes", 1800, 1800)
    assert month["by_law"] and month["basis"][0]["until"] == "2020-12-31" and "2012" in month["basis"][0]["basis"]
    assert (found["absence.away"]["can_switch"], found["absence.away"]["can_soften"]) == (False, False)
    assert found["fairness.load"]["parameters"][0]["value"] == 10  # points, not hundredths


def test_changes_are_partial_and_null_brings_the_default_back(call, campaign):
    path = f"/campaigns/{campaign.id}/rules"
    body = {
        "rules": {
            "rest.between_shifts": {"hard": False, "weight": 12.5, "parameters": {"minutes": 600}},
            "hours.day": {"on": False},
        }
    }
    answer = call("PUT", path, 200, body)
    rest = by_code(answer)["rest.between_shifts"]
    assert (rest["hard"], rest["weight"], rest["changed"], rest["parameters"][0]["value"]) == (False, 12.5, True, 600)
    assert answer["draft_version"] == 1 and by_code(answer)["hours.day"]["on"] is False
    answer = call("PUT", path, 200, {"rules": {"rest.between_shifts": {"parameters": {"minutes": None}}}})
    assert by_code(answer)["rest.between_shifts"]["parameters"][0]["value"] == 720
    assert by_code(answer)["rest.between_shifts"]["weight"] == 12.5
    answer = call("PUT", path, 200, {"rules": {"rest.between_shifts": None, "hours.day": None}})
    assert not any(rule["changed"] for rule in answer["rules"])
    assert rule_queries.chosen(campaign.id) == {}


@pytest.mark.parametrize(
    ("rules", "field"),
    [
        ({"no.such": {}}, "rules.no.such"),
        ({"absence.away": {"hard": False}}, "rules.absence.away.hard"),
        ({"coverage.headcount": {"on": False}}, "rules.coverage.headcount.on"),
        ({"rest.between_shifts": {"parameters": {"minutes": 999_999}}}, "rules.rest.between_shifts.parameters.minutes"),
        ({"rest.between_shifts": {"parameters": {"x": 1}}}, "rules.rest.between_shifts.parameters.x"),
        ({"wishes.off": {"weight": -1}}, "rules.wishes.off.weight"),
        ({"wishes.off": {"pairs": [["a", "b"]]}}, "rules.wishes.off.pairs"),
        ({"sequence.templates": {"pairs": [["a"]]}}, "rules.sequence.templates.pairs.0"),
    ],
)
def test_nonsense_is_422_with_its_field(call, campaign, rules, field):
    answer = call("PUT", f"/campaigns/{campaign.id}/rules", 422, {"rules": {"hours.day": {"on": False}, **rules}})
    assert [fault["field"] for fault in answer["errors"]] == [field]
    assert rule_queries.chosen(campaign.id) == {}


def test_shift_names_must_be_there_and_strangers_change_nothing(call, client, campaign):
    path = f"/campaigns/{campaign.id}/rules"
    call("PUT", path, 404, {"rules": {"sequence.templates": {"pairs": [["Đêm", "Trưa"]]}}})
    answer = call("PUT", path, 200, {"rules": {"sequence.templates": {"pairs": [["Đêm", "Ngày"]]}}})
    assert by_code(answer)["sequence.templates"]["pairs"] == [["Đêm", "Ngày"]]
    make_unit("KHAC")
    stranger = Caller(client, "manager", "KHAC")
    stranger("GET", path, 200)
    stranger("PUT", path, 403, {"rules": {"hours.day": {"on": False}}})
    stranger("PUT", "/points", 403, {"night": 2})


def test_points(call):
    points = {row["factor"]: row for row in call("GET", "/points", 200)["points"]}
    assert (points["night"]["value"], points["standby"]["default"]) == (1.5, 0.4)
    answer = call("PUT", "/points", 200, {"night": 2})
    assert answer["revalued"] > 0 and points_table.current().night == 2
    assert call("PUT", "/points", 200, {"night": None})["revalued"] == answer["revalued"]
    assert points_table.current() == PointsTable()
    assert [f["field"] for f in call("PUT", "/points", 422, {"night": 101, "noon": 1})["errors"]] == ["night", "noon"]


def test_pairs(call, client):
    pair = {"person_code": "P2", "other_code": "P1", "kind": "apart"}
    made = call("POST", "/pairs", 201, pair)
    assert (made["person_code"], made["other_code"], made["kind"]) == ("P1", "P2", "apart")
    assert call("POST", "/pairs", 200, {**made_of(made), "kind": "together"})["id"] == made["id"]
    assert [row["kind"] for row in call("GET", "/pairs?person=P2", 200)["items"]] == ["together"]
    assert call("POST", "/pairs", 409, {**pair, "other_code": "P2"})["code"] == "pair.same"
    call("POST", "/pairs", 404, {**pair, "other_code": "NOBODY"})
    make_unit("KHAC")
    stranger = Caller(client, "manager", "KHAC")
    assert stranger("GET", "/pairs", 200)["items"] == []
    stranger("DELETE", f"/pairs/{made['id']}", 403)
    call("DELETE", f"/pairs/{made['id']}", 204)
    call("DELETE", f"/pairs/{made['id']}", 404)


def made_of(pair):
    return {name: pair[name] for name in ("person_code", "other_code", "kind")}


def test_people_take_skills_and_shares(call):
    person = {
        "code": "P1",
        "full_name": "Ksor Phước",
        "unit_code": "TINH",
        "skills": ["Lái xe", "experienced"],
        "share": 50,
        "no_overtime": True,
        "min_shifts": 1,
        "max_shifts": 4,
    }
    saved = call("POST", "/people", 200, person)
    assert saved["skills"] == ["experienced", "lái xe"]
    assert (saved["share"], saved["no_overtime"], saved["min_shifts"]) == (50, True, 1)
    saved = call("POST", "/people", 200, {**person, "limits": {"nights.most:most": 2}})
    assert saved["limits"] == {"nights.most:most": 2}
    wrong = call("POST", "/people", 422, {**person, "limits": {"nights.most:least": 2}})
    assert [fault["field"] for fault in wrong["errors"]] == ["limits"]
    assert "nights.most:least" in wrong["errors"][0]["message"]
    clash = call("POST", "/people", 409, {**person, "min_shifts": 5})
    assert [fault["field"] for fault in clash["errors"]] == ["min_shifts"]
    assert call("POST", "/people", 422, {**person, "share": 0})["errors"][0]["field"] == "share"


def test_a_campaign_is_closed_when_it_is_over(call, campaign):
    path = f"/campaigns/{campaign.id}/close"
    call("POST", path, 409)  # never published
    db.session.get_one(Campaign, campaign.id).state = "published"
    db.session.commit()
    with clock.travel(NOW):
        assert call("POST", path, 409)["code"] == "campaign.not_over"
    with clock.travel(NOW + timedelta(days=60)):
        assert call("POST", path, 200)["state"] == "closed"


def test_the_command_line_shows_and_sets(runner: FlaskCliRunner, campaign):
    def run(*args, code=0):
        result = runner.invoke(args=[str(arg) for arg in args])
        assert result.exit_code == code, (result.stdout, result.stderr)
        return result

    listed = run("campaigns", "rules", campaign.id).stdout.splitlines()
    assert len(listed) == len(RULES) and all(line.startswith("  ") for line in listed)
    sets = ("rest.between_shifts.minutes=600", "wishes.off.weight=5,5", "hours.day.on=no", "pairs.apart.hard=no")
    options = [option for each in (*sets, "sequence.templates.pairs=Đêm>Ngày") for option in ("--set", each)]
    shown = run("campaigns", "rules", campaign.id, *options).stdout
    assert "* rest.between_shifts: on hard minutes=600" in shown and "* hours.day: off" in shown
    assert "* wishes.off: on soft 5.5" in shown and "Đêm>Ngày" in shown
    run("campaigns", "rules", campaign.id, "--set", "hours.day=default")
    assert "hours.day" not in rule_queries.chosen(campaign.id)
    told = run("campaigns", "rules", campaign.id, "--set", "nonsense", "--set", "hours.day.on=maybe", code=1).stderr
    assert len(told.splitlines()) == 3  # what is wrong, and each that is
    told = run("campaigns", "rules", campaign.id, "--set", "rest.between_shifts.minutes=99999", code=1).stderr
    assert "rest.between_shifts.minutes" in told
    assert "* night=1.75" in run("points", "--set", "night=1,75").stdout
    assert "noon" in run("points", "--set", "noon=1", code=1).stderr
    assert "  night=1.5" in run("points", "--set", "night=default").stdout
