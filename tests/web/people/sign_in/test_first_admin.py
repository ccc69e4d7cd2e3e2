"""The first administrator of an empty installation, and nobody else, comes in by the link on the console."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner

from core import clock
from people.accounts import queries as account_queries, services as accounts
from people.accounts.services import NewAccount
from people.sign_in import first_admin
from tests.support import enterprise
from tests.support.enterprise import NOW, ROOT, post_sign_in

FORM = {
    "name": "Trần Thị Hương",
    "login": "quantri",
    "password": "mùa xuân trên cao nguyên",
    "repeat": "mùa xuân trên cao nguyên",
}


def link(runner: FlaskCliRunner) -> str:
    printed = runner.invoke(args=["users", "first"])
    assert printed.exit_code == 0
    return "/first/" + printed.output.rpartition("/first/")[2].strip()


def test_the_link_makes_an_administrator_who_is_signed_in_and_led_on(
    client: FlaskClient, runner: FlaskCliRunner
) -> None:
    assert "users first" in client.get("/login").text
    address = link(runner)
    assert "Người quản trị đầu tiên" in client.get(address).text
    made = client.post(address, data=FORM)
    assert (made.status_code, made.location) == (303, "/start/")
    assert "Trần Thị Hương" in client.get("/account").text
    user = account_queries.user_by_login("quantri")
    assert user is not None and user.role == "admin" and user.unit_id is None


def test_who_began_in_english_goes_on_in_english(client: FlaskClient, runner: FlaskCliRunner) -> None:
    client.post("/language", data={"language": "en", "next": "/login"})
    made = client.post(link(runner), data=FORM)
    assert 'lang="en"' in client.get(made.location).text
    user = account_queries.user_by_login("quantri")
    assert user is not None and user.locale == "en"


@pytest.mark.both_dbs("the link is taken behind a lock")
def test_it_works_once_and_then_nothing_on_the_login_page_speaks_of_it(
    client: FlaskClient, new_client: Any, runner: FlaskCliRunner
) -> None:
    address = link(runner)
    assert client.post(address, data=FORM).status_code == 303
    second = new_client()
    assert second.get(address).status_code == 410
    assert second.post(address, data={**FORM, "login": "ke-la"}).status_code == 410
    assert account_queries.user_by_login("ke-la") is None
    assert "users first" not in second.get("/login").text
    assert runner.invoke(args=["users", "first"]).output == ""


def test_a_new_link_ends_the_one_before(client: FlaskClient, runner: FlaskCliRunner) -> None:
    old, new = link(runner), link(runner)
    assert client.get(old).status_code == 410
    assert client.get(new).status_code == 200
    assert client.get("/first/" + "x" * 43).status_code == 410


def test_it_ends_after_a_day(app: Flask, client: FlaskClient) -> None:
    with clock.travel(NOW):
        secret = first_admin.new_link(now=NOW)
    with clock.travel(NOW + timedelta(hours=23, minutes=59)):
        assert client.get(f"/first/{secret}").status_code == 200
    with clock.travel(NOW + first_admin.LIFE):
        gone = client.get(f"/first/{secret}")
        assert gone.status_code == 410 and "24 giờ" in gone.text


def test_it_ends_when_a_script_has_made_an_administrator_meanwhile(client: FlaskClient, runner: FlaskCliRunner) -> None:
    address = link(runner)
    accounts.create_user(NewAccount("khac", "Người Khác", "admin", password=FORM["password"]), now=NOW, actor=ROOT)
    assert client.post(address, data=FORM).status_code == 410
    assert account_queries.user_by_login("quantri") is None


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"password": "ngắn", "repeat": "ngắn"}, "12"),
        ({"repeat": "một câu khác hẳn"}, "chưa giống nhau"),
        ({"login": "0900 000 101"}, "Tên đăng nhập"),
        ({"name": ""}, "Cần điền mục này"),
    ],
)
def test_what_is_wrong_is_said_and_the_link_still_works(
    client: FlaskClient, runner: FlaskCliRunner, wrong: dict[str, str], said: str
) -> None:
    address = link(runner)
    refused = client.post(address, data={**FORM, **wrong})
    assert refused.status_code == 422 and said in refused.text
    assert {**FORM, **wrong}["login"] in refused.text
    assert client.post(address, data=FORM).status_code == 303


def test_nobody_gets_a_link_where_there_is_an_administrator(client: FlaskClient, runner: FlaskCliRunner) -> None:
    enterprise.make()
    accounts.create_user(NewAccount("quantri", "Quản trị", "admin", password=FORM["password"]), now=NOW, actor=ROOT)
    assert runner.invoke(args=["users", "first"]).output == ""
    assert post_sign_in(client, "quantri", FORM["password"]).status_code == 303


def test_the_console_of_a_productive_copy_speaks_of_it_only_while_nobody_is_there(runner: FlaskCliRunner) -> None:
    said = runner.invoke(args=["users", "first", "--hint"]).output
    assert "flask --app app users first" in said and "/first/" not in said
    assert "Chưa có người quản trị" in said and "no administrator yet" in said
    enterprise.make()
    assert runner.invoke(args=["users", "first", "--hint"]).output == ""
