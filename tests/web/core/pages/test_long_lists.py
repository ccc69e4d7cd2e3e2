"""Lists of a province come a page at a time, can be searched, print everything, and count as the reader counts."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, insert, select

from core.db import db, transaction
from core.pages import SIZE
from people.models import Invitation, Person, Unit, User
from roster.sources.models import Demand
from tests.support import enterprise, worlds
from tests.support.enterprise import PASSWORD, sign_in
from tests.support.statements import statements

OFFICES, PEOPLE, NEIGHBOURS = 120, 1040, SIZE + 10


@pytest.fixture(autouse=True)
def province(app: Any, client: FlaskClient) -> dict[str, int]:
    """120 post offices below district A, each with demand; 1,040 people in the last of them, more than a page of people
    in the one before."""
    found = worlds.begin("long lists", _write)
    sign_in(client, "qt1")
    return found


def _write() -> dict[str, int]:
    ids = enterprise.make()
    offices = [
        {"code": f"V{n:03}", "name": f"Bưu cục {n}", "kind": "service_point", "parent_id": ids["BDA"]}
        for n in range(OFFICES)
    ]
    with transaction() as session:
        session.execute(insert(Unit), offices)
        found = dict(session.execute(select(Unit.code, Unit.id)).tuples().all())
        homes = ["V119"] * PEOPLE + ["V118"] * NEIGHBOURS
        session.execute(insert(Person), [person(n, found[home]) for n, home in enumerate(homes)])
        night = {"duty": "operations", "phase": "during", "template": "Đêm", "form": "onsite", "headcount": 1}
        night |= {"start_minute": 1320, "minutes": 480}
        session.execute(insert(Demand), [night | {"unit_id": found[each["code"]]} for each in offices])
    return found


def person(n: int, unit_id: int) -> dict[str, Any]:
    keys = {"sort_key": f"{n:04}", "search_key": f"le van {n} x{n:04}"}
    return {"code": f"X{n:04}", "full_name": f"Lê Văn {n}", "unit_id": unit_id} | keys


def rows(page: str) -> int:
    return page.count("<tr>") + page.count("<tr id=") - 1


def english(client: FlaskClient) -> None:
    with transaction() as session:
        session.query(User).filter_by(login="qt1").one().locale = "en"
    client.get("/")


@pytest.mark.parametrize("path", ["/people/units", "/roster/demand/", "/incidents/qr/"])
def test_a_list_comes_a_page_at_a_time_and_every_row_once(client: FlaskClient, path: str) -> None:
    seen: list[str] = []
    number = 1
    while True:
        page = client.get(f"{path}?page={number}").text
        assert rows(page) <= SIZE
        seen += re.findall(r"Bưu cục \d+(?=<)", page.partition("<tbody>")[2].partition("</tbody>")[0])
        if 'rel="next"' not in page:
            break
        number += 1
    assert sorted(set(seen)) == sorted(f"Bưu cục {n}" for n in range(OFFICES))
    assert number >= OFFICES / SIZE
    found = client.get(f"{path}?q=buu cuc 77").text
    assert rows(found) == 1 and "Bưu cục 77<" in found and 'rel="next"' not in found
    assert "Không tìm thấy" in client.get(f"{path}?q=khong-co").text


def test_what_was_saved_or_removed_leaves_the_list_where_it_was(client: FlaskClient, province: dict[str, int]) -> None:
    form = {"code": "V110", "name": "Bưu cục mới", "kind": "service_point", "parent_code": "BDA"}
    saved = client.post("/people/units/V110/edit", data=form)
    assert saved.status_code == 303 and "Bưu cục mới" in client.get(saved.location).text
    demand = {"unit": "V111", "duty": "operations", "phase": "before", "template": "Sáng", "start": "07:00"}
    added = client.post("/roster/demand/", data=demand | {"minutes": "480", "headcount": "2", "form": "onsite"})
    row = db.session.scalars(select(Demand).filter_by(template="Sáng")).one()
    assert f'id="demand-{row.id}"' in client.get(added.location).text
    page = client.get("/roster/demand/?page=2").text
    gone = re.findall(r'action="(/roster/demand/\d+/delete[^"]*)"', page)[0].replace("&amp;", "&")
    assert client.post(gone).location.endswith("/roster/demand/?page=2")
    rotate = re.findall(r'action="(/incidents/qr/V\d+/rotate[^"]*)"', client.get("/incidents/qr/?page=2").text)[0]
    assert client.post(rotate.replace("&amp;", "&")).location.endswith("/incidents/qr/?page=2")


@pytest.mark.parametrize("path", ["/people/units", "/people/"])
def test_what_may_be_done_with_each_row_is_asked_for_all_together(client: FlaskClient, path: str) -> None:
    """The manager of the district has a right in each of its offices by what the tree says."""
    client.post("/logout")
    sign_in(client, "an1")
    client.get(path)
    with statements() as sent:
        assert rows(client.get(path).text) > 30
    assert 0 < sum("ancestors" in each or "subtree" in each for each in sent) < 10


def test_sheets_of_a_unit_with_those_below_are_printed_and_counted_first(client: FlaskClient) -> None:
    page = client.get("/incidents/qr/?unit=BDA").text
    count = int(re.findall(r"In (\d+) tờ, khổ A4", page)[0])
    assert count > OFFICES
    address = re.findall(r'href="(/incidents/qr/print\?[^"]*)"', page)[0].replace("&amp;", "&")
    assert client.get(address).text.count("BÁO SỰ CỐ</h2>") == count
    whole = client.get("/incidents/qr/").text
    assert f" · {count}</a>" in whole


def test_slips_are_printed_for_a_page_for_a_unit_or_for_all(client: FlaskClient, province: dict[str, int]) -> None:
    client.post("/people/invitations/accounts")
    page = client.get("/people/invitations").text
    assert rows(page) == SIZE
    missing = int(re.findall(r"In ([\d.]+) phiếu còn thiếu", page)[0].replace(".", ""))
    assert missing >= PEOPLE + NEIGHBOURS and f"{missing:,}".replace(",", ".") in page
    chosen = re.findall(r'name="user" value="(\d+)"', page)
    assert (
        client.post("/people/invitations", data={"proof_password": PASSWORD, "user": chosen}).text.count('class="slip"')
        == SIZE
    )
    have = db.session.scalars(select(Person.unit_id).join(User).join(Invitation)).all().count(province["V118"])
    printed = client.post("/people/invitations", data={"proof_password": PASSWORD, "all": "1", "unit": "V118"}).text
    assert printed.count('class="slip"') == NEIGHBOURS - have > SIZE
    assert db.session.scalar(select(func.count()).select_from(Invitation)) == NEIGHBOURS - have + SIZE
    again = client.post("/people/invitations", data={"proof_password": PASSWORD, "all": "1", "unit": "V118"})
    assert again.status_code == 303 and again.location.endswith("/people/invitations?unit=V118")


def test_counts_are_written_as_the_reader_writes_them(client: FlaskClient) -> None:
    total = f"{db.session.scalar(select(func.count()).select_from(Person).where(Person.active)):,}"
    vietnamese = client.get("/people/").text
    assert f"{total.replace(',', '.')} người" in vietnamese
    assert ">1.040</td>" in client.get("/people/units?q=V119").text
    english(client)
    assert f"{total} people" in client.get("/people/").text
    assert ">1,040</td>" in client.get("/people/units?q=V119").text
