"""Which passwords are taken, by whom, and what is said of others."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.db import transaction
from core.errors import Invalid
from people.accounts import password_policy, passwords, services as accounts
from people.accounts.services import NewAccount
from people.models import Person, User
from tests.support.enterprise import NOW, PASSWORD, ROOT, post_sign_in

WEAK = [
    "mungnammoi2027",
    "VNPost#Tet2027",
    "nguyenvanan123",
    "0900000101a",
    "buudienhuyena",
    "qwertyuiop",
    "Password@123",
]
GOOD = "cầu tre lắc lư"


@pytest.mark.parametrize("password", WEAK)
@pytest.mark.parametrize("door", ["invitation", "account"])
def test_what_is_guessed_first_is_refused_at_every_door(
    client: FlaskClient, ids: dict[str, int], door: str, password: str
) -> None:
    if door == "invitation":
        (slip,) = accounts.invite([ids["user:an1"]], now=NOW, actor=ROOT)
        from core import clock

        with clock.travel(NOW):
            answer = client.post(f"/invite/{slip.token}", data={"password": password, "repeat": password})
    else:
        post_sign_in(client, "an1")
        data = {"current": PASSWORD, "password": password, "repeat": password}
        answer = client.post("/account/password", data=data)
    assert answer.status_code == 422 and "Mật khẩu" in answer.text and "từ" in answer.text


def test_the_command_refuses_it_too(runner: Any, ids: dict[str, int]) -> None:
    args = [
        "users",
        "create",
        "--login",
        "moi",
        "--name",
        "Mới",
        "--role",
        "staff",
        "--unit",
        "BDA",
        "--password-stdin",
    ]
    refused = runner.invoke(args=args, input="canhty2020tet\n")
    assert refused.exit_code == 1 and "Mật khẩu" in refused.output
    assert runner.invoke(args=args, input=f"{GOOD}\n").exit_code == 0


def test_administrators_and_managers_of_many_need_twelve_characters(ids: dict[str, int]) -> None:
    short = "gfv9 kwq tz"
    assert len(short) == 11

    def make(login: str, role: str) -> None:
        accounts.create_user(NewAccount(login, "Người Mới", role, unit_code="BDA", password=short), now=NOW, actor=ROOT)

    make("nv1", "staff")
    make("ql1", "manager")
    with pytest.raises(Invalid, match="too_short"):
        make("qt9", "admin")
    with transaction() as session:
        session.add_all(
            Person(code=f"M{number}", full_name="Nguyễn Thị Mơ", sort_key="m", unit_id=ids["BDA-1"])
            for number in range(password_policy.MANY)
        )
    with pytest.raises(Invalid, match="too_short"):
        make("ql2", "manager")


def test_an_old_weak_password_still_signs_in_and_is_asked_to_be_changed(
    client: FlaskClient, ids: dict[str, int]
) -> None:
    with transaction() as session:
        session.get_one(User, ids["user:bi1"]).password_hash = passwords.hashed("matkhau123")
    assert post_sign_in(client, "bi1", "matkhau123").status_code == 303
    assert "Mật khẩu của đồng chí dễ đoán" in client.get("/people/").text
    data = {"current": "matkhau123", "password": GOOD, "repeat": GOOD}
    assert client.post("/account/password", data=data).status_code == 303
    assert "Mật khẩu của đồng chí dễ đoán" not in client.get("/people/").text


def test_accounts_of_the_demo_keep_their_simple_password(app: Flask, ids: dict[str, int]) -> None:
    made = accounts.create_user(
        NewAccount("thu", "Thử", "admin", password="tet2027x", is_demo=True), now=NOW, actor=ROOT
    )
    assert made.password_hash
    app.config["APP_ENV"] = "production"
    assert password_policy.is_weak("tet2027x", password_policy.owner_of(made))
