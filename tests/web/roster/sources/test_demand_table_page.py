"""The table of a unit's demand: numbers typed in place, what they change shown, written as shown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from core import clock
from core.db import db as database, transaction
from people.queries import unit_by_code
from roster.campaigns.models import Campaign
from roster.draft import services as drafts
from roster.models import Shift
from roster.sources.models import Demand
from tests.support import enterprise, factories
from tests.support.desk_pages import text_of
from tests.support.enterprise import NOW, ROOT, sign_in
from tests.support.html_form import form_of

ADDRESS = "/roster/demand/table"
CELL = "n.operations.after.Ngày"


@pytest.fixture
def campaign(client: FlaskClient, db: Any) -> Iterator[Campaign]:
    """29–30/01 of BDA: the last day of the break and one after it; two serve on either."""
    enterprise.make()
    unit = unit_by_code("BDA")
    factories.make_demand(unit, headcount=2, phases=("during", "after"))
    with clock.travel(NOW):
        sign_in(client, "an1")
        yield factories.make_campaign(unit, first="2020-01-29", last="2020-01-30")


def asked(phase: str) -> int:
    database.session.rollback()
    database.session.expire_all()
    return database.session.scalars(select(Demand).filter_by(phase=phase)).one().headcount


def shifts() -> list[Shift]:
    return list(database.session.scalars(select(Shift).order_by(Shift.starts_at)))


def typed(client: FlaskClient, **filled: str) -> Any:
    form = form_of(client.get(f"{ADDRESS}?unit=BDA").text, CELL)
    return client.post(ADDRESS, data=form | {CELL: filled.pop("number")} | filled)


def test_typed_looked_at_and_saved(client: FlaskClient, campaign: Campaign) -> None:
    assert "Sửa tại bảng" in client.get("/roster/demand/").text
    shown = typed(client, number="3")
    said = text_of(shown.text)
    assert (shown.status_code, asked("after")) == (200, 2)
    assert "Đợt này theo nhu cầu mới: thêm 1 chỗ, bớt 0 chỗ" in said and "thêm 1 chỗ" in said and "nay 2" in said
    done = client.post(ADDRESS, data=form_of(shown.text, "stamp") | {"apply": "1"}, follow_redirects=True)
    assert "Đã lưu nhu cầu của Bưu điện huyện A." in done.text and "thêm 1 chỗ, bớt 0 chỗ" in done.text
    assert (asked("after"), [len(each.seats) for each in shifts()]) == (3, [2, 3])
    assert "Nhu cầu trực vừa đổi: 1 chỗ" in text_of(client.get(f"/roster/campaigns/{campaign.id}").text)


def test_people_who_would_lose_their_seat_are_named(client: FlaskClient, campaign: Campaign) -> None:
    drafts.set_people(shifts()[1].id, ["BI1", "AN1"], override_reason="Thử", actor=ROOT, now=NOW)
    shown = typed(client, number="1")
    assert "giữ 1 chỗ đang có người: " in text_of(shown.text)
    named = client.post(ADDRESS, data=form_of(shown.text, "stamp") | {"takes_people": "1", "preview": "1"})
    assert "đang có Nguyễn Văn An" in text_of(named.text) or "đang có Trần Thị Bình" in text_of(named.text)
    client.post(ADDRESS, data=form_of(named.text, "stamp") | {"apply": "1"})
    database.session.expire_all()
    assert [len(each.seats) for each in shifts()] == [2, 1]


def test_the_campaign_may_stay_as_it_is(client: FlaskClient, campaign: Campaign) -> None:
    form = form_of(typed(client, number="3").text, "stamp")
    form.pop("campaign")
    client.post(ADDRESS, data=form | {"apply": "1"})
    assert (asked("after"), [len(each.seats) for each in shifts()]) == (3, [2, 2])


def test_what_is_no_number_is_said_at_its_place_and_kept(client: FlaskClient, campaign: Campaign) -> None:
    refused = typed(client, number="hai")
    assert refused.status_code == 422 and 'value="hai"' in refused.text
    assert "Ghi số người từ 0 đến 999" in refused.text and 'aria-invalid="true"' in refused.text


def test_what_somebody_else_changed_meanwhile_is_not_set_back(client: FlaskClient, db: Any) -> None:
    """No campaign is open, so what is typed is written at once: only that, and not over what was never shown."""
    enterprise.make()
    factories.make_demand(unit_by_code("BDA"), headcount=2, phases=("during", "after"))
    sign_in(client, "an1")
    form = form_of(client.get(f"{ADDRESS}?unit=BDA").text, CELL)
    with transaction() as session:
        session.scalars(select(Demand).filter_by(phase="during")).one().headcount = 5
    assert client.post(ADDRESS, data=form | {CELL: "3"}).status_code == 303
    assert (asked("during"), asked("after")) == (5, 3)
    shown = client.post(ADDRESS, data=form | {CELL: "4"})
    assert (shown.status_code, asked("after")) == (200, 3) and "nay 3" in shown.text
    client.post(ADDRESS, data=form_of(shown.text, "stamp") | {"apply": "1"})
    assert (asked("during"), asked("after")) == (5, 4)


def test_other_units_are_not_theirs(client: FlaskClient, campaign: Campaign) -> None:
    assert client.get(f"{ADDRESS}?unit=BDC").status_code == 403
    assert client.get(f"{ADDRESS}?unit=NONE").status_code == 404
