"""Pages of rules and points: what is shown, saved, refused and kept as typed; the end of a campaign."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core import clock
from core.db import db
from people.queries import unit_by_code
from planning.rules import RULES
from roster.campaigns.models import Campaign
from roster.days import points_table
from roster.draft import judging, services as drafts
from roster.models import Shift
from roster.rulebook import forms as rule_forms, queries as rule_queries
from roster.rulebook.models import CampaignRule
from roster.rulebook.words import rule_name
from roster.snapshot import snapshot
from tests.support import enterprise, factories
from tests.support.enterprise import NOW, sign_in


@pytest.fixture
def campaign(app: Flask) -> Campaign:
    enterprise.make()
    unit = unit_by_code("BDA")
    factories.make_round_the_clock(unit)
    return factories.make_campaign(unit)


def page(client: FlaskClient, path: str, status: int = 200) -> str:
    with clock.travel(NOW):
        answer = client.get(path)
    assert answer.status_code == status, answer.text[-800:]
    return answer.text


def send(client: FlaskClient, path: str, data: dict[str, Any], status: int = 302) -> str:
    with clock.travel(NOW):
        answer = client.post(path, data=data)
    assert answer.status_code == status or (status == 302 and answer.status_code == 303), answer.text[-800:]
    return answer.text


def as_shown(text: str) -> dict[str, str]:
    """What a browser would send of the rules form if nothing is touched."""
    found: dict[str, str] = {}
    for tag in re.findall(r"<input [^>]*>", text):
        name, value = re.search(r'name="([^"]+:[^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and ("checkbox" not in tag or " checked" in tag):
            found[name[1]] = value[1] if value else ""
    for name, inside in re.findall(r'<select id="[^"]+" name="([^"]+:[^"]+)"[^>]*>(.*?)</select>', text, re.S):
        chosen = re.search(r'value="([^"]*)" selected', inside)
        found[name] = chosen[1] if chosen else ""
    for name, inside in re.findall(r'<textarea [^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', text, re.S):
        found[name] = inside
    return found


def test_every_rule_is_explained_and_saving_what_is_shown_changes_nothing(client, campaign):
    sign_in(client, "an1")
    text = page(client, f"/roster/campaigns/{campaign.id}/rules")
    for rule in RULES:
        assert rule_name(rule.code) in text
    assert "không phải kết luận hợp pháp" in text
    form = as_shown(text)
    assert form["p:rest.between_shifts:minutes"] == "12"  # hours
    send(client, f"/roster/campaigns/{campaign.id}/rules", form)
    assert db.session.scalars(select(CampaignRule)).all() == []


def test_a_norm_that_changes_inside_the_campaign_is_shown_with_both_dates_and_never_becomes_a_choice(client, campaign):
    across = factories.make_campaign(campaign.unit, first="2020-12-25", last="2021-01-05")
    sign_in(client, "an1")
    path = f"/roster/campaigns/{across.id}/rules"
    text = page(client, path)
    assert "mặc định 30; từ 01/01/2021: 40" in text
    form = as_shown(text)
    assert form["p:hours.month:most"] == ""
    send(client, path, form)
    assert db.session.scalars(select(CampaignRule)).all() == []


def test_a_change_is_kept_shown_and_taken_back(client, campaign):
    sign_in(client, "an1")
    path = f"/roster/campaigns/{campaign.id}/rules"
    form = as_shown(page(client, path))
    form |= {
        "p:rest.between_shifts:minutes": "10,5",
        "kind:rest.between_shifts": "soft",
        "weight:rest.between_shifts": "7,25",
    }
    del form["on:hours.day"]
    form["pairs:sequence.templates"] = "Đêm > Ngày\n"
    send(client, path, form)
    chosen = rule_queries.chosen(campaign.id)
    rest = chosen["rest.between_shifts"]
    assert (rest.hard, rest.weight, rest.values) == (False, 725, {"minutes": 630})
    assert chosen["hours.day"].on is False
    assert chosen["sequence.templates"].pairs == (("Đêm", "Ngày"),)
    assert set(chosen) == {"rest.between_shifts", "hours.day", "sequence.templates"}
    text = page(client, path)
    assert "đã đổi" in text and 'value="10,5"' in text and "Đêm &gt; Ngày" in text
    send(client, path, {**form, "reset": "rest.between_shifts"})
    assert set(rule_queries.chosen(campaign.id)) == {"hours.day", "sequence.templates"}
    send(client, path, {"reset": "all"})
    assert rule_queries.chosen(campaign.id) == {}


def test_only_what_differs_from_the_default_stands_open(client, campaign):
    sign_in(client, "an1")
    path = f"/roster/campaigns/{campaign.id}/rules"
    form = as_shown(page(client, path))

    def opened(text: str) -> list[str]:
        return re.findall(r'id="r-([^"]+)"[^>]*><details class="rule" open', text)

    assert opened(page(client, path)) == []
    send(client, path, form | {"p:nights.most:most": "5"})
    assert opened(page(client, path)) == ["nights.most"]
    wrong = form | {"p:nights.most:most": "5", "p:hours.week:most": "nhiều"}
    assert opened(send(client, path, wrong, 422)) == ["hours.week", "nights.most"]


def test_a_preview_says_what_the_draft_would_break_and_saves_nothing(client, campaign):
    """Rest of 30 hours; and with the rule off nothing of it is broken any more."""
    with clock.travel(NOW):
        people = [factories.make_person(f"P{n}", campaign.unit, duties=["operations"]).code for n in (1, 2)]
        shifts = db.session.scalars(select(Shift).filter_by(duty="operations").order_by(Shift.starts_at)).all()
        for n, shift in enumerate(shifts[:4]):
            drafts.set_people(shift.id, [people[n % 2]], override_reason="Thử", actor=factories.ADMIN, now=NOW)
    sign_in(client, "an1")
    path = f"/roster/campaigns/{campaign.id}/rules"
    form = as_shown(page(client, path))
    before = len(breaches(campaign))
    assert "Không chỗ nào trong dự thảo" in send(client, path, form | {"preview": "1"}, 200)

    stricter = form | {"p:rest.between_shifts:minutes": "30", "preview": "1"}
    text = send(client, path, stricter, 200)
    assert rule_queries.chosen(campaign.id) == {} and 'value="30"' in text
    assert "cần ít nhất 30 giờ" in text and 'href="#r-rest.between_shifts"' in text
    stricter.pop("preview")
    send(client, path, stricter)
    told = re.search(r"(\d+) chỗ bây giờ, (\d+) chỗ nếu lưu", text)
    assert told and [int(each) for each in told.groups()] == [before, len(breaches(campaign))], "and it was true"

    lenient = {**form, "preview": "1"}
    del lenient["on:rest.between_shifts"]
    text = send(client, path, lenient, 200)
    assert f"{len(breaches(campaign))} chỗ bây giờ, {before} chỗ nếu lưu" in text

    assert "nửa ngày" in send(client, path, stricter | {"p:hours.week:most": "nửa ngày", "preview": "1"}, 422)
    sign_in(client, "bi1")
    with clock.travel(NOW):
        assert client.post(path, data=lenient).status_code == 403


def breaches(campaign: Campaign) -> list[Any]:
    """Of hard rules, as the page of publishing counts them."""
    db.session.rollback()
    judged = judging.judge_draft(snapshot.take(campaign.id, now=NOW), now=NOW)
    return [each for each in judged.violations if each.hard]


def test_nonsense_is_told_beside_its_field_and_everything_typed_stays(client, campaign):
    sign_in(client, "an1")
    path = f"/roster/campaigns/{campaign.id}/rules"
    form = as_shown(page(client, path))
    form |= {
        "p:rest.between_shifts:minutes": "nửa ngày",
        "weight:wishes.off": "-3",
        "p:hours.week:most": "1000000",
        "pairs:sequence.templates": "Đêm > Trưa",
        "p:nights.most:most": "5",
    }
    text = send(client, path, form, 422)
    for kept in ("nửa ngày", "-3", "1000000", "Đêm &gt; Trưa"):
        assert kept in text
    assert "Ghi một số" in text and "Ghi số từ 0 đến" in text
    assert 'href="#p-rest-between_shifts-minutes"' in text and 'id="p-rest-between_shifts-minutes"' in text
    assert rule_queries.chosen(campaign.id) == {}
    form |= {"p:rest.between_shifts:minutes": "12", "weight:wishes.off": "3", "p:hours.week:most": "60"}
    text = send(client, path, form, 422)
    assert "không có ca tên Trưa" in text and 'value="5"' in text
    assert rule_queries.chosen(campaign.id) == {}


@pytest.mark.parametrize(
    ("typed", "read"),
    [("1.000", 1000), ("1,000", 1000), ("1.234,5", 1234.5), ("12,5", 12.5), ("12.5", 12.5), ("0.125", 0.125)],
)
def test_thousands_may_be_grouped_as_the_pages_show_them(typed, read):
    assert rule_forms.parsed(typed) == read


def test_others_look_and_change_nothing(client, campaign):
    sign_in(client, "bi1")
    text = page(client, f"/roster/campaigns/{campaign.id}/rules")
    assert "Lưu quy tắc" not in text and "disabled" in text
    send(client, f"/roster/campaigns/{campaign.id}/rules", {"reset": "all"}, 403)
    text = page(client, "/roster/points/")
    assert "Lưu bảng điểm" not in text
    send(client, "/roster/points/", {"night": "9"}, 403)


def test_points_are_shown_with_an_example_of_the_coming_tet_and_saved(client, campaign):
    sign_in(client, "qt1")
    text = page(client, "/roster/points/")
    # Two hours of Mùng 1: 2 × 1.5 × 1.5 an hour; six of Mùng 2: 2 × 1.5 × 1.25.
    assert "2 giờ × 4,5 = 9" in text and "6 giờ × 3,75 = 22,5" in text and "31,5 điểm" in text
    before = {shift.id: shift.points for shift in db.session.scalars(select(Shift))}
    send(client, "/roster/points/", {"night": "3"})
    assert points_table.current().night == 3
    db.session.expire_all()
    after = {shift.id: shift.points for shift in db.session.scalars(select(Shift))}
    assert any(after[shift] > before[shift] for shift in before)
    assert "6 giờ × 7,5 = 45" in page(client, "/roster/points/")
    text = send(client, "/roster/points/", {"night": "rất nhiều", "holiday": "2,5"}, 422)
    assert "rất nhiều" in text and 'value="2,5"' in text
    text = send(client, "/roster/points/", {"night": "101"}, 422)
    assert "Ghi số từ 0 đến 100" in text
    send(client, "/roster/points/", {"reset": "1"})
    assert points_table.current().night == 1.5


def test_a_campaign_can_be_ended_only_when_it_is_over(client, campaign):
    sign_in(client, "an1")
    campaign.state, campaign.revision = "published", 1
    db.session.commit()
    assert "Kết thúc đợt trực" not in page(client, f"/roster/campaigns/{campaign.id}")
    send(client, f"/roster/campaigns/{campaign.id}/close", {}, 409)
    with clock.travel(NOW + timedelta(days=30)):
        assert "Kết thúc đợt trực" in client.get(f"/roster/campaigns/{campaign.id}").text
        client.post(f"/roster/campaigns/{campaign.id}/close")
    db.session.expire_all()
    assert db.session.get_one(Campaign, campaign.id).state == "closed"
