"""A campaign's rules: defaults, choices, refusals, who may, and what the engine gets."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from core.actor import Actor
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.models import AuditEntry
from planning.rules import RULES
from planning.settings import Setting
from roster.campaigns.models import Campaign
from roster.rulebook import queries as rule_queries, services as rule_settings
from roster.rulebook.models import CampaignRule
from roster.snapshot import snapshot
from tests.support.factories import ADMIN, NOW, make_campaign, make_person, make_round_the_clock, make_unit, manager_of

pytestmark = pytest.mark.both_dbs


@pytest.fixture
def campaign(db) -> Campaign:
    unit = make_unit()
    make_person("P1", unit)
    make_round_the_clock(unit)
    return make_campaign(unit)


def save(campaign: Campaign, changes: dict, actor: Actor = ADMIN) -> dict:
    return {now.rule.code: now for now in rule_settings.save(campaign.id, changes, actor=actor, now=NOW)}


def test_without_choices_every_rule_is_its_default(campaign):
    listed = rule_queries.listed(campaign.id)
    assert [now.rule for now in listed] == list(RULES)
    assert not any(now.own for now in listed)
    assert snapshot.take(campaign.id, now=NOW).problem.settings == {}


def test_a_choice_reaches_the_engine_and_a_new_draft_version(campaign, db):
    version = campaign.draft_version
    now = save(campaign, {"rest.between_shifts": {"hard": False, "weight": 1250, "parameters": {"minutes": 600}}})
    rest = now["rest.between_shifts"]
    assert (rest.on, rest.hard, rest.weight, rest.own) == (True, False, 1250, True)
    assert {each.parameter.name: each.effective for each in rest.parameters} == {"minutes": 600, "standby_minutes": 0}
    settings = snapshot.take(campaign.id, now=NOW).problem.settings
    assert settings == {"rest.between_shifts": Setting(hard=False, weight=1250, values={"minutes": 600})}
    assert db.session.get_one(Campaign, campaign.id).draft_version == version + 1
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "campaign.rules")).one()
    assert entry.detail["rules"]["rest.between_shifts"]["parameters"] == {"minutes": 600}


def test_what_equals_the_default_is_no_choice_and_what_is_not_named_stays(campaign, db):
    save(campaign, {"rest.between_shifts": {"weight": 100, "parameters": {"minutes": 600, "standby_minutes": 300}}})
    save(campaign, {"rest.between_shifts": {"parameters": {"minutes": 720}}})
    assert rule_queries.chosen(campaign.id) == {
        "rest.between_shifts": Setting(weight=100, values={"standby_minutes": 300})
    }
    version = db.session.get_one(Campaign, campaign.id).draft_version
    save(campaign, {"rest.between_shifts": {"weight": 100}})
    assert db.session.get_one(Campaign, campaign.id).draft_version == version  # the same again is no change
    save(campaign, {"rest.between_shifts": {"weight": None, "parameters": None}})
    assert db.session.scalars(select(CampaignRule)).all() == []


def test_a_default_from_law_is_that_of_the_first_day(campaign):
    month = next(now for now in rule_queries.listed(campaign.id) if now.rule.code == "hours.month")
    most = next(each for each in month.parameters if each.parameter.name == "most")
    assert (most.default, most.by_law) == (30 * 60, True)
    later = make_campaign(campaign.unit, first="2022-01-20", last="2022-01-22")
    month = next(now for now in rule_queries.listed(later.id) if now.rule.code == "hours.month")
    assert next(each for each in month.parameters if each.parameter.name == "most").default == 40 * 60


def test_a_number_that_the_law_has_on_the_first_day_alone_is_a_choice(campaign):
    across = make_campaign(campaign.unit, first="2020-12-25", last="2021-01-05")
    month = next(now for now in rule_queries.listed(across.id) if now.rule.code == "hours.month")
    most = next(each for each in month.parameters if each.parameter.name == "most")
    assert most.follows_dates and most.defaults == ((date(2020, 12, 25), 1800), (date(2021, 1, 1), 2400))
    assert [norm.value for norm in most.norms] == [1800, 2400]
    save(across, {"hours.month": {"parameters": {"most": 1800}}, "hours.day": {"parameters": {"most": 720}}})
    assert rule_queries.chosen(across.id) == {"hours.month": Setting(values={"most": 1800})}


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"no.such": {}}, "no.such", "rules.unknown"),
        ({"coverage.headcount": {"on": False}}, "coverage.headcount.on", "rules.locked"),
        ({"absence.away": {"hard": False}}, "absence.away.hard", "rules.fixed_hard"),
        ({"fairness.load": {"hard": True}}, "fairness.load.hard", "rules.fixed_soft"),
        ({"wishes.off": {"weight": -1}}, "wishes.off.weight", "rules.weight_range"),
        ({"pairs.apart": {"weight": 1_000_01}}, "pairs.apart.weight", "rules.weight_range"),
        ({"hours.week": {"weight": 1_01}}, "hours.week.weight", "rules.weight_range"),
        ({"fairness.load": {"weight": 11}}, "fairness.load.weight", "rules.weight_range"),
        ({"coverage.headcount": {"weight": 0}}, "coverage.headcount.weight", "rules.no_weight"),
        ({"absence.away": {"weight": 1}}, "absence.away.weight", "rules.no_weight"),
        ({"rest.between_shifts": {"parameters": {"minutes": -1}}}, "rest.between_shifts.minutes", "rules.value_range"),
        ({"rest.between_shifts": {"parameters": {"x": 1}}}, "rest.between_shifts.x", "rules.unknown_parameter"),
        ({"wishes.off": {"pairs": [["Đêm", "Ngày"]]}}, "wishes.off.pairs", "rules.no_pairs"),
    ],
)
def test_nonsense_names_its_field_and_changes_nothing(campaign, change, field, code):
    with pytest.raises(Invalid) as caught:
        save(campaign, {"hours.day": {"on": False}, **change})
    assert [(each.field, each.code) for each in caught.value.errors] == [(field, code)]
    assert rule_queries.chosen(campaign.id) == {}


def test_pairs_name_shifts_of_the_campaign(campaign):
    save(campaign, {"sequence.templates": {"pairs": [["Đêm", "Ngày"], ["Đêm", "Ngày"]]}})
    assert rule_queries.chosen(campaign.id)["sequence.templates"].pairs == (("Đêm", "Ngày"),)
    with pytest.raises(NotFound) as caught:
        save(campaign, {"sequence.templates": {"pairs": [["Đêm", "Trưa"]]}})
    assert "Trưa" in caught.value.message()


def test_only_managers_of_the_unit_and_only_while_it_is_open(campaign, db):
    other = make_unit("KHAC")
    with pytest.raises(Forbidden):
        save(campaign, {"hours.day": {"on": False}}, manager_of(other.id))
    save(campaign, {"hours.day": {"on": False}}, manager_of(campaign.unit_id))
    rule_settings.reset(campaign.id, ["hours.day"], actor=manager_of(campaign.unit_id), now=NOW)
    assert rule_queries.chosen(campaign.id) == {}
    db.session.get_one(Campaign, campaign.id).state = "closed"
    db.session.commit()
    with pytest.raises(Conflict):
        save(campaign, {"hours.day": {"on": False}})
