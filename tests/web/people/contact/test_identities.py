"""An address is somebody: nobody takes a colleague's, reads what is sent there, or changes one unseen."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core import clock
from core.actor import Actor
from core.db import transaction
from core.errors import Conflict, Invalid
from notify import outbox
from notify.models import Message
from people import queries, services
from people.accounts import missing_accounts, services as accounts
from people.accounts.services import NewAccount
from people.contact import addresses as contacts
from people.models import ContactMethod, User
from people.sign_in import proof
from tests.support.enterprise import NOW, PASSWORD, ROOT, post_sign_in

LEADER = {"phone": "0900000103", "mail": "ch1@buudien.example"}
"""Chi's, who manages another district."""
CLERK = "/people/person/BI1"
PERSON = {
    "code": "BI1",
    "full_name": "Trần Thị Bình",
    "unit_code": "BDA",
    "work_pattern": "shift",
    "active": "y",
    "phone": "0900000102",
    "email": "bi1@buudien.example",
}


@pytest.fixture
def ids(app: Flask, ids: dict[str, int]) -> dict[str, int]:
    app.config["MAIL_URL"] = "smtp://127.0.0.1:1"
    return ids


@pytest.fixture
def manager(client: FlaskClient, ids: dict[str, int]) -> FlaskClient:
    post_sign_in(client, "an1")
    return client


def addresses(code: str) -> list[str]:
    return [each.address for each in queries.person_by_code(code).contacts]


def test_a_manager_who_gives_the_leaders_addresses_to_a_clerk_reads_and_locks_out_nothing(
    manager: FlaskClient, new_client: Any, ids: dict[str, int]
) -> None:
    outbox.enqueue(
        topic="incident/9",
        key="9",
        channel="email",
        address=LEADER["mail"],
        recipient="Phạm Thị Chi",
        subject="Sự cố mật",
        body="x",
        now=NOW,
        person_id=ids["CH1"],
    )
    for channel, address in (("phone", LEADER["phone"]), ("email", LEADER["mail"])):
        for shared in ("", "y"):
            data = {"channel": channel, "address": address, "shared": shared, "password": PASSWORD}
            answer = manager.post(f"{CLERK}/reach/address", data=data)
            assert answer.status_code == 409
            assert "Không dùng được địa chỉ này" in answer.text and "Chi" not in answer.text
        by_form = manager.post(f"{CLERK}/edit", data={**PERSON, channel: address})
        assert by_form.status_code == 422 and "Không dùng được địa chỉ này" in by_form.text
    assert addresses("BI1") == ["0900000102", "bi1@buudien.example"]
    assert "Sự cố mật" not in manager.get("/outbox/?state=all").text
    assert post_sign_in(new_client(), LEADER["phone"]).status_code == 303
    assert post_sign_in(new_client(), LEADER["mail"]).status_code == 303


def test_changing_an_address_asks_for_the_password_and_keeps_what_was_typed(
    manager: FlaskClient, ids: dict[str, int], db: Any
) -> None:
    form = {**PERSON, "position": "Giao dịch viên", "phone": "0900 000 555"}
    asked = manager.post(f"{CLERK}/edit", data=form)
    assert asked.status_code == 428 and 'value="Giao dịch viên"' in asked.text
    wrong = manager.post(f"{CLERK}/edit", data={**form, "proof_password": "sai rồi"})
    assert wrong.status_code == 422 and 'value="0900 000 555"' in wrong.text
    assert queries.person_by_code("BI1").phone == "0900000102"
    assert manager.post(f"{CLERK}/edit", data={**form, "proof_password": PASSWORD}).status_code == 303
    db.session.expire_all()
    assert queries.person_by_code("BI1").phone == "0900000555"
    # A few minutes long nobody is asked again; then they are. What is no address asks for nothing.
    assert manager.post(f"{CLERK}/edit", data={**form, "phone": "0900 000 556"}).status_code == 303
    with clock.travel(clock.now() + proof.LIVES):
        assert manager.post(f"{CLERK}/edit", data={**form, "phone": "0900 000 557"}).status_code == 428
        assert manager.post(f"{CLERK}/edit", data={**form, "phone": "0900 000 556", "position": ""}).status_code == 303


def test_the_old_address_hears_of_the_change_whoever_makes_it(
    manager: FlaskClient, ids: dict[str, int], db: Any
) -> None:
    manager.post(f"{CLERK}/edit", data={**PERSON, "email": "moi@vidu.vn", "proof_password": PASSWORD})
    key = Actor(name="Đồng bộ nhân sự", role="admin", via="api_key", key_id=1)
    services.save_person("CH1", {"email": "chi@vidu.vn"}, now=NOW, actor=key)
    told = db.session.scalars(select(Message).where(Message.topic.startswith("contact/")).order_by(Message.id)).all()
    assert [(each.address, each.person_id) for each in told] == [
        ("bi1@buudien.example", ids["BI1"]),
        ("ch1@buudien.example", ids["CH1"]),
    ]
    assert "Đồng bộ nhân sự" in told[1].body


