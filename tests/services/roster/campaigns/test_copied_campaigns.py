"""Đinh Mùi made as Canh Tý was: its shifts by phase and distance from Mùng 1, its rules, and what does not fit."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from core import clock
from core.calendar import lunar
from core.db import db, transaction
from core.errors import NotFound
from people import queries as people
from people.accounts import keys
from people.models import Unit
from roster.campaigns import services as campaigns
from roster.campaigns.models import Campaign
from roster.campaigns.services import CampaignWanted, Made
from roster.models import DraftAssignment, Seat, Shift
from roster.rulebook import services as rules
from roster.rulebook.models import CampaignRule
from tests.support import enterprise, factories
from tests.support.districts import ADMIN, NOW, Districts

pytestmark = pytest.mark.both_dbs
FIRST, LAST = date(2027, 2, 1), date(2027, 2, 14)


@pytest.fixture
def last_tet(db: Any) -> Districts:
    """Two districts over three days of Canh Tý, published; a night of A needed two, a day of C is stated as long."""
    made = Districts()
    with transaction() as session:
        session.get_one(Shift, made.shift("A", 1)).headcount = 2
        session.get_one(Shift, made.shift("C", 2)).legal_ground = "Điều 115: trực Tết"
    rules.save(made.campaign_id, {"rest.between_shifts": {"parameters": {"minutes": 600}}}, actor=ADMIN, now=NOW)
    return made


def copied(last_tet: Districts, unit: str = "BDT", first: date = FIRST, last: date = LAST) -> Made:
    wanted = CampaignWanted("Tết Đinh Mùi", 2027, unit, first, last, last_tet.campaign_id)
    return campaigns.create(wanted, actor=ADMIN, now=NOW)


def shifts(made: Made, unit: str, on: date) -> list[tuple[str, str, int]]:
    """(name, local start, headcount) of a unit's shifts on a day."""
    wanted = select(Shift).join(Unit).where(Shift.campaign_id == made.campaign.id, Unit.code == unit)
    rows = db.session.scalars(wanted.where(Shift.local_on == on).order_by(Shift.starts_at))
    return [(row.template, clock.local(row.starts_at).strftime("%H:%M"), row.headcount) for row in rows]


def what(made: Made) -> dict[str, tuple[Any, ...]]:
    return {each.code: each.what for each in made.left_out}


def test_the_night_of_giao_thua_needs_as_many_as_it_needed_then(last_tet: Districts) -> None:
    model = last_tet.campaign
    special = db.session.get_one(Shift, last_tet.shift("A", 1)).local_on
    made = copied(last_tet)
    there = date.fromordinal(lunar.tet(2027).toordinal() + (special - lunar.tet(2020)).days)
    assert shifts(made, "BDA", there) == [("Ngày", "07:30", 1), ("Đêm", "19:30", 2)]
    assert [each.code for each in made.left_out if each.code.startswith("unit")] == []
    seats = select(Seat).join(Shift).where(Shift.campaign_id == made.campaign.id)
    assert len(db.session.scalars(seats).all()) == sum(
        row.headcount for row in db.session.scalars(select(Shift).filter_by(campaign_id=made.campaign.id))
    )
    drafted = select(DraftAssignment).join(Seat).join(Shift).where(Shift.campaign_id == made.campaign.id)
    assert db.session.scalars(drafted).all() == [], "nobody is taken along"
    assert made.campaign.state == "draft" and model.state == "published"


def test_its_rules_come_along_and_may_be_changed_apart(last_tet: Districts) -> None:
    made = copied(last_tet)
    rules.save(last_tet.campaign_id, {"rest.between_shifts": {"parameters": {"minutes": 660}}}, actor=ADMIN, now=NOW)
    kept = db.session.get_one(CampaignRule, (made.campaign.id, "rest.between_shifts"))
    assert kept.parameters == {"minutes": 600}


def test_days_of_a_phase_that_it_did_not_have_follow_todays_demand(last_tet: Districts) -> None:
    model = last_tet.campaign
    assert (model.starts_on, model.ends_on) == (date(2020, 1, 23), date(2020, 1, 25)), "all of the break"
    factories.make_demand(people.unit_by_code("BDA"), "operations", "Sáng", "08:00", 4, phases=("before",))
    made = copied(last_tet)
    outside = what(made)["day.no_model"]
    assert FIRST in outside and LAST in outside and lunar.tet(2027) not in outside
    assert ("Sáng", "08:00", 1) in shifts(made, "BDA", FIRST)
    assert ("Sáng", "08:00", 1) not in shifts(made, "BDA", lunar.tet(2027))


