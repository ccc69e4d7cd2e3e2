"""Guessing is slow, and whoever guesses locks nobody out: not a known browser, not for long a new one."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core import clock
from core.errors import Throttled
from people.accounts import passwords, services as accounts
from people.attempts import limits as door
from people.attempts.limits import Visitor
from people.sign_in import pins
from tests.support import enterprise
from tests.support.enterprise import NOW, PASSWORD, ROOT, post_sign_in

WRONG = "sai mật khẩu"


@pytest.fixture(autouse=True)
def _moment(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Any:
    """All guesses of a story come at one moment, however slow the machine, and each is compared at the least price."""
    monkeypatch.setattr(passwords, "_hasher", enterprise.CHEAP)
    monkeypatch.setattr(passwords, "_nobody", enterprise.password_hash())
    with clock.travel(NOW):
        yield


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every password that is really compared."""
    done: list[str] = []
    real = passwords.matches
    monkeypatch.setattr(passwords, "matches", lambda stored, typed: (done.append(typed), real(stored, typed))[1])
    return done


def come(client: FlaskClient, typed: str, password: str = WRONG, address: str = "127.0.0.1") -> Any:
    data = {"identifier": typed, "password": password}
    return client.post("/login", data=data, environ_base={"REMOTE_ADDR": address})


def at(moment: datetime) -> Any:
    return clock.travel(moment)


@pytest.mark.both_dbs("two at once: locks")
def test_five_wrong_tries_from_an_address_do_not_lock_the_right_person_there_out(
    client: FlaskClient, new_client: Any, ids: dict[str, int]
) -> None:
    assert post_sign_in(client, "an1").status_code == 303
    client.post("/logout")
    stranger = new_client()
    assert [come(stranger, "an1").status_code for _ in range(6)] == [422] * 5 + [429]
    assert post_sign_in(client, "an1").status_code == 303, "a browser that signed in before"


def test_fifty_strangers_do_not_lock_everybody_behind_the_proxy_out(
    client: FlaskClient, new_client: Any, ids: dict[str, int]
) -> None:
    post_sign_in(client, "an1")
    client.post("/logout")
    statuses = [come(new_client(), f"ai-do-{number}").status_code for number in range(51)]
    assert statuses == [422] * 50 + [429]
    assert post_sign_in(client, "an1").status_code == 303
    newcomer = new_client()
    newcomer.get("/login")
    wait = int(come(newcomer, "bi1", PASSWORD).headers["Retry-After"])
    with at(NOW + timedelta(seconds=wait)):
        assert come(newcomer, "bi1", PASSWORD).status_code == 303


def test_an_account_takes_few_of_200_guesses_and_whoever_comes_with_a_new_browser_waits_for_a_bounded_time_only(
    new_client: Any, ids: dict[str, int], work: list[str]
) -> None:
    robots = [(new_client(), f"203.0.113.{number}") for number in range(100)]
    for robot, address in [*robots, *robots]:
        come(robot, "an1", address=address)
    assert len(work) == door.ACCOUNT.attempts
    person = new_client()
    person.get("/login")
    told = come(person, "an1", PASSWORD)
    wait = int(told.headers["Retry-After"])
    assert told.status_code == 429 and 0 < wait <= door.LONGEST.total_seconds() + 1
    with at(NOW + timedelta(seconds=wait)):
        for robot, address in robots[:20]:
            come(robot, "an1", address=address)
        assert come(person, "an1", PASSWORD).status_code == 303, "the turn is this browser's own"


def test_asking_again_before_the_turn_moves_nothing(new_client: Any, ids: dict[str, int]) -> None:
    robot = new_client()
    for number in range(10):
        come(robot, "an1", address=f"203.0.113.{number}")
    person = new_client()
    person.get("/login")
    first = come(person, "an1", PASSWORD).headers["Retry-After"]
    assert come(person, "an1", PASSWORD).headers["Retry-After"] == first


def test_words_status_and_work_are_the_same_whoever_it_is(
    new_client: Any, ids: dict[str, int], work: list[str]
) -> None:
    told: dict[str, list[Any]] = {}
    for typed in ("an1", "0900000102", "ch1@buudien.example", "khong-co", "0999000111", "khong@co.example"):
        browser, before = new_client(), len(work)
        address = f"198.51.100.{len(told)}"
        answers = [come(browser, typed, address=address) for _ in range(8)]
        seen = [(each.status_code, each.headers.get("Retry-After"), len(each.text) - len(typed)) for each in answers]
        told[typed] = [seen, len(work) - before]
    assert len({repr(each) for each in told.values()}) == 1, told
    assert told["an1"][1] == door.PAIR.attempts, "no hash is computed for whoever has to wait"


