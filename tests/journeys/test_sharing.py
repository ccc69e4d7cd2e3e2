"""Tonight's list goes into a group chat: text, and a link that shows who serves to whoever has it.

Three days of Tết Canh Tý, shifts from 07:30 and 19:30.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core import clock
from core.actor import Actor
from core.calendar.dates import VN
from core.db import db
from duty.sharing import services as sharing
from duty.sharing.models import SharedList
from people import queries as people
from people.accounts import keys, services as accounts
from people.accounts.services import NewAccount
from people.models import Person, User
from tests.support import enterprise, factories
from tests.support.published import Published

MORNING = datetime(2020, 1, 23, 6, 0, tzinfo=VN)


@pytest.fixture(autouse=True)
def _morning(roster: Published) -> Iterator[None]:
    with clock.travel(MORNING):
        yield


@pytest.fixture
def manager(client: Any) -> Any:
    account = accounts.create_user(
        NewAccount("ql", "Quản lý", "manager", unit_code="TINH"), now=MORNING, actor=factories.ADMIN
    )
    account.password_hash = enterprise.password_hash()
    db.session.commit()
    enterprise.sign_in(client, "ql")
    return client


def link_in(page: str) -> str:
    found = re.search(r"(/l/[\w-]+)", page)
    assert found is not None
    return found[1]


def test_the_text_names_who_serves_and_the_link_shows_what_holds_now(
    roster: Published, manager: Any, new_client: Any
) -> None:
    page = html.unescape(manager.post("/roster/share", data={"unit": "TINH", "days": "1"}).text)
    name = people.person_by_code("O1").full_name
    assert "LỊCH TRỰC – Bưu điện tỉnh" in page and f"07:30–19:30 {name}" in page and "Thứ Năm 23/01/2020" in page
    stranger = new_client()
    shown = stranger.get(link_in(page))
    assert shown.status_code == 200 and name in shown.text
    assert shown.headers["Referrer-Policy"] == "no-referrer" and "noindex" in shown.headers["X-Robots-Tag"]
    assert not any(person.phone and person.phone in shown.text for person in db.session.scalars(select(Person)))
    roster.reassign("operations", 0, "O4", at=MORNING)
    assert people.person_by_code("O4").full_name in stranger.get(link_in(page)).text
    again = html.unescape(manager.post("/roster/share", data={"unit": "TINH", "days": "1"}).text)
    assert link_in(again) == link_in(page), "the same list has one link"


def test_a_link_ends_with_its_days_or_when_it_is_taken_back(roster: Published, manager: Any, new_client: Any) -> None:
    path = link_in(manager.post("/roster/share", data={"unit": "TINH", "days": "3"}).text)
    stranger = new_client()
    with clock.travel(MORNING + timedelta(days=4)):
        assert stranger.get(path).status_code == 410
    row = db.session.scalars(select(SharedList)).one()
    for _twice in range(2):
        assert manager.post(f"/roster/share/{row.id}/end").status_code == 303
    gone = stranger.get(path)
    assert gone.status_code == 410 and "thu hồi" in gone.text
    assert stranger.get("/l/khong-co").status_code == 404


def test_a_colleague_of_another_unit_neither_shares_nor_ends_it(
    roster: Published, manager: Any, new_client: Any
) -> None:
    path = link_in(manager.post("/roster/share", data={"unit": "TINH", "days": "1"}).text)
    other = factories.make_unit("KHAC")
    account = accounts.create_user(
        NewAccount("nv", "NV", "staff", unit_code=other.code), now=MORNING, actor=factories.ADMIN
    )
    account.password_hash = enterprise.password_hash()
    db.session.commit()
    colleague = new_client()
    enterprise.sign_in(colleague, "nv")
    row = db.session.scalars(select(SharedList)).one()
    assert colleague.post(f"/roster/share/{row.id}/end").status_code == 403
    assert colleague.post("/roster/share", data={"unit": "TINH", "days": "1"}).status_code == 403
    assert new_client().get(path).status_code == 200


def test_what_cannot_be_shared_is_named(roster: Published, manager: Any) -> None:
    wrong = manager.post("/roster/share", data={"unit": "TINH", "days": "9"})
    assert wrong.status_code == 422 and "1, 3 hoặc 7" in wrong.text
    unknown = manager.post("/roster/share", data={"unit": "KHONG-CO", "days": "1"})
    assert unknown.status_code == 404 and "KHONG-CO" in unknown.text


def test_who_only_looks_on_shares_nothing_of_another_unit(roster: Published, client: Any) -> None:
    other = factories.make_unit("KHAC")
    account = accounts.create_user(
        NewAccount("xem", "Xem", "viewer", unit_code=other.code), now=MORNING, actor=factories.ADMIN
    )
    account.password_hash = enterprise.password_hash()
    db.session.commit()
    enterprise.sign_in(client, "xem")
    assert client.post("/roster/share", data={"unit": "TINH", "days": "1"}).status_code == 403
    assert db.session.scalars(select(SharedList)).all() == []


def test_a_link_ends_with_its_makers_account_and_who_takes_it_over_opens_it_again(
    roster: Published, manager: Any, new_client: Any
) -> None:
    """The manager leaves in the middle of Tết. The link stands in a group of two hundred people."""
    path = link_in(manager.post("/roster/share", data={"unit": "TINH", "days": "7"}).text)
    chief = new_client()
    account = accounts.create_user(
        NewAccount("qt", "Quản trị", "admin", password=enterprise.PASSWORD), now=MORNING, actor=factories.ADMIN
    )
    enterprise.sign_in(chief, "qt")
    made = db.session.scalars(select(User).where(User.login == "ql")).one()
    told = chief.post(f"/people/accounts/{made.id}/active", data={"active": "no"}, follow_redirects=True)
    assert "1 đường dẫn lịch người này đã gửi vào nhóm không mở được nữa" in html.unescape(told.text)
    stranger = new_client()
    assert stranger.get(path).status_code == 410
    page = html.unescape(chief.get("/roster/share").text)
    assert "tài khoản người tạo đã khóa" in page and "Tiếp quản" in page
    row = db.session.scalars(select(SharedList)).one()
    assert chief.post(f"/roster/share/{row.id}/take-over").status_code == 303
    assert stranger.get(path).status_code == 200
    db.session.refresh(row)
    assert (row.owner, row.made_by) == (f"user:{account.id}", "Quản trị")
    assert "Tiếp quản" not in chief.get("/roster/share").text
    assert chief.post(f"/roster/share/{row.id}/end").status_code == 303
    assert chief.post(f"/roster/share/{row.id}/take-over").status_code == 410, "what was taken back stays closed"


def test_a_link_made_with_a_key_ends_with_the_key(roster: Published, new_client: Any) -> None:
    key, _secret = keys.create_api_key(
        keys.NewApiKey("Bảng tin", "manager", "TINH", None, days=2), now=MORNING, actor=factories.ADMIN
    )
    hand = Actor(name=key.name, role="manager", via="api_key", key_id=key.id, unit_id=key.unit_id)
    path = link_in(sharing.url(sharing.share("TINH", 7, actor=hand, now=MORNING)))
    stranger = new_client()
    assert stranger.get(path).status_code == 200
    with clock.travel(MORNING + timedelta(days=2)):
        assert stranger.get(path).status_code == 410
    keys.revoke_api_key(key.id, now=MORNING, actor=factories.ADMIN)
    assert stranger.get(path).status_code == 410