def test_what_changed_since_is_listed(last_tet: Districts) -> None:
    """C's district was closed, another unit has demand now, a day of A's had been parted, a long shift was stated."""
    with transaction() as session:
        parted = session.get_one(Shift, last_tet.shift("A", 2))
        session.add(_piece(parted))
        parted.ends_at -= timedelta(hours=6)
        session.get_one(Unit, last_tet.ids["BDC"]).valid_to = date(2026, 12, 31)
    factories.make_demand(people.unit_by_code("BDA-1"), "operations", "Ngày", "07:30", 12)
    made = copied(last_tet, last=date(2027, 2, 10))
    assert what(made)["unit.gone"] == (people.unit_by_code("BDC").name,)
    assert what(made)["unit.new"] == (people.unit_by_code("BDA-1").name,)
    assert what(made)["shift.put_together"] == (f"Ngày · {people.unit_by_code('BDA').name}",)
    assert "shift.ground" not in what(made), "of a unit that is gone nothing has to be stated"
    assert shifts(made, "BDC", lunar.tet(2027)) == []
    assert [name for name, _at, _many in shifts(made, "BDA-1", lunar.tet(2027))] == ["Ngày"]
    third = db.session.get_one(Shift, last_tet.shift("A", 2)).local_on
    there = date.fromordinal(lunar.tet(2027).toordinal() + (third - lunar.tet(2020)).days)
    assert shifts(made, "BDA", there)[0] == ("Ngày", "07:30", 1), "whole again"


def there(last_tet: Districts, shift_id: int) -> date:
    """The day of the new Tết as far from Mùng 1."""
    then = db.session.get_one(Shift, shift_id).local_on
    return date.fromordinal(lunar.tet(2027).toordinal() + (then - lunar.tet(2020)).days)


def test_a_night_that_was_parted_after_midnight_is_one_night_again(last_tet: Districts) -> None:
    """Only that night needed two; one of them gave the hours after midnight away, which are a shift of the next day."""
    night = last_tet.shift("A", 1)
    on = there(last_tet, night)
    with transaction() as session:
        whole = session.get_one(Shift, night)
        whole.headcount = 1
        session.add_all([_piece(whole, 0, 5), _piece(whole, 5, 12)])
    made = copied(last_tet)
    assert shifts(made, "BDA", on) == [("Ngày", "07:30", 1), ("Đêm", "19:30", 2)]
    assert shifts(made, "BDA", date.fromordinal(on.toordinal() + 1)) == [("Ngày", "07:30", 1), ("Đêm", "19:30", 1)]
    assert what(made)["shift.put_together"] == (f"Đêm · {people.unit_by_code('BDA').name}",)


def test_a_shift_of_one_day_alone_that_was_parted_is_copied(last_tet: Districts) -> None:
    """As the night of Giao thừa may be: no other day says how it was."""
    with transaction() as session:
        only = session.get_one(Shift, last_tet.shift("A", 0))
        only.template = "Giao thừa"
        piece = _piece(only, 6, 12)
        only.ends_at, only.parted_from = piece.starts_at, only.id
        session.add(piece)
    on = there(last_tet, last_tet.shift("A", 0))
    made = copied(last_tet)
    assert ("Giao thừa", "07:30", 1) in shifts(made, "BDA", on)
    row = db.session.scalars(select(Shift).filter_by(campaign_id=made.campaign.id, template="Giao thừa")).one()
    assert (row.ends_at - row.starts_at, row.parted_from) == (timedelta(hours=12), None)


def test_a_kind_of_duty_that_the_model_did_not_have_follows_todays_demand(last_tet: Districts) -> None:
    """One that was begun since: a unit that was there already must not do without it."""
    factories.make_demand(people.unit_by_code("BDA"), "emergency", "Ứng cứu", "00:00", 24)
    made = copied(last_tet)
    assert what(made)["duty.new"] == (f"Trực ứng cứu thông tin · {people.unit_by_code('BDA').name}",)
    assert "unit.new" not in what(made)
    for on in (FIRST, lunar.tet(2027), LAST):
        assert ("Ứng cứu", "00:00", 1) in shifts(made, "BDA", on)


def test_a_closed_unit_is_asked_for_nothing_on_any_day(last_tet: Districts) -> None:
    """Not on those either that follow today's demand, which it may still have."""
    factories.make_demand(people.unit_by_code("BDC"), "operations", "Sáng", "08:00", 4, phases=("before",))
    with transaction() as session:
        session.get_one(Unit, last_tet.ids["BDC"]).valid_to = date(2026, 12, 31)
    made = copied(last_tet)
    assert FIRST in what(made)["day.no_model"] and shifts(made, "BDC", FIRST) == []


def _piece(whole: Shift, since: float = 6, until: float = 12) -> Shift:
    names = (
        "campaign_id",
        "unit_id",
        "duty",
        "template",
        "form",
        "phase",
        "points",
    )
    spans = [whole.starts_at + timedelta(hours=hours) for hours in (since, until)]
    own = {"starts_at": spans[0], "ends_at": spans[1], "local_on": clock.local_date(spans[0]), "headcount": 1}
    return Shift(**{name: getattr(whole, name) for name in names}, **own, parted_from=whole.id)


def test_a_long_shift_has_to_be_stated_anew(last_tet: Districts) -> None:
    made = copied(last_tet)
    assert what(made)["shift.ground"] == (f"Ngày · {people.unit_by_code('BDC').name}",)
    assert {row.legal_ground for row in db.session.scalars(select(Shift).filter_by(campaign_id=made.campaign.id))} == {
        ""
    }


