"""Pages of how a person is called, without JavaScript, as a phone shows them."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core import clock
from core.db import db, transaction
from notify.models import Message
from people import queries
from people.accounts.services import NewAccount
from people.models import ContactMethod, Unit
from people.notification_rules import ladders
from people.notification_rules.models import Endpoint
from people.sign_in import proof
from roster.resolver.models import DeskPhone
from tests.support import enterprise
from tests.support.enterprise import PASSWORD, sign_in

PUSH = json.dumps({"endpoint": "https://push.example/abc", "keys": {"p256dh": "B" * 87, "auth": "a" * 22}})


@pytest.fixture
def ids(app: Any) -> dict[str, int]:
    app.config["MAIL_URL"] = "smtp://127.0.0.1:1"
    return enterprise.make(clock.now())


@pytest.fixture
def binh(ids: dict[str, int], client: FlaskClient) -> FlaskClient:
    sign_in(client, "bi1")
    return client


def ways(page: str) -> list[str]:
    return re.findall(r'name="way" value="([^"]+)"', page)


def order(page: str, **choices: dict[str, str]) -> dict[str, Any]:
    """The form as it stands, with some choices changed: order(page, email={"delay": "60"})."""
    listed = list(dict.fromkeys(re.findall(r'<input type="hidden" name="way" value="([^"]+)">\s*<div', page)))
    data: dict[str, Any] = {"way": listed}
    for place, way in enumerate(listed, start=1):
        chosen = {"place": str(place), "delay": "0", "used": "y", **choices.get(way.partition(".")[0], {})}
        data |= {f"{name}-{way}": value for name, value in chosen.items() if value}
    return data


def test_own_order_is_chosen_and_kept(binh: FlaskClient, ids: dict[str, int]) -> None:
    page = binh.get("/me/reach").text
    assert "Thứ tự gọi" in page and "Tin nhắn SMS" in page
    data = order(page, sms={"place": "1", "delay": "30"}, email={"place": "2"}, voice={"used": ""})
    answer = binh.post("/people/person/BI1/reach", data=data)
    assert answer.status_code == 303 and answer.location == "/me/reach"
    binh_row = queries.person_by_code("BI1")
    kept = [(each.rung.channel, each.rung.delay.total_seconds(), each.used) for each in ladders.standings(binh_row)]
    assert kept == [("sms", 30.0, True), ("email", 0.0, True), ("voice", 0.0, False)]
    assert [rung.channel for rung in ladders.ladder(binh_row)] == ["email"]  # no gateway of SMS in this place
    binh.post("/people/person/BI1/reach", data={"do": "default"})
    assert [each.rung.channel for each in ladders.standings(queries.person_by_code("BI1"))] == ["email", "sms", "voice"]


def test_an_order_that_would_call_nobody_soon_is_refused_and_what_was_chosen_stays(binh: FlaskClient) -> None:
    data = order(binh.get("/me/reach").text, email={"delay": "600"}, voice={"delay": "1800"})
    answer = binh.post("/people/person/BI1/reach", data=data)
    assert answer.status_code == 422 and "Cần ít nhất một cách" in answer.text
    assert re.search(r'<option value="600" selected>', answer.text)
    assert ladders.ladder(queries.person_by_code("BI1"))[0].delay.total_seconds() == 0


def test_an_address_is_added_changed_and_removed_only_with_the_password(binh: FlaskClient, ids: dict[str, int]) -> None:
    url = "/people/person/BI1/reach/address"
    new = {"channel": "email", "address": "Binh.Nha@Example.vn"}
    assert "Mật khẩu hiện tại không đúng" in binh.post(url, data={**new, "password": "sai"}).text
    refused = binh.post(url, data={**new, "address": "khong phai thu", "password": PASSWORD})
    assert refused.status_code == 422 and 'value="khong phai thu"' in refused.text
    assert binh.post(url, data={**new, "password": PASSWORD}).status_code == 303
    db.session.rollback()
    added = next(each for each in queries.person_by_code("BI1").contacts if each.address == "binh.nha@example.vn")
    assert binh.post(f"{url}/{added.id}", data={"do": "promote"}).status_code == 303
    assert queries.person_by_code("BI1").email == "binh.nha@example.vn"
    with clock.travel(clock.now() + proof.LIVES):
        assert binh.post(f"{url}/{added.id}", data={"do": "remove"}).status_code == 428
        assert len(queries.person_by_code("BI1").contacts) == 3
        binh.post(f"{url}/{added.id}", data={"do": "remove", "password": PASSWORD})
    assert len(queries.person_by_code("BI1").contacts) == 2


def test_nobody_takes_a_colleagues_number_for_themselves(binh: FlaskClient, ids: dict[str, int]) -> None:
    data = {"channel": "phone", "address": "0900 000 101", "password": PASSWORD}
    answer = binh.post("/people/person/BI1/reach/address", data=data)
    assert answer.status_code == 409 and "Không dùng được địa chỉ này" in answer.text
    assert "Nguyễn Văn An" not in answer.text and "AN1" not in answer.text, "who has it is not said"


def test_a_code_is_typed_back_and_guesses_end_it(binh: FlaskClient, db: Any, ids: dict[str, int]) -> None:
    mail = next(each for each in ways(binh.get("/me/reach").text) if each.startswith("email"))
    page = binh.post("/people/person/BI1/reach/code", data={"way": mail})
    assert page.status_code == 303
    sent = db.session.scalars(select(Message).where(Message.topic.startswith("verify/"))).one()
    digits = re.search(r"\b\d{6}\b", sent.body)
    assert digits is not None
    wrong = "000000" if digits[0] != "000000" else "111111"
    answer = binh.post(page.location, data={"code": wrong})
    assert answer.status_code == 422 and "Còn 4 lần" in answer.text
    assert binh.post(page.location, data={"code": f"{digits[0][:3]} {digits[0][3:]}"}).status_code == 303
    contact = db.session.scalars(select(ContactMethod).where(ContactMethod.address == "bi1@buudien.example")).one()
    assert contact.verified_at is not None
    again = binh.post(page.location, data={"code": digits[0]})
    assert again.status_code == 422 and "không còn dùng được" in again.text


def test_five_wrong_guesses_end_a_code_even_for_the_right_one(binh: FlaskClient, db: Any, ids: dict[str, int]) -> None:
    mail = next(each for each in ways(binh.get("/me/reach").text) if each.startswith("email"))
    url = binh.post("/people/person/BI1/reach/code", data={"way": mail}).location
    body = db.session.scalars(select(Message.body).where(Message.topic.startswith("verify/"))).one()
    right = re.search(r"\b\d{6}\b", body)[0]  # type: ignore[index]
    for _ in range(5):
        binh.post(url, data={"code": "x"})
    assert "không còn dùng được" in binh.post(url, data={"code": right}).text
    db.session.expire_all()
    assert not any(each.verified_at for each in queries.person_by_code("BI1").contacts)


def test_codes_are_sent_so_often_and_no_oftener(binh: FlaskClient, db: Any, ids: dict[str, int]) -> None:
    mail = next(each for each in ways(binh.get("/me/reach").text) if each.startswith("email"))
    answers = [binh.post("/people/person/BI1/reach/code", data={"way": mail}) for _ in range(4)]
    assert [each.status_code for each in answers] == [303, 303, 303, 429]
    assert "Đã gửi nhiều lần" in answers[3].text
    assert len(db.session.scalars(select(Message).where(Message.topic.startswith("verify/"))).all()) == 3


def test_a_trial_goes_every_way_and_the_page_shows_each(binh: FlaskClient, db: Any, ids: dict[str, int]) -> None:
    assert binh.post("/people/person/BI1/reach/trial").status_code == 303
    page = binh.get("/me/reach").text
    assert "Lần thử" in page and "data-poll" in page
    part = binh.get("/people/person/BI1/reach?live=1")
    assert part.status_code == 200 and "Chờ gửi" in part.text
    assert (
        binh.get("/people/person/BI1/reach?live=1", headers={"If-None-Match": part.headers["ETag"]}).status_code == 304
    )
    message = db.session.scalars(select(Message).where(Message.topic.startswith("trial/"))).one()
    message.state, message.last_error = "failed_permanent", "550 no such user"
    db.session.commit()
    ended = binh.get("/people/person/BI1/reach?live=1")
    assert ended.status_code == 286 and "550 no such user" in ended.text
    assert "Tin gần nhất bị từ chối" in binh.get("/me/reach").text


def test_a_browser_is_a_device_of_its_owner_alone(
    binh: FlaskClient, new_client: Any, db: Any, ids: dict[str, int]
) -> None:
    url = "/people/person/BI1/reach/devices"
    assert binh.post(url, data={"subscription": "no"}).status_code == 422
    assert binh.post(url, data={"subscription": '{"endpoint": "http://10.0.0.1/x", "keys": {}}'}).status_code == 422
    assert binh.post(url, data={"subscription": PUSH, "name": "Máy của tôi"}).status_code == 303
    assert binh.post(url, data={"subscription": PUSH, "name": "Lần nữa"}).status_code == 303
    device = db.session.scalars(select(Endpoint)).one()
    assert "Máy của tôi" in binh.get("/me/reach").text and "push.example" not in binh.get("/me/reach").text
    manager = new_client()
    sign_in(manager, "an1")
    assert manager.post(url, data={"subscription": PUSH.replace("abc", "xyz")}).status_code == 403
    assert manager.post(f"{url}/{device.id}", data={"name": "Máy Bình"}).status_code == 303
    assert binh.post(f"{url}/{device.id}", data={"do": "remove"}).status_code == 303
    assert db.session.scalars(select(Endpoint)).all() == []


@pytest.mark.parametrize(
    "host", ["127.0.0.1:8080", "localhost", "LOCALHOST.", "push.localhost", "[::1]", "127.8.8.8", "[::ffff:127.0.0.1]"]
)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_in_production_no_browser_has_its_push_service_on_this_machine(
    app: Flask, binh: FlaskClient, db: Any, ids: dict[str, int], monkeypatch: pytest.MonkeyPatch, scheme: str, host: str
) -> None:
    """Whoever may write down a device of theirs must not have this server talk to itself."""
    monkeypatch.setitem(app.config, "APP_ENV", "production")
    here = PUSH.replace("https://push.example", f"{scheme}://{host}")
    assert here != PUSH
    assert binh.post("/people/person/BI1/reach/devices", data={"subscription": here}).status_code == 422
    assert binh.post("/people/person/BI1/reach/devices", data={"subscription": PUSH}).status_code == 303
    moved = {"old": "https://push.example/abc", "subscription": json.loads(here)}
    assert binh.post("/push/renew", json=moved).status_code == 422
    [device] = db.session.scalars(select(Endpoint)).all()
    assert "push.example" in device.address


def test_another_service_must_be_one_that_is_understood(binh: FlaskClient, db: Any, ids: dict[str, int]) -> None:
    url = "/people/person/BI1/reach/services"
    for bad in ("", "không phải", "dbus://", "nosuch://x"):
        answer = binh.post(url, data={"url": bad, "password": PASSWORD})
        assert answer.status_code == 422 and "apprise" in answer.text
    assert binh.post(url, data={"url": "jsons://chat.example/x", "password": "sai"}).status_code == 422
    assert binh.post(url, data={"url": "jsons://chat.example/x", "password": PASSWORD}).status_code == 303
    assert db.session.scalars(select(Endpoint.name)).one() == "jsons"


def test_a_service_that_nobody_tried_is_for_administrators_and_says_so_everywhere(
    binh: FlaskClient, new_client: Any, db: Any, ids: dict[str, int]
) -> None:
    url, untried = "/people/person/BI1/reach/services", "discord://1234567890/abcdefghij"
    answer = binh.post(url, data={"url": untried, "name": "Nhóm", "password": PASSWORD})
    assert answer.status_code == 422 and "chưa được thử" in answer.text and "opsgenie://" in answer.text
    manager = new_client()
    sign_in(manager, "an1")
    manager.post("/people/person/AN1/reach/services", data={"url": untried, "password": PASSWORD})
    assert manager.post(url, data={"url": untried, "password": PASSWORD}).status_code == 422
    assert db.session.scalars(select(Endpoint)).all() == []
    admin = new_client()
    sign_in(admin, "qt1")
    assert admin.post(url, data={"url": untried, "name": "Nhóm", "password": PASSWORD}).status_code == 303
    for reader in (binh, admin):
        shown = reader.get("/people/person/BI1/reach" if reader is admin else "/me/reach").text
        assert "Nhóm (chưa thử)" in shown and shown.count("chưa thử") >= 2
    assert (
        binh.post(url, data={"url": "opsgenie://khoa-bi-mat/", "name": "Ops", "password": PASSWORD}).status_code == 303
    )
    assert "Ops (chưa thử)" not in binh.get("/me/reach").text


def test_managers_arrange_for_their_people_and_nobody_elses(
    ids: dict[str, int], client: FlaskClient, new_client: Any
) -> None:
    sign_in(client, "an1")
    page = client.get("/people/person/BI1/reach")
    assert page.status_code == 200 and "Mật khẩu hiện tại" not in page.text
    chi = new_client()
    sign_in(chi, "ch1")
    assert chi.get("/people/person/BI1/reach").status_code == 403
    assert chi.post("/people/person/BI1/reach/trial").status_code == 403


def test_an_account_of_no_person_is_told_so(app: Any, client: FlaskClient, ids: dict[str, int]) -> None:
    from people.accounts import services as accounts

    with app.app_context():
        accounts.create_user(
            NewAccount("man-hinh", "Màn hình", "staff", unit_code="BDA", password=PASSWORD),
            now=clock.now(),
            actor=enterprise.ROOT,
        )
    sign_in(client, "man-hinh")
    assert "không gắn với người nào" in client.get("/me/reach").text


def test_the_page_about_silent_telephones_and_its_card(app: Any, binh: FlaskClient) -> None:
    app.config["CALLER_NUMBERS"] = ("02471000000", "BUUDIEN")
    assert "BUUDIEN" in binh.get("/me/let-us-through").text
    card = binh.get("/me/let-us-through.vcf")
    assert card.mimetype == "text/vcard" and "TEL;TYPE=VOICE:02471000000" in card.text
    assert "BUUDIEN" not in card.text.replace("B\u01b0", "")


def test_numbers_written_down_in_other_days_are_in_the_card_each_once(app: Any, binh: FlaskClient) -> None:
    app.config["CALLER_NUMBERS"] = ("024 7100 0000", "024.71000000")
    unit_id = db.session.query(Unit.id).filter_by(code="BDA").scalar()
    with transaction() as session:
        for duty, phone in (("operations", "0269 3824 999 - 998"), ("leadership", "(0269) 3824.999")):
            session.merge(DeskPhone(unit_id=unit_id, duty=duty, phone=phone))
        session.merge(DeskPhone(unit_id=unit_id, duty="support", phone="hỏi chị Lan"))
        session.merge(DeskPhone(unit_id=unit_id, duty="emergency", phone="P.201: +84 269 3824 111"))
        session.get_one(Unit, unit_id).phone = "+84 269 3824 999"
    card = binh.get("/me/let-us-through.vcf").text
    found = re.findall(r"TEL;TYPE=VOICE:(.*?)\r", card)
    assert found[0] == "02471000000" and sorted(found) == ["02471000000", "02693824111", "02693824999"]
    page = binh.get("/me/let-us-through").text
    assert page.count("0269 3824 999") == 1 and "tên người gửi" not in page and "chị Lan" not in page
