"""Crews by their pages and by the API: made, changed, rotated, refused in words; and whose they are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from core import clock
from core.db import db as database
from people.accounts import keys
from people.queries import unit_by_code
from roster.campaigns.models import Campaign
from roster.crews import queries, services
from roster.crews.models import Crew
from roster.crews.services import Joining
from roster.models import DraftAssignment, Shift
from tests.support import enterprise, factories
from tests.support.districts import Districts
from tests.support.enterprise import NOW, ROOT, sign_in
from tests.support.html_form import form_of

PEOPLE = ("H1", "H2", "H3", "H4")


@pytest.fixture(autouse=True)
def _before_tet() -> Iterator[None]:
    with clock.travel(NOW):
        yield


@pytest.fixture
def post(db: Any) -> Campaign:
    """Four days of BDA by day and by night, at home; two crews of two."""
    enterprise.make()
    unit = unit_by_code("BDA")
    for code in PEOPLE:
        factories.make_person(code, unit, duties=("operations",))
    factories.make_demand(unit, "operations", "Ngày", "07:30", 12, form="standby")
    factories.make_demand(unit, "operations", "Đêm", "19:30", 12, form="standby")
    made = factories.make_campaign(unit, first="2020-01-23", last="2020-01-26")
    for name, people in (("Kíp 1", PEOPLE[:2]), ("Kíp 2", PEOPLE[2:])):
        services.make_crew("BDA", name, [Joining(code) for code in people], actor=ROOT, now=NOW)
    return made


def seated() -> int:
    database.session.rollback()
    return database.session.scalar(select(func.count()).select_from(DraftAssignment)) or 0


def crew(name: str) -> Crew:
    database.session.rollback()
    return next(each for each in queries.crews_of([unit_by_code("BDA").id]) if each.name == name)


def at(campaign: Campaign, path: str) -> str:
    return f"/roster/campaigns/{campaign.id}/{path}"


def test_a_rotation_is_looked_at_then_done_then_undone(client: FlaskClient, post: Campaign) -> None:
    sign_in(client, "an1")
    form = form_of(client.get(at(post, "rotation?unit=BDA")).text, "days")
    shown = client.post(at(post, "rotation"), data=form | {"cycle": ["Ngày", "Đêm"], "preview": "1"})
    assert (shown.status_code, seated()) == (200, 0)
    assert "Chỗ có người: 0 → 8 trên 8." in shown.text
    ready = form_of(shown.text, "stamp") | {"cycle": ["Ngày", "Đêm"], "apply": "1"}
    done = client.post(at(post, "rotation"), data=ready, follow_redirects=True)
    assert (done.status_code, seated()) == (200, 8)
    assert "Đã xếp: Xoay kíp Bưu điện huyện A (Kíp 1, Kíp 2): 8 lượt." in done.text
    assert "Kíp 1" in client.get(f"/roster/campaigns/{post.id}?view=people").text
    client.post(f"/roster/campaigns/{post.id}/undo")
    assert seated() == 0


def test_what_changed_since_the_look_is_shown_anew_and_not_done(client: FlaskClient, post: Campaign) -> None:
    sign_in(client, "an1")
    form = form_of(client.get(at(post, "rotation?unit=BDA")).text, "days") | {"cycle": ["Ngày", "Đêm"]}
    stamp = form_of(client.post(at(post, "rotation"), data=form | {"preview": "1"}).text, "stamp")["stamp"]
    services.change_crew(crew("Kíp 1").id, "Kíp 1", [], actor=ROOT, now=NOW)
    refused = client.post(at(post, "rotation"), data=form | {"stamp": stamp, "apply": "1"})
    assert (refused.status_code, seated()) == (409, 0)
    assert "dự thảo hoặc kíp đã khác bản xem trước" in refused.text


def test_no_crews_and_no_shifts_are_said_where_they_are_mended(client: FlaskClient, post: Campaign) -> None:
    sign_in(client, "an1")
    for sent, at_field in (({"cycle": ["Ngày"]}, "crews"), ({f"crew.{crew('Kíp 1').id}": "1"}, "cycle")):
        refused = client.post(at(post, "rotation"), data={"unit": "BDA", "preview": "1"} | sent)
        assert refused.status_code == 422 and f'href="#{at_field}"' in refused.text


def test_a_crew_is_renamed_and_who_leaves_it_is_told_of(client: FlaskClient, post: Campaign) -> None:
    sign_in(client, "an1")
    own = crew("Kíp 1")
    cell = at(post, f"crew-cell?crew={own.id}&on=2020-01-24")
    assert "Đã ghi Kíp 1 ngày 24/01: Ngày." in client.post(cell, data={"text": "Ngày"}, follow_redirects=True).text
    assert seated() == 1
    form = form_of(client.get(at(post, f"crews/{own.id}")).text, "version")
    saved = client.post(at(post, "crews/save"), data=form | {"name": "Kíp Mai", "order.H1": ""}, follow_redirects=True)
    assert "Đã lưu Kíp Mai: 1 người." in saved.text and "vẫn còn 1 ca trong dự thảo này" in saved.text
    again = client.post(at(post, "crews/save"), data=form | {"name": "Kíp Đào"})
    assert again.status_code == 409 and "vừa được người khác sửa" in again.text
    gone = client.post(at(post, f"crews/{own.id}/delete"), follow_redirects=True)
    assert "Đã xóa Kíp Mai. Ca đã xếp cho người trong kíp vẫn giữ nguyên." in gone.text and seated() == 1


def test_a_name_that_is_taken_keeps_what_was_typed(client: FlaskClient, post: Campaign) -> None:
    sign_in(client, "an1")
    form = {"unit": "BDA", "name": "kíp 2", "order.H1": "2", "order.H2": "1"}
    refused = client.post(at(post, "crews/save"), data=form)
    assert refused.status_code == 409 and "đã có kíp tên kíp 2" in refused.text
    assert form_of(refused.text, "name")["order.H2"] == "1"


def test_a_full_shift_refuses_on_the_page_and_offers_an_exchange(client: FlaskClient, post: Campaign) -> None:
    sign_in(client, "an1")
    one, two = crew("Kíp 1").id, crew("Kíp 2").id
    client.post(at(post, f"crew-cell?crew={one}&on=2020-01-24"), data={"text": "Ngày"})
    cell = at(post, f"crew-cell?crew={two}&on=2020-01-24")
    refused = client.post(cell, data={"text": "Ngày"})
    assert refused.status_code == 409 and "không ai trong kíp vào được ca này" in refused.text
    assert "Ngày, đổi với Kíp 1" in refused.text
    done = client.post(cell, data={"text": "Ngày", "swap": str(one)}, follow_redirects=True)
    assert "Đã ghi Kíp 2 ngày 24/01: Ngày." in done.text and seated() == 1
    assert database.session.scalars(select(DraftAssignment)).one().person.code == "H3"


def test_pages_of_another_units_crew_are_not_theirs(client: FlaskClient, db: Any) -> None:
    both = Districts()
    made = services.make_crew("BDC", "Kíp C", [], actor=ROOT, now=NOW)
    sign_in(client, "an1")
    here = f"/roster/campaigns/{both.campaign_id}"
    for path in (f"crews/{made.id}", f"crew-cell?crew={made.id}&on=2020-01-24", "crews?unit=BDC", "rotation?unit=BDC"):
        assert client.get(f"{here}/{path}").status_code == 403
    assert client.get(f"{here}/crews?unit=BDA").status_code == 200


def test_the_script_is_told_who_cannot_and_names_all_in_one_step(client: FlaskClient, post: Campaign) -> None:
    sign_in(client, "an1")
    shift = database.session.scalars(select(Shift).filter_by(template="Đêm").order_by(Shift.starts_at)).first()
    assert shift is not None
    body = {"crews": [{"crew": crew("Kíp 1").id, "on": "2020-01-23", "text": "đêm", "seats": []}]}
    done = client.post(at(post, "edits?view=crews"), json=body)
    assert done.status_code == 200 and "dự bị" in done.json["said"]
    assert 'class="chip ot pin night"' in done.json["rows"] and done.json["undo"] == "Kíp 1: ca Đêm 23/01"
    unknown = client.post(at(post, "edits?view=crews"), json={"crews": [body["crews"][0] | {"text": "khuya"}]})
    assert unknown.status_code == 409 and unknown.json["misfits"] == [[str(crew("Kíp 1").id), "2020-01-23"]]


def test_shifts_take_names_and_codes_from_the_script(client: FlaskClient, post: Campaign) -> None:
    sign_in(client, "an1")
    shift = database.session.scalars(select(Shift).order_by(Shift.starts_at)).first()
    assert shift is not None
    done = client.post(at(post, "edits?view=duties"), json={"shifts": [{"shift": shift.id, "text": "h2"}]})
    assert done.status_code == 200 and 'data-who="H2"' in done.json["rows"]
    more = client.post(at(post, "edits?view=duties"), json={"shifts": [{"shift": shift.id, "text": "H3"}]})
    assert more.status_code == 409 and more.json["misfits"] == [[str(shift.id)]]
    offers = client.get(at(post, f"offers/shift?shift={shift.id}")).json["offers"]
    assert {each["time"] for each in offers} >= {"H1", "H3", "H4"} and all(
        "thay" in e["says"] for e in offers if e["ok"]
    )


def bearer() -> dict[str, str]:
    _row, secret = keys.create_api_key(keys.NewApiKey("thử", "manager", "BDA"), now=NOW, actor=ROOT)
    return {"Authorization": f"Bearer {secret}"}


def test_crews_by_the_api(client: FlaskClient, post: Campaign) -> None:
    head = bearer()
    listed = client.get("/api/v1/crews?unit=BDA", headers=head).json["items"]
    assert [(each["name"], [m["person"] for m in each["members"]]) for each in listed] == [
        ("Kíp 1", ["H1", "H2"]),
        ("Kíp 2", ["H3", "H4"]),
    ]
    body = {"unit": "BDA", "name": "Kíp 3", "members": [{"person": "H1", "duties": ["operations"]}]}
    made = client.post("/api/v1/crews", json=body, headers=head)
    assert made.status_code == 201 and made.json["members"][0]["duties"] == ["operations"]
    assert client.post("/api/v1/crews", json=body, headers=head).status_code == 409
    path = f"/api/v1/crews/{made.json['id']}"
    changed = client.put(path, json={"name": "Kíp III", "version": 1}, headers=head)
    assert (changed.json["version"], changed.json["members"]) == (2, [])
    assert client.put(path, json={"name": "Kíp IV", "version": 1}, headers=head).status_code == 409
    assert client.get(path, headers=head).json["name"] == "Kíp III"
    assert client.delete(path, headers=head).status_code == 204
    assert client.get(path, headers=head).status_code == 404


def test_a_rotation_by_the_api_dry_then_done(client: FlaskClient, post: Campaign) -> None:
    head = bearer()
    ids = [crew("Kíp 1").id, crew("Kíp 2").id]
    body = {"unit": "BDA", "crews": ids, "cycle": ["Ngày", "Đêm", None], "first": "2020-01-23"}
    path = f"/api/v1/campaigns/{post.id}/rotation"
    dry = client.post(path, json=body | {"dry_run": True}, headers=head)
    assert dry.status_code == 200 and dry.json["edit"] is None and seated() == 0
    first = dry.json["turns"][0]
    assert (first["shift"], first["people"], first["spare"]) == ("Ngày", ["H1"], ["H2"])
    assert sum(each["after"] for each in dry.json["covered"]) == 6
    done = client.post(path, json=body | {"stamp": dry.json["stamp"]}, headers=head)
    assert done.json["edit"] and seated() == 6
    moved = client.post(path, json=body | {"stamp": dry.json["stamp"]}, headers=head)
    assert moved.status_code == 409
    for wrong in ({"cycle": [None]}, {"cycle": ["Khuya"]}, {"first": "2021-01-01"}, {"crews": [ids[0], ids[0]]}):
        assert client.post(path, json=body | wrong, headers=head).status_code == 409
    assert client.post(path, json=body | {"crews": [99999]}, headers=head).status_code == 404