def test_a_district_copies_its_own_of_the_province(last_tet: Districts) -> None:
    made = copied(last_tet, unit="BDA")
    units = select(Unit.code).join(Shift, Shift.unit_id == Unit.id).where(Shift.campaign_id == made.campaign.id)
    assert set(db.session.scalars(units)) == {"BDA"}
    assert what(made)["unit.gone"] == (people.unit_by_code("BDC").name,)


def test_a_campaign_that_is_not_there_is_said_so_and_nothing_is_made(last_tet: Districts) -> None:
    before = db.session.query(Campaign).count()
    with pytest.raises(NotFound, match=r"campaign\.unknown"):
        campaigns.create(CampaignWanted("Tết", 2027, "BDT", FIRST, LAST, 9999), actor=ADMIN, now=NOW)
    assert db.session.query(Campaign).count() == before


def test_the_page_says_what_would_be_copied_and_then_copies(last_tet: Districts, client: FlaskClient) -> None:
    enterprise.sign_in(client, "an1")
    typed = {"name": "Tết Đinh Mùi", "tet_year": "2027", "unit": "BDA", "copy_from": str(last_tet.campaign_id)}
    typed |= {"starts_on": "2027-02-05", "ends_on": "2027-02-07"}
    page = client.post("/roster/campaigns/new", data={**typed, "preview": "1"})
    assert page.status_code == 200 and "Sẽ có 6 ca" in page.text and "đã đóng hoặc không còn thuộc" in page.text
    assert db.session.query(Campaign).filter_by(tet_year=2027).count() == 0
    assert 'value="Tết Đinh Mùi"' in page.text, "what was typed is kept"
    made = client.post("/roster/campaigns/new", data=typed, follow_redirects=True)
    assert "Đã tạo đợt trực" in made.text
    assert db.session.query(Campaign).filter_by(tet_year=2027).one().unit.code == "BDA"


def test_what_is_said_once_it_is_made_fits_into_a_cookie(last_tet: Districts, client: FlaskClient) -> None:
    """A province's units are hundreds, and what is said on the next page travels in a cookie; the preview names all."""
    with transaction() as session:
        shift = session.get_one(Shift, last_tet.shift("C", 0))
        names = ("campaign_id", "duty", "template", "form", "starts_at", "ends_at", "local_on", "phase", "headcount")
        for n in range(300):
            name = f"Bưu cục {random.Random(n).getrandbits(60):x}"  # noqa: S311 - names that are not alike
            unit = Unit(code=f"C{n:03}", name=name, kind=people.unit_by_code("BDC").kind, parent_id=last_tet.ids["BDC"])
            session.add(unit)
            session.flush()
            session.add(Shift(**{each: getattr(shift, each) for each in names}, unit_id=unit.id))
    enterprise.sign_in(client, "an1")
    typed = {"name": "Tết Đinh Mùi", "tet_year": "2027", "unit": "BDA", "copy_from": str(last_tet.campaign_id)}
    typed |= {"starts_on": "2027-02-05", "ends_on": "2027-02-07"}
    page = client.post("/roster/campaigns/new", data={**typed, "preview": "1"}).text
    assert page.count("Bưu cục") == 300
    made = client.post("/roster/campaigns/new", data=typed)
    assert all(len(each) < 4000 for each in made.headers.getlist("Set-Cookie"))
    assert "và 298 mục nữa" in client.get(made.location).text


def test_the_api_copies_once_and_says_in_the_callers_words_what_does_not_fit(
    last_tet: Districts, client: FlaskClient
) -> None:
    _row, secret = keys.create_api_key(keys.NewApiKey("thử", "admin"), now=NOW, actor=ADMIN)
    head = {"Authorization": f"Bearer {secret}", "Idempotency-Key": "tet-2027", "Accept-Language": "en"}
    body = {"name": "Tết", "tet_year": 2027, "unit": "BDA", "starts_on": "2027-02-05", "ends_on": "2027-02-07"}
    body["copy_from"] = last_tet.campaign_id
    first, again = (client.post("/api/v1/campaigns", json=body, headers=head) for _time in range(2))
    assert (first.status_code, again.status_code) == (201, 201) and first.json == again.json
    assert db.session.query(Campaign).filter_by(tet_year=2027).count() == 1
    told = {each["code"]: each for each in (first.json or {})["left_out"]}
    gone = people.unit_by_code("BDC").name
    assert told["unit.gone"]["what"] == [gone] and told["unit.gone"]["text"].startswith("Not copied, shifts of units")
    other = client.post("/api/v1/campaigns", json={**body, "copy_from": None}, headers=head)
    assert other.status_code == 422
    for missing in (0, 9999, 10**30):
        asked = client.post(
            "/api/v1/campaigns", json={**body, "copy_from": missing}, headers=head | {"Idempotency-Key": "b"}
        )
        assert asked.status_code in (404, 422), asked.text