def test_other_spellings_of_an_account_or_a_neighbouring_address_give_no_more_guesses(
    client: FlaskClient, ids: dict[str, int]
) -> None:
    spellings = ["an1", "0900000101", "+84 900 000 101", "an1@buudien.example", "0900.000.101"]
    assert [come(client, typed, address=f"2001:db8::{n}").status_code for n, typed in enumerate(spellings, 1)] == [
        422
    ] * 5
    assert come(client, "AN1", address="2001:db8::ffff:1").status_code == 429
    assert come(client, "an1", PASSWORD, address="2001:db8:0:1::1").status_code == 303
    unknown = ["0999000111", "0999 000 111", "+84999000111", "0999.000.111", "0999-000-111"]
    assert [come(client, typed, address="203.0.113.5").status_code for typed in unknown] == [422] * 5
    assert come(client, "+84 999 000 111", address="203.0.113.5").status_code == 429


@pytest.mark.both_dbs("two at once: locks")
def test_two_guesses_at_once_take_one_try(app: Flask, ids: dict[str, int]) -> None:
    for number in range(door.ACCOUNT.attempts - 1):
        door.enter(Visitor(f"203.0.113.{number}"), ids["user:an1"], "an1", now=NOW)
    ready, said = threading.Barrier(4), []

    def guess(number: int, now: datetime) -> None:
        with app.app_context():
            ready.wait()
            try:
                door.enter(Visitor("198.51.100.1", "cookie"), ids["user:an1"], "an1", now=now)
                said.append(0)
            except Throttled as refusal:
                said.append(refusal.params["retry_after"])

    def side_by_side(now: datetime) -> list[int]:
        said.clear()
        threads = [threading.Thread(target=guess, args=(number, now)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return sorted(said)

    free, *waiting = side_by_side(NOW)
    assert free == 0 and len(set(waiting)) == 1 and waiting[0] > 0, "one free try is left, and one turn is made"
    again = side_by_side(NOW + timedelta(seconds=waiting[0]))
    assert again[0] == 0 and all(again[1:]), "a turn is taken once"


def test_a_cookie_knows_only_whose_it_is_and_ends_with_the_password(client: FlaskClient, ids: dict[str, int]) -> None:
    post_sign_in(client, "an1")
    device = client.get_cookie("truc-tet-8000-device").value  # type: ignore[union-attr]
    assert door.knows(device, ids["user:an1"]) and not door.knows(device, ids["user:bi1"])
    post_sign_in(client, "bi1")
    both = client.get_cookie("truc-tet-8000-device").value  # type: ignore[union-attr]
    assert both != device and not door.knows(device, ids["user:an1"])
    assert door.knows(both, ids["user:an1"]) and door.knows(both, ids["user:bi1"])
    (slip,) = accounts.invite([ids["user:an1"]], now=NOW, actor=ROOT)
    accounts.accept_invitation(slip.token, "bến đò vắng chiều mưa", now=NOW)
    assert not door.knows(both, ids["user:an1"])


def test_a_known_browser_has_bounded_tries_too(client: FlaskClient, ids: dict[str, int], work: list[str]) -> None:
    post_sign_in(client, "an1")
    client.post("/logout")
    work.clear()
    statuses = [come(client, "an1").status_code for _ in range(door.KNOWN.attempts + 1)]
    assert statuses[-2:] == [422, 429] and len(work) == door.KNOWN.attempts


def test_pins_typed_wrong_at_other_desks_do_not_lock_a_person_out_of_their_own(ids: dict[str, int]) -> None:
    from people.accounts import queries as account_queries

    user = account_queries.user_by_id(ids["user:an1"])
    pins.write(user, "2580", by="owner", actor=ROOT, now=NOW)

    def tries(desk: int, pin: str) -> bool:
        return pins.matches(user, pin, name="", place=f"desk:{desk}", now=NOW)

    assert tries(1, "2580")
    assert not any(tries(2 + number // 5, "9999") for number in range(pins.IN_A_DAY.attempts))
    with pytest.raises(Throttled):
        tries(77, "2580")
    assert tries(1, "2580")


def test_turns_and_browsers_are_forgotten_in_the_end(ids: dict[str, int], client: FlaskClient) -> None:
    post_sign_in(client, "an1")
    for number in range(11):
        come(client, "bi1", address=f"203.0.113.{number}")
    assert door.forget_before(NOW) == 0
    assert door.forget_before(NOW + timedelta(hours=1)) == 1
    assert door.forget_before(NOW + door.REMEMBERED + timedelta(days=1)) == 1
