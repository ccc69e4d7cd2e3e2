"""Seats that stay empty because a duty on site is too long: what to mend comes first, with the way to it."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from core import clock
from core.db import db, transaction
from people.accounts import keys
from people.models import Person
from people.queries import unit_by_code
from roster.rulebook import services as rule_settings
from roster.solving import jobs
from roster.solving.models import SolveRun
from roster.solving.services import SolveRequest
from roster.sources.models import Demand
from roster.words import why_not
from tests.support import enterprise, factories, worlds
from tests.support.enterprise import NOW, ROOT, sign_in
from tests.web.roster.reasons.test_causes_page import HTMX, page, where

OFFER = "Nêu căn cứ cho ca tại chỗ dài ở dòng nhu cầu, hoặc chia ca"
NO_GROUND = "ca tại chỗ quá dài mà nhu cầu chưa nêu căn cứ"
TOO_LONG = "trực tại chỗ liền quá lâu"
CHOSEN = "Đã chọn sẵn cách giúp nhiều nhất mà nút này áp dụng được."


def noon_to_noon(app: Flask, *, ground: str = "", people: int = 4, no_night: bool = False) -> SolveRun:
    """On site from noon to noon over three days of Tết in BDA."""
    world = ("noon to noon", ground, people, no_night)
    return db.session.get_one(SolveRun, worlds.begin(world, lambda: _noon_to_noon(ground, people, no_night)))


def _noon_to_noon(ground: str, people: int, no_night: bool) -> int:
    enterprise.make()
    unit = unit_by_code("BDA")
    for number in range(people):
        factories.make_person(f"P{number}", unit)
    factories.make_demand(unit, "operations", "Trực", "12:00", 24)
    with transaction() as session:
        session.execute(update(Demand).values(legal_ground=ground))
        session.execute(update(Person).values(no_night=no_night))
    made = factories.make_campaign(unit)
    with clock.travel(NOW):
        return jobs.solve_now(made.id, SolveRequest(seconds=2), actor=ROOT, now=NOW).id


@pytest.fixture
def long(app: Flask) -> SolveRun:
    return noon_to_noon(app)


def test_the_ground_is_offered_first_with_the_row_of_the_demand(client: FlaskClient, long: SolveRun) -> None:
    sign_in(client, "an1")
    text = page(client, where(long))
    row = db.session.scalars(select(Demand).filter_by(phase="during")).one()
    remedies = re.split(r"<li[ >]", text[text.index('class="remedies"') :])[1:]
    assert OFFER in remedies[0] and "phủ 3/3" in text and "Bỏ trống 3 lượt" in text[text.index(OFFER) :]
    link = (
        f'<a href="/roster/demand/?at={row.id}#demand-{row.id}">Bưu điện huyện A · Trực điều hành Trực, trong Tết</a>'
    )
    assert link in text and "tạo lại đợt trực" in text
    assert "<details" not in text[text.index('class="remedies"') : text.index(link)], "unfolded"
    assert f"người {NO_GROUND}" in text and TOO_LONG not in text
    demand = page(client, f"/roster/demand/?at={row.id}")
    assert f'id="demand-{row.id}"' in demand and "chưa nêu căn cứ" in demand
    with transaction() as session:
        session.get_one(Demand, row.id).legal_ground = "Thỏa ước, Điều 12"
    assert "đã nêu căn cứ, cần tạo lại đợt trực" in page(client, where(long))


def test_nothing_is_said_to_be_chosen_when_nothing_is(client: FlaskClient, long: SolveRun) -> None:
    sign_in(client, "an1")
    text = page(client, where(long))
    assert "Vì một nguyên nhân. Chưa chọn cách nào." in text and CHOSEN not in text
    assert "Phủ 0/3" in text and "Chọn ít nhất một cách" in text
    (key,) = re.findall(r'name="r" value="([^"]+)"', text)
    ticked = page(client, where(long) + f"?chosen=1&r={key}", headers=HTMX)
    assert "Chưa chọn cách nào" not in ticked and "chọn sẵn" not in ticked, "whoever ticks it has chosen it by hand"
    assert 'hx-select-oob="#units,#sum,#preset"' in text and ticked.count('id="preset"') == 1, (
        "and the line is replaced"
    )
    client.post("/language", data={"language": "en", "next": "/"})
    text = page(client, where(long))
    assert "State a ground for the long on-site shift in the demand, or split it" in text
    assert "For one cause. Nothing is chosen yet." in text and "the demand states no ground" in text


def test_a_ground_that_lets_nobody_come_does_not_stand_first(client: FlaskClient, app: Flask) -> None:
    """A ground mends the length; nobody may serve at night either."""
    run = noon_to_noon(app, no_night=True)
    sign_in(client, "an1")
    text = page(client, where(run))
    remedies = re.split(r"<li[ >]", text[text.index('class="remedies"') :])[1:]
    assert OFFER not in remedies[0] and "Bỏ trống 3 lượt" in remedies[0]
    ground = text[text.index(OFFER) :]
    assert "phủ 0/3" in ground and "chưa đủ một mình" in ground


def test_a_duty_with_a_ground_is_not_said_to_lack_one(client: FlaskClient, app: Flask) -> None:
    """Of three days from noon to noon the only person can take the first and the last; the day between touches both."""
    run = noon_to_noon(app, ground="Thỏa ước, Điều 12", people=0)
    sign_in(client, "an1")
    text = page(client, where(run))
    assert TOO_LONG in text and NO_GROUND not in text and OFFER not in text


def test_a_short_duty_beside_another_needs_none_either(app: Flask) -> None:
    assert why_not.reason("hours.continuous") == TOO_LONG, "by itself, or with shifts that touch"
    assert "legal_ground" in why_not.reason("hours.continuous", lacks_ground=True)
    assert why_not.reason("hours.day", lacks_ground=True) == why_not.reason("hours.day")


def test_a_limit_of_24_hours_offers_no_ground(client: FlaskClient, long: SolveRun) -> None:
    rules = {code: {"parameters": {"most": 24 * 60}} for code in ("hours.continuous", "hours.rolling")}
    rule_settings.save(long.campaign_id, rules, actor=ROOT, now=NOW)
    sign_in(client, "an1")
    assert OFFER not in page(client, where(long))


def test_the_api_names_the_shifts_that_lack_a_ground(client: FlaskClient, long: SolveRun) -> None:
    _row, key = keys.create_api_key(keys.NewApiKey("Máy", "manager", "BDA"), now=NOW, actor=ROOT)
    with clock.travel(NOW):
        found = client.get(f"/api/v1/solve-runs/{long.id}/explanation", headers={"Authorization": f"Bearer {key}"}).json
    (cause,) = found["causes"]
    first = cause["remedies"][0]
    assert (first["kind"], first["applies"], first["fills"]) == ("ground", False, 3)
    assert first["shifts"] == [each["shift"] for each in cause["seats"]] and first["text"] == OFFER
    assert cause["best"] is None
