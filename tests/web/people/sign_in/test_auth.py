"""Coming in: what works, what is refused, and what nobody may learn from a refusal."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from sqlalchemy import select, update

from core import clock, web
from core.db import transaction
from core.models import AuditEntry
from people.accounts import own_account, passwords, queries as account_queries, services as accounts
from people.accounts.services import NewAccount
from people.models import ContactMethod, Invitation, LoginSession, User
from people.sign_in import sessions
from tests.support import factories
from tests.support.enterprise import NOW, PASSWORD, ROOT, post_sign_in
from tests.support.html_form import form_of


def is_in(client: FlaskClient) -> bool:
    return client.get("/account").status_code == 200


@pytest.mark.parametrize("typed", ["an1", " AN1 ", "0900 000 101", "+84900000101", "an1@buudien.example"])
def test_login_name_phone_and_mail_open_the_same_account(client: FlaskClient, ids: dict[str, int], typed: str) -> None:
    assert post_sign_in(client, typed).status_code == 303
    assert "Nguyễn Văn An" in client.get("/account").text


def test_an_office_phone_that_two_people_are_called_by_opens_neither(
    client: FlaskClient, ids: dict[str, int], db: Any
) -> None:
    with transaction() as session:
        session.execute(update(ContactMethod).where(ContactMethod.address == "0900000101").values(unit_id=ids["BDA"]))
        shared = {"channel": "phone", "address": "0900000101", "position": 5, "unit_id": ids["BDA"]}
        session.add(ContactMethod(person_id=ids["BI1"], **shared))
    assert post_sign_in(client, "0900000101").status_code == 422
    assert post_sign_in(client, "an1").status_code == 303


def test_refusals_look_alike_and_all_cost_one_hash(
    client: FlaskClient, ids: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction() as session:
        session.get_one(User, ids["user:an1"]).password_hash = passwords.hashed(PASSWORD)  # at the product's price
    waiting = accounts.create_user(NewAccount("moi", "Người Mới", "staff", unit_code="BDA"), now=NOW, actor=ROOT)
    closed = accounts.create_user(
        NewAccount("cu", "Người Cũ", "staff", unit_code="BDA", password=PASSWORD), now=NOW, actor=ROOT
    )
    accounts.set_active(closed.id, False, now=NOW, actor=ROOT)
    assert waiting.password_hash is None
    hashes: list[str] = []
    real = passwords._hasher.verify
    monkeypatch.setattr(
        passwords, "_hasher", type("Counted", (), {"verify": lambda self, h, p: (hashes.append(h), real(h, p))[1]})()
    )
    pages = set()
    for login, password in [("khong-co", PASSWORD), ("an1", "sai mật khẩu"), ("moi", PASSWORD), ("cu", PASSWORD)]:
        answer = post_sign_in(client, login, password)
        assert answer.status_code == 422
        pages.add(re.sub(r'\?v=\w+|name="csrf_token" value="[^"]*"', "", answer.text.replace(f'value="{login}"', "")))
    assert len(pages) == 1
    assert len(hashes) == 4
    assert all(each.startswith("$argon2id$v=19$m=19456,t=2,p=1$") for each in hashes)


def test_an_invitation_passes_the_throttle_and_works_once(
    client: FlaskClient, new_client: Any, ids: dict[str, int]
) -> None:
    (slip,) = accounts.invite([ids["user:bi1"]], now=clock.now(), actor=ROOT)
    for _ in range(6):
        post_sign_in(client, "bi1", "sai mật khẩu")
    page = client.get(f"/invite/{slip.token}")
    assert page.status_code == 200
    assert "Trần Thị Bình" in page.text
    short = client.post(f"/invite/{slip.token}", data={"password": "ngắn", "repeat": "ngắn"})
    assert short.status_code == 422
    new = "cụm từ của Bình"
    assert client.post(f"/invite/{slip.token}", data={"password": new, "repeat": new}).status_code == 303
    assert is_in(client)
    again = new_client()
    assert again.get(f"/invite/{slip.token}").status_code == 410
    assert again.post(f"/invite/{slip.token}", data={"password": new, "repeat": new}).status_code == 410
    assert post_sign_in(again, "bi1", PASSWORD).status_code in (422, 429)


def test_a_link_dies_with_time_with_its_successor_and_with_the_account(
    client: FlaskClient, ids: dict[str, int], db: Any
) -> None:
    now = clock.now()
    (first,) = accounts.invite([ids["user:bi1"]], now=now, actor=ROOT)
    (second,) = accounts.invite([ids["user:bi1"]], now=now, actor=ROOT)
    assert client.get(f"/invite/{first.token}").status_code == 410
    assert client.get(f"/invite/{second.token}").status_code == 200
    with clock.travel(second.expires_at):
        assert client.get(f"/invite/{second.token}").status_code == 410
    accounts.set_active(ids["user:bi1"], False, now=now, actor=ROOT)
    assert client.get(f"/invite/{second.token}").status_code == 410
    stored = " ".join(db.session.scalars(select(Invitation.digest)))
    assert first.token not in stored
    assert second.token not in stored


def test_signing_out_ends_the_session_on_the_server(client: FlaskClient, new_client: Any, ids: dict[str, int]) -> None:
    post_sign_in(client, "an1")
    stolen = new_client()
    stolen.set_cookie("truc-tet-8000", client.get_cookie("truc-tet-8000").value)  # type: ignore[union-attr]
    assert is_in(stolen)
    client.post("/logout")
    assert not is_in(client)
    assert not is_in(stolen)


@pytest.mark.parametrize("how", ["password", "deactivation", "time"])
def test_sessions_end(client: FlaskClient, new_client: Any, ids: dict[str, int], how: str) -> None:
    other = new_client()
    post_sign_in(client, "an1")
    post_sign_in(other, "an1")
    assert is_in(other)
    if how == "password":
        new = "đào thắm đầu xuân"
        answer = client.post("/account/password", data={"current": PASSWORD, "password": new, "repeat": new})
        assert answer.status_code == 303
        assert is_in(client)  # the one in use stays
        assert not is_in(other)
    elif how == "deactivation":
        accounts.set_active(ids["user:an1"], False, now=clock.now(), actor=ROOT)
        assert not is_in(client)
        assert not is_in(other)
    else:
        with clock.travel(clock.wall() + timedelta(days=31)):
            assert not is_in(client)


def test_whoever_finds_a_screen_open_does_not_try_passwords_for_long(client: FlaskClient, ids: dict[str, int]) -> None:
    post_sign_in(client, "an1")
    new = "đào thắm đầu xuân"
    right = {"current": PASSWORD, "password": new, "repeat": new}
    with clock.travel(clock.wall()):
        for number in range(own_account.OWN_TRIES.attempts):
            by_pin = {"pin": "2580", "pin_repeat": "2580", "pin_password": f"sai {number}"}
            path, typed = ("/account/pin", by_pin) if number % 2 else ("/account/password", right | {"current": "sai"})
            assert client.post(path, data=typed).status_code == 422
        assert client.post("/account/password", data=right).status_code == 422
        assert client.post("/account/pin", data=by_pin | {"pin_password": PASSWORD}).status_code == 422
    with clock.travel(clock.wall() + own_account.OWN_TRIES.window):
        assert client.post("/account/password", data=right).status_code == 303


def test_a_closed_account_is_out_even_with_a_session_left_open(
    client: FlaskClient, ids: dict[str, int], db: Any
) -> None:
    post_sign_in(client, "an1")
    with transaction() as session:
        session.get_one(User, ids["user:an1"]).active = False
    assert not is_in(client)


def test_a_session_in_use_lives_on_and_no_secret_lives_longer_than_90_days(
    client: FlaskClient, new_client: Any, ids: dict[str, int]
) -> None:
    post_sign_in(client, "an1")
    start: datetime = clock.wall()
    with client.session_transaction() as kept:
        first = kept["sid"]
    for day in range(20, 200, 20):
        for minutes in (0, 11):
            with clock.travel(start + timedelta(days=day, minutes=minutes)):
                assert is_in(client), f"day {day}"
    with client.session_transaction() as kept:
        assert kept["sid"] != first
    with clock.travel(start + timedelta(days=91)):
        assert sessions.live(first, now=clock.now()) is None, "who stole the cookie is out"


@pytest.mark.both_dbs("of two at once one renews: locks")
def test_the_old_secret_is_good_until_the_browser_has_the_new_one(ids: dict[str, int]) -> None:
    now = clock.now()
    user = account_queries.user_by_id(ids["user:an1"])
    old = sessions.start_session(user, user_agent="", now=now)
    row = sessions.live(old, now=now)
    assert row is not None
    with transaction() as session:
        session.get_one(LoginSession, row.id).last_seen_at = now + timedelta(days=45)
        session.get_one(LoginSession, row.id).expires_at = now + timedelta(days=75)
    later = now + timedelta(days=46)
    lost = sessions.note_seen(row.id, old, now=later)
    assert lost is not None and sessions.note_seen(row.id, old, now=later) is None, "of two at once one renews"
    again = sessions.note_seen(row.id, old, now=later + timedelta(minutes=11))
    assert again is not None and sessions.live(old, now=later) is not None
    sessions.note_seen(row.id, again, now=later + timedelta(minutes=22))
    assert sessions.live(again, now=later + timedelta(minutes=22)) is not None
    assert sessions.live(old, now=later + timedelta(minutes=22)) is None


def test_a_session_ends_neither_during_a_shift_nor_twelve_hours_before(ids: dict[str, int], db: Any) -> None:
    start = NOW
    secret = sessions.start_session(account_queries.user_by_id(ids["user:an1"]), user_agent="", now=start)
    over = start + sessions.UNUSED
    on_duty = over + timedelta(hours=11), over + timedelta(hours=23)

    def serves(person_id: int, moment: datetime) -> datetime | None:
        begins, ends = on_duty
        return ends if person_id == ids["AN1"] and begins - sessions.BEFORE_DUTY <= moment < ends else None

    sessions.add_service(serves)
    try:
        assert sessions.live(secret, now=over + timedelta(hours=1)) is not None
        assert sessions.live(secret, now=on_duty[1] - timedelta(minutes=1)) is not None
        assert sessions.live(secret, now=on_duty[1]) is None
        accounts.set_active(ids["user:an1"], False, now=over, actor=ROOT)
        assert sessions.live(secret, now=over + timedelta(hours=1)) is None, "closing an account ends it at once"
    finally:
        sessions._services.remove(serves)


def test_nobody_ends_the_session_of_somebody_else(client: FlaskClient, new_client: Any, ids: dict[str, int]) -> None:
    other = new_client()
    post_sign_in(other, "bi1")
    post_sign_in(client, "an1")
    (theirs,) = account_queries.live_sessions(ids["user:bi1"], clock.now())
    assert client.post(f"/account/sessions/{theirs.id}/end").status_code == 404
    assert is_in(other)


def test_the_cookie_is_opaque_and_the_table_holds_no_secret(client: FlaskClient, ids: dict[str, int], db: Any) -> None:
    post_sign_in(client, "an1")
    cookie = client.get_cookie("truc-tet-8000")
    assert cookie is not None
    assert cookie.http_only
    assert cookie.same_site == "Lax"
    with client.session_transaction() as session:
        token = session["sid"]
    row = db.session.scalars(select(LoginSession)).one()
    assert row.digest != token
    assert "user" not in " ".join(session.keys())


@pytest.mark.parametrize(
    ("wanted", "led_to"),
    [
        ("/account", "/account"),
        ("//evil.example/", "/"),
        ("https://evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("/no-such-page", "/"),
        ("", "/"),
    ],
)
def test_next_leads_only_to_pages_of_ours(client: FlaskClient, ids: dict[str, int], wanted: str, led_to: str) -> None:
    answer = client.post("/login", data={"identifier": "an1", "password": PASSWORD, "next": wanted})
    assert answer.location == led_to


def test_a_visitor_is_sent_to_the_door_and_back(client: FlaskClient, ids: dict[str, int]) -> None:
    answer = client.get("/account")
    assert answer.status_code == 303
    assert answer.location == "/login?next=/account"


def test_a_page_of_a_code_with_vietnamese_letters_is_come_back_to(client: FlaskClient, ids: dict[str, int]) -> None:
    factories.make_unit("BĐ-1")
    page, address = "/people/units/BĐ-1/edit?from=a%2Fb", "/people/units/B%C4%90-1/edit?from=a%2Fb"
    wanted = form_of(client.get(client.get(page).location).text, "identifier")["next"]
    answer = client.post("/login", data={"identifier": "qt1", "password": PASSWORD, "next": wanted})
    assert answer.location == address
    chosen = form_of(client.get(page).text, "next")
    assert client.post("/language", data=chosen | {"language": "en"}).location == address
    searched = form_of(client.get("/people/?q=Trần&unit=B%C4%90-1").text, "next")
    assert searched["next"] == "/people/?q=Tr%E1%BA%A7n&unit=B%C4%90-1"


def test_language_is_kept_for_the_session_and_the_account(
    client: FlaskClient, new_client: Any, ids: dict[str, int], db: Any
) -> None:
    post_sign_in(client, "an1")
    answer = client.post("/language", data={"language": "en", "next": "/account"})
    assert (answer.status_code, answer.location) == (303, "/account")
    assert '<html lang="en"' in client.get("/account").text
    elsewhere = new_client()
    post_sign_in(elsewhere, "an1")
    assert '<html lang="en"' in elsewhere.get("/account").text
    client.post("/language", data={"language": "xx"})
    assert db.session.get(User, ids["user:an1"]).locale == "en"


def test_a_late_answer_undoes_no_choice_and_a_session_in_use_keeps_its_cookie(
    client: FlaskClient, ids: dict[str, int]
) -> None:
    post_sign_in(client, "an1")
    client.get("/account")  # the first page of a session puts its key for forms into it
    assert "Set-Cookie" not in client.get("/account").headers, "what was asked before a choice may be answered after it"
    with clock.travel(clock.now() + timedelta(minutes=11)):
        kept = client.get("/account").headers["Set-Cookie"]
    assert "Expires" in kept, "as long as the session"


def test_csrf_guards_the_door(app: Flask, client: FlaskClient, ids: dict[str, int]) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    assert post_sign_in(client, "an1").status_code == 400
    assert client.post("/logout").status_code == 400


def test_sign_ins_and_refusals_are_recorded_without_secrets(client: FlaskClient, ids: dict[str, int], db: Any) -> None:
    post_sign_in(client, "an1", "sai mật khẩu")
    post_sign_in(client, "an1")
    entries = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action.like("session.%")).order_by(AuditEntry.id)
    ).all()
    assert [entry.action for entry in entries] == ["session.refused", "session.start"]
    assert "mật khẩu" not in repr([entry.detail for entry in entries])


@pytest.mark.parametrize(("hops", "seen"), [(0, "127.0.0.1"), (1, "203.0.113.9"), (2, "198.51.100.7")])
def test_only_proxies_of_ours_say_where_a_request_comes_from(hops: int, seen: str) -> None:
    door = Flask("door")
    web.trust_proxies(door, hops)
    door.add_url_rule("/", view_func=lambda: request.remote_addr or "")
    answer = door.test_client().get("/", headers={"X-Forwarded-For": "198.51.100.7, 203.0.113.9"})
    assert answer.text == seen


def test_what_one_print_does_not_hold_is_said_and_comes_with_the_next(
    client: FlaskClient, ids: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        accounts.create_user(
            NewAccount(f"moi{number}", f"Người {number}", "staff", unit_code="BDA"), now=NOW, actor=ROOT
        )
    monkeypatch.setattr("people.pages.views_accounts.MOST_SLIPS", 2)
    post_sign_in(client, "qt1")
    chosen = re.findall(r'name="user" value="(\d+)" checked', client.get("/people/invitations").text)
    said = [client.post("/people/invitations", data={"proof_password": PASSWORD, "user": chosen}).text]
    assert said[0].count('class="slip"') == 2 and f"Còn {len(chosen) - 2} phiếu chưa in" in said[0]
    left = re.findall(r'name="user" value="(\d+)" checked', client.get("/people/invitations").text)
    assert set(left) == set(chosen[2:])
    assert (
        "phiếu chưa in" not in client.post("/people/invitations", data={"proof_password": PASSWORD, "user": left}).text
    )


def test_slips_lie_by_unit_each_on_a_page_of_its_own(client: FlaskClient, ids: dict[str, int]) -> None:
    for number, code in enumerate(("BDA", "BDC", "BDA"), start=1):
        accounts.create_user(
            NewAccount(f"moi{number}", f"Người {number}", "staff", unit_code=code), now=NOW, actor=ROOT
        )
    post_sign_in(client, "qt1")
    page = client.get("/people/invitations").text
    chosen = re.findall(r'name="user" value="(\d+)"', page)
    printed = client.post("/people/invitations", data={"proof_password": PASSWORD, "user": chosen}).text
    batches = [part.partition("</small>")[0] for part in printed.split('class="cover"')[1:]]
    assert len(batches) == len(set(batches)) >= 2
    first = printed.split('class="cover"')[1]
    assert "Người 1" in first and "Người 3" in first and "Người 2" not in first

    of_one = client.get("/people/invitations?unit=BDC").text
    assert "Người 2" in of_one and "Người 1" not in of_one


def test_a_unit_that_nobody_knows_is_not_taken_for_all_of_them(client: FlaskClient, ids: dict[str, int]) -> None:
    accounts.create_user(NewAccount("moi1", "Người 1", "staff", unit_code="BDA"), now=NOW, actor=ROOT)
    post_sign_in(client, "qt1")
    for language, said in (("vi", "Không có đơn vị “BDX”"), ("en", "There is no unit “BDX” within your scope")):
        client.post("/language", data={"language": language})
        answer = client.post(
            "/people/invitations", data={"proof_password": PASSWORD, "all": "1", "unit": "BDX", "q": "nguoi"}
        )
        assert answer.status_code == 303 and answer.location.endswith("/people/invitations?q=nguoi")
        assert said in client.get(answer.location).text
    assert (
        'class="slip"'
        in client.post("/people/invitations", data={"proof_password": PASSWORD, "all": "1", "unit": "BDA"}).text
    )
