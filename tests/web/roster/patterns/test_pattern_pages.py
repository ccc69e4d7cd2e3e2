"""The page of patterns: offered to small units, shown before it is done, done once, refused in words; also by API."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from core import clock
from core.db import db as database
from people.accounts import keys
from people.queries import find_person, unit_by_code
from roster.campaigns.models import Campaign
from roster.draft import services as drafts
from roster.models import DraftAssignment, Shift
from tests.support import enterprise, factories
from tests.support.districts import Districts
from tests.support.enterprise import NOW, ROOT, sign_in
from tests.support.html_form import form_of


@pytest.fixture(autouse=True)
def _before_tet() -> Iterator[None]:
    with clock.travel(NOW):
        yield


@pytest.fixture
def post(db: Any) -> Campaign:
    """Two days of BDA, which three more people may serve; H1 leads too."""
    enterprise.make()
    unit = unit_by_code("BDA")
    for code, duties in (("H1", ("leadership", "operations")), ("H2", ("operations",)), ("H3", ("operations",))):
        factories.make_person(code, unit, duties=duties)
    factories.make_demand(unit, "leadership", "24/24", "07:30", 24, form="command")
    factories.make_demand(unit, "operations", "Ngày", "07:30", 12)
    return factories.make_campaign(unit, first="2020-01-23", last="2020-01-24")


def seated() -> int:
    database.session.rollback()
    return database.session.scalar(select(func.count()).select_from(DraftAssignment)) or 0


def address(campaign: Campaign) -> str:
    return f"/roster/campaigns/{campaign.id}/patterns"


def asked(client: FlaskClient, campaign: Campaign, **filled: str) -> Any:
    form = form_of(client.get(f"{address(campaign)}?unit=BDA").text, "pattern")
    return client.post(address(campaign), data=form | filled)


def test_it_is_looked_at_then_done_then_undone_by_its_name(client: FlaskClient, post: Campaign) -> None:
    sign_in(client, "an1")
    assert f"{address(post)}?unit=BDA" in client.get(f"/roster/campaigns/{post.id}").text
    shown = asked(client, post, preview="1")
    assert (shown.status_code, seated()) == (200, 0)
    assert "Xoay vòng Bưu điện huyện A: 2 ca" in shown.text
    done = client.post(address(post), data=form_of(shown.text, "stamp") | {"apply": "1"}, follow_redirects=True)
    assert (done.status_code, seated()) == (200, 2)
    assert "Đã xếp: Xoay vòng Bưu điện huyện A: 2 ca." in done.text
    assert "Đã hoàn tác: Xoay vòng Bưu điện huyện A: 2 ca." in (
        client.post(f"/roster/campaigns/{post.id}/undo", follow_redirects=True).text
    )
    assert seated() == 0


def test_the_director_of_all_days(client: FlaskClient, post: Campaign) -> None:
    sign_in(client, "an1")
    shown = asked(client, post, pattern="leader", leader="H1", preview="1")
    assert "Giám đốc cả đợt Bưu điện huyện A: 2 ca" in shown.text
    client.post(address(post), data=form_of(shown.text, "stamp") | {"apply": "1"})
    assert seated() == 2


def test_what_changed_since_the_look_is_shown_anew_and_not_done(client: FlaskClient, post: Campaign) -> None:
    sign_in(client, "an1")
    shown = asked(client, post, preview="1")
    shift = database.session.scalars(select(Shift).filter_by(duty="operations").order_by(Shift.starts_at)).first()
    assert shift is not None
    drafts.set_people(shift.id, ["H3"], actor=ROOT, now=NOW)
    refused = client.post(address(post), data=form_of(shown.text, "stamp") | {"apply": "1"})
    assert (refused.status_code, seated()) == (409, 1)
    assert "dự thảo đã khác bản xem trước" in refused.text
    assert "Xoay vòng Bưu điện huyện A: 1 ca" in refused.text and "1 chỗ đã ghim" in refused.text


def test_nobody_chosen_is_said_where_it_is_mended(client: FlaskClient, post: Campaign) -> None:
    sign_in(client, "an1")
    form = {"unit": "BDA", "pattern": "rotate", "preview": "1"}
    refused = client.post(address(post), data=form)
    assert refused.status_code == 422 and "ghi số thứ tự bên cạnh tên" in refused.text
    assert 'href="#order"' in refused.text


def test_what_is_no_place_in_turn_is_none(client: FlaskClient, post: Campaign) -> None:
    sign_in(client, "an1")
    for number in ("9" * 5000, "-1", "0", "hai", ""):
        form = {"unit": "BDA", "pattern": "rotate", "order.H1": number, "preview": "1"}
        assert client.post(address(post), data=form).status_code == 422


def test_a_slip_of_the_hand_beside_a_name_leaves_nobody_out(client: FlaskClient, post: Campaign) -> None:
    """The cell is named, what was typed stays, and the others keep their turns."""
    sign_in(client, "an1")
    refused = asked(client, post, **{"order.H2": "hai", "order.H3": "7", "preview": "1"})
    name = find_person("H2").full_name
    assert refused.status_code == 422 and seated() == 0
    assert f"Ô bên cạnh {name} ghi “hai”: ghi số thứ tự từ 1 đến 999" in refused.text
    assert 'href="#order-H2"' in refused.text and 'value="hai"' in refused.text and 'value="7"' in refused.text


def test_more_people_than_can_take_turns_are_said_and_may_lead(client: FlaskClient, post: Campaign) -> None:
    for number in range(60):
        factories.make_person(f"N{number:02}", unit_by_code("BDA"), duties=("leadership", "operations"))
    sign_in(client, "an1")
    page = client.get(f"{address(post)}?unit=BDA").text
    assert page.count('name="order.') == 40 and "người nữa không có trong danh sách này" in page
    assert 'value="N59"' in page
    shown = asked(client, post, pattern="leader", leader="N59", preview="1")
    assert "Giám đốc cả đợt Bưu điện huyện A: 2 ca" in shown.text


def test_a_unit_of_another_manager_is_not_theirs(client: FlaskClient, db: Any) -> None:
    both = Districts()
    sign_in(client, "an1")
    page = f"/roster/campaigns/{both.campaign_id}/patterns"
    assert client.get(f"{page}?unit=BDA").status_code == 200
    assert client.get(f"{page}?unit=BDC").status_code == 403
    assert client.get(f"{page}?unit=NONE").status_code == 404


def test_a_unit_without_a_list_is_offered_patterns_beside_its_row(client: FlaskClient, db: Any) -> None:
    enterprise.make()
    for code in ("BDA", "BDC"):
        factories.make_demand(unit_by_code(code))
    campaign = factories.make_campaign(unit_by_code("BDT"), now=NOW)
    sign_in(client, "qt1")
    page = client.get(f"/roster/campaigns/{campaign.id}?view=units&source=draft&at=BDA").text
    assert f"/roster/campaigns/{campaign.id}/patterns?unit=BDA" in page
    for number in range(6):
        factories.make_person(f"M{number}", unit_by_code("BDA"))
    assert "patterns?unit=BDA" not in client.get(f"/roster/campaigns/{campaign.id}?view=units&source=draft&at=BDA").text


def test_the_same_by_api_dry_and_done(client: FlaskClient, post: Campaign) -> None:
    _row, secret = keys.create_api_key(keys.NewApiKey("thử", "admin"), now=NOW, actor=ROOT)
    headers = {"Authorization": f"Bearer {secret}"}
    path = f"/api/v1/campaigns/{post.id}/patterns"
    wanted = {"pattern": "rotate", "unit": "BDA", "people": ["H2", "H3"], "duties": ["operations"], "first": "H3"}
    dry = client.post(path, json=wanted | {"dry_run": True}, headers=headers).json
    assert (dry["edit"], dry["filled"], [each["person"] for each in dry["places"]], seated()) == (
        None,
        2,
        ["H3", "H2"],
        0,
    )
    stale = client.post(path, json=wanted | {"stamp": "0" * 16}, headers=headers)
    assert (stale.status_code, stale.json["code"]) == (409, "pattern_of.moved")
    done = client.post(path, json=wanted | {"stamp": dry["stamp"]}, headers=headers).json
    assert done["edit"] and done["text"] == "Xoay vòng Bưu điện huyện A: 2 ca" and seated() == 2
    assert client.post(path, json=wanted | {"people": ["NOBODY", "H3"]}, headers=headers).status_code == 404
    clash = client.post(path, json=wanted | {"first": "H1"}, headers=headers)
    assert (clash.status_code, clash.json["code"]) == (409, "pattern_of.first")