def test_a_shared_desk_never_changes_an_address(ids: dict[str, int]) -> None:
    at_desk = Actor(name="An", role="manager", via="desk", person_id=ids["AN1"], user_id=ids["user:an1"])
    with pytest.raises(Exception, match="forbidden|desk"):
        contacts.add("AN1", "phone", "0900000999", now=NOW, actor=at_desk, password=PASSWORD)
    assert "0900000999" not in addresses("AN1")


def test_an_office_phone_calls_several_and_signs_in_nobody(client: FlaskClient, ids: dict[str, int]) -> None:
    counter = "02693824123"
    contacts.add("AN1", "phone", counter, shared=True, now=NOW, actor=ROOT)
    later = contacts.add("BI1", "phone", counter, now=NOW, actor=ROOT)
    assert later.unit_id == ids["BDA"], "whoever comes later shares it too"
    assert counter in addresses("AN1") and counter in addresses("BI1")
    assert post_sign_in(client, counter).status_code == 422


def test_the_phone_of_a_unit_becomes_nobodys_own(client: FlaskClient, ids: dict[str, int]) -> None:
    services.save_unit("BDA", {"phone": "0269 3824 999"}, now=NOW, actor=ROOT)
    services.save_person("BI1", {"phone": "0269 3824 999"}, now=NOW, actor=ROOT)
    assert post_sign_in(client, "02693824999").status_code == 422
    assert post_sign_in(client, "bi1").status_code == 303


def test_somebodys_number_is_free_again_when_they_have_left(client: FlaskClient, ids: dict[str, int]) -> None:
    services.save_person("BI1", {"active": False}, now=NOW, actor=ROOT)
    services.save_person("DU1", {"phone": "0900000102"}, now=NOW, actor=ROOT)
    assert post_sign_in(client, "0900000102").status_code == 303
    assert "Dũng" in client.get("/account").text


@pytest.mark.both_dbs("two at once: constraints")
def test_of_two_who_take_one_address_at_once_one_is_told_it_is_taken(app: Flask, ids: dict[str, int]) -> None:
    ready, said = threading.Barrier(2), []

    def take(code: str) -> None:
        with app.app_context():
            ready.wait()
            try:
                contacts.add(code, "phone", "0911111111", now=NOW, actor=ROOT)
                said.append("ok")
            except Conflict as refusal:
                said.append(refusal.code)

    threads = [threading.Thread(target=take, args=(code,)) for code in ("BI1", "CH1")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == ["contact.taken", "ok"]


@pytest.mark.both_dbs("two at once: constraints")
def test_the_database_itself_refuses_a_second_owner(ids: dict[str, int]) -> None:
    from sqlalchemy.exc import IntegrityError

    with pytest.raises(IntegrityError), transaction() as session:
        session.add(ContactMethod(person_id=ids["BI1"], channel="phone", address=LEADER["phone"], position=7))


@pytest.mark.parametrize("login", ["0900000103", "+84900000103", "900000103", "ch1@buudien.example", "114"])
def test_a_login_that_looks_like_an_address_is_refused(ids: dict[str, int], login: str) -> None:
    with pytest.raises(Invalid) as refused:
        accounts.create_user(
            NewAccount(login, "Kẻ Gian", "staff", unit_code="BDA", password=PASSWORD), now=NOW, actor=ROOT
        )
    assert [fault.code for fault in refused.value.errors] in (["account.login_address"], ["account.login_form"])


def test_an_old_login_that_looks_like_a_phone_does_not_stand_before_its_owner(
    client: FlaskClient, ids: dict[str, int]
) -> None:
    with transaction() as session:
        session.get_one(User, ids["user:bi1"]).login = LEADER["phone"]
    assert post_sign_in(client, LEADER["phone"]).status_code == 303
    assert "Chi" in client.get("/account").text


def test_a_person_whose_code_looks_like_a_phone_gets_another_login(ids: dict[str, int]) -> None:
    person, _new = services.save_person(
        "0912345678", {"full_name": "Người Mã Số", "unit_code": "BDA"}, now=NOW, actor=ROOT
    )
    (made,) = missing_accounts.ensure_accounts([person], now=NOW, actor=ROOT)
    assert made.login == "nv-0912345678"
